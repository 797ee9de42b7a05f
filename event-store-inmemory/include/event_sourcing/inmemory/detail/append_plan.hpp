#pragma once

#include <event_sourcing/append_error.hpp>
#include <event_sourcing/append_request.hpp>
#include <event_sourcing/clock.hpp>
#include <event_sourcing/inmemory/detail/arena.hpp>
#include <event_sourcing/inmemory/detail/keyed_hash.hpp>
#include <event_sourcing/inmemory/detail/stored_event.hpp>
#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// One entry of a request, and what was found out about it.
struct EntryPlan {
    AggregateRef name;
    ExpectedVersion expected;
    std::span<NewEvent const> events;
    std::span<std::uint64_t const> id_hashes;  // one for each event
    std::uint64_t name_hash = 0;
    StoredAggregate* aggregate = nullptr;  // from here on known under the lock only
    Version version{};
};

/// Everything about an append that can be done before the store's lock is taken.
class AppendPlan {
public:
    /// @throws DuplicateEvent  an id twice.
    AppendPlan(AppendRequest const& request, KeyedHash const& hash, Clock const& clock) {
        std::size_t count = 0;
        bool asks_clock = false;
        for (auto const& entry : request.entries) {
            count += entry.events.size();
            for (auto const& event : entry.events) {
                bytes_ += stored_bytes(event);
                asks_clock = asks_clock || !event.timestamp;
            }
        }
        hashes_.reserve(count);
        entries_.reserve(request.entries.size());
        result_.entries.resize(request.entries.size());
        for (auto const& entry : request.entries) {
            auto const before = hashes_.size();
            for (auto const& event : entry.events) {
                hashes_.push_back(hash(event.id));
            }
            entries_.push_back({entry.aggregate, entry.expected, entry.events, std::span{hashes_}.subspan(before),
                                hash(entry.aggregate)});
        }
        refuse_repeated_ids();
        now_ = asks_clock ? clock() : Timestamp{};
        if (bytes_ > most_bytes_under_lock) {
            copy_events();
        }
    }
    AppendPlan(AppendPlan const&) = delete;
    AppendPlan& operator=(AppendPlan const&) = delete;

    [[nodiscard]] std::span<EntryPlan> entries() noexcept { return entries_; }
    [[nodiscard]] std::size_t events() const noexcept { return hashes_.size(); }
    [[nodiscard]] AppendResult& result() noexcept { return result_; }

    /// The memory for all events, one behind the other: the plan's own, or a piece of the arena.
    [[nodiscard]] std::byte* memory(Arena& arena) {
        return is_copied() ? arena.adopt(std::move(piece_)) : arena.allocate(bytes_);
    }
    /// Whether the events were copied there before the lock was taken.
    [[nodiscard]] bool is_copied() const noexcept { return bytes_ > most_bytes_under_lock; }
    [[nodiscard]] Timestamp now() const noexcept { return now_; }

private:
    /// Copying this much takes about as long as the rest of an append.
    static constexpr std::size_t most_bytes_under_lock = 4096;

    void refuse_repeated_ids() const {
        if (hashes_.size() < 2) {
            return;
        }
        std::vector<Uuid> ids;
        ids.reserve(hashes_.size());
        for (auto const& entry : entries_) {
            for (auto const& event : entry.events) {
                ids.push_back(event.id);
            }
        }
        std::ranges::sort(ids);
        if (auto const twice = std::ranges::adjacent_find(ids); twice != ids.end()) {
            throw DuplicateEvent{*twice, "stands twice in the request"};
        }
    }

    void copy_events() {
        piece_ = Arena::Piece{bytes_};
        auto* at = piece_.data();
        for (auto const& entry : entries_) {
            for (auto const& event : entry.events) {
                write_event(at, event, now_);
                at += stored_bytes(event);
            }
        }
    }

    std::array<std::byte, 1024> buffer_;  // enough for an ordinary request
    std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};
    std::pmr::vector<std::uint64_t> hashes_{&memory_};
    std::pmr::vector<EntryPlan> entries_{&memory_};
    AppendResult result_;
    std::size_t bytes_ = 0;
    Timestamp now_{};
    Arena::Piece piece_;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
