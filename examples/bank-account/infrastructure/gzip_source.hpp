#pragma once

#include "infrastructure/byte_source.hpp"

#include <vector>

#include <zlib.h>

namespace bank {

/// Uncompresses a gzip file (RFC 1952) of one or more members while it is read.
class GzipSource final : public ByteSource {
public:
    explicit GzipSource(std::unique_ptr<ByteSource> compressed);
    ~GzipSource() override;

    /// @throws ReadFailure  the data is damaged or cut off; all that came before it was handed out.
    std::size_t read(std::span<char> room) override;
    std::optional<double> part_read() const override { return compressed_->part_read(); }

private:
    [[nodiscard]] bool refill();

    std::unique_ptr<ByteSource> compressed_;
    std::vector<char> input_;
    z_stream zlib_{};
    bool between_members_ = false;
};

}  // namespace bank
