#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bank {

/// A source of bytes ended before its end, or cannot be read on. Whoever reads it knows the line.
class ReadFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Bytes from somewhere, front to back, once.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    ByteSource(ByteSource const&) = delete;
    ByteSource& operator=(ByteSource const&) = delete;

    /// Fills `room`, as far as it likes, and says how far; 0 at the end. @throws ReadFailure
    [[nodiscard]] virtual std::size_t read(std::span<char> room) = 0;

    /// Which part of the whole has been read, from 0 to 1; nothing where the whole is not known.
    [[nodiscard]] virtual std::optional<double> part_read() const = 0;

protected:
    ByteSource() = default;
};

/// The bytes of a file; those of a gzip file, which is known by its first two bytes, uncompressed. A pipe will do.
/// @throws BadInput  it cannot be opened, or is a directory.
[[nodiscard]] std::unique_ptr<ByteSource> open_file(std::string const& path);

/// A text that lives as long as the program.
[[nodiscard]] std::unique_ptr<ByteSource> open_text(std::string_view text);

}  // namespace bank
