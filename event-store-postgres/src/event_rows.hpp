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
    explicit EventRows(Result rows) : EventRows{std::move(rows), AggregateRef{}} { of_one_ = false; }
    /// Rows of one aggregate.
    EventRows(Result rows, AggregateRef aggregate)
        : rows_{std::move(rows)}, at_{rows_.begin()}, aggregate_{aggregate} {}

    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] RecordedEventView at(std::size_t row);
    /// How many bytes of text the row has that was taken last: to size the next page.
    [[nodiscard]] std::size_t bytes() const noexcept { return size_; }

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
    pqxx::result::const_iterator at_;
    AggregateRef aggregate_;
    bool of_one_ = true;
    std::string bytes_;  // decoded binary data
    std::size_t size_ = 0;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
