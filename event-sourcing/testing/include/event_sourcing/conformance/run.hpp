#pragma once

#include <event_sourcing/conformance/detail/skip_report.hpp>
#include <event_sourcing/conformance/event_store_cases.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {
namespace detail {

/// The first capability that the case needs and the fixture lacks.
[[nodiscard]] inline std::optional<Capability> missing(Case const& one, StoreFixture const& fixture) {
    for (auto const capability : all_capabilities) {
        if (one.needs.has(capability) && !fixture.capabilities().has(capability)) {
            return capability;
        }
    }
    return std::nullopt;
}

class CaseTest : public ::testing::Test {
public:
    CaseTest(Case const& one, FixtureFactory make) : case_{one}, make_{std::move(make)} {}

    void TestBody() override {
        auto const fixture = make_();
        if (auto const capability = missing(case_, *fixture)) {
            ::testing::Test::RecordProperty(missing_capability, std::string{to_string(*capability)});
            GTEST_SKIP() << "the adapter's fixture does not have the capability " << to_string(*capability);
        }
        case_.run(*fixture);
    }

private:
    Case case_;
    FixtureFactory make_;
};

}  // namespace detail

/// Registers the cases with GoogleTest, each on a fixture of its own, named like
/// `InMemory_Append.A01_FirstEventGetsVersionOne`: adapter, group, id and behaviour.
///
/// Call it before `run_all`, once per adapter:
/// ```cpp
/// register_event_store_cases("Sqlite", [] { return std::make_unique<SqliteFixture>(); });
/// ```
inline void register_event_store_cases(std::string const& adapter, FixtureFactory const& make) {
    for (auto const& one : event_store_cases()) {
        auto const suite = adapter + "_" + std::string{one.group};
        auto const name = std::string{one.id} + "_" + std::string{one.name};
        ::testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                [one, make] { return new detail::CaseTest{one, make}; });
    }
}

/// Runs everything that is registered with GoogleTest's own options, then prints which cases were skipped and why:
/// `N conformance cases skipped: <capability>: A20, ...`. @return the program's exit status.
[[nodiscard]] inline int run_all(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    ::testing::UnitTest::GetInstance()->listeners().Append(new detail::SkipReport);
    return RUN_ALL_TESTS();
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
