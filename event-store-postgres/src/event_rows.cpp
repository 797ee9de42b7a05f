#include "event_rows.hpp"

#include "text_formats.hpp"

#include <event_sourcing/error.hpp>

#include <charconv>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

std::size_t EventRows::bytes(std::size_t row) const {
    return rows_.text(row, data).size() + rows_.text(row, data_binary).size() + rows_.text(row, metadata).size();
}

RecordedEventView EventRows::at(std::size_t row) {
    RecordedEventView event;
    auto const stored_id = Uuid::try_parse(rows_.text(row, id));
    if (!stored_id) {
        throw Corrupted{"the server gave an id that is no UUID"};
    }
    event.id = *stored_id;
    event.aggregate_type = of_one_ ? aggregate_.type : rows_.text(row, type);
    event.aggregate_id = of_one_ ? aggregate_.id : rows_.text(row, aggregate_id);
    event.event_type = rows_.text(row, event_type);
    event.schema_version = static_cast<int>(rows_.integer(row, schema_version));
    event.version = Version{rows_.integer(row, version)};
    event.position = Position{rows_.integer(row, position)};
    event.timestamp = timestamp_of(rows_.text(row, timestamp));
    event.metadata = rows_.text(row, metadata);
    if (rows_.is_null(row, data)) {
        bytes_.clear();
        append_bytes_of(rows_.text(row, data_binary), bytes_);
        event.format = DataFormat::binary;
        event.data = bytes_;
    } else {
        event.data = rows_.text(row, data);
    }
    return event;
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
