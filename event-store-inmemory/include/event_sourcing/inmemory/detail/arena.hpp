#pragma once

#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// Memory that is handed out piece by piece, never moves, and is given back all at once at the end.
///
/// Holds only what needs no destructor. One allocation of the system's serves many pieces: chunks double from 4 KiB to
/// 1 MiB, and a piece that would fill much of one has a chunk of its own. Not thread-safe.
class Arena {
    struct alignas(std::max_align_t) Chunk {
        Chunk* previous = nullptr;
    };

    struct Release {
        void operator()(Chunk* chunk) const noexcept { ::operator delete(chunk); }
    };

public:
    /// What every piece is aligned for, and a multiple of which its size takes.
    static constexpr std::size_t alignment = alignof(std::max_align_t);

    [[nodiscard]] static constexpr std::size_t padded(std::size_t bytes) noexcept {
        return (bytes + alignment - 1) / alignment * alignment;
    }

    /// A piece made without the arena, hence without the lock that guards it, to be adopted later or dropped.
    class Piece {
    public:
        Piece() = default;
        explicit Piece(std::size_t bytes) : chunk_{::new(::operator new(sizeof(Chunk) + bytes)) Chunk{}} {}

        [[nodiscard]] std::byte* data() const noexcept {
            return chunk_ ? reinterpret_cast<std::byte*>(chunk_.get() + 1) : nullptr;
        }

    private:
        friend Arena;
        std::unique_ptr<Chunk, Release> chunk_;
    };

    Arena() = default;
    Arena(Arena const&) = delete;
    Arena& operator=(Arena const&) = delete;
    ~Arena() {
        while (last_ != nullptr) {
            Release{}(std::exchange(last_, last_->previous));
        }
    }

    [[nodiscard]] std::byte* allocate(std::size_t bytes) {
        bytes = padded(bytes);
        if (bytes > left_) {
            if (bytes > next_chunk_ / 4) {
                Piece piece{bytes};
                return adopt(std::move(piece));
            }
            Piece piece{next_chunk_};
            left_ = next_chunk_;
            next_chunk_ = std::min(next_chunk_ * 2, most_);
            free_ = adopt(std::move(piece));
        }
        left_ -= bytes;
        return std::exchange(free_, free_ + bytes);
    }

    /// Takes the piece over and returns its memory.
    std::byte* adopt(Piece piece) noexcept {
        auto* const data = piece.data();
        auto* const chunk = piece.chunk_.release();
        chunk->previous = std::exchange(last_, chunk);
        return data;
    }

private:
    static constexpr std::size_t most_ = std::size_t{1} << 20;

    Chunk* last_ = nullptr;
    std::byte* free_ = nullptr;
    std::size_t left_ = 0;
    std::size_t next_chunk_ = 4096;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
