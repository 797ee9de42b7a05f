#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/schema.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using conformance::detail::events;

/// Something that a DBA should not do, in a schema with three events.
struct Damage {
    char const* name;
    char const* sql;
};

void PrintTo(Damage const& tested, std::ostream* out) { *out << tested.sql; }

class DamagedSchema : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedSchema, IsNoticed) {
    TestSchema const at{server_url()};
    {
        PostgresDatabase database{at.options(Role::writer)};
        PostgresEventStore store{database};
        append(store, {"Account", "alice"}, ExpectedVersion::none(), events(3));
    }
    // Each of the roles looks, as each of them starts a service.
    for (auto const role : {Role::owner, Role::writer, Role::reader}) {
        PostgresDatabase database{at.options(role)};
        EXPECT_NO_THROW(check_schema(database));
    }
    Sql{server_url()}.run("set search_path = " + at.name() + "; " + GetParam().sql);
    for (auto const role : {Role::owner, Role::writer, Role::reader}) {
        PostgresDatabase database{at.options(role)};
        EXPECT_THROW(check_schema(database), Corrupted);
        EXPECT_THROW(database.connect(), Corrupted);
    }
}

INSTANTIATE_TEST_SUITE_P(
    By, DamagedSchema,
    ::testing::Values(
        Damage{"HorizonDropped", "drop trigger horizon on event"},
        Damage{"HorizonDisabled", "alter table event disable trigger horizon"},
        Damage{"HorizonNotAlways", "alter table event enable trigger horizon"},
        Damage{"HorizonOnReplicasOnly", "alter table event enable replica trigger horizon"},
        Damage{"HorizonWithACondition",
               "drop trigger horizon on event; create trigger horizon before insert on event for each "
               "statement when (false) execute function horizon_guard(); "
               "alter table event enable always trigger horizon"},
        Damage{"HorizonAfterTheInsert",
               "drop trigger horizon on event; create trigger horizon after insert on event for each "
               "statement execute function horizon_guard(); "
               "alter table event enable always trigger horizon"},
        Damage{"HorizonOfAnotherFunction",
               "create function mimic() returns trigger language plpgsql as 'begin return null; end'; drop trigger "
               "horizon on "
               "event; create trigger horizon before insert on event for each statement execute function mimic(); "
               "alter table event enable always trigger horizon"},
        Damage{"AllTriggersDisabled", "alter table event disable trigger all"},
        Damage{"AppendOnlyDropped", "drop trigger append_only on event"},
        Damage{"AppendOnlyDisabled", "alter table event disable trigger append_only"},
        Damage{
            "AppendOnlyWithoutTruncate",
            "drop trigger append_only on event; create trigger append_only before update or delete on event for each "
            "statement execute function refuse_change(); alter table event enable always trigger append_only"},
        Damage{"Caching", "alter sequence event_position_seq cache 2"},
        Damage{"Cycling", "alter sequence event_position_seq cycle"},
        Damage{"Steps", "alter sequence event_position_seq increment 2"},
        Damage{"SetBack", "select setval('event_position_seq', 2)"},
        Damage{"SetBackByOne", "select setval('event_position_seq', 3, false)"},
        Damage{"TableGone", "drop table snapshot"}, Damage{"FunctionGone", "drop function append"},
        Damage{"KeyOfIdsGone", "alter table event drop constraint event_id_key"},
        Damage{"KeyOfVersionsGone", "alter table event drop constraint event_version_key"},
        Damage{"Restarted", "alter sequence event_position_seq restart"}),
    [](auto const& tested) { return std::string{tested.param.name}; });

TEST(Check, SequenceAheadOfTheEventsIsInOrder) {
    TestSchema const at{server_url()};
    Sql{server_url()}.run("select setval('" + at.name() + ".event_position_seq', 1000)");
    PostgresDatabase database{at.options(Role::writer)};
    EXPECT_NO_THROW(check_schema(database));
}

}  // namespace
}  // namespace postgres_test
