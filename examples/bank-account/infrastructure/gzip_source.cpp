#include "infrastructure/gzip_source.hpp"

#include <cstddef>
#include <new>
#include <span>
#include <utility>

namespace bank {
namespace {

constexpr int gzip_only = 16 + MAX_WBITS;  // zlib.h, inflateInit2
constexpr std::size_t input_size = 64 * 1024;

[[nodiscard]] Bytef* bytes(char* data) { return reinterpret_cast<Bytef*>(data); }

}  // namespace

GzipSource::GzipSource(std::unique_ptr<ByteSource> compressed)
    : compressed_{std::move(compressed)}, input_(input_size) {
    if (inflateInit2(&zlib_, gzip_only) != Z_OK) {
        throw std::bad_alloc{};
    }
}

GzipSource::~GzipSource() { inflateEnd(&zlib_); }

bool GzipSource::refill() {
    auto const got = compressed_->read(input_);
    zlib_.next_in = bytes(input_.data());
    zlib_.avail_in = static_cast<uInt>(got);
    return got > 0;
}

std::size_t GzipSource::read(std::span<char> room) {
    zlib_.next_out = bytes(room.data());
    zlib_.avail_out = static_cast<uInt>(room.size());
    while (zlib_.avail_out == room.size()) {  // until there is at least one byte
        if (zlib_.avail_in == 0 && !refill()) {
            if (between_members_) {
                return 0;
            }
            throw ReadFailure{"the gzip file is cut off here"};
        }
        between_members_ = false;
        int const result = inflate(&zlib_, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            between_members_ = true;
            inflateReset(&zlib_);  // what follows, if anything, is a further member
        } else if (result == Z_MEM_ERROR) {
            throw std::bad_alloc{};
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            auto const got = room.size() - zlib_.avail_out;
            if (got == 0) {
                throw ReadFailure{"the gzip file is damaged here"};
            }
            return got;  // the next call meets the damage again
        }
    }
    return room.size() - zlib_.avail_out;
}

}  // namespace bank
