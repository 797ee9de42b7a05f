#pragma once

#include <event_sourcing/namespace.hpp>

#include <compare>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The name of one aggregate: its type and its id, as views.
///
/// Lifetime: refers to text of the caller's; what outlives the call copies it (exceptions and snapshots do). A struct
/// and not two parameters, so that a further member can join without changing a signature.
struct AggregateRef {
    std::string_view type;  ///< the aggregate's type, 1-100 bytes of UTF-8, e.g. `BankAccount`
    std::string_view id;    ///< the aggregate's id, 1-255 bytes of UTF-8 without NUL

    /// Ordered by type, then by id, as bytes.
    auto operator<=>(AggregateRef const&) const = default;
};

/// `type/id`, for messages.
[[nodiscard]] inline std::string to_string(AggregateRef aggregate) {
    return std::string{aggregate.type}.append(1, '/').append(aggregate.id);
}

EVENT_SOURCING_END_NAMESPACE
