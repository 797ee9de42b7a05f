#pragma once

#include "connection.hpp"

#include <event_sourcing/event_envelope.hpp>

#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// The events of a result, as views that are valid until the next one is taken.
class EventRows {
public:
    /// Rows that name their aggregate.
    explicit EventRows(Result rows) : rows_{std::move(rows)} {}
    /// Rows of one aggregate.
    EventRows(Result rows, AggregateRef aggregate) : rows_{std::move(rows)}, aggregate_{aggregate}, of_one_{true} {}

    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    /// How many bytes of text the row has: to size the next page.
    [[nodiscard]] std::size_t bytes(std::size_t row) const;
    [[nodiscard]] RecordedEventView at(std::size_t row);

private:
    enum Column : int {
        position,
        version,
        id,
        event_type,
        schema_version,
        data,
        data_binary,
        metadata,
        timestamp,
        type,
        aggregate_id
    };

    Result rows_;
    AggregateRef aggregate_{};
    bool of_one_ = false;
    std::string bytes_;  // decoded binary data
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
