#pragma once

#include <event_sourcing/committed.hpp>
#include <event_sourcing/event_store.hpp>
#include <event_sourcing/metadata.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
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
    Committed out{.replayed = true};
    auto const add = [&out](RecordedEventView const& event) {
        for (auto& known : out.written) {
            if (known.aggregate_type == event.aggregate_type && known.aggregate_id == event.aggregate_id) {
                known.version = std::max(known.version, event.version);
                known.position = std::max(known.position, event.position);
                return;
            }
        }
        out.written.push_back(
            {std::string{event.aggregate_type}, std::string{event.aggregate_id}, event.version, event.position});
    };
    std::size_t found = 0;
    for (std::size_t first = 0; found == first;) {
        // The first alone: mostly the command is new, and deriving an id costs as much as a look-up.
        std::size_t const count = first == 0 ? 1 : 8;
        std::array<Uuid, 8> block;
        for (std::size_t i = 0; i < count; ++i) {
            block[i] = Uuid::derived(*context.command, first + i);
        }
        store.find({block.data(), count}, [&](RecordedEventView const& event) {
            if (first == 0 && !context.request.empty()) {
                auto const stored = parse_metadata(event.metadata).request_hash;
                if (!stored.empty() && stored != request_hash(context)) {
                    throw DuplicateEvent{event.id, "was stored by the same command id with another request"};
                }
            }
            ++found;
            add(event);  // by position, so aggregates come in the order of their first event
        });
        first += count;
    }
    return found == 0 ? std::nullopt : std::optional{std::move(out)};
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
