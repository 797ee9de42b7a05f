#pragma once

#include <event_sourcing/adapter_rules.hpp>
#include <event_sourcing/append_error.hpp>
#include <event_sourcing/inmemory/detail/append_plan.hpp>
#include <event_sourcing/inmemory/detail/flat_table.hpp>
#include <event_sourcing/inmemory/detail/stored_event.hpp>
#include <event_sourcing/namespace.hpp>

#include <cstddef>
#include <cstdint>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

using IdIndex = FlatTable<StoredEvent const>;

[[nodiscard]] inline StoredEvent const* find_event(IdIndex const& ids, Uuid id, std::uint64_t hash) noexcept {
    return ids.find(hash, [&](StoredEvent const& event) { return event.view.id == id; });
}

/// The result of the append that stored the entry's events.
[[nodiscard]] inline EntryResult original(EntryPlan const& entry, IdIndex const& ids) {
    Version before{};
    EntryResult result;
    for (std::size_t i = 0; i < entry.events.size(); ++i) {
        auto const& event = entry.events[i];
        auto const& stored = *find_event(ids, event.id, entry.id_hashes[i]);
        auto const& view = stored.view;
        if (!same_payload(event, view, stored.fingerprint)) {
            throw DuplicateEvent{event.id, "is stored already with another payload"};
        }
        if (!same_place({entry.name, entry.expected, {}}, before, view)) {
            throw DuplicateEvent{event.id, "is stored already at another place"};
        }
        before = view.version;
        result = {view.version, view.position};
    }
    return result;
}

/// Whether the request's events are stored already, all of them and as it says; then its result is filled in.
///
/// @throws DuplicateEvent  some of them are, or otherwise than it says.
[[nodiscard]] inline bool replays(AppendPlan& plan, IdIndex const& ids) {
    std::size_t known = 0;
    Uuid first_known;
    for (auto const& entry : plan.entries()) {
        for (std::size_t i = 0; i < entry.events.size(); ++i) {
            if (auto const id = entry.events[i].id;
                find_event(ids, id, entry.id_hashes[i]) != nullptr && known++ == 0) {
                first_known = id;
            }
        }
    }
    if (known == 0) {
        return false;
    }
    if (known < plan.events()) {
        throw DuplicateEvent{first_known, "is stored already, but other events of the request are not"};
    }
    auto result = plan.result().entries.begin();
    for (auto const& entry : plan.entries()) {
        *result++ = entry.events.empty() ? EntryResult{entry.version, {}} : original(entry, ids);
    }
    plan.result().replayed = true;
    return true;
}

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
