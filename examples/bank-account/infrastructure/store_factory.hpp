#pragma once

#include <event_sourcing/event_store.hpp>

#include <memory>
#include <stdexcept>
#include <string_view>

namespace bank {

/// Where the events are kept.
enum class StoreKind : unsigned char { memory, postgres };

[[nodiscard]] std::string_view name_of(StoreKind kind) noexcept;

/// A server or a part of the program that is needed is not there.
class Missing : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The one place that knows which stores there are. @throws Missing
[[nodiscard]] std::unique_ptr<event_sourcing::EventStore> make_store(StoreKind kind);

}  // namespace bank
