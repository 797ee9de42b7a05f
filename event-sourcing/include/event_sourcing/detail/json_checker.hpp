#pragma once

#include <event_sourcing/detail/json_keys.hpp>
#include <event_sourcing/detail/json_scanner.hpp>
#include <event_sourcing/detail/printable.hpp>
#include <event_sourcing/detail/small_stack.hpp>
#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>

#include <cstddef>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

/// One pass over a JSON text that refuses what check_json refuses. Open arrays and objects stand on a stack of its own.
class JsonChecker {
public:
    JsonChecker(std::string_view text, std::size_t depth, std::string_view what)
        : begin_{text.data()}, at_{begin_}, end_{begin_ + text.size()}, depth_{depth}, what_{what} {}

    /// @throws InvalidArgument at the first thing that is wrong.
    void check() {
        if (text_from(at_).starts_with("\xEF\xBB\xBF")) {
            fail("a byte order mark, which JSON must not have");
        }
        do {
            value();
            while (!open_.empty() && !another_value()) {
            }
        } while (!open_.empty());
        if (skip_space()) {
            fail("more text after the value");
        }
    }

private:
    struct Open {
        std::size_t first_key;
        bool is_object;
    };

    [[nodiscard]] std::string_view text_from(char const* first) const {
        return {first, static_cast<std::size_t>(end_ - first)};
    }

    /// Goes to the next byte that is no white space; false at the end of the text.
    [[nodiscard]] bool skip_space() {
        while (at_ != end_ && is_json_space(*at_)) {
            ++at_;
        }
        return at_ != end_;
    }

    /// Reads a scalar, or opens arrays and objects down to the first value inside; an empty one is closed at once.
    void value() {
        while (skip_space()) {
            switch (*at_) {
                case '"': static_cast<void>(string()); return;
                case '{':
                    open(true);
                    if (closes('}')) {
                        return;
                    }
                    key();
                    break;
                case '[':
                    open(false);
                    if (closes(']')) {
                        return;
                    }
                    break;
                case 't': literal("true"); return;
                case 'f': literal("false"); return;
                case 'n': literal("null"); return;
                default: number(); return;
            }
        }
        fail("the text ends where a value is expected");
    }

    void open(bool is_object) {
        if (open_.size() == depth_) {
            fail("arrays and objects deeper than the limit of " + std::to_string(depth_));
        }
        open_.push({keys_.size(), is_object});
        ++at_;
    }

    /// Closes the innermost array or object if its end comes next.
    [[nodiscard]] bool closes(char bracket) {
        if (!skip_space() || *at_ != bracket) {
            return false;
        }
        if (open_.top().is_object) {
            if (auto const repeated = keys_.close(open_.top().first_key)) {
                fail_repeated(*repeated);
            }
        }
        ++at_;
        open_.pop();
        return true;
    }

    /// After a value: whether a comma and then another value follow; otherwise the innermost array or object was
    /// closed.
    [[nodiscard]] bool another_value() {
        bool const is_object = open_.top().is_object;
        if (closes(is_object ? '}' : ']')) {
            return false;
        }
        if (at_ == end_ || *at_ != ',') {
            fail(is_object ? "expected ',' or '}' in an object" : "expected ',' or ']' in an array");
        }
        ++at_;
        if (is_object) {
            key();
        }
        return true;
    }

    /// Reads a key and its colon.
    void key() {
        if (!skip_space() || *at_ != '"') {
            fail("expected a key in quotes in an object");
        }
        char const* const first = at_ + 1;
        bool const has_escapes = string();
        JsonKey const key{first, static_cast<std::size_t>(at_ - 1 - first), has_escapes};
        if (!keys_.add(open_.top().first_key, key)) {
            fail_repeated(key);
        }
        if (!skip_space() || *at_ != ':') {
            fail("expected ':' after a key");
        }
        ++at_;
    }

    /// Reads a string from its opening quote to behind its closing one; tells whether it has escapes.
    [[nodiscard]] bool string() {
        bool has_escapes = false;
        ++at_;
        while (true) {
            at_ += json_plain_run(at_, end_);
            if (at_ == end_) {
                fail("the text ends inside a string");
            }
            if (*at_ == '"') {
                ++at_;
                return has_escapes;
            }
            if (*at_ == '\\') {
                auto const escape = json_escape(text_from(at_));
                if (escape.error != nullptr) {
                    fail(escape.error);
                }
                at_ += escape.length;
                has_escapes = true;
            } else if (static_cast<unsigned char>(*at_) < 0x20) {
                fail("a control character in a string; write it as an escape sequence");
            } else {
                auto const length = utf8_sequence(text_from(at_));
                if (length == 0) {
                    fail("invalid UTF-8 in a string");
                }
                at_ += length;
            }
        }
    }

    void literal(std::string_view word) {
        if (!text_from(at_).starts_with(word)) {
            fail("expected a value");
        }
        at_ += word.size();
    }

    void number() {
        char const* const first = at_;
        if (*at_ == '-') {
            ++at_;
        }
        if (at_ != end_ && *at_ == '0') {
            ++at_;
        } else if (!skip_digits()) {
            fail(at_ == first ? "expected a value" : "a minus sign without a number");
        }
        if (at_ != end_ && *at_ == '.') {
            ++at_;
            if (!skip_digits()) {
                fail("a decimal point without a digit behind it");
            }
        }
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            ++at_;
            if (at_ != end_ && (*at_ == '+' || *at_ == '-')) {
                ++at_;
            }
            if (!skip_digits()) {
                fail("an exponent without a digit");
            }
        }
        if (at_ != end_ && is_json_digit(*at_)) {
            fail("a number with a leading zero");
        }
    }

    /// Skips digits; false where there is none.
    [[nodiscard]] bool skip_digits() {
        char const* const first = at_;
        while (at_ != end_ && is_json_digit(*at_)) {
            ++at_;
        }
        return at_ != first;
    }

    [[noreturn]] void fail_repeated(JsonKey const& key) {
        at_ = key.text;
        std::string content;
        json_unescape(content, key.raw());
        fail("the key " + printable(content) + " stands twice in one object");
    }

    [[noreturn]] void fail(std::string const& reason) const {
        throw InvalidArgument{std::string{what_} + ": not acceptable JSON at byte " + std::to_string(at_ - begin_) +
                              ": " + reason};
    }

    char const* begin_;
    char const* at_;
    char const* end_;
    std::size_t depth_;
    std::string_view what_;
    SmallStack<Open, 64> open_;
    JsonKeys keys_;
};

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
