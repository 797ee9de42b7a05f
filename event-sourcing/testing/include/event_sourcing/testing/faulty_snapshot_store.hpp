#pragma once

#include <event_sourcing/snapshot_store.hpp>
#include <event_sourcing/testing/calls.hpp>
#include <event_sourcing/testing/detail/fault_plan.hpp>

#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// A SnapshotStore around another one, whose calls fail when a test wants them to; it counts them too.
///
/// Thread safety: every member may be called from several threads at once. Lifetime: the inner store must outlive it.
class FaultySnapshotStore final : public SnapshotStore {
public:
    /// Passes every call on to `inner` until a fault is asked for.
    explicit FaultySnapshotStore(SnapshotStore& inner) noexcept : inner_{&inner} {}

    /// Has calls throw a copy of `error`, of any type, before the inner store sees them.
    template <class E>
    void fail(SnapshotStoreCall call, E error, Calls calls = {}) {
        plan_.add(call, calls, {std::make_exception_ptr(std::move(error)), false});
    }

    /// Takes back every fault that has not happened yet.
    void work_again() { plan_.clear(); }

    /// How often the operation was called, failures included.
    [[nodiscard]] std::size_t calls(SnapshotStoreCall call) const { return plan_.made(call); }

    /// Passes on, unless this call is to fail.
    [[nodiscard]] std::optional<Snapshot> load(AggregateRef aggregate, Version at_most) const override {
        plan_.enter(SnapshotStoreCall::load);
        return inner_->load(aggregate, at_most);
    }

    /// Passes on, unless this call is to fail.
    void save(Snapshot const& snapshot) override {
        plan_.enter(SnapshotStoreCall::save);
        inner_->save(snapshot);
    }

    /// Passes on, unless this call is to fail.
    void erase(AggregateRef aggregate) override {
        plan_.enter(SnapshotStoreCall::erase);
        inner_->erase(aggregate);
    }

private:
    SnapshotStore* inner_;
    mutable detail::FaultPlan<SnapshotStoreCall, 3> plan_;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
