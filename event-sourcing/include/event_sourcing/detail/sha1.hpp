#pragma once

#include <event_sourcing/namespace.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

/// SHA-1 (FIPS 180-4) of bytes fed in pieces. Only for UUIDs of version 5, whose definition asks for it: it protects
/// nothing.
class Sha1 {
public:
    constexpr void update(std::span<std::uint8_t const> bytes) {
        for (std::uint8_t const byte : bytes) {
            block_[size_++ % 64] = byte;
            if (size_ % 64 == 0) {
                mix();
            }
        }
    }

    /// The digest of everything fed so far; the object is spent afterwards.
    [[nodiscard]] constexpr std::array<std::uint8_t, 20> finish() {
        std::uint64_t const bits = size_ * 8;
        constexpr std::array<std::uint8_t, 64> padding{0x80};
        update(std::span{padding}.first(1 + (119 - size_ % 64) % 64));  // up to 8 bytes before the end of a block
        std::array<std::uint8_t, 8> length{};
        for (std::size_t i = 0; i < 8; ++i) {
            length[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
        }
        update(length);
        std::array<std::uint8_t, 20> digest{};
        for (std::size_t i = 0; i < 20; ++i) {
            digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
        }
        return digest;
    }

private:
    constexpr void mix() {
        std::array<std::uint32_t, 80> w{};
        for (std::size_t i = 0; i < 16; ++i) {
            w[i] = std::uint32_t{block_[4 * i]} << 24 | std::uint32_t{block_[4 * i + 1]} << 16 |
                   std::uint32_t{block_[4 * i + 2]} << 8 | block_[4 * i + 3];
        }
        for (std::size_t i = 16; i < 80; ++i) {
            w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        }
        auto [a, b, c, d, e] = state_;
        for (std::size_t i = 0; i < 80; ++i) {
            std::uint32_t f = b ^ c ^ d;
            std::uint32_t k = i < 40 ? 0x6ED9EBA1U : 0xCA62C1D6U;
            if (i < 20) {
                f = (b & c) | (~b & d);
                k = 0x5A827999U;
            } else if (i >= 40 && i < 60) {
                f = (b & c) | (b & d) | (c & d);
                k = 0x8F1BBCDCU;
            }
            std::uint32_t const next = std::rotl(a, 5) + f + e + k + w[i];
            e = d;
            d = c;
            c = std::rotl(b, 30);
            b = a;
            a = next;
        }
        state_[0] += a;
        state_[1] += b;
        state_[2] += c;
        state_[3] += d;
        state_[4] += e;
    }

    std::array<std::uint32_t, 5> state_{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
    std::array<std::uint8_t, 64> block_{};
    std::uint64_t size_ = 0;
};

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
