#pragma once

#include <event_sourcing/aggregate_ref.hpp>
#include <event_sourcing/inmemory/detail/arena.hpp>
#include <event_sourcing/inmemory/detail/flat_table.hpp>
#include <event_sourcing/inmemory/detail/keyed_hash.hpp>
#include <event_sourcing/inmemory/detail/stored_event.hpp>
#include <event_sourcing/namespace.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// The aggregates of a store by their names; each aggregate type is kept once. Guarded by the store's lock.
class AggregateIndex {
public:
    [[nodiscard]] StoredAggregate* find(AggregateRef name, std::uint64_t hash) const noexcept {
        return aggregates_.find(hash, [&](StoredAggregate const& aggregate) { return aggregate.name == name; });
    }

    /// Adds an aggregate without events, which to a reader is none. Precondition: it is not there.
    [[nodiscard]] StoredAggregate* add(AggregateRef name, std::uint64_t hash, KeyedHash const& hash_of, Arena& arena) {
        aggregates_.reserve(1);
        AggregateRef stored{kept(name.type, hash_of(name.type), arena), {}};
        auto* const memory = arena.allocate(sizeof(StoredAggregate) + name.id.size());
        stored.id = TextWriter{memory + sizeof(StoredAggregate)}.copy(name.id);
        auto* const aggregate = ::new (memory) StoredAggregate{stored};
        aggregates_.insert(hash, aggregate);
        return aggregate;
    }

private:
    /// The one copy of an aggregate type.
    [[nodiscard]] std::string_view kept(std::string_view type, std::uint64_t hash, Arena& arena) {
        if (auto const* const known = types_.find(hash, [type](std::string_view other) { return other == type; })) {
            return *known;
        }
        types_.reserve(1);
        auto* const memory = arena.allocate(sizeof(std::string_view) + type.size());
        auto const text = TextWriter{memory + sizeof(std::string_view)}.copy(type);
        types_.insert(hash, ::new (memory) std::string_view{text});
        return text;
    }

    FlatTable<StoredAggregate> aggregates_;
    FlatTable<std::string_view const> types_;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
