#pragma once

#include "mutant.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <map>
#include <mutex>

namespace mutants {

/// A snapshot store that changes what it loads: `change(Snapshot&)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_snapshots(Change change) {
    return with([change] {
        return SnapshotHooks{.load = [change](SnapshotStore const& inner, AggregateRef aggregate, Version at_most) {
            auto out = inner.load(aggregate, at_most);
            if (out) {
                change(*out);
            }
            return out;
        }};
    });
}

inline constexpr Version above_all{1'000'000'000};

[[nodiscard]] inline Mutants snapshot_mutants() {
    return {
        {"NoSnapshotIsAnEmptyOne", "gives a default snapshot where there is none", {"S01", "S08"}, with([] {
             return SnapshotHooks{.load = [](SnapshotStore const& inner, AggregateRef aggregate, Version at_most) {
                 auto out = inner.load(aggregate, at_most);
                 return out ? out : std::optional{Snapshot{}};
             }};
         })},
        {"StateIsRewritten",
         "keeps the meaning of a state and not its text",
         {"S02"},
         changing_snapshots([](Snapshot& snapshot) {
             auto const tree = nlohmann::json::parse(snapshot.state, nullptr, false);
             if (!tree.is_discarded() && tree.is_object()) {
                 snapshot.state = tree.dump();
             }
         })},
        {"TimeOfASnapshotIsCut", "keeps seconds", {"S02", "S18"}, changing_snapshots([](Snapshot& snapshot) {
             snapshot.timestamp = std::chrono::floor<std::chrono::seconds>(snapshot.timestamp);
         })},
        {"FirstSnapshotStays", "keeps the first snapshot of an aggregate for ever", {"S03", "S06", "S17"}, with([] {
             return SnapshotHooks{.save = [](SnapshotStore& inner, Snapshot const& snapshot) {
                 if (!inner.load(snapshot.aggregate(), above_all)) {
                     inner.save(snapshot);
                 }
             }};
         })},
        {"AtMostIsIgnored", "gives a snapshot above the version asked for", {"S04", "S05"}, with([] {
             return SnapshotHooks{.load = [](SnapshotStore const& inner, AggregateRef aggregate, Version) {
                 return inner.load(aggregate, above_all);
             }};
         })},
        {"SameVersionStays", "does not replace a snapshot of the same version", {"S06"}, with([] {
             return SnapshotHooks{.save = [](SnapshotStore& inner, Snapshot const& snapshot) {
                 auto const now = inner.load(snapshot.aggregate(), above_all);
                 if (!now || now->version != snapshot.version) {
                     inner.save(snapshot);
                 }
             }};
         })},
        {"LastSaveWins", "replaces a newer snapshot by an older one", {"S07"}, with([] {
             return SnapshotHooks{
                 .save = [mutex = std::make_shared<std::mutex>()](SnapshotStore& inner, Snapshot const& snapshot) {
                     std::lock_guard const lock{*mutex};
                     inner.erase(snapshot.aggregate());
                     inner.save(snapshot);
                 }};
         })},
        {"EraseKeeps", "erases nothing", {"S08", "S13", "S20"}, with([] {
             return SnapshotHooks{.erase = [](SnapshotStore&, AggregateRef) {}};
         })},
        {"EraseForgetsTheType", "erases all aggregates", {"S08", "S19"}, with([] {
             auto const erased = std::make_shared<std::atomic<bool>>(false);
             return SnapshotHooks{
                 .load = [erased](SnapshotStore const& inner, AggregateRef aggregate,
                                  Version at_most) { return *erased ? std::nullopt : inner.load(aggregate, at_most); },
                 .erase = [erased](SnapshotStore&, AggregateRef) { *erased = true; }};
         })},
        {"StateIsCut", "keeps the first 64 KiB of a state", {"S09"}, changing_snapshots([](Snapshot& snapshot) {
             snapshot.state.resize(std::min<std::size_t>(snapshot.state.size(), 64 * 1024));
         })},
        {"SnapshotsGoById", "keeps one snapshot for all types of an id", {"S10"}, with([] {
             auto const key = [](Snapshot snapshot) {
                 snapshot.aggregate_type = "T";
                 return snapshot;
             };
             return SnapshotHooks{
                 .load = [](SnapshotStore const& inner, AggregateRef aggregate,
                            Version at_most) { return inner.load({"T", aggregate.id}, at_most); },
                 .save = [key](SnapshotStore& inner, Snapshot const& snapshot) { inner.save(key(snapshot)); },
                 .erase = [](SnapshotStore& inner, AggregateRef aggregate) { inner.erase({"T", aggregate.id}); }};
         })},
        {"FirstFingerprintStays", "keeps the fingerprint of the first save", {"S11"}, with([] {
             struct First {
                 std::mutex mutex;
                 std::string fingerprint;
             };
             return SnapshotHooks{.save = [first = std::make_shared<First>()](SnapshotStore& inner, Snapshot snapshot) {
                 std::lock_guard const lock{first->mutex};
                 if (first->fingerprint.empty()) {
                     first->fingerprint = snapshot.fingerprint;
                 }
                 snapshot.fingerprint = first->fingerprint;
                 inner.save(snapshot);
             }};
         })},
        {"TornSave", "keeps the state of one save with the version of another", {"S06", "S12", "S16", "S17"}, with([] {
             struct Before {
                 std::mutex mutex;
                 std::optional<Snapshot> snapshot;
             };
             return SnapshotHooks{
                 .save = [before = std::make_shared<Before>()](SnapshotStore& inner, Snapshot snapshot) {
                     std::lock_guard const lock{before->mutex};
                     auto const now = std::exchange(before->snapshot, snapshot);
                     if (now) {
                         snapshot.state = now->state;
                     }
                     inner.save(snapshot);
                 }};
         })},
        {"FirstSaveIsLost", "forgets the first save", {"S02", "S14"}, with([] {
             return SnapshotHooks{.save = [saves = std::make_shared<std::atomic<int>>(0)](SnapshotStore& inner,
                                                                                          Snapshot const& snapshot) {
                 if (++*saves == 1) {
                     return;
                 }
                 inner.save(snapshot);
             }};
         })},
        {"FormatOfASnapshotIsForgotten",
         "gives all states back as JSON",
         {"S18"},
         changing_snapshots([](Snapshot& snapshot) { snapshot.format = DataFormat::json; })},
        {"EraseOfNothingThrows", "refuses to erase what is not there", {"S19"}, with([] {
             return SnapshotHooks{.erase = [](SnapshotStore& inner, AggregateRef aggregate) {
                 if (!inner.load(aggregate, above_all)) {
                     throw InvalidArgument{"no snapshot"};
                 }
                 inner.erase(aggregate);
             }};
         })},
        {"ErasedVersionsAreRemembered", "takes no snapshot older than the one erased", {"S20"}, with([] {
             struct Erased {
                 std::mutex mutex;
                 Version version;
             };
             auto const erased = std::make_shared<Erased>();
             return SnapshotHooks{.save =
                                      [erased](SnapshotStore& inner, Snapshot const& snapshot) {
                                          std::lock_guard const lock{erased->mutex};
                                          if (snapshot.version > erased->version) {
                                              inner.save(snapshot);
                                          }
                                      },
                                  .erase =
                                      [erased](SnapshotStore& inner, AggregateRef aggregate) {
                                          std::lock_guard const lock{erased->mutex};
                                          if (auto const now = inner.load(aggregate, above_all)) {
                                              erased->version = std::max(erased->version, now->version);
                                          }
                                          inner.erase(aggregate);
                                      }};
         })},
    };
}

}  // namespace mutants
