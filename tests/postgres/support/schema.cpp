#include "schema.hpp"

#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/postgres/schema.hpp>

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <utility>

namespace postgres_test {
namespace {

using namespace event_sourcing;

/// For servers that ask for one; they are the tests' own.
constexpr std::string_view password = "event-sourcing-test";

std::string_view suffix(Role role) {
    switch (role) {
        case Role::owner: return "_owner";
        case Role::writer: return "_writer";
        case Role::reader: return "_reader";
        case Role::replication: return "_replication";
        case Role::superuser: break;
    }
    return "";
}

std::string name_of(Role role) { return std::string{role_prefix}.append(suffix(role)); }

/// Makes the roles, once for all processes that share the server.
void make_roles(std::string const& server_url) {
    Sql sql{server_url};
    sql.run("begin; select pg_advisory_xact_lock(hashtextextended('event-sourcing tests: roles', 0))");
    if (sql.value("select count(*) from pg_roles where rolname = '" + name_of(Role::owner) + "'") == "0") {
        for (auto const role : {Role::owner, Role::writer, Role::reader, Role::replication}) {
            sql.run("create role " + name_of(role) + " login password '" + std::string{password} + "'" +
                    (role == Role::replication ? " replication" : ""));
        }
        // Two who wait for each other are told soon.
        sql.run("alter role " + name_of(Role::writer) + " set deadlock_timeout = '50ms'");
        sql.run("do $$ begin execute format('grant create on database %I to " + name_of(Role::owner) +
                "', current_database()); end $$");
    }
    sql.run("commit");
}

}  // namespace

TestSchema::TestSchema(std::string server_url) : server_url_{std::move(server_url)} {
    static std::atomic<int> number{0};
    name_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
    make_roles(server_url_);
    auto as_owner = options(Role::owner);
    as_owner.migration = Migration::when_allowed;
    PostgresDatabase owner{std::move(as_owner)};
    owner.connect();
    Sql{url(Role::owner)}.run(postgres_roles_sql(name_, role_prefix));
}

TestSchema::~TestSchema() {
    try {
        Sql{server_url_}.run("drop schema if exists " + name_ + " cascade");
    } catch (std::exception const& failure) {
        std::fputs(failure.what(), stderr);
    }
}

std::string TestSchema::url(Role role) const {
    return role == Role::superuser ? server_url_
                                   : with_settings(server_url_, {{"user", name_of(role)}, {"password", password}});
}

PostgresOptions TestSchema::options(Role role) const {
    return {.url = url(role), .schema = name_, .migration = Migration::never};
}

}  // namespace postgres_test
