#pragma once

#include <event_sourcing/detail/printable.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A point in time in UTC, in whole microseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// The type belongs to the standard library, so `to_string(Timestamp)` is found only with its namespace in front.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

namespace detail {

/// Reads exactly `count` decimal digits at `at`; -1 where one of them is not a digit or the text ends before.
[[nodiscard]] constexpr int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) {
        return -1;
    }
    int value = 0;
    for (char const c : text.substr(at, count)) {
        if (c < '0' || c > '9') {
            return -1;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

[[nodiscard]] constexpr bool is_char(std::string_view text, std::size_t at, char expected) {
    return at < text.size() && text[at] == expected;
}

/// Whether the year has the four digits that RFC 3339 gives it.
[[nodiscard]] constexpr bool has_four_digit_year(Timestamp time) {
    using namespace std::chrono;
    return time >= sys_days{year{0} / January / 1} && time < sys_days{year{10000} / January / 1};
}

/// The offset from UTC at the end of a time, `Z` or `±hh:mm`, which must be all of `text`.
[[nodiscard]] constexpr std::optional<std::chrono::minutes> utc_offset(std::string_view text) {
    if (text == "Z") {
        return std::chrono::minutes{0};
    }
    int const hour = digits(text, 1, 2);
    int const minute = digits(text, 4, 2);
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59) {
        return std::nullopt;
    }
    std::chrono::minutes const offset{hour * 60 + minute};
    return text[0] == '-' ? -offset : offset;
}

}  // namespace detail

/// Reads an RFC 3339 time, strictly; nullopt where `text` is not one.
///
/// The form is `YYYY-MM-DDTHH:MM:SS[.f](Z|±hh:mm)` with upper-case `T` and `Z` and 1 to 9 digits `f`. Digits after the
/// sixth are dropped, never rounded, so that the result is never later than what was written. The date must exist in
/// the Gregorian calendar; second 60 (a leap second) is refused; the time in UTC must lie in the years 0000 to 9999.
[[nodiscard]] constexpr std::optional<Timestamp> try_parse_timestamp(std::string_view text) {
    using namespace std::chrono;
    using detail::digits;
    using detail::is_char;
    int const y = digits(text, 0, 4);
    int const mo = digits(text, 5, 2);
    int const d = digits(text, 8, 2);
    int const h = digits(text, 11, 2);
    int const mi = digits(text, 14, 2);
    int const s = digits(text, 17, 2);
    if (y < 0 || mo < 0 || d < 0 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59 || !is_char(text, 4, '-') ||
        !is_char(text, 7, '-') || !is_char(text, 10, 'T') || !is_char(text, 13, ':') || !is_char(text, 16, ':')) {
        return std::nullopt;
    }
    year_month_day const date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    std::size_t at = 19;
    int fraction = 0;
    if (is_char(text, at, '.')) {
        std::size_t const first = ++at;
        for (int scale = 100'000; digits(text, at, 1) >= 0; ++at, scale /= 10) {
            fraction += digits(text, at, 1) * scale;
        }
        if (at == first || at - first > 9) {
            return std::nullopt;
        }
    }
    auto const offset = at < text.size() ? detail::utc_offset(text.substr(at)) : std::nullopt;
    if (!offset) {
        return std::nullopt;
    }
    Timestamp const time = sys_days{date} + hours{h} + minutes{mi} + seconds{s} + microseconds{fraction} - *offset;
    return detail::has_four_digit_year(time) ? std::optional{time} : std::nullopt;
}

/// Reads an RFC 3339 time as try_parse_timestamp does.
///
/// @throws InvalidArgument where `text` is not one; the message quotes it, shortened.
[[nodiscard]] inline Timestamp parse_timestamp(std::string_view text) {
    if (auto const time = try_parse_timestamp(text)) {
        return *time;
    }
    throw InvalidArgument{"not an RFC 3339 time: " + detail::printable(text) +
                          "; write it like 2026-01-31T12:00:00.123456Z, with an existing date and Z or an offset"};
}

/// Writes a time as RFC 3339 in UTC: `Z` at the end and 0, 3 or 6 fraction digits, the fewest that lose nothing.
///
/// @throws InvalidArgument where the time is outside the years 0000 to 9999, which the format cannot express.
[[nodiscard]] inline std::string to_string(Timestamp time) {
    using namespace std::chrono;
    if (!detail::has_four_digit_year(time)) {
        throw InvalidArgument{
            "a time outside the years 0000 to 9999 has no RFC 3339 form; its microseconds since 1970 are " +
            std::to_string(time.time_since_epoch().count())};
    }
    auto const midnight = floor<days>(time);
    year_month_day const date{midnight};
    auto const since_midnight = (time - midnight).count();
    std::string text = "0000-00-00T00:00:00.000000Z";
    auto const put = [&text](std::size_t last, std::size_t count, std::int64_t value) {
        for (std::size_t i = 0; i < count; ++i, value /= 10) {
            text[last - i] = static_cast<char>('0' + value % 10);
        }
    };
    put(3, 4, static_cast<int>(date.year()));
    put(6, 2, static_cast<unsigned>(date.month()));
    put(9, 2, static_cast<unsigned>(date.day()));
    put(12, 2, since_midnight / 3'600'000'000);
    put(15, 2, since_midnight / 60'000'000 % 60);
    put(18, 2, since_midnight / 1'000'000 % 60);
    auto const fraction = since_midnight % 1'000'000;
    put(25, 6, fraction);
    if (fraction == 0) {
        text.erase(19, 7);
    } else if (fraction % 1000 == 0) {
        text.erase(23, 3);
    }
    return text;
}

EVENT_SOURCING_END_NAMESPACE
