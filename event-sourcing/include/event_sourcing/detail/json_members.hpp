#pragma once

#include <event_sourcing/detail/json_scanner.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

// What follows reads JSON that check_json has accepted. On other text it gives wrong answers, yet never reads outside
// of it.

/// The length of the string at the start of `text`, both quotes included.
[[nodiscard]] inline std::size_t json_string_length(std::string_view text) {
    std::size_t at = 1;
    while (at < text.size()) {
        at += json_plain_run(text.data() + at, text.data() + text.size());
        if (at < text.size() && text[at] == '"') {
            return at + 1;
        }
        at += at < text.size() && text[at] == '\\' ? 2U : 1U;
    }
    return text.size();
}

/// The length of the value at the start of `text`.
[[nodiscard]] inline std::size_t json_value_length(std::string_view text) {
    if (!text.starts_with('{') && !text.starts_with('[')) {
        return text.starts_with('"') ? json_string_length(text)
                                     : std::min(text.find_first_of(",]} \t\r\n"), text.size());
    }
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        char const c = text[at];
        if (c == '"') {
            at += json_string_length(text.substr(at));
            continue;
        }
        ++at;
        if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at;
        }
    }
    return text.size();
}

/// The members of a JSON object in the order of the text; values as the exact text between colon and comma.
///
/// Lifetime: refers to the text; a key is valid until the next call of next.
class JsonMembers {
public:
    /// @throws InvalidArgument where the text is no object.
    explicit JsonMembers(std::string_view object, std::string_view what = "json") : rest_{object} {
        skip_space();
        if (!rest_.starts_with('{')) {
            throw InvalidArgument{std::string{what} + ": expected a JSON object"};
        }
        rest_.remove_prefix(1);
    }

    /// Goes to the next member; false behind the last one.
    [[nodiscard]] bool next() {
        skip_space();
        if (rest_.starts_with(',')) {
            rest_.remove_prefix(1);
            skip_space();
        }
        if (!rest_.starts_with('"')) {
            return false;
        }
        auto const quoted = take(json_string_length(rest_));
        key_ = quoted.substr(1, quoted.size() < 2 ? 0 : quoted.size() - 2);
        if (key_.find('\\') != std::string_view::npos) {
            unescaped_.clear();
            json_unescape(unescaped_, key_);
            key_ = unescaped_;
        }
        skip_space();
        if (rest_.starts_with(':')) {
            rest_.remove_prefix(1);
        }
        skip_space();
        value_ = take(json_value_length(rest_));
        return true;
    }

    /// The key, escapes resolved.
    [[nodiscard]] std::string_view key() const { return key_; }
    /// The text of the value, without white space around it.
    [[nodiscard]] std::string_view value() const { return value_; }

private:
    void skip_space() {
        while (!rest_.empty() && is_json_space(rest_.front())) {
            rest_.remove_prefix(1);
        }
    }

    [[nodiscard]] std::string_view take(std::size_t size) {
        auto const taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view rest_;
    std::string_view key_;
    std::string_view value_;
    std::string unescaped_;
};

/// What a value is, in words for a message.
[[nodiscard]] inline std::string_view json_kind_of(std::string_view value) {
    switch (value.empty() ? '\0' : value.front()) {
        case '{': return "an object";
        case '[': return "an array";
        case '"': return "a string";
        case 't':
        case 'f': return "a boolean";
        case 'n': return "null";
        default: return "a number";
    }
}

/// A key as it stands in a JSON pointer (RFC 6901).
[[nodiscard]] inline std::string json_pointer_token(std::string_view key) {
    std::string out;
    for (char const c : key) {
        out += c == '~' ? "~0" : c == '/' ? "~1" : std::string_view{&c, 1};
    }
    return out;
}

/// The content of a string value, escapes resolved; nullopt where `value` is of another type.
[[nodiscard]] inline std::optional<std::string> json_string(std::string_view value) {
    if (value.size() < 2 || value.front() != '"') {
        return std::nullopt;
    }
    std::string content;
    json_unescape(content, value.substr(1, value.size() - 2));
    return content;
}

/// The number of an integer value; nullopt where `value` is of another type, has a fraction or exponent, or does not
/// fit.
[[nodiscard]] inline std::optional<std::int64_t> json_integer(std::string_view value) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    bool const whole = error == std::errc{} && end == value.data() + value.size();
    return whole ? std::optional{number} : std::nullopt;
}

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
