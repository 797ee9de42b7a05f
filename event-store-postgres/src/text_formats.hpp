#pragma once

#include <event_sourcing/timestamp.hpp>

#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// `2026-11-24 22:35:00.123456`: how the server takes and (with DateStyle ISO) gives a timestamp without time zone. It has no
/// year 0 but a year 1 before Christ: `0001-11-24 22:35:00 BC`.
[[nodiscard]] std::string timestamp_text(Timestamp time);
/// @throws Corrupted  a time that the library cannot hold, as `infinity`.
[[nodiscard]] Timestamp timestamp_of(std::string_view text);

/// `\x00ff`: how the server takes and gives bytes.
[[nodiscard]] std::string bytes_text(std::string_view bytes);
/// Appends the bytes to `out`. @throws Corrupted  it is not that form.
void append_bytes_of(std::string_view text, std::string& out);

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
