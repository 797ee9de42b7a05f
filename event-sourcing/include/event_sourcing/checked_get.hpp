#pragma once

#include <event_sourcing/detail/json_path.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/timestamp.hpp>
#include <event_sourcing/uuid.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T, class A>
inline constexpr bool is_vector<std::vector<T, A>> = true;

template <class T>
concept CharacterType = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                        std::same_as<T, char16_t> || std::same_as<T, char32_t>;

/// A map from strings, other than a JSON tree itself.
template <class T>
concept StringMap = std::same_as<typename T::key_type, std::string> && !std::same_as<T, nlohmann::json> &&
                    !std::same_as<T, nlohmann::ordered_json> &&
                    requires(T& map, typename T::mapped_type value) { map.emplace(std::string{}, std::move(value)); };

template <class T>
[[nodiscard]] T get_integer(nlohmann::json const& value, JsonPath const& path) {
    using Limits = std::numeric_limits<T>;
    auto const expected = [] {
        return "an integer from " + std::to_string(Limits::min()) + " to " + std::to_string(Limits::max());
    };
    if (auto const* number = value.get_ptr<nlohmann::json::number_unsigned_t const*>()) {
        if (std::in_range<T>(*number)) {
            return static_cast<T>(*number);
        }
        fail_get(path.text(), expected(), "a larger one");
    }
    if (auto const* number = value.get_ptr<nlohmann::json::number_integer_t const*>()) {
        if (std::in_range<T>(*number)) {
            return static_cast<T>(*number);
        }
        fail_get(path.text(), expected(), *number < 0 ? "a smaller one" : "a larger one");
    }
    fail_get(path.text(), expected(), json_kind(value));
}

template <class T>
[[nodiscard]] T get_floating(nlohmann::json const& value, JsonPath const& path) {
    constexpr auto exact = std::int64_t{1} << std::min(std::numeric_limits<T>::digits, 62);
    if (value.is_number_integer()) {
        auto const* const natural = value.get_ptr<nlohmann::json::number_unsigned_t const*>();
        if (natural == nullptr || std::in_range<std::int64_t>(*natural)) {
            auto const number = value.get<std::int64_t>();
            if (number >= -exact && number <= exact) {
                return static_cast<T>(number);
            }
        }
        fail_get(path.text(), "a number", "an integer that loses digits as a floating-point number");
    }
    if (!value.is_number_float()) {
        fail_get(path.text(), "a number", json_kind(value));
    }
    auto const number = static_cast<T>(value.get<double>());
    if (!std::isfinite(number)) {
        fail_get(path.text(), "a number", "one beyond the range of the type");
    }
    return number;
}

template <class T, class Parse>
[[nodiscard]] T get_text(nlohmann::json const& value, JsonPath const& path, std::string_view expected, Parse parse) {
    auto const* const text = value.get_ptr<std::string const*>();
    if (text == nullptr) {
        fail_get(path.text(), expected, json_kind(value));
    }
    std::optional<T> const parsed = parse(*text);
    if (!parsed) {
        fail_get(path.text(), expected, "another string");
    }
    return *parsed;
}

/// A type of the user's: its own from_json, with the path in front of what that throws.
template <class T>
[[nodiscard]] T get_by_adl(nlohmann::json const& value, JsonPath const& path) {
    auto const place = [&path](std::string_view message) {
        std::string const text = path.text();  // a path within the type continues the path to it
        return text.empty() ? std::string{message}
                            : text + (message.starts_with('/') ? "" : ": ") + std::string{message};
    };
    try {
        return value.template get<T>();
    } catch (nlohmann::json::exception const& e) {
        throw CodecError{place(e.what())};
    } catch (CodecError const& e) {
        throw CodecError{place(e.what())};
    } catch (InvalidArgument const& e) {
        throw CodecError{place(e.what())};
    }
}

template <class T>
[[nodiscard]] T get_checked(nlohmann::json const& value, JsonPath const& path) {
    static_assert(!CharacterType<T>, "a character is no JSON value: take a std::string or an integer type");
    if constexpr (is_optional<T>) {
        return value.is_null() ? T{} : T{get_checked<typename T::value_type>(value, path)};
    } else if constexpr (std::same_as<T, bool>) {
        if (!value.is_boolean()) {
            fail_get(path.text(), "a boolean", json_kind(value));
        }
        return value.get<bool>();
    } else if constexpr (std::integral<T>) {
        return get_integer<T>(value, path);
    } else if constexpr (std::floating_point<T>) {
        return get_floating<T>(value, path);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
        auto const* const text = value.get_ptr<std::string const*>();
        if (text == nullptr) {
            fail_get(path.text(), "a string", json_kind(value));
        }
        return T{*text};
    } else if constexpr (std::same_as<T, Uuid>) {
        return get_text<Uuid>(value, path, "a UUID", &Uuid::try_parse);
    } else if constexpr (std::same_as<T, Timestamp>) {
        return get_text<Timestamp>(value, path, "an RFC 3339 time", &try_parse_timestamp);
    } else if constexpr (is_vector<T>) {
        if (!value.is_array()) {
            fail_get(path.text(), "an array", json_kind(value));
        }
        T elements;
        elements.reserve(value.size());
        for (auto const& element : value) {
            elements.push_back(get_checked<typename T::value_type>(
                element, JsonPath{.pointer = {}, .parent = &path, .key = {}, .index = elements.size()}));
        }
        return elements;
    } else if constexpr (StringMap<T>) {
        auto const* const object = value.get_ptr<nlohmann::json::object_t const*>();
        if (object == nullptr) {
            fail_get(path.text(), "an object", json_kind(value));
        }
        T members;
        for (auto const& [key, member] : *object) {
            members.emplace(key, get_checked<typename T::mapped_type>(
                                     member, JsonPath{.pointer = {}, .parent = &path, .key = key}));
        }
        return members;
    } else {
        if constexpr (std::is_enum_v<T>) {
            if (value.is_number()) {  // nlohmann would narrow it silently
                static_cast<void>(get_integer<std::underlying_type_t<T>>(value, path));
            }
        }
        return get_by_adl<T>(value, path);
    }
}

}  // namespace detail

/// Reads a member of a JSON tree without any silent conversion: for hand-written `from_json`, where nlohmann's own
/// `get` narrows integers, turns fractions into integers and booleans into numbers.
///
/// `path` is a JSON pointer (RFC 6901) like "/amount", "/items/0/name", or "" for the tree itself. `T` is one of
/// - an integer type: the JSON integer must be in its range; no fraction, no exponent, no boolean
/// - `double`, `float`: any JSON number in range; integers only as far as the type holds all of them exactly (2^53,
///   2^24). An integer beyond 64 bits is a double in the tree already and cannot be told from one
/// - `bool`, `std::string`, `std::string_view` (valid as long as the tree)
/// - Uuid, Timestamp: from a string
/// - `std::optional<T>`: nothing where the member is absent or null
/// - `std::vector<T>` and maps from `std::string`, each element checked likewise
/// - anything else that nlohmann can read, by the type's `from_json`; the path goes in front of what that reports.
///   Checks inside are that function's own: use checked_get there as well.
///
/// @throws CodecError naming the path, what was expected and what was found (never the value itself).
/// @throws InvalidArgument where `path` is not a JSON pointer.
template <class T>
[[nodiscard]] T checked_get(nlohmann::json const& object, std::string_view path) {
    auto const* const value = detail::find_json(object, path);
    if constexpr (detail::is_optional<T>) {
        if (value == nullptr) {
            return T{};
        }
    }
    if (value == nullptr) {
        detail::fail_get(std::string{path}, "a value", "none: the member is absent");
    }
    return detail::get_checked<T>(*value, detail::JsonPath{.pointer = path});
}

EVENT_SOURCING_END_NAMESPACE
