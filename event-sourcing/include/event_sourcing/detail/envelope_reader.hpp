#pragma once

#include <event_sourcing/detail/base64.hpp>
#include <event_sourcing/detail/json_members.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/event_envelope.hpp>

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// Reads the flat JSON object of an envelope, once check_json has accepted it.
class EnvelopeReader {
public:
    EnvelopeReader(std::string_view text, std::int64_t first_version) : text_{text}, first_version_{first_version} {}

    [[nodiscard]] RecordedEvent read() {
        JsonMembers members{text_, "envelope"};
        while (members.next()) {
            member(members.key(), members.value());
        }
        require(id_, "id");
        require(aggregate_id_, "aggregate_id");
        require(aggregate_type_, "aggregate_type");
        require(event_type_, "event_type");
        require(version_, "version");
        require(timestamp_, "timestamp");
        require(data_, "data");
        event_.id = *id_;
        event_.aggregate_id = *std::move(aggregate_id_);
        event_.aggregate_type = *std::move(aggregate_type_);
        event_.event_type = *std::move(event_type_);
        event_.version = *version_;
        event_.timestamp = *timestamp_;
        event_.data = *std::move(data_);
        return std::move(event_);
    }

private:
    void member(std::string_view key, std::string_view value) {
        if (key == "id") {
            id_ = expect(Uuid::try_parse(string(key, value)), key, "a UUID", value);
        } else if (key == "aggregate_id") {
            aggregate_id_ = string(key, value);
        } else if (key == "aggregate_type") {
            aggregate_type_ = string(key, value);
        } else if (key == "event_type") {
            event_type_ = string(key, value);
        } else if (key == "timestamp") {
            timestamp_ = expect(try_parse_timestamp(string(key, value)), key, "an RFC 3339 time", value);
        } else if (key == "version") {
            version_ = version(integer(key, value), value);
        } else if (key == "data" || key == "data_base64") {
            data(key, value);
        } else if (value != "null") {
            optional_member(key, value);
        }
    }

    void optional_member(std::string_view key, std::string_view value) {
        if (key == "schema_version") {
            auto const number = integer(key, value);
            if (number < 1 || number > std::numeric_limits<int>::max()) {
                fail(key, "an integer from 1", value);
            }
            event_.schema_version = static_cast<int>(number);
        } else if (key == "position") {
            event_.position = Position{integer(key, value)};
            if (event_.position < Position{}) {
                fail(key, "an integer from 0", value);
            }
        } else if (key == "metadata") {
            if (!value.starts_with('{')) {
                fail(key, "an object", value);
            }
            event_.metadata = value;
        }
    }

    void data(std::string_view key, std::string_view value) {
        if (data_) {
            throw CodecError{"/data and /data_base64 are both there: an event has one of them"};
        }
        if (key == "data") {
            data_ = value;
        } else {
            data_ = expect(base64_decode(string(key, value)), key, "base64 text", value);
            event_.format = DataFormat::binary;
        }
    }

    [[nodiscard]] Version version(std::int64_t number, std::string_view value) const {
        if (number < first_version_ ||
            (first_version_ < 1 && number > std::numeric_limits<std::int64_t>::max() - 1 + first_version_)) {
            fail("version", "an integer from " + std::to_string(first_version_), value);
        }
        return Version{number - first_version_ + 1};
    }

    [[nodiscard]] static std::string string(std::string_view key, std::string_view value) {
        return expect(json_string(value), key, "a string", value);
    }
    [[nodiscard]] static std::int64_t integer(std::string_view key, std::string_view value) {
        return expect(json_integer(value), key, "a 64-bit integer", value);
    }

    template <class T>
    [[nodiscard]] static T expect(std::optional<T> found, std::string_view key, std::string const& expected,
                                  std::string_view value) {
        if (!found) {
            fail(key, expected, value);
        }
        return *std::move(found);
    }

    template <class T>
    static void require(std::optional<T> const& member, std::string_view key) {
        if (!member) {
            throw CodecError{std::string{"/"}.append(key) + ": the envelope has no such member"};
        }
    }

    [[noreturn]] static void fail(std::string_view key, std::string const& expected, std::string_view value) {
        throw CodecError{std::string{"/"}.append(key) + ": expected " + expected + ", found " + printable(value)};
    }

    std::string_view text_;
    std::int64_t first_version_;
    RecordedEvent event_;
    std::optional<Uuid> id_;
    std::optional<std::string> aggregate_id_;
    std::optional<std::string> aggregate_type_;
    std::optional<std::string> event_type_;
    std::optional<Version> version_;
    std::optional<Timestamp> timestamp_;
    std::optional<std::string> data_;
};

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
