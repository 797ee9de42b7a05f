// However much there is to read, it takes no more memory.
#include "filled.hpp"
#include "server.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string_view>

namespace postgres_test {
namespace {

using namespace event_sourcing;

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

/// What of this process is in memory, in bytes.
std::int64_t resident() {
    std::int64_t pages = 0;
    std::ifstream{"/proc/self/statm"} >> pages >> pages;
    return pages * ::sysconf(_SC_PAGESIZE);
}

/// Counts visits, and looks at the memory before, after 100 000 visits, and at the end.
class Meter {
public:
    void operator()(RecordedEventView const& event) {
        bytes_ += event.data.size();
        if (++visits == 100'000) {
            early_ = resident();
        }
    }
    void expect_no_growth() const {
        EXPECT_GT(early_, 0);
        EXPECT_LE(early_, before_ + 16 * 1024 * 1024);  // or it read all of it at first
        EXPECT_LE(resident(), early_ + 8 * 1024 * 1024);
    }

    int visits = 0;

private:
    std::size_t bytes_ = 0;
    std::int64_t before_ = resident();
    std::int64_t early_ = 0;
};

TEST(Memory, DoesNotGrowWithWhatIsRead) {
    auto const* const is_long = std::getenv("EVENT_SOURCING_TEST_LONG");
    int const events = is_long != nullptr && std::string_view{is_long} == "1" ? 1'000'000 : 300'000;
    TestSchema const at{server_url()};
    fill(at, events);
    PostgresDatabase database{at.options(Role::reader)};
    PostgresEventStore const store{database};
    auto const look = [&](auto read) {
        Meter meter;
        read(meter);
        EXPECT_EQ(meter.visits, events);
        meter.expect_no_growth();
    };
    AggregateRef const hot{"Account", "hot"};
    look([&](Meter& meter) { EXPECT_EQ(store.read_all({.limit = everything}, meter), Position{events}); });
    look([&](Meter& meter) { store.read_all({.limit = everything, .direction = Direction::backward}, meter); });
    look([&](Meter& meter) { EXPECT_EQ(store.read(hot, {}, meter), Version{events}); });
    look([&](Meter& meter) { store.read(hot, {.direction = Direction::backward}, meter); });
    look([&](Meter& meter) { store.read_all({.limit = everything, .filter = {.event_types = {"Noted"}}}, meter); });
}

TEST(Memory, TakesLessWhereEventsAreLarge) {
    TestSchema const at{server_url()};
    Sql{at.url(Role::owner)}.run(
        "insert into " + at.name() +
        ".event (id, aggregate_type, aggregate_id, version, event_type, data) select "
        "gen_random_uuid(), 'Account', 'hot', n, 'Noted', ('\"' || repeat('x', 500000) || '\"')::json "
        "from generate_series(1, 400) n");  // 200 MB
    PostgresDatabase database{at.options(Role::reader)};
    PostgresEventStore const store{database};
    auto const before = resident();
    std::int64_t most = 0;
    int visits = 0;
    store.read({"Account", "hot"}, {}, [&](RecordedEventView const& event) {
        EXPECT_EQ(event.data.size(), 500'002U);
        most = std::max(most, resident() - before);
        if (++visits == 300) {  // the first page of 250 was asked for without knowing them
            most = 0;
        }
    });
    EXPECT_EQ(visits, 400);
    EXPECT_LE(most, 8 * 1024 * 1024);
}

}  // namespace
}  // namespace postgres_test
