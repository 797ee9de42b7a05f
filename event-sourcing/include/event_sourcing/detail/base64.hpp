#pragma once

#include <event_sourcing/namespace.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a character stands for, by its code; 64 for one outside the alphabet.
inline constexpr auto base64_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(64);
    for (std::size_t i = 0; i < base64_alphabet.size(); ++i) {
        values[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

/// Encodes bytes by RFC 4648, section 4: the `+/` alphabet, with padding, on one line.
[[nodiscard]] inline std::string base64_encode(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::string_view const group = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = bits << 8 | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= group.size() ? base64_alphabet[bits >> (18 - 6 * k) & 63U] : '=';
        }
    }
    return text;
}

/// Decodes what base64_encode writes and nothing else: nullopt for missing padding, line breaks, the URL alphabet, or
/// unused bits that are not zero. So every byte string has exactly one text.
[[nodiscard]] inline std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char const c : text) {
        auto const value = base64_values[static_cast<unsigned char>(c)];
        if (value > 63) {
            return std::nullopt;
        }
        bits = bits << 6 | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(static_cast<unsigned char>(bits >> count));
            bits &= (1U << count) - 1;
        }
    }
    return bits == 0 ? std::optional{std::move(bytes)} : std::nullopt;
}

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
