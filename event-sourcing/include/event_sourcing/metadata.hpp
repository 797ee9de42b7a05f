#pragma once

#include <event_sourcing/command_context.hpp>
#include <event_sourcing/detail/json_members.hpp>
#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/strict_json.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

/// What an event remembers of the command that recorded it. Stored as a JSON object with these members, absent ones
/// left out; a reader ignores members it does not know.
struct Metadata {
    std::optional<Uuid> command_id{};              ///< the command's id, where it had one
    std::optional<Uuid> correlation_id{};          ///< the first cause of the conversation
    std::optional<Uuid> causation_id{};            ///< what caused the command
    std::string traceparent{};                     ///< W3C trace context; empty for none
    std::map<std::string, std::string> headers{};  ///< the command's headers
    std::string request_hash{};  ///< of the request, on the first event of a command with an id; empty for none

    /// Equal when every member is.
    bool operator==(Metadata const&) const = default;
};

/// The metadata as stored; empty where there is nothing to say.
[[nodiscard]] inline std::string encode(Metadata const& metadata) {
    std::string out;
    auto const member = [&out](std::string_view name, std::string const& value) {
        out.append(out.empty() ? "{" : ",").append(json_quote(name)).append(":").append(value);
    };
    auto const id = [&member](std::string_view name, std::optional<Uuid> const& value) {
        if (value) {
            member(name, json_quote(to_string(*value)));
        }
    };
    id("command_id", metadata.command_id);
    id("correlation_id", metadata.correlation_id);
    id("causation_id", metadata.causation_id);
    if (!metadata.traceparent.empty()) {
        member("traceparent", json_quote(metadata.traceparent));
    }
    if (!metadata.headers.empty()) {
        std::string headers;
        for (auto const& [name, value] : metadata.headers) {
            headers.append(headers.empty() ? "{" : ",").append(json_quote(name)).append(":").append(json_quote(value));
        }
        member("headers", headers.append("}"));
    }
    if (!metadata.request_hash.empty()) {
        member("request_hash", json_quote(metadata.request_hash));
    }
    return out.empty() ? out : out.append("}");
}

namespace detail {

/// Reads the members of an object one level deep, as text: a tree would cost every unit that includes this.
class MetadataReader {
public:
    explicit MetadataReader(std::string_view text) : members_{text, "metadata"} {}

    [[nodiscard]] Metadata read() {
        Metadata out;
        while (members_.next()) {
            auto const key = members_.key();
            auto const value = members_.value();
            if (value == "null") {
                continue;
            }
            if (key == "command_id") {
                out.command_id = id("/command_id", value);
            } else if (key == "correlation_id") {
                out.correlation_id = id("/correlation_id", value);
            } else if (key == "causation_id") {
                out.causation_id = id("/causation_id", value);
            } else if (key == "traceparent") {
                out.traceparent = string("/traceparent", value);
            } else if (key == "request_hash") {
                out.request_hash = string("/request_hash", value);
            } else if (key == "headers") {
                read_headers(value, out.headers);
            }
        }
        return out;
    }

private:
    static void read_headers(std::string_view object, std::map<std::string, std::string>& headers) {
        if (!object.starts_with('{')) {
            throw CodecError{"/headers: expected an object, found " + std::string{json_kind_of(object)}};
        }
        for (JsonMembers members{object}; members.next();) {
            std::string const name{members.key()};
            headers.emplace(name, string(std::string{"/headers/"}.append(json_pointer_token(name)), members.value()));
        }
    }

    [[nodiscard]] static std::string string(std::string const& path, std::string_view value) {
        auto text = json_string(value);
        if (!text) {
            throw CodecError{path + ": expected a string, found " + std::string{json_kind_of(value)}};
        }
        return *std::move(text);
    }

    [[nodiscard]] static Uuid id(std::string const& path, std::string_view value) {
        auto const found = Uuid::try_parse(string(path, value));
        if (!found) {
            throw CodecError{path + ": expected a UUID"};
        }
        return *found;
    }

    JsonMembers members_;
};

}  // namespace detail

/// The metadata of stored text; text that is empty has none.
/// @throws CodecError  it is no object, or a member has another type, naming its path; @throws InvalidArgument  it is
/// no strict JSON.
[[nodiscard]] inline Metadata parse_metadata(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    check_json(text, {}, "metadata");
    if (text[text.find_first_not_of(" \t\r\n")] != '{') {
        throw CodecError{"metadata: expected an object"};
    }
    return detail::MetadataReader{text}.read();
}

/// The context for a command that an event causes: same correlation (the event's own id where it had none), caused by
/// the event, with its trace and headers. Set `command` to `Uuid::derived(event.id, n)` where it may run twice.
template <class Data, class Str>
[[nodiscard]] CommandContext context_of(EventEnvelope<Data, Str> const& event) {
    auto metadata = parse_metadata(event.metadata);
    return {.correlation = metadata.correlation_id ? metadata.correlation_id : event.id,
            .causation = event.id,
            .traceparent = std::move(metadata.traceparent),
            .headers = std::move(metadata.headers)};
}

namespace detail {

[[nodiscard]] inline std::string request_hash(CommandContext const& context) {
    static constexpr Uuid space{
        {0x5d, 0x2c, 0x0a, 0x8e, 0x31, 0x7f, 0x4b, 0x0d, 0x9a, 0x44, 0x6b, 0xe1, 0x52, 0x90, 0xc7, 0x18}};
    return context.command && !context.request.empty() ? to_string(Uuid::v5(space, context.request)) : std::string{};
}

/// The metadata of a command's events: the hash of the request stands on the first one only.
[[nodiscard]] inline Metadata metadata_of(CommandContext const& context) {
    return {.command_id = context.command,
            .correlation_id = context.correlation,
            .causation_id = context.causation,
            .traceparent = context.traceparent,
            .headers = context.headers,
            .request_hash = {}};
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
