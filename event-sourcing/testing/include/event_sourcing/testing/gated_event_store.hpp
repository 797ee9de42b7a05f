#pragma once

#include <event_sourcing/event_store.hpp>
#include <event_sourcing/testing/calls.hpp>
#include <event_sourcing/testing/gate.hpp>

#include <array>
#include <cstddef>
#include <span>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// An EventStore around another one with a Gate before and a Gate behind each operation, all of them open at first.
///
/// ```cpp
/// GatedEventStore store{memory};
/// store.before(EventStoreCall::append).close();
/// std::jthread command{[&] { accounts.execute("alice", decide); }};
/// store.before(EventStoreCall::append).await_held();               // it has read and decided, and not appended
/// append(memory, {"Account", "alice"}, ExpectedVersion::any(), {event});   // so another writer is first
/// store.before(EventStoreCall::append).open();
/// ```
/// Thread safety: every member may be called from several threads at once. Lifetime: the inner store must outlive it.
class GatedEventStore final : public EventStore {
public:
    /// Passes every call on to `inner`.
    explicit GatedEventStore(EventStore& inner) : inner_{&inner} {
        for (auto& gates : gates_) {
            gates.before.open();
            gates.after.open();
        }
    }

    /// The gate that calls of the operation pass before the inner store sees them.
    [[nodiscard]] Gate& before(EventStoreCall call) noexcept { return gates(call).before; }
    /// The gate that calls of the operation pass when they have succeeded, before their caller hears of it.
    [[nodiscard]] Gate& after(EventStoreCall call) noexcept { return gates(call).after; }

    /// Passes on through both gates.
    AppendResult append(AppendRequest const& request) override {
        return through(EventStoreCall::append, [&] { return inner_->append(request); });
    }

    /// Passes on through both gates.
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        return through(EventStoreCall::read, [&] { return inner_->read(aggregate, options, visit); });
    }

    /// Passes on through both gates.
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return through(EventStoreCall::read_all, [&] { return inner_->read_all(options, visit); });
    }

    /// Passes on through both gates.
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override {
        return through(EventStoreCall::find, [&] { return inner_->find(ids, visit); });
    }

private:
    struct Gates {
        Gate before{};
        Gate after{};
    };

    [[nodiscard]] Gates& gates(EventStoreCall call) const noexcept { return gates_[static_cast<std::size_t>(call)]; }

    template <class Call>
    auto through(EventStoreCall call, Call make) const -> decltype(make()) {
        gates(call).before.pass();
        auto result = make();
        gates(call).after.pass();
        return result;
    }

    EventStore* inner_;
    mutable std::array<Gates, 4> gates_;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
