#pragma once

#include <event_sourcing/conformance/case.hpp>

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <string>

namespace mutants {

/// The groups of cases; compiled once for all tests about them.
[[nodiscard]] std::vector<event_sourcing::conformance::Cases> groups_of_cases();

/// All cases.
[[nodiscard]] event_sourcing::conformance::Cases all_cases();

/// Runs a case on a fixture of its own without reporting its failures. @return the first of them; nothing where it
/// passed.
[[nodiscard]] inline std::optional<std::string> refusal(event_sourcing::conformance::Case const& one,
                                                        event_sourcing::conformance::FixtureFactory const& make) {
    ::testing::TestPartResultArray results;
    std::optional<std::string> thrown;
    {
        ::testing::ScopedFakeTestPartResultReporter const reporter{
            ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results};
        try {
            auto const fixture = make();
            one.run(*fixture);
        } catch (std::exception const& error) {
            thrown = error.what();
        }
    }
    for (int i = 0; i < results.size(); ++i) {
        if (results.GetTestPartResult(i).failed()) {
            return results.GetTestPartResult(i).message();
        }
    }
    return thrown;
}

}  // namespace mutants
