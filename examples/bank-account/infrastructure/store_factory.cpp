#include "infrastructure/store_factory.hpp"

#include <event_sourcing/inmemory/event_store.hpp>

#include <memory>

namespace bank {

std::string_view name_of(StoreKind kind) noexcept { return kind == StoreKind::memory ? "memory" : "postgres"; }

std::unique_ptr<event_sourcing::EventStore> make_store(StoreKind kind) {
    if (kind == StoreKind::postgres) {
        throw Missing{"this build has no Postgres store: use --store memory"};
    }
    return std::make_unique<event_sourcing::InMemoryEventStore>();
}

}  // namespace bank
