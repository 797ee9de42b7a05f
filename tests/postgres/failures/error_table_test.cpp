// Every row of the table that turns a SQLSTATE into an error, on a real server that says it.

#include "subject.hpp"

#include "driver_error.hpp"

#include <event_sourcing/postgres/sql_error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>

namespace postgres_test {
namespace {

using namespace event_sourcing;

struct Row {
    char const* sqlstate;
    char const* in_an_append;
    char const* in_a_users_statement;

    friend void PrintTo(Row const& row, std::ostream* out) { *out << row.sqlstate; }
};

constexpr bool retryable(std::string_view type) {
    return type == "Unavailable" || type == "NotPrimary" || type == "Timeout" || type == "Transient" ||
           type == "OutcomeUnknown";
}

// Where the table has a class, its members.
constexpr Row rows[]{
    {"22021", "InvalidArgument", "SqlError"},
    {"22P02", "InvalidArgument", "SqlError"},
    {"22P05", "InvalidArgument", "SqlError"},
    {"25001", "InvalidArgument", "SqlError"},
    {"25006", "NotPrimary", "NotPrimary"},
    {"26000", "InvalidArgument", "SqlError"},
    {"28000", "PermissionDenied", "PermissionDenied"},
    {"28P01", "PermissionDenied", "PermissionDenied"},
    {"3D000", "InvalidArgument", "SqlError"},
    {"3F000", "SchemaMismatch", "SqlError"},
    {"40001", "Transient", "Transient"},
    {"40P01", "Transient", "Transient"},
    {"42501", "PermissionDenied", "PermissionDenied"},
    {"42703", "SchemaMismatch", "SqlError"},
    {"42883", "SchemaMismatch", "SqlError"},
    {"42P01", "SchemaMismatch", "SqlError"},
    {"42P05", "InvalidArgument", "SqlError"},
    {"53000", "Unavailable", "Unavailable"},
    {"53100", "Unavailable", "Unavailable"},
    {"53200", "Unavailable", "Unavailable"},
    {"54000", "PayloadTooLarge", "SqlError"},
    {"55000", "Corrupted", "SqlError"},
    {"55P03", "Timeout", "Timeout"},
    {"57014", "Timeout", "Timeout"},
};

// What is no row of the table. 08xxx and 57Pxx are a server's last words: the connection counts as lost.
constexpr Row others[]{
    {"08006", "OutcomeUnknown", "Unavailable"}, {"57P01", "OutcomeUnknown", "Unavailable"},
    {"57P02", "OutcomeUnknown", "Unavailable"}, {"57P03", "OutcomeUnknown", "Unavailable"},
    {"23505", "Transient", "SqlError"},         {"23503", "SqlError", "SqlError"},
    {"23514", "SqlError", "SqlError"},          {"42601", "SqlError", "SqlError"},
    {"P0001", "SqlError", "SqlError"},          {"XX000", "SqlError", "SqlError"},
};

class ErrorTable : public ::testing::TestWithParam<Row> {};

TEST_P(ErrorTable, GivesItsType) {
    auto const& row = GetParam();
    Subject subject;
    subject.fail_appends(row.sqlstate, 1000);

    auto const append = outcome_of([&] { subject.append({event()}); });
    EXPECT_EQ(append, row.in_an_append);
    EXPECT_EQ(append.retryable, retryable(row.in_an_append));
    EXPECT_EQ(subject.stored(), 0);

    std::string sqlstate;
    auto const statement = outcome_of([&] {
        auto transaction = subject.database.begin();
        try {
            transaction.execute("do $$ begin raise exception 'made to fail' using errcode = '" +
                                std::string{row.sqlstate} + "'; end $$");
        } catch (SqlError const& error) {
            sqlstate = error.sqlstate();
            throw;
        }
    });
    EXPECT_EQ(statement, row.in_a_users_statement);
    EXPECT_EQ(statement.retryable, retryable(row.in_a_users_statement));
    EXPECT_EQ(sqlstate, statement == "SqlError" ? row.sqlstate : "");

    // The store stays usable.
    subject.sql.run("drop trigger fail on " + subject.schema.name() + ".event");
    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "returned");
}

auto const by_sqlstate = [](::testing::TestParamInfo<Row> const& info) { return std::string{info.param.sqlstate}; };

INSTANTIATE_TEST_SUITE_P(Rows, ErrorTable, ::testing::ValuesIn(rows), by_sqlstate);
INSTANTIATE_TEST_SUITE_P(Others, ErrorTable, ::testing::ValuesIn(others), by_sqlstate);

TEST(ErrorTable, HasATestForEveryRow) {
    auto const meanings = detail::postgres::meanings();
    auto const first_for = [&](std::string_view sqlstate) {
        return std::ranges::find_if(meanings, [&](auto const& one) { return sqlstate.starts_with(one.sqlstate); });
    };
    for (auto const& meaning : meanings) {
        EXPECT_TRUE(std::ranges::any_of(rows, [&](Row const& row) { return &*first_for(row.sqlstate) == &meaning; }))
            << meaning.sqlstate << " has no test";
    }
    for (auto const& row : others) {
        EXPECT_TRUE(first_for(row.sqlstate) == meanings.end()) << row.sqlstate << " is a row of the table";
    }
}

// 23505 is two things, and only the store's own look tells which.
TEST(ErrorTable, UniqueViolationOfAnIdIsDuplicateEvent) {
    Subject subject;
    std::vector const request{event()};
    Sql other{server_url()};
    other.run("begin; insert into " + subject.schema.name() +
              ".event (id, aggregate_type, aggregate_id, version, event_type, data) values ('" +
              to_string(request.front().id) + "', 'Account', 'bob', 1, 'Noted', '{}')");
    Outcome outcome;
    {
        std::jthread const caller{[&] { outcome = outcome_of([&] { subject.append(request); }); }};
        subject.await_blocked();
        other.run("commit");
    }
    EXPECT_EQ(outcome, "DuplicateEvent");
    EXPECT_FALSE(outcome.retryable);
    EXPECT_EQ(subject.stored(), 1);
}

TEST(ErrorTable, UniqueViolationOfAVersionIsVersionConflict) {
    for (auto const expected : {ExpectedVersion::none(), ExpectedVersion::any()}) {
        Subject subject;
        Sql other{server_url()};
        other.run("begin; insert into " + subject.schema.name() +
                  ".event (id, aggregate_type, aggregate_id, version, event_type, data) values "
                  "(gen_random_uuid(), 'Account', 'alice', 1, 'Noted', '{}')");
        Outcome outcome;
        {
            std::jthread const caller{
                [&] { outcome = outcome_of([&] { append(subject.store, alice, expected, {event()}); }); }};
            subject.await_blocked();
            other.run("commit");
        }
        EXPECT_EQ(outcome, expected == ExpectedVersion::any() ? "returned" : "VersionConflict");
    }
}

}  // namespace
}  // namespace postgres_test
