#pragma once

#include <event_sourcing/clock.hpp>
#include <event_sourcing/detail/printable.hpp>
#include <event_sourcing/detail/sha1.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/random_source.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A universally unique identifier of RFC 9562, as a value of 16 bytes in network order.
///
/// A default-constructed one is the nil UUID. The order is that of the bytes, which is that of the text as well.
struct Uuid {
    /// A new one of version 7: the time in milliseconds, 12 bits of its fraction, 62 random bits.
    ///
    /// Strictly greater than every earlier one of this process, over all threads, also when the clock stands still or
    /// goes back. Thread safety: safe, without waiting. Cost: tens of nanoseconds, most of it the clock.
    [[nodiscard]] static Uuid v7();

    /// The one of version 5 that belongs to a name in a name space: the same for the same two, always and everywhere.
    [[nodiscard]] static constexpr Uuid v5(Uuid space, std::string_view name);

    /// The id of the event number `ordinal` of a command: version 5, the command as name space, the decimal ordinal as
    /// name.
    ///
    /// A command that runs again gives its events the same ids, so that a store keeps them once.
    [[nodiscard]] static constexpr Uuid derived(Uuid command, std::size_t ordinal);

    /// Reads 36 characters, hexadecimal digits of either case in groups of 8-4-4-4-12; nullopt for anything else,
    /// braces and `urn:uuid:` included. Any version and variant is accepted.
    [[nodiscard]] static constexpr std::optional<Uuid> try_parse(std::string_view text);

    /// Reads as try_parse does.
    ///
    /// @throws InvalidArgument where `text` is not a UUID; the message quotes it, shortened.
    [[nodiscard]] static constexpr Uuid parse(std::string_view text);

    /// Byte by byte.
    [[nodiscard]] constexpr auto operator<=>(Uuid const&) const = default;

    std::array<std::uint8_t, 16> bytes{};  ///< The octets, most significant first.
};

/// Where an object takes the ids of its events from.
///
/// Thread safety: a source handed to a shared object is called from all of that object's threads at once.
using IdSource = std::function<Uuid()>;

/// The name space of fully qualified domain names (RFC 9562, section 6.6), for Uuid::v5.
inline constexpr Uuid dns_namespace{
    {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}};

/// The name space of URLs (RFC 9562, section 6.6), for Uuid::v5.
inline constexpr Uuid url_namespace{
    {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}};

/// The 36 characters of a UUID, lower case, without a terminating NUL and without an allocation.
[[nodiscard]] constexpr std::array<char, 36> to_chars(Uuid id) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::array<char, 36> text{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            text[at++] = '-';
        }
        text[at++] = hex[id.bytes[i] >> 4];
        text[at++] = hex[id.bytes[i] & 0xFU];
    }
    return text;
}

/// The 36 characters of a UUID, lower case.
[[nodiscard]] inline std::string to_string(Uuid id) {
    auto const text = to_chars(id);
    return {text.data(), text.size()};
}

namespace detail {

/// Milliseconds since 1970 in 48 bits, then 12 bits of the fraction of a millisecond; a time before 1970 counts as
/// 1970.
[[nodiscard]] constexpr std::uint64_t uuid_v7_prefix(std::chrono::sys_time<std::chrono::nanoseconds> now) {
    auto const since = std::max(now.time_since_epoch(), std::chrono::nanoseconds{0});
    auto const nanoseconds = static_cast<std::uint64_t>(since.count());
    return (nanoseconds / 1'000'000) << 12 | (nanoseconds % 1'000'000) * 4096 / 1'000'000;
}

[[nodiscard]] constexpr Uuid uuid_v7(std::uint64_t prefix, std::uint64_t random) {
    std::uint64_t const high = (prefix >> 12) << 16 | 0x7000U | (prefix & 0xFFFU);
    std::uint64_t const low = std::uint64_t{1} << 63 | (random >> 2);
    Uuid id;
    for (std::size_t i = 0; i < 8; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
        id.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    }
    return id;
}

inline std::atomic<std::uint64_t> last_uuid_v7_prefix{0};

/// What each character is worth as a hexadecimal digit; -1: it is none. A table, since digits and letters come in an order that
/// no processor can predict.
inline constexpr auto hex_values = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < 16; ++i) {
        values[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<std::int8_t>(i);
        values[static_cast<unsigned char>("0123456789ABCDEF"[i])] = static_cast<std::int8_t>(i);
    }
    return values;
}();

[[nodiscard]] constexpr int hex_value(char c) { return hex_values[static_cast<unsigned char>(c)]; }

}  // namespace detail

inline Uuid Uuid::v7() {
    auto const now = detail::uuid_v7_prefix(std::chrono::system_clock::now());
    auto last = detail::last_uuid_v7_prefix.load(std::memory_order_relaxed);
    std::uint64_t prefix = 0;
    do {
        prefix = std::max(now, last + 1);
    } while (!detail::last_uuid_v7_prefix.compare_exchange_weak(last, prefix, std::memory_order_relaxed));
    return detail::uuid_v7(prefix, detail::next_random());
}

constexpr Uuid Uuid::v5(Uuid space, std::string_view name) {
    detail::Sha1 hash;
    hash.update(space.bytes);
    for (char const c : name) {
        hash.update(std::array{static_cast<std::uint8_t>(c)});
    }
    auto const digest = hash.finish();
    Uuid id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x50U);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

constexpr Uuid Uuid::derived(Uuid command, std::size_t ordinal) {
    std::array<char, 20> decimal{};
    std::size_t first = decimal.size();
    do {
        decimal[--first] = static_cast<char>('0' + ordinal % 10);
        ordinal /= 10;
    } while (ordinal != 0);
    return v5(command, std::string_view{decimal.data() + first, decimal.size() - first});
}

constexpr std::optional<Uuid> Uuid::try_parse(std::string_view text) {
    if (text.size() != 36) {
        return std::nullopt;
    }
    Uuid id;
    std::size_t at = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-') {
            return std::nullopt;
        }
        int const high = detail::hex_value(text[at]);
        int const low = detail::hex_value(text[at + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return id;
}

constexpr Uuid Uuid::parse(std::string_view text) {
    if (auto const id = try_parse(text)) {
        return *id;
    }
    throw InvalidArgument{"not a UUID: " + detail::printable(text) + "; write 36 characters like " +
                          to_string(dns_namespace)};
}

/// Ids of version 7 from a given clock and random source, for tests and simulations; elsewhere Uuid::v7 is quicker.
///
/// Usable as an IdSource. Each id is strictly greater than the one before, also when the clock stands still or goes
/// back; copies continue one sequence together. Thread safety: safe; the clock and the random source are called one at
/// a time.
class UuidV7Source {
public:
    /// With the sources to ask for each id.
    explicit UuidV7Source(Clock clock = system_clock(), RandomSource random = system_random())
        : state_{std::make_shared<State>(std::move(clock), std::move(random))} {}

    /// The next id.
    [[nodiscard]] Uuid operator()() const {
        std::lock_guard const lock{state_->mutex};
        state_->last = std::max(detail::uuid_v7_prefix(state_->clock()), state_->last + 1);
        return detail::uuid_v7(state_->last, state_->random());
    }

private:
    struct State {
        State(Clock c, RandomSource r) : clock{std::move(c)}, random{std::move(r)} {}
        std::mutex mutex;
        Clock clock;
        RandomSource random;
        std::uint64_t last = 0;
    };
    std::shared_ptr<State> state_;
};

EVENT_SOURCING_END_NAMESPACE

static_assert(sizeof(event_sourcing::Uuid) == 16 && std::is_trivially_copyable_v<event_sourcing::Uuid>);

/// Hashes a UUID of any version.
template <>
struct std::hash<event_sourcing::Uuid> {
    /// All 16 bytes count: the first half of an id of version 7 is a time, the second random.
    [[nodiscard]] std::size_t operator()(event_sourcing::Uuid const& id) const noexcept {
        auto const halves = std::bit_cast<std::array<std::uint64_t, 2>>(id.bytes);
        std::uint64_t const mixed = (halves[0] ^ std::rotl(halves[1], 32)) * 0x9E3779B97F4A7C15U;
        return static_cast<std::size_t>(mixed ^ (mixed >> 32) ^ halves[1]);
    }
};
