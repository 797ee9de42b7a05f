#pragma once

#include "mutant.hpp"

#include <map>
#include <mutex>
#include <set>

namespace mutants {

/// Positions begin anew after a restart.
class RestartingFixture final : public Fixture {
public:
    RestartingFixture() : RestartingFixture{std::make_shared<std::int64_t>(0)} {}

    [[nodiscard]] EventStore& reopen() override {
        *offset_ = static_cast<std::int64_t>(all_of(store()).size());
        return store();
    }

private:
    explicit RestartingFixture(std::shared_ptr<std::int64_t> offset)
        : Fixture{Hooks{.append =
                            [offset](EventStore& inner, AppendRequest const& request) {
                                auto result = inner.append(request);
                                for (auto& entry : result.entries) {
                                    entry.position = Position{entry.position.value - *offset};
                                }
                                return result;
                            }}},
          offset_{std::move(offset)} {}

    std::shared_ptr<std::int64_t> offset_;
};

/// Reads all of the store as `use(events)` leaves them, from position `after` in the list given.
template <class Change>
[[nodiscard]] conformance::FixtureFactory reordering(Change change) {
    return with([change] {
        return Hooks{.read_all = [change](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
            auto events = all_of(inner);
            change(events);
            for (auto const& event : events) {
                if (event.position > options.after && !visit(to_view(event))) {
                    break;
                }
            }
            return events.empty() ? options.after : events.back().position;
        }};
    });
}

/// Answers a read of all with `change(looked_up_to, options, visited)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_how_far(Change change) {
    return with([change] {
        return Hooks{.read_all = [change](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
            Position last;
            auto const looked_up_to = inner.read_all(options, [&](RecordedEventView const& view) {
                last = view.position;
                return visit(view);
            });
            return change(looked_up_to, options, last);
        }};
    });
}

[[nodiscard]] inline Mutants global_order_mutants() {
    return {
        {"StoreIsNeverEmpty", "begins with an event of its own", {"G01"}, with([] {
             return Hooks{.append =
                              [](EventStore& inner, AppendRequest const& request) {
                                  append(inner, {"System", "store"}, ExpectedVersion::any(),
                                         {NewEvent{.event_type = "Created"}});
                                  return inner.append(request);
                              },
                          .read_all =
                              [](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                                  RecordedEvent const created{
                                      {.aggregate_type = "System", .aggregate_id = "store", .event_type = "Created"},
                                      "{}"};
                                  if (options.after == Position{} && options.limit > 0) {
                                      visit(to_view(created));
                                  }
                                  return inner.read_all(options, visit);
                              }};
         })},
        {"OrderIsByAggregate",
         "reads all events aggregate by aggregate",
         {"G02", "A25", "G23"},
         reordering([](std::vector<RecordedEvent>& events) {
             std::ranges::sort(
                 events, {}, [](RecordedEvent const& event) { return std::pair{event.aggregate_id, event.position}; });
         })},
        {"OrderIsBroken",
         "swaps two events of an aggregate in the order of all events",
         {"G02", "G08"},
         reordering([](std::vector<RecordedEvent>& events) {
             std::map<std::string, std::size_t> waiting;
             for (std::size_t i = 0; i < events.size(); ++i) {
                 if (auto const [other, first] = waiting.emplace(events[i].aggregate_id, i); !first) {
                     std::swap(events[other->second], events[i]);
                     std::swap(events[other->second].position, events[i].position);
                     waiting.erase(other);
                 }
             }
         })},
        {"AfterAllIsInclusive",
         "begins with the position it should begin behind",
         {"G03", "G05", "G13"},
         changing_reads_of_all([](ReadAllOptions& options) {
             if (options.direction == Direction::forward && options.after > Position{}) {
                 options.after = Position{options.after.value - 1};
             }
         })},
        {"BackwardAfterAllIsInclusive",
         "begins backward with the position it should begin before",
         {"G24"},
         changing_reads_of_all([](ReadAllOptions& options) {
             if (options.direction == Direction::backward && options.after > Position{}) {
                 options.after = options.after.next();
             }
         })},
        {"BackwardAllIsForward",
         "reads all events backward as forward",
         {"G04", "G23", "G24"},
         changing_reads_of_all([](ReadAllOptions& options) { options.direction = Direction::forward; })},
        {"PagesLoseAnEvent",
         "goes one position too far at the end of a page",
         {"G05", "G07", "G13", "G21"},
         changing_how_far([](Position looked_up_to, ReadAllOptions const& options, Position last) {
             return last > options.after ? looked_up_to.next() : looked_up_to;
         })},
        {"HolesAreFilledLater", "shows some events only to those who have passed them", {"G02", "G07"}, with([] {
             struct Hidden {
                 std::mutex mutex;
                 std::set<Position> shown;
             };
             return Hooks{.read_all = [hidden = std::make_shared<Hidden>()](
                                          EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                 return inner.read_all(options, [&](RecordedEventView const& view) {
                     {
                         std::lock_guard const lock{hidden->mutex};
                         if (view.position.value % 5 == 2 && hidden->shown.insert(view.position).second) {
                             return true;
                         }
                     }
                     return visit(view);
                 });
             }};
         })},
        {"LimitMovesToTheHead",
         "passes over the rest of the store at the end of a page",
         {"G05", "G13", "G21", "G29"},
         changing_how_far([](Position looked_up_to, ReadAllOptions const& options, Position last) {
             return options.limit < 1000 && last > Position{} ? Position{looked_up_to.value + 1000} : looked_up_to;
         })},
        {"TypesOfAggregatesAreNotFiltered",
         "ignores the aggregate types of a filter",
         {"G14", "G19"},
         changing_reads_of_all([](ReadAllOptions& options) { options.filter.aggregate_types.clear(); })},
        {"TypesOfEventsAreNotFiltered",
         "ignores the event types of a filter",
         {"G18", "G19", "R15", "G20"},
         changing_reads_of_all([](ReadAllOptions& options) { options.filter.event_types.clear(); })},
        {"FirstTypeIsEnough",
         "looks at the first type of a filter only",
         {"G18"},
         changing_reads_of_all([](ReadAllOptions& options) {
             options.filter.event_types.resize(std::min<std::size_t>(options.filter.event_types.size(), 1));
         })},
        {"LimitBeforeFilter", "counts events that the filter does not let through", {"R15"}, with([] {
             return Hooks{.read_all = [](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                 auto const filter = std::exchange(options.filter, {});
                 auto const wants = [](auto const& wanted, std::string_view name) {
                     return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
                 };
                 return inner.read_all(options, [&](RecordedEventView const& view) {
                     return !wants(filter.aggregate_types, view.aggregate_type) ||
                            !wants(filter.event_types, view.event_type) || visit(view);
                 });
             }};
         })},
        {"EmptyPageDoesNotMove",
         "stays where it is when a filter lets nothing through",
         {"G20"},
         changing_how_far([](Position looked_up_to, ReadAllOptions const& options, Position last) {
             return last == Position{} ? options.after : looked_up_to;
         })},
        {"StopMovesToTheHead", "answers with the head when the visitor stops", {"G22"}, with([] {
             return Hooks{.read_all = [](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                 bool stopped = false;
                 auto const looked_up_to = inner.read_all(options, [&](RecordedEventView const& view) {
                     stopped = !visit(view);
                     return !stopped;
                 });
                 return stopped ? Position{static_cast<std::int64_t>(all_of(inner).size())} : looked_up_to;
             }};
         })},
        {"BeyondTheEndMovesBack",
         "answers with the head where `after` is beyond it",
         {"G25"},
         changing_how_far([](Position looked_up_to, ReadAllOptions const&, Position last) {
             return last == Position{} ? Position{std::min<std::int64_t>(looked_up_to.value, 3)} : looked_up_to;
         })},
        {"LimitZeroMoves", "moves to the head where the limit is 0", {"G26"}, with([] {
             return Hooks{.read_all = [](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                 return options.limit == 0 ? Position{static_cast<std::int64_t>(all_of(inner).size())}
                                           : inner.read_all(options, visit);
             }};
         })},
        {"PagesHaveNoLimit",
         "reads all where no limit is given",
         {"G27"},
         changing_reads_of_all([](ReadAllOptions& options) {
             options.limit = options.limit == ReadAllOptions{}.limit ? 1'000'000 : options.limit;
         })},
        {"PagesAreSmall", "ends a page at 500 events", {"G27"}, changing_reads_of_all([](ReadAllOptions& options) {
             options.limit = std::min<std::size_t>(options.limit, 500);
         })},
        {"ReadOfAllIsLive", "visits what is appended during the read", {"G30"}, with([] {
             return Hooks{.read_all = [](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                 auto const before = inner.read_all(options, visit);
                 if (options.direction == Direction::forward && options.limit == 10) {
                     options.after = before;
                     options.limit = 1;
                     return inner.read_all(options, visit);
                 }
                 return before;
             }};
         })},
        {"PositionsRestart", "counts positions anew after a restart", {"G16"}, made<RestartingFixture>},
        {"PositionsComeTwice",
         "gives two events one position",
         {"A02", "G02", "G04"},
         changing_what_is_read(
             [](RecordedEvent& event) { event.position = Position{(event.position.value + 1) / 2}; })},
    };
}

}  // namespace mutants
