#pragma once

#include <event_sourcing/conformance/append_cases.hpp>
#include <event_sourcing/conformance/command_handler_cases.hpp>
#include <event_sourcing/conformance/concurrency_cases.hpp>
#include <event_sourcing/conformance/fidelity_cases.hpp>
#include <event_sourcing/conformance/global_order_cases.hpp>
#include <event_sourcing/conformance/idempotency_cases.hpp>
#include <event_sourcing/conformance/read_cases.hpp>
#include <event_sourcing/conformance/repository_cases.hpp>
#include <event_sourcing/conformance/snapshot_cases.hpp>

#include <array>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {

/// The lists of all groups that a StoreFixture can run. (Streams, projections and failures of servers have fixtures of
/// their own.)
inline constexpr std::array<Cases (*)(), 9> event_store_groups{
    append_cases,   idempotency_cases, concurrency_cases, read_cases,           global_order_cases,
    fidelity_cases, snapshot_cases,    repository_cases,  command_handler_cases};

/// The cases of all groups, in that order.
[[nodiscard]] inline Cases event_store_cases() {
    Cases all;
    for (auto const group : event_store_groups) {
        auto const cases = group();
        all.insert(all.end(), cases.begin(), cases.end());
    }
    return all;
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
