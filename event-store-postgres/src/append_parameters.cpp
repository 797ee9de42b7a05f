#include "append_parameters.hpp"

#include "text_formats.hpp"

#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

void add_or_null(ArrayLiteral& array, bool present, auto make) {  // `present` is no choice of a caller's
    if (present) {
        array.add(make());
    } else {
        array.add_null();
    }
}

/// As sql/001_event_store.sql numbers them: a version, -1 for any, -2 for exists.
std::int64_t number_of(ExpectedVersion expected) {
    switch (expected.kind()) {
        case ExpectedVersion::Kind::any: return -1;
        case ExpectedVersion::Kind::exists: return -2;
        case ExpectedVersion::Kind::none:
        case ExpectedVersion::Kind::exactly: break;
    }
    return expected.version().value;
}

}  // namespace

void EventArrays::add(NewEvent const& event) {
    bool const json = event.format == DataFormat::json;
    id.add_plain(to_string(event.id));
    event_type.add(event.event_type);
    schema_version.add(event.schema_version);
    add_or_null(data, json, [&] { return std::string_view{event.data}; });
    add_or_null(binary, !json, [&] { return bytes_text(event.data); });
    add_or_null(metadata, !event.metadata.empty(), [&] { return std::string_view{event.metadata}; });
    add_or_null(time, event.timestamp.has_value(), [&] { return timestamp_text(*event.timestamp); });
    add_or_null(fingerprint, !event.fingerprint.empty(), [&] { return bytes_text(event.fingerprint); });
}

void EventArrays::into(Parameters& out) && {
    for (auto* const array : {&id, &event_type, &schema_version, &data, &binary, &metadata, &time, &fingerprint}) {
        std::move(*array).into(out);
    }
}

Parameters parameters_of_one(AppendRequest const& request) {
    auto const& entry = request.entries.front();
    auto const& event = entry.events.front();
    bool const json = event.format == DataFormat::json;
    Parameters out;
    out.text(to_string(event.id)).text(std::string{entry.aggregate.type}).text(std::string{entry.aggregate.id});
    out.integer(entry.expected.version().value).text(event.event_type).integer(event.schema_version);
    json ? out.text(event.data) : out.null();
    json ? out.null() : out.text(bytes_text(event.data));
    out.text_or_null(event.metadata);
    event.timestamp ? out.text(timestamp_text(*event.timestamp)) : out.null();
    event.fingerprint.empty() ? out.null() : out.text(bytes_text(event.fingerprint));
    return out;
}

Parameters parameters_of_batch(AppendRequest const& request) {
    auto const& entry = request.entries.front();
    EventArrays events;
    for (auto const& event : entry.events) {
        events.add(event);
    }
    Parameters out;
    out.text(std::string{entry.aggregate.type}).text(std::string{entry.aggregate.id});
    out.integer(entry.expected.version().value);
    std::move(events).into(out);
    return out;
}

void GroupParameters::add(AppendEntry const& entry) {
    type_.add(entry.aggregate.type);
    aggregate_.add(entry.aggregate.id);
    expected_.add(number_of(entry.expected));
    events_.add(entry.events.front());
}

Parameters GroupParameters::done() && {
    Parameters out;
    std::move(events_.id).into(out);
    std::move(type_).into(out);
    std::move(aggregate_).into(out);
    std::move(expected_).into(out);
    std::move(events_.event_type).into(out);
    std::move(events_.schema_version).into(out);
    std::move(events_.data).into(out);
    std::move(events_.binary).into(out);
    std::move(events_.metadata).into(out);
    std::move(events_.time).into(out);
    std::move(events_.fingerprint).into(out);
    return out;
}

void AppendParameters::add(AppendRequest const& request) {
    ++requests_;
    for (auto const& entry : request.entries) {
        request_.add(requests_);
        type_.add(entry.aggregate.type);
        aggregate_.add(entry.aggregate.id);
        expected_.add(number_of(entry.expected));
        count_.add(static_cast<std::int64_t>(entry.events.size()));
        for (auto const& event : entry.events) {
            events_.add(event);
        }
    }
}

Parameters AppendParameters::done() && {
    Parameters out;
    std::move(request_).into(out);
    std::move(type_).into(out);
    std::move(aggregate_).into(out);
    std::move(expected_).into(out);
    std::move(count_).into(out);
    std::move(events_).into(out);
    return out;
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
