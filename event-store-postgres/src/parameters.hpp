#pragma once

#include <event_sourcing/namespace.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// The parameters of a statement: each is text or NULL, for that is what every version of the driver can send.
class Parameters {
public:
    Parameters& text(std::string value) {
        owned_.push_back(std::move(value));
        values_.push_back(owned_.back().c_str());
        return *this;
    }
    Parameters& integer(std::int64_t value) { return text(std::to_string(value)); }
    Parameters& null() {
        values_.push_back(nullptr);
        return *this;
    }
    Parameters& text_or_null(std::string value) { return value.empty() ? null() : text(std::move(value)); }

    [[nodiscard]] std::vector<char const*> const& values() const noexcept { return values_; }

private:
    std::deque<std::string> owned_;  // does not move its elements
    std::vector<char const*> values_;
};

/// A Postgres array literal, built element by element.
class ArrayLiteral {
public:
    void add(std::string_view element) {
        separate();
        out_ += '"';
        for (char const c : element) {
            if (c == '"' || c == '\\') {
                out_ += '\\';
            }
            out_ += c;
        }
        out_ += '"';
        all_null_ = false;
    }
    /// An element that needs no quotes: a number, a UUID, hexadecimal digits.
    void add_plain(std::string_view element) {
        separate();
        out_.append(element);
        all_null_ = false;
    }
    void add(std::int64_t element) { add_plain(std::to_string(element)); }
    void add_null() {
        separate();
        out_.append("NULL");
    }

    /// Gives the array to the parameters; NULL in place of one whose elements all are.
    void into(Parameters& parameters) && {
        if (all_null_) {
            parameters.null();
        } else {
            parameters.text(std::move(out_.append("}")));
        }
    }

private:
    void separate() { out_ += out_.empty() ? '{' : ','; }

    std::string out_;
    bool all_null_ = true;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
