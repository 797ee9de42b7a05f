#pragma once

#include <event_sourcing/namespace.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance::detail {

/// The property under which a skipped case says what its fixture lacks.
inline constexpr char const* missing_capability = "missing_capability";

/// Prints the skipped cases by missing capability when all have run; GoogleTest owns it.
class SkipReport final : public ::testing::EmptyTestEventListener {
public:
    void OnTestEnd(::testing::TestInfo const& info) override {
        auto const& result = *info.result();
        for (int i = 0; i < result.test_property_count(); ++i) {
            if (auto const& property = result.GetTestProperty(i);
                std::strcmp(property.key(), missing_capability) == 0) {
                std::string const name{info.name()};
                auto& list = ids_[property.value()];
                list.append(list.empty() ? "" : ", ").append(name.substr(0, name.find('_')));
                ++count_;
            }
        }
    }

    void OnTestProgramEnd(::testing::UnitTest const&) override {
        if (count_ == 0) {
            return;
        }
        std::string line = std::to_string(count_) + " conformance case" + (count_ == 1 ? "" : "s") + " skipped: ";
        char const* between = "";
        for (auto const& [capability, ids] : ids_) {
            line.append(between).append(capability).append(": ").append(ids);
            between = "; ";
        }
        std::printf("%s\n", line.c_str());
        std::fflush(stdout);
    }

private:
    std::map<std::string, std::string> ids_;
    int count_ = 0;
};

}  // namespace conformance::detail
EVENT_SOURCING_END_NAMESPACE
