#pragma once

#include <event_sourcing/committed.hpp>
#include <event_sourcing/event_store.hpp>
#include <event_sourcing/metadata.hpp>

#include <array>
#include <optional>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// What an earlier run of the command stored; nothing where it stored nothing, or has no id.
///
/// Looks for the derived ids in blocks until one is missing: a command stores all of its events or none.
/// @throws DuplicateEvent  the id was used for another request.
[[nodiscard]] inline std::optional<Committed> find_command(EventStore const& store, CommandContext const& context) {
    if (!context.command) {
        return std::nullopt;
    }
    static constexpr std::size_t block = 8;
    std::vector<std::pair<std::size_t, WrittenAggregate>> events;
    for (std::size_t first = 0; events.size() == first; first += block) {
        std::array<Uuid, block> ids;
        for (std::size_t i = 0; i < block; ++i) {
            ids[i] = Uuid::derived(*context.command, first + i);
        }
        store.find(ids, [&](RecordedEventView const& event) {
            auto const ordinal = first + static_cast<std::size_t>(std::ranges::find(ids, event.id) - ids.begin());
            if (ordinal == 0 && !context.request.empty()) {
                auto const stored = parse_metadata(event.metadata).request_hash;
                if (!stored.empty() && stored != request_hash(context)) {
                    throw DuplicateEvent{event.id, "was stored by the same command id with another request"};
                }
            }
            events.push_back(
                {ordinal,
                 {std::string{event.aggregate_type}, std::string{event.aggregate_id}, event.version, event.position}});
        });
    }
    if (events.empty()) {
        return std::nullopt;
    }
    std::ranges::sort(events, {}, [](auto const& event) { return event.first; });
    Committed out{.replayed = true};
    for (auto& [ordinal, event] : events) {
        auto const known = std::ranges::find_if(out.written, [&event = event](WrittenAggregate const& written) {
            return written.aggregate_type == event.aggregate_type && written.aggregate_id == event.aggregate_id;
        });
        if (known == out.written.end()) {
            out.written.push_back(std::move(event));
        } else {
            known->version = std::max(known->version, event.version);
            known->position = std::max(known->position, event.position);
        }
    }
    return out;
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
