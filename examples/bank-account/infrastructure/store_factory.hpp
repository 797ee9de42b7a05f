#pragma once

#include <event_sourcing/event_store.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bank {

/// Where the events are kept.
enum class StoreKind : unsigned char { memory, postgres };

[[nodiscard]] std::string_view name_of(StoreKind kind) noexcept;

/// Where the events are kept, and how to get there.
struct StoreOptions {
    StoreKind kind = StoreKind::memory;
    std::string database_url{};  ///< of a Postgres server; may hold a password, so it is never shown
    std::string schema = "public";
    enum class Migration : unsigned char { at_first_use, never } migration = Migration::at_first_use;
};

/// A server or a part of the program that is needed is not there.
class Missing : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The one place that knows which stores there are. Connects where there is something to connect to.
/// @throws Missing, InvalidArgument (an option), Unavailable, SchemaMismatch, PermissionDenied
[[nodiscard]] std::shared_ptr<event_sourcing::EventStore> make_store(StoreOptions const& options);

}  // namespace bank
