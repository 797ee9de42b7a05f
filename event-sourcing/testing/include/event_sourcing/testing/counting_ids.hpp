#pragma once

#include <event_sourcing/namespace.hpp>
#include <event_sourcing/uuid.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// An IdSource that counts: its first id is `00000000-0000-7000-8000-000000000001`, so that a test can name ids
/// beforehand.
///
/// Copies go on counting together. Thread safety: safe to use from several threads at once.
class CountingIds {
public:
    /// A source of its own; ids of another `series` differ in their first eight digits.
    explicit CountingIds(std::uint32_t series = 0)
        : series_{series}, given_{std::make_shared<std::atomic<std::uint64_t>>(0)} {}

    /// The next id.
    [[nodiscard]] Uuid operator()() const { return nth(given_->fetch_add(1) + 1); }

    /// The id that the source gives, or gave, as its n-th, from 1.
    [[nodiscard]] Uuid nth(std::uint64_t n) const {
        Uuid id;
        for (std::size_t i = 0; i < 4; ++i) {
            id.bytes[i] = static_cast<std::uint8_t>(series_ >> (24 - 8 * i));
        }
        id.bytes[6] = 0x70;
        id.bytes[8] = 0x80;
        for (std::size_t i = 0; i < 6; ++i) {
            id.bytes[10 + i] = static_cast<std::uint8_t>(n >> (40 - 8 * i));
        }
        return id;
    }

    /// How many ids it has given.
    [[nodiscard]] std::uint64_t given() const { return given_->load(); }

private:
    std::uint32_t series_;
    std::shared_ptr<std::atomic<std::uint64_t>> given_;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
