#pragma once

#include <event_sourcing/detail/json_scanner.hpp>
#include <event_sourcing/detail/small_stack.hpp>
#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

/// A key as it stands in the text, between its quotes.
struct JsonKey {
    char const* text;
    std::size_t size;
    bool has_escapes;

    [[nodiscard]] std::string_view raw() const { return {text, size}; }
};

/// The content of a key byte by byte, escapes resolved, without an allocation.
class JsonKeyBytes {
public:
    explicit JsonKeyBytes(std::string_view raw) : raw_{raw} {}

    /// The next byte; -1 at the end.
    [[nodiscard]] int next() {
        if (at_ == pending_.size) {
            if (raw_.empty()) {
                return -1;
            }
            if (raw_.front() != '\\') {
                auto const byte = static_cast<unsigned char>(raw_.front());
                raw_.remove_prefix(1);
                return byte;
            }
            auto const escape = json_escape(raw_);
            raw_.remove_prefix(escape.error == nullptr ? escape.length : raw_.size());
            at_ = pending_.size = 0;
            append_utf8(pending_, escape.code_point);
        }
        return static_cast<unsigned char>(pending_.bytes[at_++]);
    }

private:
    struct Sequence {
        void push_back(char byte) { bytes[size++] = byte; }
        std::array<char, 4> bytes{};
        std::size_t size = 0;
    };
    std::string_view raw_;
    Sequence pending_;
    std::size_t at_ = 0;
};

/// Orders keys by the bytes of their content: negative, zero or positive as `a` comes before, is or comes after `b`.
[[nodiscard]] inline int compare(JsonKey const& a, JsonKey const& b) {
    if (!a.has_escapes && !b.has_escapes) {
        return a.raw().compare(b.raw());
    }
    JsonKeyBytes left{a.raw()};
    JsonKeyBytes right{b.raw()};
    while (true) {
        int const l = left.next();
        int const r = right.next();
        if (l != r || l < 0) {
            return l - r;
        }
    }
}

[[nodiscard]] inline bool same_key(JsonKey const& a, JsonKey const& b) {
    if (!a.has_escapes && !b.has_escapes) {
        return a.size == b.size && std::memcmp(a.text, b.text, a.size) == 0;
    }
    return compare(a, b) == 0;
}

/// The keys of all objects that are open while a text is read, the innermost object's on top, to find one that comes
/// twice.
///
/// Each of the first 16 keys of an object is compared with those before it; the keys of a larger object are sorted when
/// it ends, so that the work grows with n log n.
class JsonKeys {
public:
    static constexpr std::size_t compared_at_once = 16;

    [[nodiscard]] std::size_t size() const { return keys_.size(); }

    /// Adds a key of the object whose keys start at `first`; false where it is there already, as far as that shows yet.
    [[nodiscard]] bool add(std::size_t first, JsonKey key) {
        auto const siblings = keys_.from(first);
        if (siblings.size() < compared_at_once) {
            for (JsonKey const& sibling : siblings) {
                if (same_key(sibling, key)) {
                    return false;
                }
            }
        }
        keys_.push(key);
        return true;
    }

    /// Forgets the keys of the object whose keys start at `first`; gives the first in the text that repeats an earlier
    /// one.
    [[nodiscard]] std::optional<JsonKey> close(std::size_t first) {
        auto const siblings = keys_.from(first);
        std::optional<JsonKey> repeated;
        if (siblings.size() > compared_at_once) {
            repeated = find_repeated(siblings);
        }
        keys_.shrink_to(first);
        return repeated;
    }

private:
    [[nodiscard]] static std::optional<JsonKey> find_repeated(std::span<JsonKey> keys) {
        std::sort(keys.begin(), keys.end(), [](JsonKey const& a, JsonKey const& b) {
            int const order = compare(a, b);
            return order != 0 ? order < 0 : a.text < b.text;
        });
        std::optional<JsonKey> repeated;
        for (std::size_t i = 1; i < keys.size(); ++i) {
            if (same_key(keys[i - 1], keys[i]) && (!repeated || keys[i].text < repeated->text)) {
                repeated = keys[i];
            }
        }
        return repeated;
    }

    SmallStack<JsonKey, 48> keys_;
};

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
