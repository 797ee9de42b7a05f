// What a session can put in the way of names, and into settings, changes nothing of what the store does.
#include "schema.hpp"
#include "scratch.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/postgres/event_store.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using conformance::detail::events;

class SearchPath : public ::testing::Test {
protected:
    SearchPath() {
        PostgresEventStore store{database};
        append(store, {"Account", "alice"}, ExpectedVersion::none(), events(10));
    }

    /// A plain INSERT of one event, in full names.
    [[nodiscard]] std::string insert() const {
        return "insert into " + at.name() +
               ".event (id, aggregate_type, aggregate_id, version, event_type, data) values "
               "(pg_catalog.gen_random_uuid(), "
               "'Account', pg_catalog.gen_random_uuid()::text, 1, 'Opened', '{}')";
    }
    /// The append of one event by the function, in full names.
    [[nodiscard]] std::string call() const {
        return "select * from " + at.name() +
               ".append('{1}'::int[], '{Account}'::text[], '{zoe}'::text[], '{-1}'::bigint[], '{1}'::int[], "
               "array[pg_catalog.gen_random_uuid()], '{Opened}'::text[], null, array['{}'::json], null, null, null, "
               "null)";
    }
    /// The keys of the horizon locks that a session holds.
    std::vector<std::string> horizon_locks_of(Sql& session) {
        std::vector<std::string> keys;
        for (auto const& row : superuser.run(
                 "select objid from pg_locks where locktype = 'advisory' and objsubid = 2 and classid = '" + at.name() +
                 ".event_position_seq'::regclass and pid = " + std::to_string(PQbackendPID(session.connection())))) {
            keys.push_back(row.at(0));
        }
        return keys;
    }
    std::string stored() { return superuser.value("select count(*) from " + at.name() + ".event"); }
    std::size_t visible() {
        PostgresDatabase reading{at.options(Role::reader)};
        std::size_t count = 0;
        PostgresEventStore{reading}.read_all({}, [&](RecordedEventView const&) { ++count; });
        return count;
    }

    TestSchema at{server_url()};
    PostgresDatabase database{at.options(Role::writer)};
    Sql superuser{server_url()};
    std::vector<std::string> const the_last{"10"};
};

TEST_F(SearchPath, TemporaryTablesAreNotTakenForTheStores) {
    Sql writer{at.url(Role::writer)};
    writer.run("create temp table event (like " + at.name() +
               ".event); create temp table snapshot (a int); "
               "create temp sequence event_position_seq; create domain pg_temp.oid as int; create domain "
               "pg_temp.regclass as int; "
               "create temp table pg_class (oid int, relowner int); create temp table pg_locks (a int); set "
               "search_path = pg_temp, " +
               at.name());
    writer.run("begin; " + insert());
    EXPECT_EQ(horizon_locks_of(writer), the_last);
    writer.run(call());
    EXPECT_EQ(writer.value("select " + at.name() + ".settled()"), "10");
    writer.run("commit");
    EXPECT_EQ(writer.value("select count(*) from pg_temp.event"), "0");
    EXPECT_EQ(stored(), "12");
}

TEST_F(SearchPath, FunctionsOfAnotherSchemaAreNotTakenForTheServers) {
    ScratchName const evil;
    superuser.run("create schema " + evil.name() + " authorization " + std::string{role_prefix} + "_writer");
    Sql writer{at.url(Role::writer)};
    auto const mimic = [&](std::string const& signature, std::string const& result, std::string const& body) {
        writer.run("create function " + evil.name() + "." + signature + " returns " + result + " language sql as $$ " +
                   body + " $$");
    };
    mimic("pg_advisory_xact_lock_shared(int, int)", "void", "select null::void");
    mimic("pg_advisory_xact_lock_shared(bigint)", "void", "select null::void");
    mimic("pg_advisory_xact_lock(bigint)", "void", "select null::void");
    mimic("current_setting(text, boolean)", "text", "select '1000000'::text");
    mimic("set_config(text, text, boolean)", "text", "select 'x'::text");
    mimic("pg_sequence_last_value(regclass)", "bigint", "select 1000000::bigint");
    mimic("pg_has_role(name, oid, text)", "boolean", "select true");
    mimic("hashtextextended(text, bigint)", "bigint", "select 1::bigint");
    mimic("less(bigint, bigint)", "boolean", "select true");
    writer.run("create operator " + evil.name() +
               ".<= (leftarg = bigint, rightarg = bigint, function = " + evil.name() + ".less)");
    writer.run("set search_path = " + evil.name() + ", pg_catalog");
    writer.run("begin; " + insert());
    EXPECT_EQ(horizon_locks_of(writer), the_last);
    writer.run(call());
    EXPECT_EQ(superuser.value("select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1 and mode = "
                              "'ExclusiveLock' and pid = " +
                              std::to_string(PQbackendPID(writer.connection()))),
              "1");
    writer.run("commit");
    EXPECT_EQ(stored(), "12");
    try {
        writer.run("delete from " + at.name() + ".event");
        ADD_FAILURE() << "deleted";
    } catch (SqlFailure const& refused) {
        EXPECT_EQ(refused.sqlstate(), "42501");
    }
}

TEST_F(SearchPath, BetterMatchesOfAPublicSchemaDoNotReachTheLibrary) {
    // As before PostgreSQL 15, where everybody may create in "public", which is in everybody's search_path.
    ScratchName const everybody;
    superuser.run("create schema " + everybody.name() + "; grant usage, create on schema " + everybody.name() +
                  " to public");
    Sql attacker{at.url(Role::reader)};
    for (std::string const signature : {"hashtextextended(text, int)", "unnest(text[])", "array_fill(int, int[])"}) {
        attacker.run("create function " + everybody.name() + "." + signature +
                     " returns bigint language plpgsql as $$ begin raise 'taken over'; end $$");
    }
    auto options = at.options(Role::writer);
    options.url = with_settings(options.url, {{"options", "-csearch_path=" + everybody.name()}});
    PostgresDatabase attacked{options};
    PostgresEventStore store{attacked};
    append(store, {"Account", "bob"}, ExpectedVersion::none(), events(1));
    append(store, {"Account", "bob"}, ExpectedVersion::any(), events(3));
    EXPECT_EQ(visible(), 14U);
}

TEST_F(SearchPath, ForgedSettingsDoNotLoosenTheOrder) {
    for (std::string const forged : {"1000000", "11", "10", "9", "0", "-5000000000"}) {
        SCOPED_TRACE(forged);
        auto const before = visible();
        Sql writer{at.url(Role::writer)};
        writer.run("set event_store.horizon_last = '" + forged +
                   "'; begin; "
                   "select set_config('event_store.horizon_xid', pg_current_xact_id()::text, false); " +
                   insert());
        auto const keys = horizon_locks_of(writer);
        ASSERT_EQ(keys.size(), 1U);
        EXPECT_LE(std::stoul(keys.front()), before);

        Sql{at.url(Role::writer)}.run(insert());  // a newer one, and stored
        EXPECT_LE(visible(), before);
        writer.run("commit");
        EXPECT_EQ(visible(), before + 2);
    }
}

TEST_F(SearchPath, AdvisoryLocksOfOthersDelayReadersAndLoseNothing) {
    // Every role of a server may take any advisory lock: docs/postgres.md says how to take that away.
    Sql reader{at.url(Role::reader)};
    reader.run("select pg_advisory_lock_shared('" + at.name() + ".event_position_seq'::regclass::oid::int, 10)");
    PostgresEventStore store{database};
    append(store, {"Account", "alice"}, ExpectedVersion::any(), events(3));
    EXPECT_EQ(visible(), 10U);
    // A key above the last position says nothing.
    Sql{server_url()}.run("select pg_advisory_lock_shared('" + at.name() +
                          ".event_position_seq'::regclass::oid::int, 5000)");
    reader.run("select pg_advisory_unlock_all()");
    EXPECT_EQ(visible(), 13U);
}

}  // namespace
}  // namespace postgres_test
