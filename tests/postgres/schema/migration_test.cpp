#include "scratch.hpp"
#include "server.hpp"
#include "sql.hpp"
#include "tools.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/schema.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;

void migrate_as(ScratchName const& at, Role role) {
    PostgresDatabase database{at.options(role)};
    database.connect();
}

/// A schema of the current version, made by the library.
std::string fresh_definition() {
    ScratchName const fresh;
    migrate_as(fresh, Role::owner);
    return definition_of(server_url(), fresh.name());
}

TEST(Migration, IsDoneOnceAndThenChangesNothing) {
    ScratchName const at;
    migrate_as(at, Role::owner);
    auto const made = definition_of(server_url(), at.name());
    auto const oid = Sql{server_url()}.value("select '" + at.name() + ".event'::regclass::oid");

    migrate_as(at, Role::owner);
    PostgresDatabase database{at.options(Role::owner)};
    migrate(database);
    migrate(database);
    EXPECT_EQ(definition_of(server_url(), at.name()), made);
    EXPECT_EQ(Sql{server_url()}.value("select '" + at.name() + ".event'::regclass::oid"), oid);
}

TEST(Migration, OneOfManyThatStartAtOnceDoesIt) {
    constexpr int starters = 16;
    ScratchName const at;
    auto const options = at.options(Role::owner);
    std::atomic<int> made{0};
    std::atomic<int> ready{0};
    std::barrier start{starters};
    std::vector<std::jthread> threads;
    for (int i = 0; i < starters; ++i) {
        threads.emplace_back([&] {
            auto mine = options;
            mine.log = [&made](LogLevel, std::string_view line) {
                made += line.find("was brought from version 0") != std::string_view::npos ? 1 : 0;
            };
            PostgresDatabase database{std::move(mine)};
            start.arrive_and_wait();
            database.connect();
            ++ready;
        });
    }
    threads.clear();
    EXPECT_EQ(ready, starters);
    EXPECT_EQ(made, 1);
    EXPECT_EQ(definition_of(server_url(), at.name()), fresh_definition());
}

TEST(Migration, ManyProcessesMayStartAtOnce) {
    ScratchName const at;
    auto const options = at.options(Role::owner);
    std::vector<::pid_t> children;
    for (int i = 0; i < 8; ++i) {
        auto const child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {  // leaves without the destructors of its parent
            int status = 1;
            try {
                PostgresDatabase database{options};
                database.connect();
                check_schema(database);
                status = 0;
            } catch (std::exception const& failure) {
                std::fputs(failure.what(), stderr);
            }
            ::_exit(status);
        }
        children.push_back(child);
    }
    for (auto const child : children) {
        int status = -1;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(Sql{server_url()}.value("select count(*) from " + at.name() + ".event_store_meta"), "1");
}

TEST(Migration, PrintedSqlMakesTheSameByPsql) {
    ScratchName const at;
    auto const file = ::testing::TempDir() + at.name() + ".sql";
    std::ofstream{file} << postgres_schema_sql(at.name()) << postgres_roles_sql(at.name(), role_prefix);
    run_tool("psql",
             {"--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname=" + url_of(Role::owner), "--file=" + file});
    ::unlink(file.c_str());

    TestSchema const migrated{server_url()};
    EXPECT_EQ(definition_of(server_url(), at.name()), definition_of(server_url(), migrated.name()));
    PostgresDatabase database{{.url = url_of(Role::writer), .schema = at.name(), .migration = Migration::never}};
    EXPECT_NO_THROW(check_schema(database));
}

TEST(Migration, RolesScriptMayRunAgain) {
    TestSchema const at{server_url()};
    auto const once = definition_of(server_url(), at.name());
    Sql{at.url(Role::owner)}.run(postgres_roles_sql(at.name(), role_prefix));
    EXPECT_EQ(definition_of(server_url(), at.name()), once);
}

TEST(Migration, NewerSchemaIsRefusedAndLeftAlone) {
    ScratchName const at;
    migrate_as(at, Role::owner);
    Sql{server_url()}.run("update " + at.name() +
                          ".event_store_meta set schema_version = " + std::to_string(postgres_schema_version + 1));
    auto const before = definition_of(server_url(), at.name());
    EXPECT_THROW(migrate_as(at, Role::owner), SchemaMismatch);
    PostgresDatabase database{at.options(Role::owner)};
    EXPECT_THROW(migrate(database), SchemaMismatch);
    EXPECT_THROW(check_schema(database), SchemaMismatch);
    EXPECT_EQ(definition_of(server_url(), at.name()), before);
}

TEST(Migration, MissingSchemaIsRefusedWhereItMayNotBeMade) {
    ScratchName const at;
    auto options = at.options(Role::owner);
    options.migration = Migration::never;
    PostgresDatabase database{options};
    EXPECT_THROW(database.connect(), SchemaMismatch);
    EXPECT_EQ(Sql{server_url()}.value("select count(*) from pg_namespace where nspname = '" + at.name() + "'"), "0");

    // Made by somebody at last: the same object finds it.
    migrate_as(at, Role::owner);
    EXPECT_NO_THROW(database.connect());
}

TEST(Migration, RoleThatMayNotCreateIsToldWhatToDo) {
    ScratchName const at;
    try {
        migrate_as(at, Role::writer);
        ADD_FAILURE() << "nothing was refused";
    } catch (SchemaMismatch const& refused) {
        EXPECT_NE(std::string_view{refused.what()}.find("postgres_schema_sql"), std::string_view::npos)
            << refused.what();
    }
    EXPECT_EQ(Sql{server_url()}.value("select count(*) from pg_namespace where nspname = '" + at.name() + "'"), "0");
}

TEST(Migration, RoleThatMayNotCreateUsesWhatIsThere) {
    TestSchema const at{server_url()};
    auto options = at.options(Role::writer);
    options.migration = Migration::when_allowed;
    PostgresDatabase database{options};
    EXPECT_NO_THROW(database.connect());
}

TEST(Migration, SchemaThatADbaHasMadeNeedsNoRightOnTheDatabase) {
    ScratchName const at;
    Sql{server_url()}.run("create schema " + at.name() + " authorization " + std::string{role_prefix} + "_writer");
    EXPECT_NO_THROW(migrate_as(at, Role::writer));
}

TEST(Migration, RoleWithoutRightsOnTheSchemaIsTold) {
    ScratchName const at;
    migrate_as(at, Role::owner);  // and no roles.sql
    EXPECT_THROW(migrate_as(at, Role::writer), PermissionDenied);
}

/// One table in the way, and as whose it looks.
struct Foreign {
    char const* name;
    char const* sql;
};

void PrintTo(Foreign const& tested, std::ostream* out) { *out << tested.sql; }

class ForeignSchema : public ::testing::TestWithParam<Foreign> {};

TEST_P(ForeignSchema, IsRefusedAndLeftAlone) {
    ScratchName const at;
    Sql sql{url_of(Role::owner)};
    sql.run("create schema " + at.name() + "; set search_path = " + at.name() + "; " + GetParam().sql);
    auto const before = definition_of(server_url(), at.name());

    EXPECT_THROW(migrate_as(at, Role::owner), SchemaMismatch);
    PostgresDatabase database{at.options(Role::owner)};
    EXPECT_THROW(migrate(database), SchemaMismatch);
    EXPECT_THROW(check_schema(database), SchemaMismatch);
    EXPECT_EQ(definition_of(server_url(), at.name()), before);
}

// The first is the event table of event-sourcing-rs, the Rust library whose shape this one has.
INSTANTIATE_TEST_SUITE_P(
    Tables, ForeignSchema,
    ::testing::Values(
        Foreign{"Original",
                "create table event (id uuid not null default gen_random_uuid(), aggregate_id varchar not null, "
                "aggregate_type varchar not null, data jsonb not null, event_type varchar not null, "
                "version bigint not null, timestamp timestamp not null); "
                "alter table event add primary key (id); "
                "create table snapshot (id uuid not null default gen_random_uuid(), aggregate_id varchar not null, "
                "aggregate_type varchar not null, state jsonb not null, version bigint not null, "
                "timestamp timestamp not null); insert into event (aggregate_id, aggregate_type, data, event_type, "
                "version, timestamp) values ('a', 'BankAccount', '{}', 'OpenBankAccount', 0, now())"},
        Foreign{"SnapshotOnly", "create table snapshot (picture bytea)"},
        Foreign{"EventView", "create view event as select 1 one"},
        Foreign{"MetaOfOthers", "create table event_store_meta (key text, value text)"},
        Foreign{"MetaWithoutItsRow", "create table event_store_meta (schema_version int)"}),
    [](auto const& tested) { return std::string{tested.param.name}; });

/// fixtures/schema_N.sql: what a release of schema version N left behind, written by make_fixture.sh.
class ReleasedSchema : public ::testing::TestWithParam<int> {};

TEST_P(ReleasedSchema, MigratesToWhatAFreshOneIsAndKeepsItsRows) {
    ScratchName const at;
    std::ifstream in{std::string{FIXTURES} + "/schema_" + std::to_string(GetParam()) + ".sql"};
    ASSERT_TRUE(in) << "there is no fixture of schema version " << GetParam() << ": run make_fixture.sh";
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (auto found = text.find("event_store_fixture"); found != std::string::npos;
         found = text.find("event_store_fixture", found)) {
        text.replace(found, std::string_view{"event_store_fixture"}.size(), at.name());
    }
    Sql{url_of(Role::owner)}.run(text);
    auto const rows = [&at] {
        std::string all;
        for (std::string const table : {"event", "snapshot", "checkpoint", "parked_event"}) {
            for (auto const& row :
                 Sql{server_url()}.run("select t::text from " + at.name() + "." + table + " t order by 1")) {
                all += table + " " + row.at(0) + "\n";
            }
        }
        return all + Sql{server_url()}.value("select incarnation from " + at.name() + ".event_store_meta");
    };
    auto const before = rows();

    auto const options = at.options(Role::owner);
    PostgresDatabase database{options};
    migrate(database);
    EXPECT_EQ(definition_of(server_url(), at.name()), fresh_definition());
    if (GetParam() == postgres_schema_version) {  // a later version may add columns
        EXPECT_EQ(rows(), before);
    }

    PostgresEventStore store{database};
    std::vector<std::string> seen;
    Position last;
    store.read_all({}, [&](RecordedEventView const& event) {
        seen.push_back(std::string{event.aggregate_id} + " " + std::to_string(event.version.value) + " " +
                       std::string{event.data});
        last = event.position;
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"alice 1 {\"owner\": \"Alice \\u0000\"}", "alice 2 {\"amount\": 3e2}",
                                              std::string{"bob 1 \0\xFF", 8}}));
    auto const appended =
        append(store, {"Account", "alice"}, ExpectedVersion::exactly(Version{2}), {{.event_type = "Deposited"}});
    EXPECT_GT(appended.position, last);
}

INSTANTIATE_TEST_SUITE_P(Version, ReleasedSchema, ::testing::Range(1, postgres_schema_version + 1),
                         ::testing::PrintToStringParamName{});

}  // namespace
}  // namespace postgres_test
