#pragma once

#include <event_sourcing/event_store.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance::detail {

/// Passes calls on, but hides one version of every aggregate: a history with a gap, as a bad restore leaves it.
class HidingEventStore final : public EventStore {
public:
    HidingEventStore(EventStore& store, Version hidden) : store_{&store}, hidden_{hidden} {}

    AppendResult append(AppendRequest const& request) override { return store_->append(request); }
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        return store_->read(aggregate, options,
                            [&](RecordedEventView const& view) { return view.version == hidden_ || visit(view); });
    }
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return store_->read_all(options, visit);
    }
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override { return store_->find(ids, visit); }

private:
    EventStore* store_;
    Version hidden_;
};

}  // namespace conformance::detail
EVENT_SOURCING_END_NAMESPACE
