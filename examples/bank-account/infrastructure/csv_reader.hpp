#pragma once

#include "infrastructure/byte_source.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bank {

/// One record of a CSV file. Lifetime: until the next one is read.
struct CsvRecord {
    std::size_t line = 0;  ///< on which it begins, from 1
    std::span<std::string_view const> fields{};
};

/// Reads CSV as RFC 4180 has it: commas, optional quotes, which may hold commas, line breaks and doubled quotes; lines
/// end with LF or CRLF, the last one may go without.
class CsvReader {
public:
    /// @param name  what messages call the file
    CsvReader(std::string name, std::unique_ptr<ByteSource> bytes);

    /// The next record; nothing after the last.
    /// @throws BadInput  with the line: a quote out of place, a record beyond 64 KiB, or the file cannot be read on.
    [[nodiscard]] std::optional<CsvRecord> next();

    /// The text of the next record as it is written, without its line end; otherwise as above.
    [[nodiscard]] std::optional<std::string_view> next_text();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    [[nodiscard]] std::optional<double> part_read() const { return bytes_->part_read(); }

private:
    [[nodiscard]] bool fill();
    void split(std::string_view text);
    [[nodiscard]] std::size_t split_quoted(std::string_view text, std::size_t at);

    std::string name_;
    std::unique_ptr<ByteSource> bytes_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // what is read and not yet handed out: [begin_, end_)
    std::size_t end_ = 0;
    std::size_t line_ = 1;  // of the record in hand
    std::size_t next_line_ = 1;
    std::vector<std::string_view> fields_;
    std::string unquoted_;  // the text of quoted fields; never reallocated while fields_ refers to it
};

}  // namespace bank
