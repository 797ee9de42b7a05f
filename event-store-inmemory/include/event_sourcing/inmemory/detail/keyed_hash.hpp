#pragma once

#include <event_sourcing/aggregate_ref.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/random_source.hpp>
#include <event_sourcing/uuid.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// SipHash-1-3 of Aumasson and Bernstein: who does not know the key cannot choose keys of a table that collide.
///
/// Ids come from outside, and an import may be hostile; a plain hash would let it turn a table into a list.
class SipHash {
public:
    using Key = std::array<std::uint64_t, 2>;

    constexpr explicit SipHash(Key const& key) noexcept
        : v0_{key[0] ^ 0x736f6d6570736575U}, v1_{key[1] ^ 0x646f72616e646f6dU}, v2_{key[0] ^ 0x6c7967656e657261U},
          v3_{key[1] ^ 0x7465646279746573U} {}

    constexpr void add(std::uint64_t word) noexcept {
        v3_ ^= word;
        round();
        v0_ ^= word;
    }

    /// The bytes and their number.
    void add(std::string_view text) noexcept {
        auto const size = static_cast<std::uint64_t>(text.size());
        std::uint64_t word = 0;
        while (text.size() >= sizeof word) {
            std::memcpy(&word, text.data(), sizeof word);
            add(word);
            text.remove_prefix(sizeof word);
        }
        word = size << 56;
        for (std::size_t i = 0; i < text.size(); ++i) {
            word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
        }
        add(word);
    }

    [[nodiscard]] constexpr std::uint64_t finish() noexcept {
        v2_ ^= 0xff;
        round();
        round();
        round();
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

private:
    constexpr void round() noexcept {
        v0_ += v1_;
        v1_ = std::rotl(v1_, 13) ^ v0_;
        v0_ = std::rotl(v0_, 32);
        v2_ += v3_;
        v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ += v3_;
        v3_ = std::rotl(v3_, 21) ^ v0_;
        v2_ += v1_;
        v1_ = std::rotl(v1_, 17) ^ v2_;
        v2_ = std::rotl(v2_, 32);
    }

    std::uint64_t v0_;
    std::uint64_t v1_;
    std::uint64_t v2_;
    std::uint64_t v3_;
};

/// Hashes the keys of one store with a key of that store's own.
class KeyedHash {
public:
    KeyedHash() : KeyedHash{random_seed()} {}

    [[nodiscard]] std::uint64_t operator()(Uuid id) const noexcept {
        auto const halves = std::bit_cast<std::array<std::uint64_t, 2>>(id.bytes);
        SipHash hash{key_};
        hash.add(halves[0]);
        hash.add(halves[1]);
        return hash.finish();
    }

    [[nodiscard]] std::uint64_t operator()(std::string_view text) const noexcept {
        SipHash hash{key_};
        hash.add(text);
        return hash.finish();
    }

    [[nodiscard]] std::uint64_t operator()(AggregateRef aggregate) const noexcept {
        SipHash hash{key_};
        hash.add(aggregate.type);
        hash.add(aggregate.id);
        return hash.finish();
    }

private:
    explicit KeyedHash(RandomSeed const& seed) noexcept : key_{seed[0], seed[1]} {}

    SipHash::Key key_;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
