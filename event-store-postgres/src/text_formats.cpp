#include "text_formats.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/uuid.hpp>

#include <optional>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// The year 0 of RFC 3339, and what the server calls it.
constexpr std::string_view year_zero = "0000";
constexpr std::string_view year_one = "0001";
constexpr std::string_view before_christ = " BC";

/// The time in `2026-11-24 22:35:00`, with up to six more digits after a point: read for each event, so in one go.
std::optional<Timestamp> parsed(std::string_view text, bool is_before_christ) {
    using namespace std::chrono;
    static constexpr std::string_view form = "0000-00-00 00:00:00.000000";
    if (text.size() < 19 || text.size() > form.size() || text.size() == 20) {
        return std::nullopt;
    }
    bool fits = true;
    auto const digits = [&](std::size_t at, std::size_t count) {
        int number = 0;
        for (auto const end = at + count; at < end; ++at) {
            auto const digit = text[at] - '0';
            fits &= digit >= 0 && digit <= 9;
            number = number * 10 + digit;
        }
        return number;
    };
    for (std::size_t const at : {4U, 7U, 10U, 13U, 16U}) {
        fits &= text[at] == form[at];
    }
    auto const written_year = digits(0, 4);
    year_month_day const date{year{is_before_christ ? 1 - written_year : written_year},
                              month{static_cast<unsigned>(digits(5, 2))}, day{static_cast<unsigned>(digits(8, 2))}};
    hours const hour{digits(11, 2)};
    minutes const minute{digits(14, 2)};
    seconds const second{digits(17, 2)};
    int fraction = 0;
    if (text.size() > 19) {
        fits &= text[19] == '.';
        fraction = digits(20, text.size() - 20);
        for (auto missing = text.size(); missing < form.size(); ++missing) {
            fraction *= 10;
        }
    }
    if (!fits || !date.ok() || date.year() < year{0} || hour > 23h || minute > 59min || second > 59s) {
        return std::nullopt;
    }
    return sys_days{date} + hour + minute + second + microseconds{fraction};
}

}  // namespace

std::string timestamp_text(Timestamp time) {
    auto text = to_string(time);  // the server reads RFC 3339, and drops the zone of a timestamp without one
    text.pop_back();
    if (text.starts_with(year_zero)) {
        text.replace(0, year_zero.size(), year_one).append(before_christ);
    }
    return text;
}

Timestamp timestamp_of(std::string_view text) {
    bool const is_before_christ = text.ends_with(before_christ);
    auto const time =
        parsed(text.substr(0, text.size() - (is_before_christ ? before_christ.size() : 0)), is_before_christ);
    if (!time) {
        throw Corrupted{"the stored timestamp '" + std::string{text} + "' is not a time between the years 0 and 9999"};
    }
    return *time;
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
    out.reserve(out.size() + text.size() / 2);
    for (std::size_t i = 2; i < text.size(); i += 2) {
        auto const high = detail::hex_value(text[i]);
        auto const low = detail::hex_value(text[i + 1]);
        if (high < 0 || low < 0) {
            throw Corrupted{"the server gave bytes that are no hexadecimal digits"};
        }
        out += static_cast<char>(high * 16 + low);
    }
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
