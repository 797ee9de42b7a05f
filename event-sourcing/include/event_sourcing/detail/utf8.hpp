#pragma once

#include <event_sourcing/namespace.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

/// The length of the well-formed UTF-8 sequence at the start of `text`, 1 to 4; 0 where it is malformed, cut short or
/// empty.
///
/// The byte ranges are those of the Unicode Standard, table 3-7: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
[[nodiscard]] constexpr std::size_t utf8_sequence(std::string_view text) {
    auto const byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    if (text.empty()) {
        return 0;
    }
    unsigned const lead = byte(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4 || text.size() < 2) {
        return 0;
    }
    if (lead < 0xE0) {
        return continues(1) ? 2 : 0;
    }
    unsigned const second = byte(1);
    if (lead < 0xF0) {
        bool const good = second >= (lead == 0xE0 ? 0xA0U : 0x80U) && second <= (lead == 0xED ? 0x9FU : 0xBFU);
        return good && text.size() > 2 && continues(2) ? 3 : 0;
    }
    bool const good = second >= (lead == 0xF0 ? 0x90U : 0x80U) && second <= (lead == 0xF4 ? 0x8FU : 0xBFU);
    return good && text.size() > 3 && continues(2) && continues(3) ? 4 : 0;
}

/// Whether the whole text is well-formed UTF-8; NUL is.
[[nodiscard]] inline bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        std::uint64_t word = 0;
        while (text.size() >= sizeof word) {  // ASCII, eight bytes at a time
            std::memcpy(&word, text.data(), sizeof word);
            if ((word & 0x8080808080808080U) != 0) {
                break;
            }
            text.remove_prefix(sizeof word);
        }
        for (std::size_t i = 0; i < sizeof word && !text.empty(); ++i) {
            auto const length = utf8_sequence(text);
            if (length == 0) {
                return false;
            }
            text.remove_prefix(length);
        }
    }
    return true;
}

/// Appends the UTF-8 form of a code point.
///
/// Precondition: not a surrogate and at most U+10FFFF.
template <class String>
constexpr void append_utf8(String& out, std::uint32_t code_point) {
    auto const put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        put(0xE0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    } else {
        put(0xF0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3F));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    }
}

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
