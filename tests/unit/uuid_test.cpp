#include <event_sourcing/error.hpp>
#include <event_sourcing/uuid.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#if __has_include(<sys/wait.h>)
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

using event_sourcing::dns_namespace;
using event_sourcing::InvalidArgument;
using event_sourcing::Timestamp;
using event_sourcing::to_string;
using event_sourcing::url_namespace;
using event_sourcing::Uuid;
using event_sourcing::UuidV7Source;
using namespace std::chrono_literals;

/// The 48 bits of milliseconds at the start of a UUID of version 7.
std::int64_t milliseconds_of(Uuid id) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        value = value << 8 | id.bytes[i];
    }
    return value;
}

TEST(Sha1, GivesTheDigestsOfTheStandard) {
    auto const digest = [](std::string const& text) {
        event_sourcing::detail::Sha1 hash;
        for (char const c : text) {
            hash.update(std::array{static_cast<std::uint8_t>(c)});
        }
        std::string hex;
        for (auto const byte : hash.finish()) {
            hex += "0123456789abcdef"[byte >> 4];
            hex += "0123456789abcdef"[byte & 15];
        }
        return hex;
    };
    EXPECT_EQ(digest(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(digest("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(digest(std::string(1'000'000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    EXPECT_EQ(digest(std::string(55, 'a')), "c1c8bbdc22796e28c0e15163d20899b65621d65a");
    EXPECT_EQ(digest(std::string(64, 'a')), "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}

TEST(Uuid, VersionFiveMatchesTheVectorsOfTheRfc) {
    EXPECT_EQ(to_string(Uuid::v5(dns_namespace, "www.example.com")), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    EXPECT_EQ(to_string(Uuid::v5(dns_namespace, "python.org")), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
    static_assert(Uuid::v5(dns_namespace, "a") != Uuid::v5(url_namespace, "a"), "usable at compile time");
}

TEST(Uuid, DerivedIdsAreTheNamesOfTheOrdinalsInTheCommand) {
    auto const command = Uuid::parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    EXPECT_EQ(Uuid::derived(command, 0), Uuid::v5(command, "0"));
    EXPECT_EQ(Uuid::derived(command, 1234567890), Uuid::v5(command, "1234567890"));
    EXPECT_NE(Uuid::derived(command, 1), Uuid::derived(command, 10));
}

TEST(Uuid, PrintsWhatItParsesInLowerCase) {
    auto const text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    EXPECT_EQ(to_string(Uuid::parse(text)), text);
    EXPECT_EQ(Uuid::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), Uuid::parse(text));
    EXPECT_EQ(to_string(Uuid{}), "00000000-0000-0000-0000-000000000000");
    EXPECT_EQ(to_string(Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff")), "ffffffff-ffff-ffff-ffff-ffffffffffff");
}

TEST(Uuid, RefusesEveryOtherForm) {
    std::string const good = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    std::vector<std::string> bad{"",
                                 "{" + good + "}",
                                 "urn:uuid:" + good,
                                 good + "\n",
                                 " " + good.substr(1),
                                 "017f22e279b07cc398c4dc0c0c07398f",
                                 "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",
                                 "017f22e2_79b0_7cc3_98c4_dc0c0c07398f",
                                 std::string(36, '-'),
                                 good.substr(0, 35) + '\0'};
    for (std::size_t length = 0; length < good.size(); ++length) {
        bad.push_back(good.substr(0, length));
    }
    for (std::size_t i = 0; i < good.size(); ++i) {  // every place, with characters next to the digits in ASCII
        for (char const c : {'g', 'G', '/', ':', '@', '`', '\x90'}) {
            bad.push_back(good);
            bad.back()[i] = c;
        }
    }
    for (auto const& text : bad) {
        EXPECT_FALSE(Uuid::try_parse(text)) << text;
        EXPECT_THROW(static_cast<void>(Uuid::parse(text)), InvalidArgument) << text;
    }
}

TEST(Uuid, ErrorQuotesTheInputShortenedAndOnOneLine) {
    try {
        static_cast<void>(Uuid::parse("bad\n\"\xFF" + std::string(10'000, 'x')));
        FAIL();
    } catch (InvalidArgument const& e) {
        std::string const message = e.what();
        EXPECT_NE(message.find("\"bad\\x0a\\\"\\xffxxx"), std::string::npos) << message;
        EXPECT_NE(message.find("xxx\"..."), std::string::npos) << message;
        EXPECT_LT(message.size(), 250U);
    }
}

TEST(Uuid, OrderIsTheOrderOfTheText) {
    auto const a = Uuid::parse("0fffffff-ffff-ffff-ffff-ffffffffffff");
    auto const b = Uuid::parse("80000000-0000-0000-0000-000000000000");
    EXPECT_LT(a, b);
    EXPECT_LT(to_string(a), to_string(b));
}

TEST(Uuid, HashDependsOnBothHalves) {
    std::unordered_set<std::size_t> hashes;
    std::hash<Uuid> const hash;
    for (std::size_t byte = 0; byte < 16; ++byte) {
        for (unsigned value = 1; value < 256; ++value) {
            Uuid id;
            id.bytes[byte] = static_cast<std::uint8_t>(value);
            hashes.insert(hash(id));
        }
    }
    EXPECT_EQ(hashes.size(), 16U * 255U);
}

TEST(Uuid, VersionSevenHasTheLayoutOfTheRfc) {
    auto const before = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    auto const id = Uuid::v7();
    EXPECT_EQ(id.bytes[6] >> 4, 7);
    EXPECT_EQ(id.bytes[8] >> 6, 2);
    EXPECT_GE(milliseconds_of(id), before.time_since_epoch().count());
}

TEST(Uuid, VersionSevenIsUniqueAndIncreasingOverTwoThreads) {
    constexpr std::size_t count = 50'000;
    std::array<std::vector<Uuid>, 2> ids;
    {
        std::array<std::jthread, 2> threads;
        for (std::size_t t = 0; t < 2; ++t) {
            threads[t] = std::jthread{[&mine = ids[t]] {
                mine.reserve(count);
                for (std::size_t i = 0; i < count; ++i) {
                    mine.push_back(Uuid::v7());
                }
            }};
        }
    }
    std::vector<Uuid> all;
    for (auto const& mine : ids) {
        EXPECT_EQ(std::adjacent_find(mine.begin(), mine.end(), std::greater_equal{}), mine.end());
        all.insert(all.end(), mine.begin(), mine.end());
    }
    std::sort(all.begin(), all.end());
    // Also the prefixes alone are unique: the order between threads does not hang on the random part.
    EXPECT_EQ(std::adjacent_find(
                  all.begin(), all.end(),
                  [](Uuid a, Uuid b) { return std::equal(a.bytes.begin(), a.bytes.begin() + 8, b.bytes.begin()); }),
              all.end());
}

TEST(UuidV7Source, WritesTheTimeAndTheRandomBitsAsInTheRfc) {
    // RFC 9562, appendix A.6: 2022-02-22T14:22:22-05:00, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    Timestamp const now =
        event_sourcing::parse_timestamp("2022-02-22T19:22:22.000Z") + 798us;  // 798 * 4096 / 1000 = 0xCC4
    UuidV7Source source{[=] { return now; }, [] { return std::uint64_t{0x18C4DC0C0C07398F} << 2; }};
    EXPECT_EQ(to_string(source()), "017f22e2-79b0-7cc4-98c4-dc0c0c07398f");
}

TEST(UuidV7Source, IncreasesInAFrozenMillisecondBeyond4096Ids) {
    Timestamp const frozen = event_sourcing::parse_timestamp("2026-01-01T00:00:00Z");
    event_sourcing::IdSource const source = UuidV7Source{[=] { return frozen; }, [] { return std::uint64_t{0}; }};
    auto last = source();
    for (int i = 0; i < 10'000; ++i) {
        auto const next = source();
        ASSERT_LT(last, next);
        ASSERT_EQ(next.bytes[6] >> 4, 7);
        last = next;
    }
    EXPECT_EQ(milliseconds_of(last) - frozen.time_since_epoch() / 1ms, 2);
}

TEST(UuidV7Source, IncreasesWhenTheClockGoesBack) {
    Timestamp now = event_sourcing::parse_timestamp("2026-01-01T00:00:00Z");
    UuidV7Source const source{[&now] { return now -= 1h; }};
    auto last = source();
    for (int i = 0; i < 100; ++i) {
        auto const next = source();
        ASSERT_LT(last, next);
        last = next;
    }
}

TEST(UuidV7Source, CountsATimeBefore1970As1970) {
    UuidV7Source const source{[] { return Timestamp{-5s}; }, [] { return ~std::uint64_t{0}; }};
    EXPECT_EQ(to_string(source()), "00000000-0000-7001-bfff-ffffffffffff");
}

TEST(UuidV7Source, CopiesContinueOneSequence) {
    UuidV7Source const source{[] { return Timestamp{1s}; }, [] { return std::uint64_t{0}; }};
    UuidV7Source const copy = source;
    auto const first = source();
    auto const second = copy();
    EXPECT_LT(first, second);
    EXPECT_LT(second, source());
}

TEST(SystemRandom, DiffersFromCallToCallAndThreadToThread) {
    auto const random = event_sourcing::system_random();
    std::vector<std::uint64_t> here(1000);
    std::vector<std::uint64_t> there(1000);
    std::generate(here.begin(), here.end(), random);
    std::jthread{[&] { std::generate(there.begin(), there.end(), random); }}.join();
    std::unordered_set<std::uint64_t> all{here.begin(), here.end()};
    all.insert(there.begin(), there.end());
    EXPECT_EQ(all.size(), 2000U);
}

#if __has_include(<sys/wait.h>)
TEST(SystemRandom, ForkedChildDrawsOtherNumbersThanItsParent) {
    auto const random = event_sourcing::system_random();
    static_cast<void>(random());  // so that the child inherits a generator
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    auto const child = ::fork();
    ASSERT_NE(child, -1);
    if (child == 0) {
        auto const drawn = random();
        ::_exit(::write(ends[1], &drawn, sizeof drawn) == sizeof drawn ? 0 : 1);
    }
    std::uint64_t childs = 0;
    ASSERT_EQ(::read(ends[0], &childs, sizeof childs), static_cast<ssize_t>(sizeof childs));
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_NE(childs, random());
    ::close(ends[0]);
    ::close(ends[1]);
}
#endif

}  // namespace
