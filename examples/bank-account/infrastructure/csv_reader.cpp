#include "infrastructure/csv_reader.hpp"

#include "infrastructure/bad_input.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace bank {
namespace {

constexpr std::size_t longest_record = 64 * 1024;

}  // namespace

CsvReader::CsvReader(std::string name, std::unique_ptr<ByteSource> bytes)
    : name_{std::move(name)}, bytes_{std::move(bytes)}, buffer_(2 * longest_record) {
    unquoted_.reserve(longest_record);
}

std::optional<CsvRecord> CsvReader::next() {
    auto const text = next_text();
    if (!text) {
        return std::nullopt;
    }
    split(*text);
    return CsvRecord{line_, fields_};
}

std::optional<std::string_view> CsvReader::next_text() {
    line_ = next_line_;
    bool in_quotes = false;
    char before = ',';
    for (std::size_t at = 0;; ++at) {  // from begin_, which moves when the buffer is filled
        if (begin_ + at == end_) {
            if (at > longest_record) {
                throw BadInput{name_, line_, "the line is longer than 65536 bytes"};
            }
            if (!fill()) {
                if (at == 0) {
                    return std::nullopt;
                }
                std::string_view const last{buffer_.data() + begin_, at};
                begin_ = end_;
                ++next_line_;
                return last.substr(0, last.size() - (last.ends_with('\r') ? 1 : 0));
            }
        }
        char const c = buffer_[begin_ + at];
        if (c == '"') {
            in_quotes = !in_quotes && (before == ',' || before == '"');
        } else if (c == '\n') {
            ++next_line_;
            if (!in_quotes) {
                std::string_view const text{buffer_.data() + begin_, at};
                begin_ += at + 1;
                return text.substr(0, text.size() - (text.ends_with('\r') ? 1 : 0));
            }
        }
        before = c;
    }
}

/// Reads more behind what there is; false at the end.
bool CsvReader::fill() {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    try {
        auto const got = bytes_->read(std::span{buffer_}.subspan(end_));
        end_ += got;
        return got > 0;
    } catch (ReadFailure const& failure) {
        throw BadInput{name_, line_, failure.what()};
    }
}

void CsvReader::split(std::string_view text) {
    if (text.size() > longest_record) {
        throw BadInput{name_, line_, "the line is longer than 65536 bytes"};
    }
    fields_.clear();
    unquoted_.clear();
    for (std::size_t at = 0;;) {
        if (at < text.size() && text[at] == '"') {
            at = split_quoted(text, at + 1);
        } else {
            auto const end = std::min(text.find(',', at), text.size());
            auto const field = text.substr(at, end - at);
            if (field.find('"') != std::string_view::npos) {
                throw BadInput{name_, line_, "a quote within a field without quotes"};
            }
            fields_.push_back(field);
            at = end;
        }
        if (at == text.size()) {
            return;
        }
        ++at;  // the comma
    }
}

/// The field whose text begins at `at`, behind its quote. @return where its comma, or the end, is.
std::size_t CsvReader::split_quoted(std::string_view text, std::size_t at) {
    auto const first = unquoted_.size();
    for (;;) {
        auto const quote = text.find('"', at);
        if (quote == std::string_view::npos) {
            throw BadInput{name_, line_, "a quote is never closed"};
        }
        unquoted_.append(text.substr(at, quote - at));
        at = quote + 1;
        if (at == text.size() || text[at] == ',') {
            fields_.push_back(std::string_view{unquoted_}.substr(first));
            return at;
        }
        if (text[at] != '"') {
            throw BadInput{name_, line_, "text behind a closing quote"};
        }
        unquoted_ += '"';
        ++at;
    }
}

}  // namespace bank
