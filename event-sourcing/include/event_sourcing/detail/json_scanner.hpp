#pragma once

#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/namespace.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

[[nodiscard]] constexpr bool is_json_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
[[nodiscard]] constexpr bool is_json_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether a byte inside a JSON string needs a closer look: the end, an escape, a control character, or beyond ASCII.
[[nodiscard]] constexpr bool is_json_special(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x80;
}

/// How many of the next bytes need no closer look: eight at a time where the byte order allows it.
[[nodiscard]] inline std::size_t json_plain_run(char const* first, char const* end) {
    char const* at = first;
    if constexpr (std::endian::native == std::endian::little) {
        constexpr std::uint64_t ones = 0x0101010101010101U;
        constexpr std::uint64_t high = 0x8080808080808080U;
        while (end - at >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, at, sizeof word);
            std::uint64_t const quote = word ^ (ones * '"');
            std::uint64_t const backslash = word ^ (ones * '\\');
            // The lowest bit set is exact; a borrow can only set bits above a true hit.
            std::uint64_t const hits = (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
                                        ((word - ones * 0x20) & ~word) | word) &
                                       high;
            if (hits != 0) {
                return static_cast<std::size_t>(at - first) + static_cast<std::size_t>(std::countr_zero(hits)) / 8;
            }
            at += 8;
        }
    }
    while (at != end && !is_json_special(*at)) {
        ++at;
    }
    return static_cast<std::size_t>(at - first);
}

/// Four hexadecimal digits at the start of `text`; -1 where they are not.
[[nodiscard]] constexpr std::int32_t json_hex4(std::string_view text) {
    if (text.size() < 4) {
        return -1;
    }
    std::int32_t value = 0;
    for (char const c : text.substr(0, 4)) {
        char const lower = static_cast<char>(c | 0x20);
        if (is_json_digit(c)) {
            value = value * 16 + (c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value = value * 16 + (lower - 'a' + 10);
        } else {
            return -1;
        }
    }
    return value;
}

/// An escape sequence that was read: how long it is in the text, and the code point it stands for.
struct JsonEscape {
    std::size_t length = 0;
    std::uint32_t code_point = 0;
    char const* error = nullptr;  ///< Why it is none; the other members are meaningless then.
};

/// Reads the escape sequence at the start of `text`, which begins with a backslash; a surrogate pair is one.
[[nodiscard]] constexpr JsonEscape json_escape(std::string_view text) {
    constexpr char const* unknown = "an unknown escape sequence in a string";
    if (text.size() < 2) {
        return {.error = "the text ends inside a string"};
    }
    switch (text[1]) {
        case '"': return {2, '"'};
        case '\\': return {2, '\\'};
        case '/': return {2, '/'};
        case 'b': return {2, '\b'};
        case 'f': return {2, '\f'};
        case 'n': return {2, '\n'};
        case 'r': return {2, '\r'};
        case 't': return {2, '\t'};
        case 'u': break;
        default: return {.error = unknown};
    }
    auto const first = json_hex4(text.substr(2));
    if (first < 0) {
        return {.error = "\\u without four hexadecimal digits"};
    }
    if (first < 0xD800 || first > 0xDFFF) {
        return {6, static_cast<std::uint32_t>(first)};
    }
    bool const pair = first < 0xDC00 && text.size() >= 12 && text[6] == '\\' && text[7] == 'u';
    auto const second = pair ? json_hex4(text.substr(8)) : -1;
    if (second < 0xDC00 || second > 0xDFFF) {
        return {.error = "a surrogate escape without its other half"};
    }
    return {12, 0x10000U + ((static_cast<std::uint32_t>(first) & 0x3FFU) << 10) +
                    (static_cast<std::uint32_t>(second) & 0x3FFU)};
}

/// Appends the content of a string, escapes resolved. `escaped` stands between the quotes of checked JSON.
inline void json_unescape(std::string& out, std::string_view escaped) {
    while (!escaped.empty()) {
        auto const plain = escaped.find('\\');
        out += escaped.substr(0, plain);
        if (plain == std::string_view::npos) {
            return;
        }
        escaped.remove_prefix(plain);
        auto const escape = json_escape(escaped);
        if (escape.error != nullptr) {
            return;
        }
        append_utf8(out, escape.code_point);
        escaped.remove_prefix(escape.length);
    }
}

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
