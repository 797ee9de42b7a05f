#pragma once

#include <event_sourcing/detail/json_members.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

/// The place of a value in a tree, as a chain on the stack: it becomes text only when an error needs it.
struct JsonPath {
    std::string_view pointer;               ///< As the user wrote it, at the root of the chain.
    JsonPath const* parent = nullptr;       ///< Null at the root.
    std::string_view key = {};              ///< The member below the parent, unescaped.
    std::size_t index = std::string::npos;  ///< The element below the parent, in place of a key.

    /// As a JSON pointer (RFC 6901).
    [[nodiscard]] std::string text() const {
        if (parent == nullptr) {
            return std::string{pointer};
        }
        return parent->text() + '/' + (index != std::string::npos ? std::to_string(index) : json_pointer_token(key));
    }
};

/// What a value is, in words for a message.
[[nodiscard]] inline std::string_view json_kind(nlohmann::json const& value) {
    switch (value.type()) {
        case nlohmann::json::value_t::null: return "null";
        case nlohmann::json::value_t::object: return "an object";
        case nlohmann::json::value_t::array: return "an array";
        case nlohmann::json::value_t::string: return "a string";
        case nlohmann::json::value_t::boolean: return "a boolean";
        case nlohmann::json::value_t::number_integer:
        case nlohmann::json::value_t::number_unsigned: return "an integer";
        case nlohmann::json::value_t::number_float: return "a number with a fraction or exponent, or beyond 64 bits";
        default: return "no JSON value";
    }
}

/// @throws CodecError always.
[[noreturn]] inline void fail_get(std::string const& path, std::string_view expected, std::string_view found) {
    std::string message = path.empty() ? "the JSON value" : path;
    message.append(": expected ").append(expected).append(", found ").append(found);
    throw CodecError{message};
}

/// A step of a JSON pointer with `~1` and `~0` resolved.
[[nodiscard]] inline std::string unescape_step(std::string_view step) {
    std::string out;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] != '~') {
            out += step[i];
            continue;
        }
        ++i;
        if (i == step.size() || (step[i] != '0' && step[i] != '1')) {
            throw InvalidArgument{"'~' in the path of a JSON member must be written ~0 (and '/' ~1): " +
                                  std::string{step}};
        }
        out += step[i] == '0' ? '~' : '/';
    }
    return out;
}

/// The value at a JSON pointer; null where a step is absent, or leads into JSON's null.
///
/// @throws CodecError where a step leads into a scalar, or an array is asked for a member.
/// @throws InvalidArgument where the pointer is not empty and does not begin with a slash, or has a stray `~`.
[[nodiscard]] inline nlohmann::json const* find_json(nlohmann::json const& root, std::string_view pointer) {
    if (!pointer.empty() && pointer.front() != '/') {
        throw InvalidArgument{"the path of a JSON member must be empty or begin with '/': " + std::string{pointer}};
    }
    nlohmann::json const* value = &root;
    for (std::size_t at = 0; at < pointer.size();) {
        if (value->is_null()) {
            return nullptr;
        }
        std::size_t const end = std::min(pointer.find('/', at + 1), pointer.size());
        std::string_view key = pointer.substr(at + 1, end - at - 1);
        if (value->is_array()) {
            bool const numeric = !key.empty() && key.size() < 10 && (key == "0" || key.front() != '0') &&
                                 std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
            if (!numeric) {
                fail_get(std::string{pointer.substr(0, at)}, "an object", "an array");
            }
            std::size_t const index = std::stoul(std::string{key});
            if (index >= value->size()) {
                return nullptr;
            }
            value = &(*value)[index];
        } else if (value->is_object()) {
            std::string unescaped;
            if (key.find('~') != std::string_view::npos) {
                unescaped = unescape_step(key);
                key = unescaped;
            }
            auto const member = value->find(key);
            if (member == value->end()) {
                return nullptr;
            }
            value = &*member;
        } else {
            fail_get(std::string{pointer.substr(0, at)}, "an object", json_kind(*value));
        }
        at = end;
    }
    return value;
}

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
