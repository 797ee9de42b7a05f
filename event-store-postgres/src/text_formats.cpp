#include "text_formats.hpp"

#include <event_sourcing/error.hpp>

#include <optional>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

int hex_value(char c) {
    auto const at = hex_digits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string timestamp_text(Timestamp time) {
    auto text = to_string(time);  // the server reads RFC 3339, and drops the zone of a timestamp without one
    text.pop_back();
    return text;
}

Timestamp timestamp_of(std::string_view text) {
    // Into RFC 3339, on the stack: 26 characters at most.
    if (text.size() >= 19 && text.size() <= 26 && text[10] == ' ') {
        char buffer[27];
        text.copy(buffer, text.size());
        buffer[10] = 'T';
        buffer[text.size()] = 'Z';
        if (auto const time = try_parse_timestamp({buffer, text.size() + 1})) {
            return *time;
        }
    }
    throw Corrupted{"the stored timestamp '" + std::string{text} + "' is not a time between the years 0 and 9999"};
}

std::string bytes_text(std::string_view bytes) {
    std::string out = "\\x";
    out.reserve(2 + 2 * bytes.size());
    for (char const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        out += hex_digits[byte >> 4U];
        out += hex_digits[byte & 0xFU];
    }
    return out;
}

void append_bytes_of(std::string_view text, std::string& out) {
    if (!text.starts_with("\\x") || text.size() % 2 != 0) {
        throw Corrupted{"the server gave bytes in another form than hex: set bytea_output to hex"};
    }
    for (std::size_t i = 2; i < text.size(); i += 2) {
        auto const high = hex_value(text[i]);
        auto const low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) {
            throw Corrupted{"the server gave bytes that are no hexadecimal digits"};
        }
        out += static_cast<char>(high * 16 + low);
    }
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
