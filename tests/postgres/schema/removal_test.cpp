#include "eventually.hpp"
#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/snapshot_store.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using conformance::detail::events;

constexpr AggregateRef alice{"Account", "alice"};
constexpr AggregateRef bob{"Account", "bob"};

/// Three events of alice with a snapshot and a parked one, and two of bob.
class Removal : public ::testing::Test {
protected:
    Removal() {
        append(store, alice, ExpectedVersion::none(), events(3));
        append(store, bob, ExpectedVersion::none(), events(2));
        PostgresSnapshotStore snapshots{database};
        snapshots.save({.aggregate_type = "Account", .aggregate_id = "alice", .version = Version{3}, .state = "{}"});
        auto transaction = database.begin();
        transaction.execute(
            "insert into " + at.name() +
            ".parked_event select 'p', id, aggregate_type, aggregate_id, version, position, '{}', 1, 'x' from " +
            at.name() + ".event where version = 2");
        transaction.commit();
    }

    std::string rows(std::string const& table, std::string const& aggregate) {
        return Sql{server_url()}.value("select count(*) from " + at.name() + "." + table + " where aggregate_id = '" +
                                       aggregate + "'");
    }
    /// The SQLSTATE of what a role gets; empty where it succeeds.
    std::string try_as(Role role, std::string const& sql) {
        try {
            Sql{at.url(role)}.run("set search_path = " + at.name() + "; " + sql);
        } catch (SqlFailure const& failure) {
            return failure.sqlstate();
        }
        return "";
    }

    TestSchema at{server_url()};
    PostgresDatabase database{at.options(Role::writer)};
    PostgresEventStore store{database};
};

TEST_F(Removal, TakesAllOfOneAggregateAndNothingElse) {
    Sql owner{at.url(Role::owner)};
    EXPECT_EQ(owner.value("select " + at.name() + ".remove_aggregate('Account', 'alice')"), "3");
    for (std::string const table : {"event", "snapshot", "parked_event"}) {
        EXPECT_EQ(rows(table, "alice"), "0") << table;
    }
    EXPECT_EQ(rows("event", "bob"), "2");
    EXPECT_EQ(rows("parked_event", "bob"), "1");
    EXPECT_EQ(store.read(alice, {}, [](RecordedEventView const&) {}), Version{});

    // The store goes on, and no position comes twice.
    auto const before = Sql{server_url()}.value("select last_value from " + at.name() + ".event_position_seq");
    auto const next = append(store, alice, ExpectedVersion::none(), events(1));
    EXPECT_EQ(next.version, Version{1});
    EXPECT_GT(next.position.value, std::stoll(before));
}

TEST_F(Removal, OfTheHighestPositionsLeavesTheStoreInOrder) {
    Sql{at.url(Role::owner)}.run("select " + at.name() + ".remove_aggregate('Account', 'bob')");
    PostgresDatabase reading{at.options(Role::reader)};  // checks the schema
    std::vector<std::int64_t> seen;
    PostgresEventStore{reading}.read_all({},
                                         [&](RecordedEventView const& event) { seen.push_back(event.position.value); });
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2, 3}));
}

TEST_F(Removal, OfNothingIsNoError) {
    EXPECT_EQ(Sql{at.url(Role::owner)}.value("select " + at.name() + ".remove_aggregate('Account', 'nobody')"), "0");
}

TEST_F(Removal, MayBeAnArchivingInOneTransaction) {
    EXPECT_EQ(try_as(Role::owner,
                     "begin; create table archive as select * from event where aggregate_id = 'alice'; "
                     "select remove_aggregate('Account', 'alice'); commit"),
              "");
    EXPECT_EQ(rows("archive", "alice"), "3");
    EXPECT_EQ(rows("event", "alice"), "0");
}

TEST_F(Removal, IsUndoneWithItsTransaction) {
    EXPECT_EQ(try_as(Role::owner, "begin; select remove_aggregate('Account', 'alice'); rollback"), "");
    EXPECT_EQ(rows("event", "alice"), "3");
    EXPECT_EQ(rows("snapshot", "alice"), "1");
}

TEST_F(Removal, OpensNoDoorBehindItself) {
    EXPECT_EQ(try_as(Role::owner, "begin; select remove_aggregate('Account', 'alice'); delete from event; commit"),
              "42501");
    EXPECT_EQ(try_as(Role::owner,
                     "begin; savepoint s; do $$ begin perform remove_aggregate('Account', 'alice'); raise 'x'; "
                     "exception when others then null; end $$; delete from event; commit"),
              "42501");
    EXPECT_EQ(rows("event", "alice"), "3");
}

TEST_F(Removal, IsForTheOwnerAlone) {
    for (auto const role : {Role::writer, Role::reader, Role::replication}) {
        EXPECT_EQ(try_as(role, "select remove_aggregate('Account', 'alice')"), "42501");
    }
    EXPECT_EQ(rows("event", "alice"), "3");
}

TEST_F(Removal, TriggerStopsWhomAMistakeGaveTheRight) {
    Sql{at.url(Role::owner)}.run("set search_path = " + at.name() + "; grant update, delete, truncate on event to " +
                                 std::string{role_prefix} + "_writer; grant execute on function remove_aggregate to " +
                                 std::string{role_prefix} + "_writer");
    EXPECT_EQ(try_as(Role::writer, "select remove_aggregate('Account', 'alice')"), "42501");
    EXPECT_EQ(try_as(Role::writer, "set event_store.removal = 'on'; delete from event"), "42501");
    EXPECT_EQ(try_as(Role::writer, "set event_store.removal = 'on'; update event set data = '{}'"), "42501");
    EXPECT_EQ(try_as(Role::writer, "set event_store.removal = 'on'; truncate event"), "42501");
    EXPECT_EQ(rows("event", "alice"), "3");
}

TEST_F(Removal, OwnerAndSuperuserDoNotChangeEventsByMistake) {
    for (auto const role : {Role::owner, Role::superuser}) {
        for (std::string const sql :
             {"update event set data = '{}'", "delete from event", "truncate event", "truncate event cascade",
              "insert into event (id, aggregate_type, aggregate_id, version, event_type, data) select id, 'A', 'a', 9, "
              "'t', "
              "'{}' from event limit 1 on conflict (id) do update set data = '{}'"}) {
            EXPECT_EQ(try_as(role, sql), "42501") << sql;
        }
    }
    EXPECT_EQ(try_as(Role::superuser, "set session_replication_role = replica; delete from event"), "42501");
    EXPECT_EQ(rows("event", "alice"), "3");
}

TEST_F(Removal, WaitsForAppendsThatAreUnderWayAndReadersGoOn) {
    auto const one = events(1);
    AppendEntry const entry{alice, ExpectedVersion::any(), one};
    auto transaction = database.begin();
    store.append(transaction, {.entries = {&entry, 1}});

    Sql owner{at.url(Role::owner)};
    auto const session = owner.value("select pg_backend_pid()");
    std::string removed;
    std::jthread remover{
        [&] { removed = owner.value("select " + at.name() + ".remove_aggregate('Account', 'alice')"); }};
    Sql sql{server_url()};
    EXPECT_TRUE(eventually(
        [&] { return sql.value("select count(*) from pg_locks where not granted and pid = " + session) == "1"; }));
    EXPECT_EQ(store.read(bob, {}, [](RecordedEventView const&) {}), Version{2});
    transaction.commit();
    remover.join();
    EXPECT_EQ(removed, "4");
    EXPECT_EQ(rows("event", "alice"), "0");
}

// An append that waits has looked for nothing yet: else it would go on with a history that is gone.
TEST_F(Removal, OfAHistoryRefusesTheAppendsThatWaitedForIt) {
    auto const waiting_append = [&](int count) {
        Sql owner{at.url(Role::owner)};
        owner.run("begin; select " + at.name() + ".remove_aggregate('Account', 'alice')");
        std::jthread const waiting{[&] {
            EXPECT_THROW(append(store, alice, ExpectedVersion::exactly(Version{3}), events(count)), VersionConflict);
        }};
        Sql sql{server_url()};
        EXPECT_TRUE(eventually([&] {
            return sql.value(
                       "select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and "
                       "a.query like '%" +
                       at.name() + "%'") == "1";
        }));
        owner.run("commit");
    };
    waiting_append(1);
    EXPECT_EQ(rows("event", "alice"), "0");
    append(store, alice, ExpectedVersion::none(), events(3));
    waiting_append(2);
    EXPECT_EQ(rows("event", "alice"), "0");
}

TEST_F(Removal, RefusesASnapshotFromBeforeItsLock) {
    EXPECT_EQ(try_as(Role::owner,
                     "begin isolation level repeatable read; select remove_aggregate('Account', 'alice'); commit"),
              "25001");
}

}  // namespace
}  // namespace postgres_test
