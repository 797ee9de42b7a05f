#pragma once

#include <event_sourcing/adapter_rules.hpp>
#include <event_sourcing/clock.hpp>
#include <event_sourcing/event_store.hpp>
#include <event_sourcing/limits.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace es = event_sourcing;

/// An EventStore that keeps everything in one list under one mutex, and finds things by looking at all of it.
class SimpleEventStore final : public es::EventStore {
public:
    // [append]
    es::AppendResult append(es::AppendRequest const& request) override {
        es::check_request(request, es::Limits{});  // 1. refuse what no store may take
        std::lock_guard const lock{mutex_};
        if (auto result = replay(request)) {  // 2. known ids: the first result again, before any check of versions
            return *std::move(result);
        }
        for (auto const& entry : request.entries) {  // 3. all versions, before anything is stored
            if (auto const actual = version_of(entry.aggregate); !entry.expected.accepts(actual)) {
                throw es::VersionConflict{entry.aggregate, entry.expected, actual};
            }
        }
        es::AppendResult result;
        for (auto const& entry : request.entries) {  // 4. everything, in the order of the request
            result.entries.push_back(store(entry));
        }
        return result;
    }
    // [append]

    // [read]
    es::Version read(es::AggregateRef aggregate, es::ReadOptions const& options,
                     es::EventVisitor visit) const override {
        es::check_aggregate(aggregate, es::Limits{});
        auto const [count, version] = snapshot(aggregate);
        auto left = options.limit;
        walk(count, options.direction, [&](es::RecordedEvent const& event) {
            if (event.aggregate() != aggregate || !is_behind(event.version, options.after, options.direction)) {
                return true;
            }
            return left > 0 && visit(es::to_view(event)) && --left > 0;
        });
        return version;
    }

    es::Position read_all(es::ReadAllOptions const& options, es::EventVisitor visit) const override {
        auto const [count, version] = snapshot({});
        auto looked_at = options.after;
        auto left = options.limit;
        walk(left == 0 ? 0 : count, options.direction, [&](es::RecordedEvent const& event) {
            if (!is_behind(event.position, options.after, options.direction)) {
                return true;
            }
            looked_at = event.position;  // also where the filter lets nothing through: the reader moves on
            return !es::matches(options.filter, es::to_view(event)) || (visit(es::to_view(event)) && --left > 0);
        });
        return looked_at;
    }

    bool find(std::span<es::Uuid const> ids, es::EventVisitor visit) const override {
        std::set<std::size_t> found;  // in order of position, each once
        bool all = true;
        {
            std::lock_guard const lock{mutex_};
            for (auto const& id : ids) {
                auto const known = ids_.find(id);
                all = all && known != ids_.end();
                if (known != ids_.end()) {
                    found.insert(known->second);
                }
            }
        }
        for (auto const index : found) {
            if (!visit(es::to_view(at(index)))) {
                break;
            }
        }
        return all;
    }
    // [read]

private:
    // [members]
    struct Stored {
        es::RecordedEvent event;
        std::string fingerprint;
    };

    mutable std::mutex mutex_;
    std::deque<Stored> events_;            // a deque: what is in it never moves
    std::map<es::Uuid, std::size_t> ids_;  // where in events_; the position of an event is that plus 1
    // [members]

    // [store]
    es::EntryResult store(es::AppendEntry const& entry) {
        es::EntryResult result{.version = version_of(entry.aggregate)};
        auto const now = es::system_clock()();
        for (auto const& event : entry.events) {
            result = {result.version.next(), es::Position{static_cast<std::int64_t>(events_.size()) + 1}};
            ids_.emplace(event.id, events_.size());
            events_.push_back({es::recorded(event, entry.aggregate, result, now), event.fingerprint});
        }
        return result;  // of an entry without events: its version, and no position
    }

    es::Version version_of(es::AggregateRef aggregate) const {
        auto const last = std::find_if(events_.rbegin(), events_.rend(), [aggregate](Stored const& stored) {
            return stored.event.aggregate() == aggregate;
        });
        return last == events_.rend() ? es::Version{} : last->event.version;
    }
    // [store]

    // [replay]
    std::optional<es::AppendResult> replay(es::AppendRequest const& request) const {
        std::set<es::Uuid> ids;
        std::set<es::Uuid> known;
        for (auto const& entry : request.entries) {
            for (auto const& event : entry.events) {
                if (!ids.insert(event.id).second) {
                    throw es::DuplicateEvent{event.id, "stands twice in the request"};
                }
                if (ids_.contains(event.id)) {
                    known.insert(event.id);
                }
            }
        }
        if (known.empty()) {
            return std::nullopt;
        }
        if (known.size() < ids.size()) {
            throw es::DuplicateEvent{*known.begin(), "is stored already, but not all of the request"};
        }
        es::AppendResult result{.replayed = true};
        for (auto const& entry : request.entries) {
            result.entries.push_back(first_result(entry));
        }
        return result;
    }

    es::EntryResult first_result(es::AppendEntry const& entry) const {
        es::EntryResult result{.version = entry.events.empty() ? version_of(entry.aggregate) : es::Version{}};
        for (auto const& event : entry.events) {
            auto const& [stored, fingerprint] = events_[ids_.at(event.id)];
            if (!es::same_payload(event, es::to_view(stored), fingerprint)) {
                throw es::DuplicateEvent{event.id, "is stored already with another payload"};
            }
            if (!es::same_place(entry, result.version, es::to_view(stored))) {
                throw es::DuplicateEvent{event.id, "is stored already at another place"};
            }
            result = {stored.version, stored.position};
        }
        return result;
    }
    // [replay]

    // [walk]
    struct Snapshot {
        std::size_t count;
        es::Version version;
    };
    Snapshot snapshot(es::AggregateRef aggregate) const {
        std::lock_guard const lock{mutex_};
        return {events_.size(), version_of(aggregate)};
    }

    es::RecordedEvent const& at(std::size_t index) const {
        std::lock_guard const lock{mutex_};
        return events_[index].event;  // never moves and never changes: it is visited without the lock
    }

    template <class Look>
    void walk(std::size_t count, es::Direction direction, Look look) const {
        for (std::size_t i = 0; i < count; ++i) {
            if (!look(at(direction == es::Direction::forward ? i : count - 1 - i))) {
                return;
            }
        }
    }

    template <class Number>
    static bool is_behind(Number number, Number after, es::Direction direction) {
        return direction == es::Direction::forward ? number > after : after == Number{} || number < after;
    }
    // [walk]
};
