#include "infrastructure/store_factory.hpp"

#include "infrastructure/postgres.hpp"

#include <event_sourcing/inmemory/event_store.hpp>

#include <memory>

namespace bank {

std::string_view name_of(StoreKind kind) noexcept { return kind == StoreKind::memory ? "memory" : "postgres"; }

std::shared_ptr<event_sourcing::EventStore> make_store(StoreOptions const& options) {
    if (options.kind == StoreKind::postgres) {
        return open_postgres(options);
    }
    return std::make_shared<event_sourcing::InMemoryEventStore>();
}

}  // namespace bank
