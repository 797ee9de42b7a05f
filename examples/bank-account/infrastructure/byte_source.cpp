#include "infrastructure/byte_source.hpp"

#include "infrastructure/bad_input.hpp"
#include "infrastructure/gzip_source.hpp"
#include "infrastructure/stop_signal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bank {
namespace {

[[nodiscard]] std::string reason(int error) { return std::generic_category().message(error); }

class FileSource final : public ByteSource {
public:
    explicit FileSource(std::string const& path) : file_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
        while (file_ < 0) {
            if (errno != EINTR) {
                throw BadInput{path, "cannot be opened: " + reason(errno)};
            }
            StopSignal::check();
            file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        }
        struct stat status{};
        if (::fstat(file_, &status) == 0) {
            if (S_ISDIR(status.st_mode)) {
                ::close(file_);
                throw BadInput{path, "is a directory, not a file of transactions"};
            }
            size_ = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
        }
    }
    ~FileSource() override { ::close(file_); }

    std::size_t read(std::span<char> room) override {
        for (;;) {
            auto const got = ::read(file_, room.data(), room.size());
            if (got >= 0) {
                read_ += static_cast<std::size_t>(got);
                return static_cast<std::size_t>(got);
            }
            if (errno != EINTR) {
                throw ReadFailure{"cannot be read: " + reason(errno)};
            }
            StopSignal::check();
        }
    }

    std::optional<double> part_read() const override {
        if (size_ == 0) {
            return std::nullopt;
        }
        return std::min(1.0, static_cast<double>(read_) / static_cast<double>(size_));
    }

private:
    int file_;
    std::size_t size_ = 0;
    std::size_t read_ = 0;
};

class TextSource final : public ByteSource {
public:
    explicit TextSource(std::string_view text) : rest_{text}, size_{text.size()} {}

    std::size_t read(std::span<char> room) override {
        auto const count = rest_.copy(room.data(), room.size());
        rest_.remove_prefix(count);
        return count;
    }

    std::optional<double> part_read() const override {
        return size_ == 0 ? 1.0 : 1.0 - static_cast<double>(rest_.size()) / static_cast<double>(size_);
    }

private:
    std::string_view rest_;
    std::size_t size_;
};

/// Puts back what was read to look at.
class WithHead final : public ByteSource {
public:
    WithHead(std::string head, std::unique_ptr<ByteSource> rest) : head_{std::move(head)}, rest_{std::move(rest)} {}

    std::size_t read(std::span<char> room) override {
        if (head_.empty()) {
            return rest_->read(room);
        }
        auto const count = head_.copy(room.data(), room.size());
        head_.erase(0, count);
        return count;
    }

    std::optional<double> part_read() const override { return rest_->part_read(); }

private:
    std::string head_;
    std::unique_ptr<ByteSource> rest_;
};

}  // namespace

std::unique_ptr<ByteSource> open_file(std::string const& path) {
    std::unique_ptr<ByteSource> file = std::make_unique<FileSource>(path);
    std::array<char, 2> head{};
    std::size_t size = 0;
    try {
        while (size < head.size()) {
            auto const got = file->read(std::span{head}.subspan(size));
            if (got == 0) {
                break;
            }
            size += got;
        }
    } catch (ReadFailure const& failure) {
        throw BadInput{path, failure.what()};
    }
    std::string looked_at{head.data(), size};
    bool const is_gzip = looked_at == "\x1f\x8b";
    auto all = std::make_unique<WithHead>(std::move(looked_at), std::move(file));
    if (is_gzip) {
        return std::make_unique<GzipSource>(std::move(all));
    }
    return all;
}

std::unique_ptr<ByteSource> open_text(std::string_view text) { return std::make_unique<TextSource>(text); }

}  // namespace bank
