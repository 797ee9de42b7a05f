#pragma once

#include "mutant.hpp"

#include <map>
#include <mutex>

namespace mutants {

/// Gives known ids to new events, where `when(Entry const&)`.
template <class When>
[[nodiscard]] conformance::FixtureFactory without_dedup(When when) {
    return with([when] {
        return Hooks{.append = [when](EventStore& inner, AppendRequest const& request) {
            Request copy{request};
            for (auto& entry : copy.entries) {
                for (auto& event : entry.events) {
                    if (when(entry) && is_known(inner, event.id)) {
                        event.id = Uuid::v7();
                    }
                }
            }
            return copy.send(inner);
        }};
    });
}

/// Answers with what is stored under the ids, wherever and whatever it is, when `when(known, all)`.
template <class When>
[[nodiscard]] conformance::FixtureFactory replaying(When when) {
    return with([when] {
        return Hooks{.append = [when](EventStore& inner, AppendRequest const& request) {
            AppendResult stored{.replayed = true};
            std::size_t known = 0;
            std::size_t all = 0;
            for (auto const& entry : request.entries) {
                EntryResult result;
                for (auto const& event : entry.events) {
                    ++all;
                    inner.find(std::span{&event.id, 1}, [&](RecordedEventView const& view) {
                        ++known;
                        result = {view.version, view.position};
                    });
                }
                stored.entries.push_back(result);
            }
            return known > 0 && when(known, all) ? stored : inner.append(request);
        }};
    });
}

/// A known id counts as a duplicate where `differs(NewEvent const&, RecordedEventView const&)`.
template <class Differs>
[[nodiscard]] conformance::FixtureFactory comparing(Differs differs) {
    return with([differs] {
        return Hooks{.append = [differs](EventStore& inner, AppendRequest const& request) {
            for (auto const& entry : request.entries) {
                for (auto const& event : entry.events) {
                    bool differing = false;
                    inner.find(std::span{&event.id, 1},
                               [&](RecordedEventView const& view) { differing = differs(event, view); });
                    if (differing) {
                        throw DuplicateEvent{event.id, "differs"};
                    }
                }
            }
            return inner.append(request);
        }};
    });
}

/// Reports a lost connection in its own way.
template <class Report>
class CutFixture final : public Fixture {
public:
    [[nodiscard]] std::unique_ptr<EventStore> connect_and_cut(conformance::Cut moment) override {
        cut_.push_back(Fixture::connect_and_cut(moment));
        return std::make_unique<HookedStore>(hooks(*cut_.back(), store()));
    }

private:
    [[nodiscard]] static Hooks hooks(EventStore& cut, EventStore& healthy) {
        return {.append =
                    [&cut](EventStore&, AppendRequest const& request) {
                        try {
                            return cut.append(request);
                        } catch (OutcomeUnknown const&) {
                            return Report{}(request);
                        }
                    },
                .read = [&healthy](EventStore const&, AggregateRef aggregate, ReadOptions options,
                                   EventVisitor visit) { return healthy.read(aggregate, options, visit); },
                .find = [&healthy](EventStore const&, std::span<Uuid const> ids,
                                   EventVisitor visit) { return healthy.find(ids, visit); }};
    }

    std::vector<std::unique_ptr<EventStore>> cut_;
};

struct ReportsSuccess {
    AppendResult operator()(AppendRequest const& request) const {
        return {.entries = std::vector<EntryResult>(request.entries.size())};
    }
};
struct ReportsUnavailable {
    AppendResult operator()(AppendRequest const&) const { throw Unavailable{"nothing was sent, it says"}; }
};

/// After a restart it knows the events and not their ids.
class ForgetfulFixture final : public Fixture {
public:
    [[nodiscard]] EventStore& reopen() override {
        for (auto const& event : all_of(store())) {
            append(reopened_, event.aggregate(), ExpectedVersion::any(),
                   {NewEvent{.event_type = event.event_type, .data = event.data}});
        }
        return reopened_;
    }

private:
    InMemoryEventStore reopened_;
};

/// Data that a broken store has put in place of what it stored first.
class Overlay {
public:
    void put(Uuid id, std::string data) {
        std::lock_guard const lock{mutex_};
        data_[id] = std::move(data);
    }
    void apply(RecordedEvent& event) const {
        std::lock_guard const lock{mutex_};
        if (auto const found = data_.find(event.id); found != data_.end()) {
            event.data = found->second;
        }
    }

private:
    mutable std::mutex mutex_;
    std::map<Uuid, std::string> data_;
};

[[nodiscard]] inline auto kept_over(std::shared_ptr<Overlay> const& overlay) {
    return [overlay](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
        return inner.read(aggregate, options,
                          changed([overlay](RecordedEvent& event) { overlay->apply(event); }, visit));
    };
}

[[nodiscard]] inline Mutants idempotency_mutants() {
    using Kind = ExpectedVersion::Kind;
    return {
        {"NoDedup",
         "stores known ids again",
         {"I01", "I02", "I03", "I04", "I05", "I11", "I12", "I14", "I23", "I25", "I27"},
         without_dedup([](Request::Entry const&) { return true; })},
        {"NoDedupAtAnExactVersion",
         "stores known ids again at an exact version",
         {"I10"},
         without_dedup([](Request::Entry const& entry) { return entry.expected.kind() == Kind::exactly; })},
        {"NoDedupAtAny",
         "stores known ids again where nothing is expected",
         {"I02"},
         without_dedup([](Request::Entry const& entry) { return entry.expected.kind() == Kind::any; })},
        {"NoDedupAtNone",
         "compares ids only in aggregates that are expected to be there",
         {"I03"},
         without_dedup([](Request::Entry const& entry) { return entry.expected.kind() == Kind::none; })},
        {"NoDedupAtExists",
         "stores known ids again at an existing aggregate",
         {"I04"},
         without_dedup([](Request::Entry const& entry) { return entry.expected.kind() == Kind::exists; })},
        {"IdsAreItsOwn",
         "gives every event an id of its own",
         {"A15", "D13", "I01", "I30", "R23", "H06", "H13", "H15", "H16", "H17", "H18", "H19"},
         changing_events([](NewEvent& event) { event.id = Uuid::v7(); })},
        {"KnownIdsAreEnough",
         "answers for known ids without a look at payload and place",
         {"I06", "I08", "I09", "I10", "I17", "I18", "I22", "I26", "I28", "C11"},
         replaying([](std::size_t known, std::size_t all) { return known == all; })},
        {"OneKnownIdIsEnough",
         "answers for all where one id is known",
         {"I07", "I24"},
         replaying([](std::size_t, std::size_t) { return true; })},
        {"KnownIdsAreSkipped", "stores what is new of a request and passes over the rest", {"I07", "I24"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 for (auto& entry : copy.entries) {
                     auto const before = entry.events.size();
                     std::erase_if(entry.events, [&](NewEvent const& event) { return is_known(inner, event.id); });
                     if (entry.events.size() < before) {
                         entry.expected = ExpectedVersion::any();
                     }
                 }
                 return copy.send(inner);
             }};
         })},
        {"PartsDoNotReplay", "knows only whole batches again", {"I05", "I27"}, with([] {
             auto const sizes = std::make_shared<std::map<Uuid, std::size_t>>();
             return Hooks{.append = [sizes, mutex = std::make_shared<std::mutex>()](EventStore& inner,
                                                                                    AppendRequest const& request) {
                 std::lock_guard const lock{*mutex};
                 for (auto const& entry : request.entries) {
                     for (auto const& event : entry.events) {
                         if (auto const known = sizes->find(event.id);
                             known != sizes->end() && known->second != entry.events.size()) {
                             throw DuplicateEvent{event.id, "is part of another batch"};
                         }
                     }
                 }
                 auto result = inner.append(request);
                 for (auto const& entry : request.entries) {
                     for (auto const& event : entry.events) {
                         sizes->emplace(event.id, entry.events.size());
                     }
                 }
                 return result;
             }};
         })},
        {"VersionBeforeIds",
         "checks the version before it looks for ids",
         {"I01", "I03", "I11", "I23", "C11"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request checks{request};
                 for (auto& entry : checks.entries) {
                     entry.events.clear();
                 }
                 if (!checks.entries.empty()) {
                     checks.send(inner);
                 }
                 return inner.append(request);
             }};
         })},
        {"ReplayEvaluatesChecks", "refuses a repeat whose checks do not hold any more", {"I25"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 for (auto const& entry : request.entries) {
                     if (entry.events.empty()) {
                         inner.append({.entries = {&entry, 1}});
                     }
                 }
                 return inner.append(request);
             }};
         })},
        {"ReplayIsNotMarked", "does not say that it answers from the store", {"I01", "I21", "I29", "Y14"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 auto result = inner.append(request);
                 result.replayed = false;
                 return result;
             }};
         })},
        {"ReplayGivesTheCurrentVersion",
         "answers a repeat with where the aggregate is now",
         {"I05", "I11", "I23", "I27"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 auto result = inner.append(request);
                 for (std::size_t i = 0; i < result.entries.size() && result.replayed; ++i) {
                     result.entries[i].version = version_of(inner, request.entries[i].aggregate);
                 }
                 return result;
             }};
         })},
        {"InDoubtIsSuccess",
         "reports a lost connection as success",
         {"I12", "I13", "H07"},
         made<CutFixture<ReportsSuccess>>},
        {"InDoubtIsUnavailable",
         "reports an append that may be stored as not sent",
         {"I12", "I30"},
         made<CutFixture<ReportsUnavailable>>},
        {"RestartForgetsIds", "does not know ids after a restart", {"I15"}, made<ForgetfulFixture>},
        {"MetadataIsCompared",
         "takes other metadata for another event",
         {"I19"},
         comparing(
             [](NewEvent const& event, RecordedEventView const& view) { return event.metadata != view.metadata; })},
        {"TimeIsCompared",
         "takes another time for another event",
         {"I20"},
         comparing([](NewEvent const& event, RecordedEventView const& view) {
             return event.timestamp && *event.timestamp != view.timestamp;
         })},
        {"FingerprintIsIgnored",
         "compares the data where a fingerprint is given",
         {"I21", "I22", "Y14"},
         changing_events([](NewEvent& event) { event.fingerprint.clear(); })},
        {"BinaryIsComparedAsText",
         "compares binary data up to its first NUL",
         {"I28"},
         changing_events([](NewEvent& event) {
             if (event.format == DataFormat::binary && event.fingerprint.empty()) {
                 event.fingerprint = event.data.c_str();
             }
         })},
        {"RepeatsRewrite", "keeps the data of a repeat", {"I21", "Y14"}, with([] {
             auto const kept = std::make_shared<Overlay>();
             return Hooks{.append =
                              [kept](EventStore& inner, AppendRequest const& request) {
                                  auto result = inner.append(request);
                                  for (auto const& entry : request.entries) {
                                      for (auto const& event : entry.events) {
                                          kept->put(event.id, event.data);
                                      }
                                  }
                                  return result;
                              },
                          .read = kept_over(kept)};
         })},
        {"RefusedPayloadIsKept", "refuses another payload and keeps it", {"I09"}, with([] {
             auto const kept = std::make_shared<Overlay>();
             return Hooks{.append =
                              [kept](EventStore& inner, AppendRequest const& request) {
                                  try {
                                      return inner.append(request);
                                  } catch (DuplicateEvent const& refusal) {
                                      kept->put(refusal.id(), request.entries.front().events.front().data);
                                      throw;
                                  }
                              },
                          .read = kept_over(kept)};
         })},
    };
}

}  // namespace mutants
