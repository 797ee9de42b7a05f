#include "allocation_counter.hpp"

#include <event_sourcing/inmemory/detail/append_only_list.hpp>
#include <event_sourcing/inmemory/detail/arena.hpp>
#include <event_sourcing/inmemory/detail/flat_table.hpp>
#include <event_sourcing/inmemory/detail/keyed_hash.hpp>
#include <event_sourcing/inmemory/detail/short_mutex.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using namespace event_sourcing;
using namespace event_sourcing::detail::inmemory;

std::vector<std::size_t> numbers(std::size_t begin, std::size_t end) {
    std::vector<std::size_t> out;
    for (auto i = begin; i < end; ++i) {
        out.push_back(i);
    }
    return out;
}

void append(AppendOnlyList<std::size_t>& list, Arena& arena, std::size_t count) {
    list.reserve(count, arena);
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back(list.size());
    }
}

TEST(AppendOnlyList, GivesEveryRangeOfItsElementsInBothDirections) {
    for (std::size_t const step : {1U, 3U, 20U}) {
        Arena arena;
        AppendOnlyList<std::size_t> list;
        while (list.size() < 60) {
            append(list, arena, step);
        }
        for (std::size_t begin = 0; begin <= list.size(); ++begin) {
            for (auto end = begin; end <= list.size(); ++end) {
                std::vector<std::size_t> forward;
                EXPECT_TRUE(list.view().forward(begin, end, [&](std::size_t i) { return forward.push_back(i), true; }));
                ASSERT_EQ(forward, numbers(begin, end)) << step << ' ' << begin << ' ' << end;
                std::vector<std::size_t> backward;
                EXPECT_TRUE(
                    list.view().backward(begin, end, [&](std::size_t i) { return backward.push_back(i), true; }));
                std::ranges::reverse(backward);
                ASSERT_EQ(backward, numbers(begin, end)) << step << ' ' << begin << ' ' << end;
            }
        }
    }
}

TEST(AppendOnlyList, StopsWhereTheVisitorSaysSo) {
    Arena arena;
    AppendOnlyList<std::size_t> list;
    append(list, arena, 30);
    std::size_t visits = 0;
    EXPECT_FALSE(list.view().forward(0, 30, [&](std::size_t i) { return ++visits, i != 11; }));
    EXPECT_EQ(visits, 12U);
    visits = 0;
    EXPECT_FALSE(list.view().backward(0, 30, [&](std::size_t i) { return ++visits, i != 11; }));
    EXPECT_EQ(visits, 19U);
}

TEST(AppendOnlyList, ReservesSoThatAppendingCannotFail) {
    Arena arena;
    AppendOnlyList<std::size_t> list;
    append(list, arena, 3);
    list.reserve(1000, arena);
    AllocationCounter const allocations{1};
    for (std::size_t i = 0; i < 1000; ++i) {
        list.push_back(list.size());
    }
    EXPECT_EQ(allocations.count(), 0U);
    EXPECT_EQ(list.view().size(), 1003U);
}

TEST(AppendOnlyList, IsReadWithoutALockWhileItGrows) {
    constexpr std::size_t last = 20'000;
    Arena arena;
    AppendOnlyList<std::size_t> list;
    ShortMutex mutex;
    std::atomic<bool> wrong = false;
    auto const read = [&](bool backward) {
        std::size_t size = 0;
        while (size < last) {
            mutex.lock();
            auto const view = list.view();
            mutex.unlock();
            std::size_t sum = 0;
            auto const add = [&](std::size_t i) { return sum += i, true; };
            size = view.size();
            auto const begin = size - std::min<std::size_t>(size, 100);
            backward ? view.backward(begin, size, add) : view.forward(begin, size, add);
            wrong = wrong || sum != (size == 0 ? 0 : (size - begin) * (begin + size - 1) / 2);
        }
    };
    std::jthread const forward{read, false};
    std::jthread const backward{read, true};
    while (list.size() < last) {
        std::lock_guard const lock{mutex};
        append(list, arena, 1);
    }
    EXPECT_FALSE(wrong);
}

TEST(Arena, HandsOutAlignedPiecesThatNeverMoveOrOverlap) {
    Arena arena;
    std::vector<std::pair<std::byte*, std::size_t>> pieces;
    for (std::size_t i = 0; i < 2000; ++i) {
        auto const bytes = i % 97 == 0 ? 20'000 : i % 150;
        auto* const piece = arena.allocate(bytes);
        ASSERT_EQ(reinterpret_cast<std::uintptr_t>(piece) % Arena::alignment, 0U);
        std::memset(piece, static_cast<int>(i % 251), bytes);
        pieces.emplace_back(piece, bytes);
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        auto const [piece, bytes] = pieces[i];
        ASSERT_TRUE(std::all_of(piece, piece + bytes, [i](std::byte b) { return b == std::byte(i % 251); })) << i;
    }
}

TEST(Arena, AsksTheSystemOncePerChunk) {
    Arena arena;
    AllocationCounter const allocations;
    for (int i = 0; i < 10'000; ++i) {
        static_cast<void>(arena.allocate(100));
    }
    EXPECT_LE(allocations.count(), 10U);  // 1.1 MB in chunks of 4 KiB, doubling
}

TEST(Arena, AdoptsAPieceThatWasMadeOutside) {
    Arena arena;
    static_cast<void>(arena.allocate(10));
    Arena::Piece piece{100};
    auto* const data = piece.data();
    EXPECT_EQ(arena.adopt(std::move(piece)), data);
    std::memset(data, 1, 100);
    Arena::Piece const dropped{100};
    EXPECT_NE(dropped.data(), nullptr);
}

TEST(FlatTable, FindsEntriesAlsoWhereAllHashesAreTheSame) {
    for (bool const same : {false, true}) {
        std::vector<int> values(300);
        FlatTable<int> table;
        auto const hash = [same](int value) { return same ? 7U : static_cast<std::uint64_t>(value); };
        auto const find = [&](int value) {
            return table.find(hash(value), [value](int other) { return other == value; });
        };
        EXPECT_EQ(find(1), nullptr);
        for (int i = 0; i < 300; ++i) {
            auto& value = values[static_cast<std::size_t>(i)];
            value = i;
            table.reserve(1);
            table.insert(hash(i), &value);
            ASSERT_EQ(find(i), &value);
            ASSERT_EQ(find(i + 1), nullptr);
        }
        for (auto& value : values) {
            ASSERT_EQ(find(value), &value);
        }
    }
}

TEST(FlatTable, ReservesSoThatInsertingCannotFail) {
    std::vector<int> values(500);
    FlatTable<int> table;
    table.reserve(values.size());
    AllocationCounter const allocations{1};
    for (std::size_t i = 0; i < values.size(); ++i) {
        table.insert(i, &values[i]);
    }
    EXPECT_EQ(allocations.count(), 0U);
}

std::uint64_t siphash(SipHash::Key const& key, std::string_view text) {
    SipHash hash{key};
    hash.add(text);
    return hash.finish();
}

TEST(KeyedHash, IsSipHash13) {
    if constexpr (std::endian::native != std::endian::little) {
        GTEST_SKIP() << "words are hashed in the order of this machine";
    }
    EXPECT_EQ(siphash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, ""), 0xabac0158050fc4dcU);
    EXPECT_EQ(siphash({0, 0}, "a"), 0x407448d2b89b1813U);
    EXPECT_EQ(siphash({0, 0}, "BankAccount"), 0x94e0bfd579b64208U);
    EXPECT_EQ(siphash({0, 0}, "01234567"), 0xda3dcedf84ea6cc6U);
    EXPECT_EQ(siphash({0, 0}, "0123456789abcdef"), 0x1d42b30f7e060c24U);
}

TEST(KeyedHash, HasAKeyOfItsOwnInEachStore) {
    EXPECT_NE(KeyedHash{}(dns_namespace), KeyedHash{}(dns_namespace));
    KeyedHash const hash;
    EXPECT_EQ(hash(dns_namespace), hash(dns_namespace));
    EXPECT_NE(hash(AggregateRef{"ab", "c"}), hash(AggregateRef{"a", "bc"}));
}

}  // namespace
