#pragma once

#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/namespace.hpp>

#include <cstddef>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

/// Foreign text made fit for an error message: in quotes, on one line, cut after `limit` bytes with `...` behind it.
///
/// Quotes and backslashes get a backslash; control characters and bytes that are not UTF-8 become `\xNN`.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t limit = 64) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    std::size_t at = 0;
    while (at < text.size() && at < limit) {
        auto const byte = static_cast<unsigned char>(text[at]);
        auto const length = utf8_sequence(text.substr(at, 4));
        if (length == 0 || byte < 0x20 || byte == 0x7F) {
            out += "\\x";
            out += hex[byte >> 4];
            out += hex[byte & 0xF];
            ++at;
            continue;
        }
        if (at != 0 && at + length > limit) {
            break;
        }
        if (byte == '"' || byte == '\\') {
            out += '\\';
        }
        out += text.substr(at, length);
        at += length;
    }
    out += '"';
    if (at < text.size()) {
        out += "...";
    }
    return out;
}

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
