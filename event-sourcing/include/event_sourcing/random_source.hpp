#pragma once

#include <event_sourcing/namespace.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>

#if __has_include(<sys/random.h>) && __has_include(<pthread.h>)
#include <pthread.h>
#include <sys/random.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>
#else
#include <random>
#endif

EVENT_SOURCING_BEGIN_NAMESPACE

/// A source of random 64-bit numbers, injectable wherever the library would draw one: ids and the jitter of retries.
///
/// Thread safety: a source handed to a shared object is called from all of that object's threads at once, unless that
/// object says otherwise.
using RandomSource = std::function<std::uint64_t()>;

namespace detail {

using RandomSeed = std::array<std::uint64_t, 4>;

#if __has_include(<sys/random.h>) && __has_include(<pthread.h>)

/// Entropy of the operating system.
///
/// @throws std::system_error where it has none to give.
[[nodiscard]] inline RandomSeed random_seed() {
    RandomSeed seed{};
    if (::getentropy(seed.data(), sizeof seed) != 0) {
        throw std::system_error{errno, std::generic_category(), "the operating system gave no random seed"};
    }
    return seed;
}

inline std::atomic<std::uint64_t> fork_count{0};

/// How often this process came out of a fork since the library was first used: a child must not repeat its parent's
/// numbers.
[[nodiscard]] inline std::uint64_t fork_generation() {
    [[maybe_unused]] static int const registered =
        ::pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1, std::memory_order_relaxed); });
    return fork_count.load(std::memory_order_relaxed);
}

#else

[[nodiscard]] inline RandomSeed random_seed() {
    std::random_device device;
    RandomSeed seed{};
    for (auto& word : seed) {
        word = std::uint64_t{device()} << 32 | device();
    }
    return seed;
}

[[nodiscard]] inline std::uint64_t fork_generation() { return 0; }

#endif

/// The generator xoshiro256** 1.0 of Blackman and Vigna (public domain, 2018), seeded by the operating system.
class RandomGenerator {
public:
    [[nodiscard]] std::uint64_t operator()() {
        if (auto const generation = fork_generation(); generation != generation_) {
            *this = RandomGenerator{};
        }
        std::uint64_t const result = std::rotl(state_[1] * 5, 7) * 9;
        std::uint64_t const shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

private:
    std::uint64_t generation_ = fork_generation();
    RandomSeed state_ = random_seed();
};

[[nodiscard]] inline std::uint64_t next_random() {
    thread_local RandomGenerator generator;
    return generator();
}

}  // namespace detail

/// Random numbers of good quality, seeded by the operating system: for ids and jitter, not for secrets.
///
/// Each thread has its own generator, and so has a forked child. Thread safety: safe, without waiting.
[[nodiscard]] inline RandomSource system_random() { return &detail::next_random; }

EVENT_SOURCING_END_NAMESPACE
