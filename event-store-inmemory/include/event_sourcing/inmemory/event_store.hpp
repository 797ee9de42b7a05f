#pragma once

#include <event_sourcing/adapter_rules.hpp>
#include <event_sourcing/clock.hpp>
#include <event_sourcing/event_store.hpp>
#include <event_sourcing/inmemory/detail/event_log.hpp>
#include <event_sourcing/inmemory/detail/read_window.hpp>
#include <event_sourcing/inmemory/detail/short_mutex.hpp>
#include <event_sourcing/limits.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE

/// What an InMemoryEventStore can be given.
struct InMemoryEventStoreOptions {
    Clock clock = system_clock();  ///< asked once for each append whose events do not all bring a time of their own
    Limits limits{};               ///< may be lower than the default, not higher
};

/// An EventStore in memory: for tests, local development, and programs whose history may end with the process.
///
/// Keeps the whole contract of EventStore. Positions are dense from 1. Events never move and are never freed before the
/// store, so a view that a visitor gets stays valid as long as the store. No lock is held while a visitor runs: an open
/// read delays nobody, and `read` and `read_all` allocate nothing.
class InMemoryEventStore final : public EventStore {
public:
    /// An empty store with the system's clock and the usual limits.
    InMemoryEventStore() : InMemoryEventStore{InMemoryEventStoreOptions{}} {}

    /// An empty store.
    /// @throws InvalidArgument  a limit above the default, or a clock that is empty.
    explicit InMemoryEventStore(InMemoryEventStoreOptions options)
        : clock_{std::move(options.clock)}, limits_{lowered(options.limits)} {
        if (!clock_) {
            throw InvalidArgument{"InMemoryEventStoreOptions::clock is empty: leave it out to use the system's clock"};
        }
    }

    InMemoryEventStore(InMemoryEventStore const&) = delete;
    InMemoryEventStore& operator=(InMemoryEventStore const&) = delete;

    /// As EventStore::append says. If memory runs out, `std::bad_alloc` is thrown and nothing is stored.
    AppendResult append(AppendRequest const& request) override {
        check_request(request, limits_);
        detail::inmemory::AppendPlan plan{request, log_.hash(), clock_};
        std::lock_guard const lock{mutex_};
        return log_.append(plan);
    }

    /// As EventStore::read says; the whole read is one snapshot.
    /// @throws InvalidArgument  a name that `append` would refuse.
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        check_aggregate(aggregate, limits_);
        auto const history = events_of(aggregate);
        detail::inmemory::ReadWindow window{options.after.value, history.size(), options.direction};
        window.keep(options.limit);
        window.visit(history, [&](auto const* event) { return visit(event->view); });
        return Version{static_cast<std::int64_t>(history.size())};
    }

    /// As EventStore::read_all says; the whole read is one snapshot.
    ///
    /// @return forward, after everything was looked at: the position of the store's last event, or `after` where that
    /// is greater. Backward: the position of the first event, before which there is nothing, and never 0, which would
    /// mean the end of the store again. Where there was nothing to look at, or `limit` is 0: `after`.
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        auto const events = all_events();
        detail::inmemory::ReadWindow const window{options.after.value, events.size(), options.direction};
        if (window.empty() || options.limit == 0) {
            return options.after;
        }
        auto left = options.limit;
        Position visited{};
        bool const all = window.visit(events, [&](auto const* event) {
            if (!matches(options.filter, event->view)) {
                return true;
            }
            visited = event->view.position;
            return visit(event->view) && --left > 0;
        });
        return all ? Position{window.last()} : visited;
    }

    /// As EventStore::find says; an id given twice counts once, and no ids at all are all found.
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override {
        std::vector<std::uint64_t> hashes(ids.size());
        std::ranges::transform(ids, hashes.begin(), log_.hash());
        std::vector<detail::inmemory::StoredEvent const*> found;
        found.reserve(ids.size());
        bool all = true;
        {
            std::lock_guard const lock{mutex_};
            for (std::size_t i = 0; i < ids.size(); ++i) {
                auto const* const event = log_.find(ids[i], hashes[i]);
                all = all && event != nullptr;
                if (event != nullptr) {
                    found.push_back(event);
                }
            }
        }
        std::ranges::sort(found, {}, [](auto const* event) { return event->view.position; });
        found.erase(std::unique(found.begin(), found.end()), found.end());
        for (auto const* event : found) {
            if (!visit(event->view)) {
                break;
            }
        }
        return all;
    }

private:
    [[nodiscard]] detail::inmemory::EventLog::Events events_of(AggregateRef aggregate) const {
        auto const hash = log_.hash()(aggregate);
        std::lock_guard const lock{mutex_};
        return log_.of(aggregate, hash);
    }

    [[nodiscard]] detail::inmemory::EventLog::Events all_events() const {
        std::lock_guard const lock{mutex_};
        return log_.all();
    }

    Clock clock_;
    Limits limits_;
    mutable detail::inmemory::ShortMutex mutex_;
    detail::inmemory::EventLog log_;
};

EVENT_SOURCING_END_NAMESPACE
