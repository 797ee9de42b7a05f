// Finding many events by their ids.
#include "eventually.hpp"
#include "filled.hpp"
#include "server.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;

class Find : public ::testing::Test {
protected:
    Find() {
        fill(at, 12'000);
        for (auto const& row :
             Sql{server_url()}.run("select id from " + at.name() + ".event where version <= 10000 order by position")) {
            ids.push_back(Uuid::parse(row.at(0)));
        }
    }

    TestSchema at{server_url()};
    PostgresDatabase database{at.options(Role::reader)};
    PostgresEventStore const store{database};
    std::vector<Uuid> ids;
};

TEST_F(Find, TenThousandComeByPositionAndOnce) {
    auto asked = ids;
    asked.insert(asked.end(), ids.begin(), ids.begin() + 100);
    std::ranges::shuffle(asked, std::mt19937{1});
    std::vector<Uuid> found;
    EXPECT_TRUE(store.find(asked, [&](RecordedEventView const& event) { found.push_back(event.id); }));
    EXPECT_EQ(found, ids);
}

TEST_F(Find, OneThatIsMissingIsNoticedAmongMany) {
    ids.back() = Uuid::v7();
    std::size_t found = 0;
    EXPECT_FALSE(store.find(ids, [&](RecordedEventView const&) { ++found; }));
    EXPECT_EQ(found, ids.size() - 1);
}

TEST_F(Find, VisitorThatStopsIsToldAllTheSame) {
    int visits = 0;
    auto const stop = [&](RecordedEventView const&) { return ++visits < 3; };
    EXPECT_TRUE(store.find(ids, stop));
    EXPECT_EQ(visits, 3);
    ids.back() = Uuid::v7();
    EXPECT_FALSE(store.find(ids, stop));
    EXPECT_EQ(visits, 4);
}

TEST_F(Find, VisitorMayCallTheStore) {
    auto options = at.options(Role::reader);
    options.connections = 1;
    PostgresDatabase one{options};
    PostgresEventStore const narrow{one};
    int visits = 0;
    EXPECT_TRUE(narrow.find(ids, [&](RecordedEventView const& event) {
        if (++visits % 1'000 == 0) {
            EXPECT_TRUE(narrow.find({{event.id}}, [](RecordedEventView const&) {}));
        }
    }));
    EXPECT_EQ(visits, 10'000);
}

// A statement is planned once in a session, maybe while the table is empty and every index looks alike.
TEST(FindPlannedOnAnEmptyTable, LooksUpIdsAndWalksNoPositions) {
    TestSchema const at{server_url()};
    {
        auto options = at.options(Role::reader);
        options.connections = 1;
        PostgresDatabase database{options};
        PostgresEventStore const store{database};
        EXPECT_FALSE(store.find({{Uuid::v7()}}, [](RecordedEventView const&) {}));
        fill(at, 2'000);
        EXPECT_FALSE(store.find({{Uuid::v7()}}, [](RecordedEventView const&) {}));
    }
    Sql sql{server_url()};
    auto const count = [&](std::string const& what, std::string const& index) {
        return sql.value("select " + what + " from pg_stat_user_indexes where schemaname = '" + at.name() +
                         "' and indexrelname = '" + index + "'");
    };
    EXPECT_TRUE(eventually([&] { return count("idx_scan", "event_id_key") == "2"; }));
    EXPECT_EQ(count("idx_tup_read", "event_pkey"), "0");
}

}  // namespace
}  // namespace postgres_test
