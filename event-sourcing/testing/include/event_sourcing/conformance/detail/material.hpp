#pragma once

#include <event_sourcing/event_store.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance::detail {

/// The aggregates that most cases write to.
inline constexpr AggregateRef alice{"Account", "alice"};
inline constexpr AggregateRef bob{"Account", "bob"};
inline constexpr AggregateRef carol{"Account", "carol"};

/// An event with a new id.
[[nodiscard]] inline NewEvent event(std::string data = R"({"n":1})", std::string type = "Noted") {
    return {.event_type = std::move(type), .data = std::move(data)};
}

/// The data of the event number `n` of `events`.
[[nodiscard]] inline std::string numbered(std::int64_t n) { return "{\"n\":" + std::to_string(n) + "}"; }

/// Events `{"n":first}`, `{"n":first + 1}` … with new ids.
[[nodiscard]] inline std::vector<NewEvent> events(std::int64_t count, std::int64_t first = 1) {
    std::vector<NewEvent> out;
    for (std::int64_t n = first; n < first + count; ++n) {
        out.push_back(event(numbered(n)));
    }
    return out;
}

/// The ids of the events.
[[nodiscard]] inline std::vector<Uuid> ids_of(std::vector<NewEvent> const& list) {
    std::vector<Uuid> out;
    for (auto const& one : list) {
        out.push_back(one.id);
    }
    return out;
}

/// Appends several entries.
inline AppendResult append(EventStore& store, std::vector<AppendEntry> const& entries) {
    return store.append({.entries = entries});
}

/// Appends `count` numbered events and says nothing: for the given part of a case.
inline EntryResult fill(EventStore& store, AggregateRef aggregate, std::int64_t count) {
    return event_sourcing::append(store, aggregate, ExpectedVersion::any(), events(count));
}

/// The events of one aggregate.
[[nodiscard]] inline std::vector<RecordedEvent> history(EventStore const& store, AggregateRef aggregate,
                                                        ReadOptions const& options = {}) {
    std::vector<RecordedEvent> out;
    store.read(aggregate, options, [&out](RecordedEventView const& view) { out.push_back(to_owned(view)); });
    return out;
}

/// The version of one aggregate.
[[nodiscard]] inline Version version_of(EventStore const& store, AggregateRef aggregate) {
    return store.read(aggregate, {.limit = 0}, [](RecordedEventView const&) {});
}

/// What one call of `read_all` gave.
struct Page {
    std::vector<RecordedEvent> events;
    Position looked_up_to;
};

/// One call of `read_all`.
[[nodiscard]] inline Page page(EventStore const& store, ReadAllOptions const& options) {
    Page out;
    out.looked_up_to =
        store.read_all(options, [&out](RecordedEventView const& view) { out.events.push_back(to_owned(view)); });
    return out;
}

/// All events of the store in one call.
[[nodiscard]] inline std::vector<RecordedEvent> everything(EventStore const& store) {
    return page(store, {.limit = std::numeric_limits<std::size_t>::max()}).events;
}

/// All events of the store, page by page, until a page gives none and does not move; gives up after `at_most` pages.
[[nodiscard]] inline std::vector<RecordedEvent> paged(EventStore const& store, std::size_t limit, std::size_t at_most) {
    std::vector<RecordedEvent> out;
    Position after;
    for (std::size_t i = 0; i < at_most; ++i) {
        auto next = page(store, {.after = after, .limit = limit});
        if (next.events.empty() && next.looked_up_to == after) {
            break;
        }
        out.insert(out.end(), next.events.begin(), next.events.end());
        after = next.looked_up_to;
    }
    return out;
}

/// The events with these ids, and whether all were found.
struct Found {
    std::vector<RecordedEvent> events;
    bool all;
};
[[nodiscard]] inline Found find(EventStore const& store, std::vector<Uuid> const& ids) {
    Found out{};
    out.all = store.find(ids, [&out](RecordedEventView const& view) { out.events.push_back(to_owned(view)); });
    return out;
}

/// One member of each event.
[[nodiscard]] inline std::vector<std::int64_t> versions(std::vector<RecordedEvent> const& list) {
    std::vector<std::int64_t> out;
    for (auto const& one : list) {
        out.push_back(one.version.value);
    }
    return out;
}
[[nodiscard]] inline std::vector<Position> positions(std::vector<RecordedEvent> const& list) {
    std::vector<Position> out;
    for (auto const& one : list) {
        out.push_back(one.position);
    }
    return out;
}
[[nodiscard]] inline std::vector<std::string> data_of(std::vector<RecordedEvent> const& list) {
    std::vector<std::string> out;
    for (auto const& one : list) {
        out.push_back(one.data);
    }
    return out;
}
[[nodiscard]] inline std::vector<std::string> data_of(std::vector<NewEvent> const& list) {
    std::vector<std::string> out;
    for (auto const& one : list) {
        out.push_back(one.data);
    }
    return out;
}
[[nodiscard]] inline std::vector<Uuid> ids_of(std::vector<RecordedEvent> const& list) {
    std::vector<Uuid> out;
    for (auto const& one : list) {
        out.push_back(one.id);
    }
    return out;
}

/// The last of a list. Throws where there is none, so that a broken store ends a case and not the program.
template <class T>
[[nodiscard]] T last_of(std::vector<T> const& list) {
    return list.at(list.size() - 1);
}

/// first, first + 1 … last; empty where last < first.
[[nodiscard]] inline std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> out;
    for (auto n = first; n <= last; ++n) {
        out.push_back(n);
    }
    return out;
}
[[nodiscard]] inline std::vector<std::int64_t> reversed(std::vector<std::int64_t> list) {
    std::reverse(list.begin(), list.end());
    return list;
}

/// Whether each is greater than the one before.
template <class T>
[[nodiscard]] bool rising(std::vector<T> const& list) {
    return std::adjacent_find(list.begin(), list.end(), [](T const& a, T const& b) { return !(a < b); }) == list.end();
}

/// What `call` throws of type E; nothing where it returns. Other exceptions pass.
template <class E, class Call>
[[nodiscard]] std::optional<E> thrown(Call call) {
    try {
        call();
    } catch (E const& error) {
        return error;
    }
    return std::nullopt;
}

}  // namespace conformance::detail
EVENT_SOURCING_END_NAMESPACE
