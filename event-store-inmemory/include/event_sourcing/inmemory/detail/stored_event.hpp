#pragma once

#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/inmemory/detail/append_only_list.hpp>
#include <event_sourcing/inmemory/detail/arena.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/new_event.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// An event at its final address, with its characters right behind it: what visitors get a view of.
struct StoredEvent {
    RecordedEventView view;
    std::string_view fingerprint;
};

/// One aggregate: its name and its history. An aggregate without events is the same as none.
struct StoredAggregate {
    AggregateRef name;
    AppendOnlyList<StoredEvent const*> history{};

    [[nodiscard]] Version version() const noexcept { return Version{static_cast<std::int64_t>(history.size())}; }
};

static_assert(std::is_trivially_destructible_v<StoredEvent> && std::is_trivially_destructible_v<StoredAggregate>,
              "they live in an arena");

/// Copies texts one behind the other.
class TextWriter {
public:
    explicit TextWriter(std::byte* at) noexcept : at_{reinterpret_cast<char*>(at)} {}

    [[nodiscard]] std::string_view copy(std::string_view text) noexcept {
        auto* const begin = at_;
        at_ += text.copy(begin, text.size());
        return {begin, text.size()};
    }

private:
    char* at_;
};

/// The memory an event takes when it is stored.
[[nodiscard]] inline std::size_t stored_bytes(NewEvent const& event) noexcept {
    return Arena::padded(sizeof(StoredEvent) + event.event_type.size() + event.metadata.size() + event.data.size() +
                         event.fingerprint.size());
}

/// Copies the event into `stored_bytes(event)` bytes at `memory`; its place in the store is not known yet.
inline StoredEvent* write_event(std::byte* memory, NewEvent const& event, Timestamp now) noexcept {
    auto* const stored = ::new (memory) StoredEvent{};
    TextWriter text{memory + sizeof(StoredEvent)};
    auto& view = stored->view;
    view.id = event.id;
    view.event_type = text.copy(event.event_type);
    view.schema_version = event.schema_version;
    view.timestamp = event.timestamp.value_or(now);
    view.format = event.format;
    view.metadata = text.copy(event.metadata);
    view.data = text.copy(event.data);
    stored->fingerprint = text.copy(event.fingerprint);
    return stored;
}

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
