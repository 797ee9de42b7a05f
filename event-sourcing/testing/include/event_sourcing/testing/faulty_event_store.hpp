#pragma once

#include <event_sourcing/event_store.hpp>
#include <event_sourcing/testing/calls.hpp>
#include <event_sourcing/testing/detail/fault_plan.hpp>

#include <cstddef>
#include <exception>
#include <span>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// An EventStore around another one, whose calls fail when a test wants them to; it counts them too.
///
/// ```cpp
/// FaultyEventStore store{memory};
/// store.lose_reply();  // the next append is stored, but nobody hears of it
/// store.fail(EventStoreCall::read, Unavailable{"down"}, {.first = 2, .count = 3});
/// ```
/// Thread safety: every member may be called from several threads at once. Lifetime: the inner store must outlive it.
class FaultyEventStore final : public EventStore {
public:
    /// Passes every call on to `inner` until a fault is asked for.
    explicit FaultyEventStore(EventStore& inner) noexcept : inner_{&inner} {}

    /// Has calls throw a copy of `error`, of any type, before the inner store sees them.
    template <class E>
    void fail(EventStoreCall call, E error, Calls calls = {}) {
        plan_.add(call, calls, {std::make_exception_ptr(std::move(error)), false});
    }

    /// Has appends throw OutcomeUnknown before the fact: the inner store never sees the request.
    void lose_request(Calls calls = {}) {
        fail(EventStoreCall::append, OutcomeUnknown{"the request was lost on its way, as the test wanted"}, calls);
    }

    /// Has appends throw OutcomeUnknown after the fact: the inner store gets the request, and its answer, be it a
    /// result or an exception, is lost.
    void lose_reply(Calls calls = {}) {
        OutcomeUnknown const error{"the reply was lost on its way, as the test wanted"};
        plan_.add(EventStoreCall::append, calls, {std::make_exception_ptr(error), true});
    }

    /// Takes back every fault that has not happened yet.
    void work_again() { plan_.clear(); }

    /// How often the operation was called, failures included.
    [[nodiscard]] std::size_t calls(EventStoreCall call) const { return plan_.made(call); }

    /// Passes on, unless this call is to fail.
    AppendResult append(AppendRequest const& request) override {
        auto const fault = plan_.next(EventStoreCall::append);
        if (fault.error == nullptr) {
            return inner_->append(request);
        }
        if (fault.takes_effect) {
            try {
                inner_->append(request);
            } catch (...) {  // NOLINT(bugprone-empty-catch): this answer is lost like any other
            }
        }
        std::rethrow_exception(fault.error);
    }

    /// Passes on, unless this call is to fail.
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        plan_.enter(EventStoreCall::read);
        return inner_->read(aggregate, options, visit);
    }

    /// Passes on, unless this call is to fail.
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        plan_.enter(EventStoreCall::read_all);
        return inner_->read_all(options, visit);
    }

    /// Passes on, unless this call is to fail.
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override {
        plan_.enter(EventStoreCall::find);
        return inner_->find(ids, visit);
    }

private:
    EventStore* inner_;
    mutable detail::FaultPlan<EventStoreCall, 4> plan_;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
