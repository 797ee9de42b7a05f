#pragma once

#include <event_sourcing/conformance/store_fixture.hpp>

#include <string_view>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {

/// One behaviour that every store has, and the code that finds out with GoogleTest's EXPECT and ASSERT.
///
/// A case takes no clock and never sleeps; what it throws counts as a refusal.
struct Case {
    std::string_view id;         ///< a letter for the group and two digits, never used again for another behaviour
    std::string_view name;       ///< the behaviour, as a sentence in PascalCase
    void (*run)(StoreFixture&);  ///< on a fixture of its own
    Capabilities needs{};        ///< skipped where the fixture lacks one of these
    std::string_view group{};    ///< filled in by the list of the group
};

/// A list of cases.
using Cases = std::vector<Case>;

namespace detail {

/// The cases with the name of their group filled in.
[[nodiscard]] inline Cases in_group(std::string_view group, Cases cases) {
    for (auto& one : cases) {
        one.group = group;
    }
    return cases;
}

}  // namespace detail
}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
