#pragma once

#include "infrastructure/byte_source.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <zlib.h>

namespace bank {

/// A text that comes a few bytes at a time, as from a pipe, and may end in a failure.
class InPieces final : public ByteSource {
public:
    InPieces(std::string text, std::size_t piece, std::string failure = {})
        : text_{std::move(text)}, piece_{piece}, failure_{std::move(failure)} {}

    std::size_t read(std::span<char> room) override {
        auto const count = text_.copy(room.data(), std::min(room.size(), piece_), at_);
        at_ += count;
        if (count == 0 && !failure_.empty()) {
            throw ReadFailure{failure_};
        }
        return count;
    }
    std::optional<double> part_read() const override { return std::nullopt; }

private:
    std::string text_;
    std::size_t piece_;
    std::string failure_;
    std::size_t at_ = 0;
};

/// A text as one gzip member.
[[nodiscard]] inline std::string gzip(std::string text) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace bank
