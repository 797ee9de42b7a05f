#include "event_rows.hpp"

#include "text_formats.hpp"

#include <event_sourcing/error.hpp>

#include <charconv>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

RecordedEventView EventRows::at(std::size_t row) {
    at_ +=
        static_cast<pqxx::result::difference_type>(row) - static_cast<pqxx::result::difference_type>(at_.rownumber());
    Row values{at_};
    RecordedEventView event;
    auto const stored_id = Uuid::try_parse(values.text(id));
    if (!stored_id) {
        throw Corrupted{"the server gave an id that is no UUID"};
    }
    event.id = *stored_id;
    event.aggregate_type = of_one_ ? aggregate_.type : values.text(type);
    event.aggregate_id = of_one_ ? aggregate_.id : values.text(aggregate_id);
    event.event_type = values.text(event_type);
    event.schema_version = static_cast<int>(values.integer(schema_version));
    event.version = Version{values.integer(version)};
    event.position = Position{values.integer(position)};
    event.timestamp = timestamp_of(values.text(timestamp));
    event.metadata = values.text(metadata);
    if (values.is_null(data)) {
        auto const encoded = values.text(data_binary);
        size_ = encoded.size() + event.metadata.size();
        bytes_.clear();
        append_bytes_of(encoded, bytes_);
        event.format = DataFormat::binary;
        event.data = bytes_;
    } else {
        event.data = values.text(data);
        size_ = event.data.size() + event.metadata.size();
    }
    return event;
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
