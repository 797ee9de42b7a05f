#pragma once

#include "request.hpp"

#include <event_sourcing/conformance/store_fixture.hpp>
#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/inmemory/snapshot_store.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace mutants {

/// What a broken store does in place of the healthy one behind it; what is empty is passed on.
struct Hooks {
    std::function<AppendResult(EventStore&, AppendRequest const&)> append{};
    std::function<Version(EventStore const&, AggregateRef, ReadOptions, EventVisitor)> read{};
    std::function<Position(EventStore const&, ReadAllOptions, EventVisitor)> read_all{};
    std::function<bool(EventStore const&, std::span<Uuid const>, EventVisitor)> find{};
};

class HookedStore final : public EventStore {
public:
    explicit HookedStore(Hooks hooks, InMemoryEventStoreOptions options = {})
        : hooks_{std::move(hooks)}, inner_{std::move(options)} {}

    AppendResult append(AppendRequest const& request) override {
        return hooks_.append ? hooks_.append(inner_, request) : inner_.append(request);
    }
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        return hooks_.read ? hooks_.read(inner_, aggregate, options, visit) : inner_.read(aggregate, options, visit);
    }
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return hooks_.read_all ? hooks_.read_all(inner_, options, visit) : inner_.read_all(options, visit);
    }
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override {
        return hooks_.find ? hooks_.find(inner_, ids, visit) : inner_.find(ids, visit);
    }

private:
    Hooks hooks_;
    InMemoryEventStore inner_;
};

/// The same for a snapshot store.
struct SnapshotHooks {
    std::function<std::optional<Snapshot>(SnapshotStore const&, AggregateRef, Version)> load{};
    std::function<void(SnapshotStore&, Snapshot)> save{};
    std::function<void(SnapshotStore&, AggregateRef)> erase{};
};

class HookedSnapshotStore final : public SnapshotStore {
public:
    explicit HookedSnapshotStore(SnapshotHooks hooks) : hooks_{std::move(hooks)} {}

    [[nodiscard]] std::optional<Snapshot> load(AggregateRef aggregate, Version at_most) const override {
        return hooks_.load ? hooks_.load(inner_, aggregate, at_most) : inner_.load(aggregate, at_most);
    }
    void save(Snapshot const& snapshot) override {
        hooks_.save ? hooks_.save(inner_, snapshot) : inner_.save(snapshot);
    }
    void erase(AggregateRef aggregate) override {
        hooks_.erase ? hooks_.erase(inner_, aggregate) : inner_.erase(aggregate);
    }

private:
    SnapshotHooks hooks_;
    InMemorySnapshotStore inner_;
};

/// A store with every capability, so that every case runs: it keeps what an open transaction sends until that commits,
/// and reopening keeps everything. With empty hooks it is healthy.
class Fixture : public conformance::StoreFixture {
public:
    explicit Fixture(Hooks hooks = {}, SnapshotHooks snapshot_hooks = {}, InMemoryEventStoreOptions options = {})
        : store_{std::move(hooks), std::move(options)}, snapshots_{std::move(snapshot_hooks)} {}

    [[nodiscard]] conformance::Capabilities capabilities() const override {
        return {conformance::Capability::reopen, conformance::Capability::open_transaction,
                conformance::Capability::snapshots};
    }
    [[nodiscard]] EventStore& store() override { return store_; }
    [[nodiscard]] EventStore& reopen() override { return store(); }
    [[nodiscard]] SnapshotStore& snapshots() override { return snapshots_; }
    [[nodiscard]] std::unique_ptr<conformance::OpenAppend> begin(AppendRequest const& request) override {
        return std::make_unique<Buffered>(store(), request);
    }

protected:
    class Buffered : public conformance::OpenAppend {
    public:
        Buffered(EventStore& store, AppendRequest const& request) : store_{&store}, request_{request} {}
        void commit() override { request_.send(*store_); }
        void roll_back() override {}

    private:
        EventStore* store_;
        Request request_;
    };

private:
    HookedStore store_;
    HookedSnapshotStore snapshots_;
};

/// A broken store, and cases that must refuse it. More may.
struct Mutant {
    std::string_view name;
    std::string_view what;
    std::vector<std::string_view> refused_by;
    conformance::FixtureFactory make;
};
using Mutants = std::vector<Mutant>;

/// A fixture whose event store has these hooks, made anew for each fixture.
template <class MakeHooks>
[[nodiscard]] conformance::FixtureFactory with(MakeHooks make) {
    return [make] {
        if constexpr (std::same_as<decltype(make()), SnapshotHooks>) {
            return std::make_unique<Fixture>(Hooks{}, make());
        } else {
            return std::make_unique<Fixture>(make());
        }
    };
}

/// A fixture of a class of its own.
template <class F>
[[nodiscard]] std::unique_ptr<conformance::StoreFixture> made() {
    return std::make_unique<F>();
}

/// A store that changes what it is sent: `change(Request&)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_requests(Change change) {
    return with([change] {
        return Hooks{.append = [change](EventStore& inner, AppendRequest const& request) {
            Request copy{request};
            change(copy);
            return copy.send(inner);
        }};
    });
}

/// A store that changes each event it is sent: `change(NewEvent&)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_events(Change change) {
    return changing_requests([change](Request& request) { request.each(change); });
}

/// A visitor that gets what `change(RecordedEvent&)` makes of each event.
template <class Change>
[[nodiscard]] auto changed(Change change, EventVisitor visit) {
    return [change, visit](RecordedEventView const& view) {
        auto event = to_owned(view);
        change(event);
        return visit(to_view(event));
    };
}

/// A store that changes each event when it is read: `change(RecordedEvent&)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_what_is_read(Change change) {
    return with([change] {
        return Hooks{
            .read = [change](EventStore const& inner, AggregateRef aggregate, ReadOptions options,
                             EventVisitor visit) { return inner.read(aggregate, options, changed(change, visit)); },
            .read_all = [change](EventStore const& inner, ReadAllOptions options,
                                 EventVisitor visit) { return inner.read_all(options, changed(change, visit)); },
            .find = [change](EventStore const& inner, std::span<Uuid const> ids,
                             EventVisitor visit) { return inner.find(ids, changed(change, visit)); }};
    });
}

/// A store that changes how it is read: `change(ReadOptions&)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_reads(Change change) {
    return with([change] {
        return Hooks{
            .read = [change](EventStore const& inner, AggregateRef aggregate, ReadOptions options, EventVisitor visit) {
                change(options, version_of(inner, aggregate));
                return inner.read(aggregate, options, visit);
            }};
    });
}

/// A store that changes how all of it is read: `change(ReadAllOptions&)`.
template <class Change>
[[nodiscard]] conformance::FixtureFactory changing_reads_of_all(Change change) {
    return with([change] {
        return Hooks{.read_all = [change](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
            change(options);
            return inner.read_all(options, visit);
        }};
    });
}

/// Everything in the store.
[[nodiscard]] inline std::vector<RecordedEvent> all_of(EventStore const& store) {
    std::vector<RecordedEvent> out;
    store.read_all({.limit = 1'000'000}, [&](RecordedEventView const& view) { out.push_back(to_owned(view)); });
    return out;
}

}  // namespace mutants
