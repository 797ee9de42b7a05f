#pragma once

#include "mutant.hpp"

#include <stdexcept>

namespace mutants {

/// How deep this thread is in visits.
inline thread_local int visits = 0;

/// A visitor during which the store must not be called.
[[nodiscard]] inline auto exclusive(EventVisitor visit) {
    if (visits > 0) {
        throw std::logic_error{"a visitor must not call the store"};
    }
    return [visit](RecordedEventView const& view) {
        ++visits;
        try {
            bool const go_on = visit(view);
            --visits;
            return go_on;
        } catch (...) {
            --visits;
            throw;
        }
    };
}

/// A visitor whose exceptions end nothing but the read.
[[nodiscard]] inline auto swallowing(EventVisitor visit) {
    return [visit](RecordedEventView const& view) {
        try {
            return visit(view);
        } catch (std::exception const&) {
            return false;
        }
    };
}

[[nodiscard]] inline Mutants read_mutants() {
    return {
        {"MissingAggregateIsAtVersionOne", "gives an aggregate without history version 1", {"R01", "A07"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     auto const version = inner.read(aggregate, options, visit);
                     return version == Version{} ? Version{1} : version;
                 }};
         })},
        {"MissingAggregateIsAnError", "throws for an aggregate without history", {"R01", "Y01"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     auto const version = inner.read(aggregate, options, visit);
                     if (version == Version{}) {
                         throw InvalidArgument{"no such aggregate"};
                     }
                     return version;
                 }};
         })},
        {"ReadsLeaveAMark", "stores an event for each read", {"R16", "Y03", "H02", "H10"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     auto const version = inner.read(aggregate, options, visit);
                     if (options.limit > 0 && all_of(inner).size() < 50) {
                         append(const_cast<EventStore&>(inner), aggregate, ExpectedVersion::any(),
                                {NewEvent{.event_type = "Opened"}});
                     }
                     return version;
                 }};
         })},
        {"BackwardIsForward",
         "reads backward as forward",
         {"R03", "R09", "R14", "R20"},
         changing_reads([](ReadOptions& options, Version) { options.direction = Direction::forward; })},
        {"AfterIsInclusive",
         "begins with the event it should begin behind",
         {"R04", "R10", "R12", "R13", "R16"},
         changing_reads([](ReadOptions& options, Version) {
             if (options.direction == Direction::forward && options.after > Version{}) {
                 options.after = Version{options.after.value - 1};
             }
         })},
        {"BackwardAfterIsInclusive",
         "begins backward with the event it should begin before",
         {"R14", "R20"},
         changing_reads([](ReadOptions& options, Version) {
             if (options.direction == Direction::backward && options.after > Version{}) {
                 options.after = options.after.next();
             }
         })},
        {"BeyondTheEndIsTheBeginning",
         "begins anew where `after` is beyond the end",
         {"R05"},
         changing_reads([](ReadOptions& options, Version version) {
             options.after = options.after > version ? Version{} : options.after;
         })},
        {"EndGivesTheLast",
         "visits the last event once more where there is none left",
         {"R11", "R16"},
         changing_reads([](ReadOptions& options, Version version) {
             if (options.direction == Direction::forward && options.after == version && version > Version{}) {
                 options.after = Version{version.value - 1};
             }
         })},
        {"ZeroIsTheFirstVersion",
         "takes `after` 0 for the first event",
         {"R02", "R06", "R07"},
         changing_reads([](ReadOptions& options, Version) {
             if (options.direction == Direction::forward && options.after == Version{}) {
                 options.after = Version{1};
             }
         })},
        {"LimitIsIgnored",
         "visits all, whatever the limit",
         {"R07", "R09", "R10", "Y05", "H13"},
         changing_reads(
             [](ReadOptions& options, Version) { options.limit = options.limit == 0 ? 0 : ReadOptions{}.limit; })},
        {"LimitZeroIsNone",
         "takes the limit 0 for no limit",
         {"R08"},
         changing_reads([](ReadOptions& options, Version) {
             options.limit = options.limit == 0 ? ReadOptions{}.limit : options.limit;
         })},
        {"LimitMustFit",
         "visits nothing where less is left than the limit",
         {"R13", "R16"},
         changing_reads([](ReadOptions& options, Version version) {
             auto const left = static_cast<std::size_t>(std::max<std::int64_t>(version.value - options.after.value, 0));
             options.limit = options.limit < 1'000 && options.limit > left ? 0 : options.limit;
         })},
        {"StopsAtTenThousand", "ends a long read early", {"R17"}, changing_reads([](ReadOptions& options, Version) {
             options.limit = std::min<std::size_t>(options.limit, 10'000);
         })},
        {"StopsAtAThousand",
         "reads one page and takes it for all",
         {"R17", "Y11"},
         changing_reads(
             [](ReadOptions& options, Version) { options.limit = std::min<std::size_t>(options.limit, 1'000); })},
        {"LastEventIsMissing", "does not visit the last event", {"R02", "R12", "R19", "A15", "H01", "D13"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     auto const version = version_of(inner, aggregate);
                     inner.read(aggregate, options,
                                [&](RecordedEventView const& view) { return view.version == version || visit(view); });
                     return Version{std::max<std::int64_t>(version.value - 1, 0)};
                 }};
         })},
        {"BackwardLosesTheFirst", "stops backward before the first event", {"R03", "R20"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     return inner.read(aggregate, options, [&](RecordedEventView const& view) {
                         return (options.direction == Direction::backward && view.version == Version{1}) || visit(view);
                     });
                 }};
         })},
        {"NamesIgnoreCase", "finds an aggregate whatever the case of its name", {"R18"}, with([] {
             auto const lower = [](std::string_view text) {
                 std::string out{text};
                 std::ranges::transform(out, out.begin(),
                                        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
                 return out;
             };
             return Hooks{
                 .append =
                     [lower](EventStore& inner, AppendRequest const& request) {
                         Request copy{request};
                         for (auto& entry : copy.entries) {
                             entry.type = lower(entry.type);
                             entry.id = lower(entry.id);
                         }
                         return copy.send(inner);
                     },
                 .read =
                     [lower](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                         return inner.read({lower(aggregate.type), lower(aggregate.id)}, options, visit);
                     }};
         })},
        {"IdIsAPrefix", "reads every aggregate whose id begins like the one asked for", {"R18"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     if (options.after == Version{} && options.direction == Direction::forward) {
                         for (auto const& event : all_of(inner)) {
                             if (event.aggregate_type == aggregate.type && event.aggregate_id != aggregate.id &&
                                 event.aggregate_id.starts_with(aggregate.id) && options.limit > 0 &&
                                 !visit(to_view(event))) {
                                 break;
                             }
                         }
                     }
                     return inner.read(aggregate, options, visit);
                 }};
         })},
        {"VersionIsTheLastVisited", "answers with the last version visited", {"R05", "R19"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     Version last;
                     auto const version = inner.read(aggregate, options, [&](RecordedEventView const& view) {
                         last = view.version;
                         return visit(view);
                     });
                     return options.limit == 0 ? version : last;
                 }};
         })},
        {"VersionIsAtLeastAfter", "answers with `after` where the history ends before it", {"R05", "S13"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     return std::max(inner.read(aggregate, options, visit), options.after);
                 }};
         })},
        {"ReadIsLive", "visits what is appended during the read", {"R22"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     auto const version = inner.read(aggregate, options, visit);
                     if (options.direction == Direction::forward && options.limit == ReadOptions{}.limit) {
                         auto const now = version_of(inner, aggregate);
                         inner.read(aggregate,
                                    {.after = version, .limit = static_cast<std::size_t>(now.value - version.value)},
                                    visit);
                         return now;
                     }
                     return version;
                 }};
         })},
        {"VisitorCannotStop", "goes on whatever the visitor says", {"R27", "G22"}, with([] {
             return Hooks{
                 .read =
                     [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                         return inner.read(aggregate, options, [&](RecordedEventView const& view) { visit(view); });
                     },
                 .read_all =
                     [](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                         return inner.read_all(options, [&](RecordedEventView const& view) { visit(view); });
                     }};
         })},
        {"VisitorsMustNotCall", "refuses calls from within a visitor", {"R28"}, with([] {
             return Hooks{.read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options,
                                     EventVisitor visit) { return inner.read(aggregate, options, exclusive(visit)); },
                          .read_all = [](EventStore const& inner, ReadAllOptions options,
                                         EventVisitor visit) { return inner.read_all(options, exclusive(visit)); }};
         })},
        {"ExceptionsAreSwallowed",
         "ends a read whose visitor throws, and says nothing",
         {"R29", "Y06", "Y07", "Y09"},
         with([] {
             return Hooks{.read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options,
                                     EventVisitor visit) { return inner.read(aggregate, options, swallowing(visit)); },
                          .read_all = [](EventStore const& inner, ReadAllOptions options,
                                         EventVisitor visit) { return inner.read_all(options, swallowing(visit)); }};
         })},
        {"UnknownTypesAreSwallowed", "passes over event types it has not heard of", {"Y07"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     return inner.read(aggregate, options, [&](RecordedEventView const& view) {
                         return view.event_type == "Unheard" || visit(view);
                     });
                 }};
         })},
        {"PositionsAreUnknownToReads", "reads an aggregate without positions", {"R30", "A02", "H01"}, with([] {
             return Hooks{
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                     return inner.read(aggregate, options,
                                       changed([](RecordedEvent& event) { event.position = {}; }, visit));
                 }};
         })},
        {"FindFollowsTheRequest", "visits what it finds in the order of the ids", {"R23"}, with([] {
             return Hooks{.find = [](EventStore const& inner, std::span<Uuid const> ids, EventVisitor visit) {
                 bool all = true;
                 for (auto const& id : ids) {
                     all = inner.find(std::span{&id, 1}, visit) && all;
                 }
                 return all;
             }};
         })},
        {"FindAlwaysFindsAll", "says that all ids were found", {"R24", "I30"}, with([] {
             return Hooks{.find = [](EventStore const& inner, std::span<Uuid const> ids, EventVisitor visit) {
                 inner.find(ids, visit);
                 return true;
             }};
         })},
        {"FindNeverFindsAll", "says that ids are missing", {"R23", "R26", "I30"}, with([] {
             return Hooks{.find = [](EventStore const& inner, std::span<Uuid const> ids, EventVisitor visit) {
                 inner.find(ids, visit);
                 return false;
             }};
         })},
        {"FindOfNothingIsEverything", "visits the whole store where no ids are given", {"R26"}, with([] {
             return Hooks{.find = [](EventStore const& inner, std::span<Uuid const> ids, EventVisitor visit) {
                 if (ids.empty()) {
                     inner.read_all({}, visit);
                     return true;
                 }
                 return inner.find(ids, visit);
             }};
         })},
        {"FindRepeats", "visits an event as often as its id is given", {"R25"}, with([] {
             return Hooks{.find = [](EventStore const& inner, std::span<Uuid const> ids, EventVisitor visit) {
                 return inner.find(ids, [&](RecordedEventView const& view) {
                     for (auto times = std::ranges::count(ids, view.id); times > 0; --times) {
                         visit(view);
                     }
                 });
             }};
         })},
    };
}

}  // namespace mutants
