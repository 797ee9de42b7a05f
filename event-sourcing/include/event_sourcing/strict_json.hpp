#pragma once

#include <event_sourcing/detail/json_checker.hpp>
#include <event_sourcing/detail/json_scanner.hpp>
#include <event_sourcing/detail/printable.hpp>
#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>

#include <cstddef>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// How large a JSON text may be before anybody builds a tree of it.
struct JsonLimits {
    std::size_t bytes = 512 * 1024;  ///< Of the text, white space included.
    std::size_t depth = 64;          ///< Of arrays and objects in each other: a scalar is 0 deep, `[]` is 1 deep.
};

/// Checks that a text is JSON that every parser reads alike: the whole grammar of RFC 8259 and nothing besides.
///
/// Refused are also invalid UTF-8, escaped surrogates without their other half, a key that stands twice in one object
/// (compared with escapes resolved), a byte order mark, and what is above the limits. `\u0000` and numbers of any size
/// and precision are accepted. One pass, without recursion; it allocates only for objects with dozens of keys, limits
/// beyond the default depth, and errors. `what` names the text in messages.
///
/// @throws PayloadTooLarge where the text has more bytes than the limit.
/// @throws InvalidArgument where anything else is wrong; the message has `what`, the offset in bytes and the reason.
inline void check_json(std::string_view text, JsonLimits const& limits = {}, std::string_view what = "json") {
    if (text.size() > limits.bytes) {
        throw PayloadTooLarge{std::string{what} + ": " + std::to_string(text.size()) +
                              " bytes of JSON, above the limit of " + std::to_string(limits.bytes) +
                              "; store less, or keep large content elsewhere"};
    }
    detail::JsonChecker{text, limits.depth, what}.check();
}

/// Writes a text as a JSON string, with quotes: control characters, quotes and backslashes escaped, all else as it is.
///
/// @throws InvalidArgument where the text is not valid UTF-8, since JSON could not hold it.
[[nodiscard]] inline std::string json_quote(std::string_view text) {
    if (!detail::is_valid_utf8(text)) {
        throw InvalidArgument{"not valid UTF-8, so not a JSON string: " + detail::printable(text)};
    }
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    for (char const c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\\u00";
                    out += hex[static_cast<unsigned char>(c) >> 4];
                    out += hex[static_cast<unsigned char>(c) & 0xFU];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
    return out;
}

EVENT_SOURCING_END_NAMESPACE
