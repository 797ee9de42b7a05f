// What a session must be like, found out when it is made: durable, writable, new enough, and not in anybody's dialect.

#include "subject.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace postgres_test {
namespace {

using namespace event_sourcing;

Outcome connect(PostgresOptions const& options) {
    return outcome_of([&] { PostgresDatabase{options}.connect(); });
}

/// A database of one test's own, dropped at the end.
class OwnDatabase {
public:
    OwnDatabase(Subject& subject, std::string const& clauses = {})
        : subject_{&subject}, name_{subject.schema.name() + "_database"} {
        subject.sql.run("create database " + name_ + " " + clauses);
    }
    OwnDatabase(OwnDatabase const&) = delete;
    OwnDatabase& operator=(OwnDatabase const&) = delete;
    ~OwnDatabase() { subject_->sql.run("drop database " + name_ + " with (force)"); }

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// How the superuser connects, who may create the schema there.
    [[nodiscard]] PostgresOptions options() const { return {.url = with_settings(server_url(), {{"dbname", name_}})}; }

private:
    Subject* subject_;
    std::string name_;
};

void expect_refused(Outcome const& outcome, std::string_view why) {
    EXPECT_EQ(outcome, "SchemaMismatch");
    EXPECT_FALSE(outcome.retryable);
    EXPECT_NE(outcome.message.find(why), std::string::npos) << outcome.message;
}

TEST(Session, AsynchronousCommitInTheAddressIsRefused) {
    Subject subject;
    auto options = subject.options;
    options.url = with_settings(options.url, {{"options", "-c synchronous_commit=off"}});
    expect_refused(connect(options), "synchronous_commit");

    auto const part = [&](std::string_view name) { return setting(subject.options.url, name); };
    options.url = "postgresql://" + part("user") + ":" + part("password") + "@" + part("host") + ":" + part("port") +
                  "/" + part("dbname") + "?options=-c%20synchronous_commit%3Doff";
    expect_refused(connect(options), "synchronous_commit");

    options.asynchronous_commit = AsynchronousCommit::allowed;
    EXPECT_EQ(connect(options), "returned");
}

TEST(Session, AsynchronousCommitOfTheRoleIsRefused) {
    Subject subject;
    OwnRole const role{subject, ""};
    EXPECT_EQ(connect(role.options()), "returned");
    subject.sql.run("alter role " + role.name() + " set synchronous_commit = off");
    expect_refused(connect(role.options()), "synchronous_commit");
}

TEST(Session, AsynchronousCommitOfTheDatabaseIsRefused) {
    Subject subject;
    OwnDatabase const database{subject};
    EXPECT_EQ(connect(database.options()), "returned");
    subject.sql.run("alter database " + database.name() + " set synchronous_commit = off");
    expect_refused(connect(database.options()), "synchronous_commit");
}

TEST(Session, EveryConnectionIsChecked) {
    Subject subject;
    OwnRole const role{subject, ""};
    PostgresDatabase database{role.options()};
    auto const first = database.begin();
    subject.sql.run("alter role " + role.name() + " set synchronous_commit = off");

    expect_refused(outcome_of([&] { static_cast<void>(database.begin()); }), "synchronous_commit");
}

TEST(Session, WeakerPromisesOfAStandbyAreTaken) {
    Subject subject;
    for (std::string const value : {"local", "remote_write", "remote_apply"}) {
        auto options = subject.options;
        options.url = with_settings(options.url, {{"options", "-c synchronous_commit=" + value}});
        EXPECT_EQ(connect(options), "returned") << value;
    }
}

TEST(Failures, F06_ReadOnlySessionIsNotPrimary) {
    Subject subject;
    OwnRole const role{subject, ""};
    subject.sql.run("alter role " + role.name() + " set default_transaction_read_only = on");

    auto const outcome = connect(role.options());

    EXPECT_EQ(outcome, "NotPrimary");
    EXPECT_TRUE(outcome.retryable);
    EXPECT_NE(outcome.message.find("target_session_attrs"), std::string::npos);
}

// The server's version cannot be changed, but what a session takes for it can.
TEST(Session, TooOldServerIsRefused) {
    Subject subject;
    auto const fake = subject.schema.name() + "_fake";
    auto const pretend = [&](std::string const& version) {
        subject.sql.run("drop schema if exists " + fake + " cascade; create schema " + fake +
                        "; grant usage on schema " + fake + " to public; create function " + fake +
                        ".current_setting(text) returns text language sql as $$ select case $1 when "
                        "'server_version_num' then '" +
                        version + "' else pg_catalog.current_setting($1) end $$");
    };
    auto options = subject.options;
    options.url = with_settings(options.url, {{"options", "-c search_path=" + fake + ",pg_catalog"}});

    pretend("130022");
    expect_refused(connect(options), "PostgreSQL 13");
    pretend("140000");
    EXPECT_EQ(connect(options), "returned");

    subject.sql.run("drop schema " + fake + " cascade");
}

TEST(Session, DatabaseInAnotherEncodingIsRefused) {
    Subject subject;
    OwnDatabase const database{subject, "template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'"};
    expect_refused(connect(database.options()), "LATIN1");
}

/// Whether what a store appends comes back as it was.
void expect_faithful(PostgresOptions const& options) {
    PostgresDatabase database{options};
    PostgresEventStore store{database};
    auto time =
        Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + std::chrono::microseconds{4'000'005}};
    auto text = event("{\"text\":\"\\u00e9 \xc3\xa9 \xe2\x82\xac\"}");
    text.timestamp = time;
    auto bytes = event(std::string{"\x00\\\xff'", 4});
    bytes.format = DataFormat::binary;
    std::vector const sent{text, bytes};
    append(store, alice, ExpectedVersion::any(), sent);

    std::vector<RecordedEvent> got;
    store.read(alice, {}, [&got](RecordedEventView const& view) { got.push_back(to_owned(view)); });

    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].data, text.data);
    EXPECT_EQ(got[0].timestamp, time);
    EXPECT_EQ(got[1].data, bytes.data);
}

class Dialects : public ::testing::TestWithParam<std::string> {};

TEST_P(Dialects, OfARoleDoNotMatter) {
    Subject subject;
    OwnRole const role{subject, ""};
    subject.sql.run("alter role " + role.name() + " set " + GetParam());
    expect_faithful(role.options());
}

INSTANTIATE_TEST_SUITE_P(Session, Dialects,
                         ::testing::Values("datestyle = 'SQL, DMY'", "bytea_output = 'escape'",
                                           "timezone = 'Asia/Tokyo'", "client_encoding = 'LATIN1'",
                                           "standard_conforming_strings = off", "search_path = 'nowhere'",
                                           "lc_messages = 'C'", "intervalstyle = 'iso_8601'",
                                           "default_transaction_isolation = 'serializable'",
                                           "plan_cache_mode = 'force_custom_plan'", "jit = on", "row_security = off"),
                         [](auto const& one) {
                             std::string_view const text = one.param;
                             return std::string{text.substr(0, text.find(' '))};
                         });

TEST(Session, DialectThatAPoolerWouldKeepIsRefusedWherePlain) {
    Subject subject;
    OwnRole const role{subject, ""};
    auto options = role.options();
    options.statements = StatementMode::plain;
    EXPECT_EQ(connect(options), "returned");

    subject.sql.run("alter role " + role.name() + " set datestyle = 'SQL, DMY'");
    expect_refused(connect(options), "DateStyle");
    subject.sql.run("alter role " + role.name() + " reset datestyle; alter role " + role.name() +
                    " set bytea_output = 'escape'");
    expect_refused(connect(options), "bytea_output");
}

TEST(Session, EncodingOfTheEnvironmentIsOverruled) {
    Subject subject;
    ASSERT_EQ(::setenv("PGCLIENTENCODING", "LATIN1", 1), 0);
    expect_faithful(subject.options);
    ::unsetenv("PGCLIENTENCODING");
    EXPECT_EQ(subject.sql.value("select count(*) from " + subject.schema.name() +
                                ".event where data::text like '%\xe2\x82\xac%'"),
              "1");
}

TEST(Session, NameOfTheApplicationIsThatOfTheAddressElseOfTheOptions) {
    Subject subject;
    for (auto const mode : {StatementMode::prepared, StatementMode::plain}) {
        auto const name = [&](PostgresOptions options) {
            options.statements = mode;
            PostgresDatabase database{options};
            return std::string{database.begin().execute("select current_setting('application_name')").text(0, 0)};
        };
        auto options = subject.options;
        options.application_name = "of the options";
        EXPECT_EQ(name(options), "of the options");
        options.url = with_settings(options.url, {{"application_name", "of the address"}});
        EXPECT_EQ(name(options), "of the address");
    }
}

TEST(Session, LimitsThatContradictEachOtherAreRefused) {
    EXPECT_EQ(
        outcome_of([] {
            PostgresDatabase{{.statement_timeout = std::chrono::seconds{5}, .answer_timeout = std::chrono::seconds{5}}};
        }),
        "InvalidArgument");
    EXPECT_EQ(outcome_of([] { PostgresDatabase{{.connections = 0}}; }), "InvalidArgument");
    EXPECT_EQ(outcome_of([] { PostgresDatabase{{.schema = "No Schema"}}; }), "InvalidArgument");
}

}  // namespace
}  // namespace postgres_test
