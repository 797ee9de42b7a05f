#include "judge.hpp"

#include <event_sourcing/conformance/event_store_cases.hpp>

namespace mutants {

std::vector<event_sourcing::conformance::Cases> groups_of_cases() {
    std::vector<event_sourcing::conformance::Cases> out;
    for (auto const group : event_sourcing::conformance::event_store_groups) {
        out.push_back(group());
    }
    return out;
}

event_sourcing::conformance::Cases all_cases() { return event_sourcing::conformance::event_store_cases(); }

}  // namespace mutants
