// What the roles of a service must not be able to do: each of them tries each of these, is refused by name, and nothing has
// changed. What they can do by way of search_path, settings and locks is in search_path_test.cpp.
#include "schema.hpp"
#include "scratch.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/postgres/event_store.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using conformance::detail::events;

enum class Tried : unsigned char { by_all, not_by_the_writer, not_by_replication };

/// One statement. `@S@` stands for the store's schema, `@OWN@` for one that the attacker owns, `@ROLE@` for the attacker,
/// `@PREFIX@` for that of the roles' names.
struct Attack {
    char const* name;
    char const* sql;
    char const* sqlstate = "42501";  ///< what it must be refused with; empty: goes through, and changes nothing
    Tried tried = Tried::by_all;
    int since = 14;  ///< the version of PostgreSQL that has the statement
};

void PrintTo(Attack const& attack, std::ostream* out) { *out << attack.sql; }

std::vector<Attack> const attacks{
    // Rows of events.
    {"UpdateEvent", "update @S@.event set data = '{}'"},
    {"UpdateNoRow", "update @S@.event set data = '{}' where false"},
    {"UpdatePosition", "update @S@.event set position = default"},
    {"UpdateThroughAView", "create view @OWN@.v as select * from @S@.event; update @OWN@.v set data = '{}'"},
    {"DeleteEvent", "delete from @S@.event"},
    {"DeleteReturning", "with gone as (delete from @S@.event returning id) select * from gone"},
    {"DeleteAsRemoval", "set event_store.removal = 'on'; delete from @S@.event"},
    {"Truncate", "truncate @S@.event"},
    {"TruncateCascade", "truncate @S@.event, @S@.snapshot restart identity cascade"},
    {"SelectForUpdate", "select * from @S@.event for update"},
    {"SelectForKeyShare", "select * from @S@.event for key share"},
    {"LockExclusively", "begin; lock table @S@.event in access exclusive mode"},
    {"LockAgainstWriters", "begin; lock table @S@.event in share row exclusive mode"},
    {"InsertAtAPosition",
     "insert into @S@.event (position, id, aggregate_type, aggregate_id, version, event_type, data) "
     "overriding system value values (1000, gen_random_uuid(), 'A', 'a', 1, 't', '{}')"},
    {"InsertAtANegativePosition",
     "insert into @S@.event (position, id, aggregate_type, aggregate_id, version, event_type, data) "
     "overriding system value values (-1, gen_random_uuid(), 'A', 'a', 1, 't', '{}')"},
    {"InsertOverridingUserValue",
     "insert into @S@.event (position, id, aggregate_type, aggregate_id, version, event_type, data) "
     "overriding user value values (1000, gen_random_uuid(), 'A', 'a', 1, 't', '{}')"},
    {"InsertWholeRows", "insert into @S@.event overriding user value select * from @S@.event"},
    {"Upsert",
     "insert into @S@.event (id, aggregate_type, aggregate_id, version, event_type, data) select id, 'A', 'a', 1, 't', "
     "'{}' "
     "from @S@.event on conflict (id) do update set data = excluded.data"},
    {"MergeUpdate", "merge into @S@.event e using (select 1) s on true when matched then update set data = '{}'",
     "42501", Tried::by_all, 15},
    {"MergeDelete", "merge into @S@.event e using (select 1) s on true when matched then delete", "42501",
     Tried::by_all, 15},
    {"CopyInAtAPosition",
     "copy @S@.event (position, id, aggregate_type, aggregate_id, version, event_type, data) from stdin"},
    {"CopyInWholeRows", "copy @S@.event from stdin"},
    // What only the writer may do.
    {"InsertEvent",
     "insert into @S@.event (id, aggregate_type, aggregate_id, version, event_type, data) values "
     "(gen_random_uuid(), 'A', 'a', 1, 't', '{}')",
     "42501", Tried::not_by_the_writer},
    {"CallAppend",
     "select @S@.append('{1}', '{A}', '{a}', '{-1}', '{1}', array[gen_random_uuid()], '{t}', null, array['{}'::json], "
     "null, null, null, null)",
     "42501", Tried::not_by_the_writer},
    {"InsertSnapshot", "insert into @S@.snapshot values ('A', 'a', 1, '{}', null, 'f')", "42501",
     Tried::not_by_the_writer},
    {"DeleteSnapshot", "delete from @S@.snapshot", "42501", Tried::not_by_the_writer},
    {"MoveCheckpoint", "update @S@.checkpoint set cursor = 'x'", "42501", Tried::not_by_the_writer},
    {"Unpark", "delete from @S@.parked_event", "42501", Tried::not_by_the_writer},
    // The other tables, and the owner's functions.
    {"TruncateSnapshots", "truncate @S@.snapshot"},
    {"TruncateCheckpoints", "truncate @S@.checkpoint"},
    {"UpdateMeta", "update @S@.event_store_meta set incarnation = gen_random_uuid()"},
    {"DowngradeMeta", "update @S@.event_store_meta set schema_version = 0"},
    {"InsertMeta", "insert into @S@.event_store_meta (only_row, schema_version) values (null, 1)"},
    {"DeleteMeta", "delete from @S@.event_store_meta"},
    {"RemoveAggregate", "select @S@.remove_aggregate('Account', 'alice')"},
    {"CopyOfRemoveAggregate",
     "do $do$ begin execute (select replace(pg_get_functiondef('@S@.remove_aggregate'::regproc), "
     "'@S@.remove_aggregate', "
     "'@OWN@.remove_aggregate')); end $do$; select @OWN@.remove_aggregate('Account', 'alice')"},
    {"RenewIncarnation", "select @S@.renew_incarnation()"},
    // The sequence.
    {"Nextval", "select nextval('@S@.event_position_seq')"},
    {"Setval", "select setval('@S@.event_position_seq', 1)"},
    {"AlterSequenceRestart", "alter sequence @S@.event_position_seq restart"},
    {"AlterSequenceCache", "alter sequence @S@.event_position_seq cache 100"},
    {"RestartIdentity", "alter table @S@.event alter position restart"},
    {"IdentityByDefault", "alter table @S@.event alter position set generated by default"},
    {"OwnTheSequence", "alter sequence @S@.event_position_seq owned by none"},
    // Definitions.
    {"DropTable", "drop table @S@.event cascade"},
    {"DropSchema", "drop schema @S@ cascade"},
    {"RenameSchema", "alter schema @S@ rename to @S@_gone"},
    {"RenameTable", "alter table @S@.event rename to elsewhere"},
    {"MoveTable", "alter table @S@.event set schema @OWN@"},
    {"TakeTable", "alter table @S@.event owner to @ROLE@"},
    {"TakeSchema", "alter schema @S@ owner to @ROLE@"},
    {"DropOwned", "drop owned by @PREFIX@_owner"},
    {"ReassignOwned", "reassign owned by @PREFIX@_owner to @ROLE@"},
    {"DisableTrigger", "alter table @S@.event disable trigger append_only"},
    {"DisableAllTriggers", "alter table @S@.event disable trigger all"},
    {"EnableReplicaTrigger", "alter table @S@.event enable replica trigger horizon"},
    {"DropTrigger", "drop trigger horizon on @S@.event"},
    {"AddTrigger",
     "create function @OWN@.f() returns trigger language plpgsql as 'begin return null; end'; "
     "create trigger mute before insert on @S@.event for each row execute function @OWN@.f()"},
    {"AddRule", "create rule mute as on insert to @S@.event do instead nothing"},
    {"AddPolicy", "create policy hide on @S@.event using (false)"},
    {"EnableRowSecurity", "alter table @S@.event enable row level security"},
    {"AddColumn", "alter table @S@.event add column extra int"},
    {"DropColumn", "alter table @S@.event drop column metadata"},
    {"DropConstraint", "alter table @S@.event drop constraint event_version_key"},
    {"AlterDefault", "alter table @S@.event alter timestamp set default 'epoch'"},
    {"AddIndex", "create index on @S@.event (event_type)"},
    {"DropIndex", "drop index @S@.event_id_key"},
    {"ReindexTable", "reindex table @S@.event"},
    {"ClusterTable", "cluster @S@.event using event_pkey"},
    {"AddStatistics", "create statistics @OWN@.s on id, version from @S@.event"},
    {"InheritFromIt", "create table @OWN@.child () inherits (@S@.event)"},
    {"ReferToIt", "create table @OWN@.t (id uuid references @S@.event (id) on delete cascade)"},
    {"ReferToMeta", "create table @OWN@.t (b boolean references @S@.event_store_meta on delete cascade)"},
    {"Comment", "comment on table @S@.event is 'mine'"},
    {"StorageOptions", "alter table @S@.event set (autovacuum_enabled = false)"},
    {"ReplicaIdentity", "alter table @S@.event replica identity nothing"},
    {"Publish", "create publication mine for table @S@.event"},
    {"CreateTableInIt", "create table @S@.mine (a int)"},
    {"CreateViewInIt", "create view @S@.mine as select 1 one"},
    {"CreateTypeInIt", "create type @S@.mine as enum ('a')"},
    {"CreateFunctionInIt", "create function @S@.append(int) returns int language sql as 'select 1'"},
    {"ReplaceSettled", "create or replace function @S@.settled() returns bigint language sql as 'select 1::bigint'"},
    {"ReplaceGuard",
     "create or replace function @S@.horizon_guard() returns trigger language plpgsql as 'begin return null; end'"},
    {"DropFunction", "drop function @S@.settled()"},
    {"AlterFunctionPath", "alter function @S@.settled() set search_path = @OWN@"},
    {"AlterFunctionDefiner", "alter function @S@.append security definer"},
    {"TakeFunction", "alter function @S@.settled() owner to @ROLE@"},
    // Rights.
    {"GrantToItself", "grant update, delete on @S@.event to @ROLE@", ""},
    {"GrantToAll", "grant all on @S@.event to public", ""},
    {"GrantCreateToAll", "grant create on schema @S@ to public", ""},
    {"DefaultPrivileges", "alter default privileges for role @PREFIX@_owner grant all on tables to @ROLE@"},
    {"BecomeOwner", "set role @PREFIX@_owner"},
    {"BecomeSuperuser", "set role postgres"},
    {"SessionAuthorization", "set session authorization @PREFIX@_owner"},
    {"JoinOwner", "grant @PREFIX@_owner to @ROLE@"},
    {"BecomeSuper", "alter role @ROLE@ superuser"},
    {"ChangeOwnersPassword", "alter role @PREFIX@_owner password 'x'"},
    {"CreateRole", "create role mine superuser"},
    {"CreateDatabase", "create database mine"},
    {"CreateSchema", "create schema mine"},
    // The session and the server.
    {"ReplicaSession", "set session_replication_role = replica"},
    {"AllowSystemTables", "set allow_system_table_mods = on"},
    {"UpdateCatalog", "update pg_catalog.pg_trigger set tgenabled = 'D'"},
    {"UpdateCatalogOwner", "update pg_catalog.pg_class set relowner = 10"},
    {"AlterSystem", "alter system set synchronous_commit = off"},
    {"AlterOwnersSettings", "alter role @PREFIX@_owner set synchronous_commit = off"},
    {"AlterDatabase",
     "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$"},
    {"ReloadConfiguration", "select pg_reload_conf()"},
    {"SwitchWal", "select pg_switch_wal()"},
    {"TerminateOthers", "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'"},
    {"CopyToProgram", "copy @S@.event to program 'true'"},
    {"CopyFromProgram", "copy @S@.event (id) from program 'true'"},
    {"CopyToFile", "copy @S@.event to '/tmp/event-sourcing-attack'"},
    {"CopyFromFile", "copy @S@.event (id) from '/etc/passwd'"},
    {"ReadPasswords", "select * from pg_catalog.pg_authid"},
    {"ReadFile", "select pg_read_file('/etc/passwd')"},
    {"ListDirectory", "select pg_ls_dir('.')"},
    {"ImportLargeObject", "select lo_import('/etc/passwd')"},
    {"ExportLargeObject", "select lo_export(1, '/tmp/event-sourcing-attack')"},
    {"LoadLibrary", "load '/tmp/event-sourcing-attack.so'"},
    {"CFunction", "create function @OWN@.c() returns int language c as '/tmp/event-sourcing-attack.so', 'f'"},
    {"CreateExtension", "create extension file_fdw"},
    {"CreateEventTrigger",
     "create function @OWN@.e() returns event_trigger language plpgsql as 'begin end'; "
     "create event trigger mine on ddl_command_start execute function @OWN@.e()"},
    {"CreateSubscription", "create subscription mine connection 'dbname=x' publication p with (connect = false)"},
    {"CreateSlot", "select pg_create_logical_replication_slot('mine', 'pgoutput')", "42501", Tried::not_by_replication},
};

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

std::string suffix_of(Role role) {
    return role == Role::writer ? "writer" : role == Role::reader ? "reader" : "replication";
}

/// Everything that an attack could change, as one text: the rows, the sequence, and what the catalogue says.
std::string state_of(Sql& superuser, std::string const& schema) {
    std::string out;
    auto const add = [&](std::string const& sql) {
        for (auto const& row : superuser.run(sql)) {
            for (auto const& value : row) {
                out += value + "|";
            }
            out += "\n";
        }
    };
    for (std::string const table :
         {"event", "snapshot", "checkpoint", "parked_event", "event_store_meta", "event_position_seq"}) {
        add("select row(t.*)::text from " + schema + "." + table + " t order by 1");
    }
    auto const space = "'" + schema + "'::regnamespace";
    add("select nspowner, nspacl from pg_namespace where oid = " + space);
    add("select relname, relowner, relacl, relkind, relhastriggers, relrowsecurity, relhasrules, reloptions, "
        "relreplident from "
        "pg_class where relnamespace = " +
        space + " order by 1");
    add("select attrelid::regclass, attname, attacl, attidentity, attisdropped from pg_attribute where attrelid in "
        "(select oid from "
        "pg_class where relnamespace = " +
        space + ") order by 1, 2");
    add("select pg_get_functiondef(oid), proowner, proacl from pg_proc where pronamespace = " + space + " order by 1");
    add("select pg_get_triggerdef(oid), tgenabled from pg_trigger where tgrelid = '" + schema +
        ".event'::regclass order by 1");
    add("select pg_get_constraintdef(oid) from pg_constraint where connamespace = " + space + " or confrelid = '" +
        schema + ".event'::regclass order by 1");
    add("select rolname, rolsuper, rolcreaterole, rolconfig from pg_roles where rolname like '" +
        std::string{role_prefix} + "%' order by 1");
    add("select roleid::regrole, member::regrole from pg_auth_members where roleid::regrole::text like '" +
        std::string{role_prefix} + "%' order by 1, 2");
    add("select obj_description('" + schema + ".event'::regclass)");
    return out;
}

class RefusedAttack : public ::testing::TestWithParam<Attack> {};

TEST_P(RefusedAttack, ChangesNothing) {
    auto const& attack = GetParam();
    Sql superuser{server_url()};
    if (PQserverVersion(superuser.connection()) < attack.since * 10000) {
        GTEST_SKIP() << "this server does not have the statement";
    }
    TestSchema const at{server_url()};
    {
        PostgresDatabase database{at.options(Role::writer)};
        PostgresEventStore store{database};
        append(store, {"Account", "alice"}, ExpectedVersion::none(), events(3));
        auto transaction = database.begin();
        transaction.execute("insert into " + at.name() + ".snapshot values ('Account', 'alice', 3, '{}', null, 'f')");
        transaction.execute("insert into " + at.name() + ".checkpoint (name, lane, cursor) values ('p', '', 'c')");
        transaction.commit();
    }
    auto const before = state_of(superuser, at.name());
    for (auto const role : {Role::writer, Role::reader, Role::replication}) {
        if ((attack.tried == Tried::not_by_the_writer && role == Role::writer) ||
            (attack.tried == Tried::not_by_replication && role == Role::replication)) {
            continue;  // it may: that is its work
        }
        auto const attacker = std::string{role_prefix} + "_" + suffix_of(role);
        SCOPED_TRACE("as " + attacker);
        ScratchName const own;
        superuser.run("create schema " + own.name() + " authorization " + attacker);
        std::string sql = attack.sql;
        replace_all(sql, "@S@", at.name());
        replace_all(sql, "@OWN@", own.name());
        replace_all(sql, "@ROLE@", attacker);
        replace_all(sql, "@PREFIX@", role_prefix);
        std::string sqlstate;
        std::string said;
        try {
            Sql{at.url(role)}.run(sql);
        } catch (SqlFailure const& refused) {
            sqlstate = refused.sqlstate();
            said = refused.what();
        }
        EXPECT_EQ(sqlstate, attack.sqlstate) << said;
        EXPECT_EQ(state_of(superuser, at.name()), before);
    }
}

INSTANTIATE_TEST_SUITE_P(By, RefusedAttack, ::testing::ValuesIn(attacks),
                         [](auto const& tested) { return std::string{tested.param.name}; });

/// The other side: least rights are still enough.
TEST(Rights, WriterKeepsSnapshotsCheckpointsAndParkedEvents) {
    TestSchema const at{server_url()};
    Sql writer{at.url(Role::writer)};
    writer.run("set search_path = " + at.name());
    for (std::string const sql :
         {"insert into snapshot values ('A', 'a', 1, '{}', null, 'f')", "update snapshot set version = 2",
          "delete from snapshot", "insert into checkpoint (name, lane) values ('p', '')",
          "update checkpoint set cursor = 'c'", "delete from checkpoint",
          "insert into parked_event values ('p', gen_random_uuid(), 'A', 'a', 1, 1, '{}', 1, 'x')",
          "update parked_event set attempts = 2", "delete from parked_event"}) {
        EXPECT_NO_THROW(writer.run(sql)) << sql;
    }
}

TEST(Rights, EverybodyElseHasNone) {
    TestSchema const at{server_url()};
    Sql superuser{server_url()};
    auto const space = "'" + at.name() + "'::regnamespace";
    auto const of_public = [&](std::string const& catalogue, std::string const& acl) {
        return superuser.value("select count(*) from " + catalogue + " o, aclexplode(" + acl +
                               ") a where a.grantee = 0 and " +
                               (catalogue == "pg_namespace" ? "o.oid"
                                : catalogue == "pg_proc"    ? "o.pronamespace"
                                                            : "o.relnamespace") +
                               " = " + space);
    };
    // What has no list has the default one: a new function may be executed by everybody.
    EXPECT_EQ(of_public("pg_proc", "coalesce(o.proacl, acldefault('f', o.proowner))"), "0");
    EXPECT_EQ(of_public("pg_class", "coalesce(o.relacl, acldefault('r', o.relowner))"), "0");
    EXPECT_EQ(of_public("pg_namespace", "coalesce(o.nspacl, acldefault('n', o.nspowner))"), "0");
    EXPECT_EQ(superuser.value("select count(*) from pg_proc where prosecdef and pronamespace = " + space), "0");
}

}  // namespace
}  // namespace postgres_test
