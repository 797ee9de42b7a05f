#pragma once

#include "mutant.hpp"

#include <atomic>
#include <mutex>
#include <set>

namespace mutants {

/// Calls a healthy append with other expectations: `change(Entry&)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_entries(Change change) {
    return changing_requests([change](Request& request) { std::ranges::for_each(request.entries, change); });
}

/// Two handles that do not know of each other.
class ForeignHandleFixture final : public Fixture {
public:
    [[nodiscard]] EventStore& connect() override { return other_; }

private:
    InMemoryEventStore other_;
};

/// Commits where it should roll back.
class CommittingFixture final : public Fixture {
public:
    [[nodiscard]] std::unique_ptr<conformance::OpenAppend> begin(AppendRequest const& request) override {
        class Committing final : public Buffered {
        public:
            using Buffered::Buffered;
            void roll_back() override { commit(); }
        };
        return std::make_unique<Committing>(store(), request);
    }
};

/// Finds what the case before has left.
class LeftoverFixture final : public Fixture {
public:
    LeftoverFixture() {
        append(store(), {"Account", "alice"}, ExpectedVersion::any(), {NewEvent{.event_type = "Noted"}});
    }
};

[[nodiscard]] inline Mutants append_mutants() {
    using Kind = ExpectedVersion::Kind;
    return {
        {"NoVersionCheck",
         "stores whatever version was expected",
         {"A04", "A05", "A06", "A07", "C01", "C05", "Y04", "Y10", "H03", "H04", "H05"},
         changing_entries([](Request::Entry& entry) { entry.expected = ExpectedVersion::any(); })},
        {"ExactMeansAtLeast", "takes a version that was expected once for the one expected", {"A04"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 for (auto& entry : copy.entries) {
                     auto const actual = version_of(inner, entry.aggregate());
                     if (entry.expected.kind() == Kind::exactly && entry.expected.version() < actual) {
                         entry.expected = ExpectedVersion::any();
                     }
                 }
                 return copy.send(inner);
             }};
         })},
        {"ExactMeansAtMost", "takes a version that is yet to come for the one expected", {"A05"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 for (auto& entry : copy.entries) {
                     auto const actual = version_of(inner, entry.aggregate());
                     if (entry.expected.kind() == Kind::exactly && entry.expected.version() > actual) {
                         entry.expected = ExpectedVersion::any();
                     }
                 }
                 return copy.send(inner);
             }};
         })},
        {"ExactIsOneMore",
         "compares an exact version with the next one",
         {"A03", "C03", "Y10", "H01"},
         changing_entries([](Request::Entry& entry) {
             if (entry.expected.kind() == Kind::exactly) {
                 entry.expected = ExpectedVersion::exactly(entry.expected.version().next());
             }
         })},
        {"NoneIsNotChecked",
         "opens an aggregate that is there",
         {"A06", "A09", "C04"},
         changing_entries([](Request::Entry& entry) {
             if (entry.expected.kind() == Kind::none) {
                 entry.expected = ExpectedVersion::any();
             }
         })},
        {"ExistsIsNotChecked",
         "goes on with an aggregate that is not there",
         {"A07"},
         changing_entries([](Request::Entry& entry) {
             if (entry.expected.kind() == Kind::exists) {
                 entry.expected = ExpectedVersion::any();
             }
         })},
        {"ExistsMeansVersionOne",
         "finds an aggregate only while it has one event",
         {"A08"},
         changing_entries([](Request::Entry& entry) {
             if (entry.expected.kind() == Kind::exists) {
                 entry.expected = ExpectedVersion::exactly(Version{1});
             }
         })},
        {"FirstVersionIsZero",
         "counts versions from 0",
         {"A02", "R02", "Y02"},
         changing_what_is_read([](RecordedEvent& event) { event.version = Version{event.version.value - 1}; })},
        {"ResultIsOneShort",
         "answers with the version before the append",
         {"A01", "A03", "A08", "A17", "A34"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 auto result = inner.append(request);
                 for (std::size_t i = 0; i < result.entries.size(); ++i) {
                     auto& version = result.entries[i].version;
                     version = Version{version.value - (request.entries[i].events.empty() ? 0 : 1)};
                 }
                 return result;
             }};
         })},
        {"ChecksLeaveAMark", "stores an event for a check", {"A10", "A26"}, changing_entries([](Request::Entry& entry) {
             if (entry.events.empty()) {
                 entry.events.push_back({.event_type = "Checked"});
             }
         })},
        {"ChecksAreNotEvaluated",
         "passes over entries without events",
         {"A11", "A27", "A32", "C12", "Y15"},
         changing_entries([](Request::Entry& entry) {
             if (entry.events.empty()) {
                 entry.expected = ExpectedVersion::any();
             }
         })},
        {"ChecksNeedAHistory",
         "does not find an aggregate without events to check",
         {"A33"},
         changing_entries([](Request::Entry& entry) {
             if (entry.events.empty()) {
                 entry.expected = ExpectedVersion::exists();
             }
         })},
        {"ChecksHaveAPosition",
         "answers a check with the position of the aggregate's last event",
         {"A10", "A26"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 auto result = inner.append(request);
                 for (std::size_t i = 0; i < result.entries.size(); ++i) {
                     if (request.entries[i].events.empty()) {
                         inner.read(request.entries[i].aggregate, {.limit = 1, .direction = Direction::backward},
                                    [&](RecordedEventView const& view) { result.entries[i].position = view.position; });
                     }
                 }
                 return result;
             }};
         })},
        {"OnlyTheFirstCheckCounts",
         "stops checking after the first entry without events",
         {"A32"},
         changing_requests([](Request& request) {
             bool checked = false;
             for (auto& entry : request.entries) {
                 if (entry.events.empty() && std::exchange(checked, true)) {
                     entry.expected = ExpectedVersion::any();
                 }
             }
         })},
        {"BatchIsReversed",
         "stores a batch from its end",
         {"A12", "R02", "A25", "G02"},
         changing_entries([](Request::Entry& entry) { std::ranges::reverse(entry.events); })},
        {"BatchLosesItsLast",
         "forgets the last event of a batch, and says nothing",
         {"A02", "A24", "R17", "Y02", "Y11", "Y13", "S14", "S15", "H19"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 for (auto& entry : copy.entries) {
                     if (entry.events.size() > 1) {
                         entry.events.pop_back();
                     }
                 }
                 return copy.send(inner);
             }};
         })},
        {"BatchIsNotAtomic",
         "stores event by event until one is refused",
         {"A13", "A14", "A22", "I07", "D35"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 AppendResult out;
                 for (auto const& entry : Request{request}.entries) {
                     EntryResult last;
                     auto expected = entry.expected;
                     for (auto const& event : entry.events) {
                         last = append(inner, entry.aggregate(), expected, {event});
                         expected = ExpectedVersion::any();
                     }
                     out.entries.push_back(last);
                 }
                 return out;
             }};
         })},
        {"RequestIsNotAtomic",
         "stores entry by entry until one is refused",
         {"A18", "A27", "A30", "I24", "D35", "Y16"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 AppendResult out;
                 for (auto const& entry : request.entries) {
                     out.entries.push_back(inner.append({.entries = {&entry, 1}}).entries.front());
                 }
                 return out;
             }};
         })},
        {"EqualIdsAreMerged",
         "keeps one of two events with one id in a request",
         {"A14", "A30"},
         changing_requests([](Request& request) {
             std::set<Uuid> seen;
             for (auto& entry : request.entries) {
                 std::erase_if(entry.events, [&](NewEvent const& event) { return !seen.insert(event.id).second; });
             }
         })},
        {"WritesLate",
         "answers before it stores, and stores with the next append",
         {"A15", "A16", "C08", "H09", "H14", "Y12"},
         with([] {
             struct Late {
                 std::mutex mutex;
                 std::optional<Request> request;
             };
             return Hooks{.append = [late = std::make_shared<Late>()](EventStore& inner, AppendRequest const& request) {
                 std::lock_guard const lock{late->mutex};
                 if (late->request) {
                     late->request->send(inner);
                 }
                 late->request.emplace(request);
                 return pretended(inner, *late->request);
             }};
         })},
        {"HandlesShareNothing",
         "a second handle is another store",
         {"A16", "G15", "I29", "H06", "Y02"},
         made<ForeignHandleFixture>},
        {"OneVersionForAll", "counts versions over the whole store", {"A17", "A34"}, with([] {
             return Hooks{
                 .append =
                     [](EventStore& inner, AppendRequest const& request) {
                         auto result = inner.append(request);
                         for (auto& entry : result.entries) {
                             entry.version = Version{static_cast<std::int64_t>(all_of(inner).size())};
                         }
                         return result;
                     },
                 .read =
                     [](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                         inner.read(aggregate, options, visit);
                         return Version{static_cast<std::int64_t>(all_of(inner).size())};
                     }};
         })},
        {"RollBackCommits", "commits a transaction that was rolled back", {"A20", "G10"}, made<CommittingFixture>},
        {"RefusalsBurnVersions", "leaves a gap in the versions for each refused append", {"A22"}, with([] {
             auto const burnt = std::make_shared<std::atomic<std::int64_t>>(0);
             return Hooks{
                 .append =
                     [burnt](EventStore& inner, AppendRequest const& request) {
                         try {
                             return inner.append(request);
                         } catch (VersionConflict const&) {
                             ++*burnt;
                             throw;
                         }
                     },
                 .read =
                     [burnt](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                         auto const shift = [burnt](RecordedEvent& event) {
                             event.version = Version{event.version.value + *burnt};
                         };
                         return inner.read(aggregate, options, changed(shift, visit));
                     }};
         })},
        {"EqualContentIsOneEvent", "takes events of equal content for one", {"A23", "H07", "H16"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 std::set<std::string> stored;
                 for (auto const& event : all_of(inner)) {
                     stored.insert(event.aggregate_id + event.data);
                 }
                 for (auto& entry : copy.entries) {
                     std::erase_if(entry.events,
                                   [&](NewEvent const& event) { return stored.contains(entry.id + event.data); });
                 }
                 return copy.send(inner);
             }};
         })},
        {"OnlyTheFirstEntryIsStored",
         "stores the first entry and answers for all",
         {"A24", "H11", "H15", "Y16"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 auto result =
                     inner.append({.entries = request.entries.first(std::min<std::size_t>(request.entries.size(), 1))});
                 result.entries.resize(request.entries.size(), result.entries.front());
                 return result;
             }};
         })},
        {"EntriesAreSorted",
         "stores and answers in the order of names",
         {"A25"},
         changing_requests(
             [](Request& request) { std::ranges::sort(request.entries, {}, &Request::Entry::aggregate); })},
        {"NoEntriesIsFine", "takes a request without entries", {"A28"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 return request.entries.empty() ? AppendResult{} : inner.append(request);
             }};
         })},
        {"EntriesAreMerged", "makes one entry of two of one aggregate", {"A29"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 for (std::size_t i = 0; i < copy.entries.size(); ++i) {
                     for (std::size_t k = i + 1; k < copy.entries.size();) {
                         if (copy.entries[i].aggregate() == copy.entries[k].aggregate()) {
                             std::ranges::copy(copy.entries[k].events, std::back_inserter(copy.entries[i].events));
                             copy.entries.erase(copy.entries.begin() + static_cast<std::ptrdiff_t>(k));
                         } else {
                             ++k;
                         }
                     }
                 }
                 return copy.send(inner);
             }};
         })},
        {"ConflictNamesTheLast", "names the last entry that is not as expected", {"A31"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 std::ranges::reverse(copy.entries);
                 auto result = copy.send(inner);
                 std::ranges::reverse(result.entries);
                 return result;
             }};
         })},
        {"ConflictSaysNothing", "reports a conflict without the version that is there", {"A04", "A05"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 try {
                     return inner.append(request);
                 } catch (VersionConflict const& conflict) {
                     throw VersionConflict{conflict.aggregate(), conflict.expected(), Version{}};
                 }
             }};
         })},
        {"TypeIsNoPartOfTheName", "knows aggregates by id alone", {"A34", "R18"}, with([] {
             return Hooks{
                 .append =
                     [](EventStore& inner, AppendRequest const& request) {
                         Request copy{request};
                         for (auto& entry : copy.entries) {
                             entry.type = "Account";
                         }
                         return copy.send(inner);
                     },
                 .read = [](EventStore const& inner, AggregateRef aggregate, ReadOptions options,
                            EventVisitor visit) { return inner.read({"Account", aggregate.id}, options, visit); }};
         })},
        {"FixturesShareState", "begins with what another case has left", {"A01", "G01", "R01"}, made<LeftoverFixture>},
    };
}

}  // namespace mutants
