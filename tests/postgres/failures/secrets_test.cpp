// A password, and what is in events, is in no message and in no line of the log, whatever goes wrong.

#include "subject.hpp"

#include <event_sourcing/postgres/snapshot_store.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace postgres_test {
namespace {

using namespace event_sourcing;

/// What is looked for in whatever comes out; no part of any word that belongs there.
std::string const canary = "kAnArY";

/// Collects what is said: messages, the log, and what lands on stderr.
class Said {
public:
    Said() { ::testing::internal::CaptureStderr(); }
    Said(Said const&) = delete;
    Said& operator=(Said const&) = delete;
    ~Said() {
        text_ += ::testing::internal::GetCapturedStderr();
        EXPECT_EQ(text_.find(canary), std::string::npos) << text_;
    }

    Outcome operator()(Outcome outcome) {
        text_ += outcome.message + "\n";
        return outcome;
    }
    [[nodiscard]] LogSink log() {
        return [this](LogLevel, std::string_view line) { text_.append(line).append("\n"); };
    }

private:
    std::string text_;
};

/// Uses a store at an address; for what it says.
Outcome use(std::string const& url, Said& said, std::string const& schema = "public") {
    return said(outcome_of([&] {
        PostgresDatabase database{{.url = url,
                                   .schema = schema,
                                   .statement_timeout = std::chrono::milliseconds{900},
                                   .answer_timeout = std::chrono::seconds{1},
                                   .migration = Migration::never,
                                   .log = said.log()}};
        PostgresEventStore store{database};
        append(store, alice, ExpectedVersion::any(), {event()});
    }));
}

TEST(Secrets, OfAnAddressThatCannotBeReadStayUnsaid) {
    for (auto const& url : {
             "postgresql://user:kAnArY%zz@127.0.0.1:1/x",        // % was not encoded
             "postgresql://user:pass/kAnArY@127.0.0.1:1/x",      // nor /: it would be the database
             "postgresql://user:pass@kAnArY@127.0.0.1:1/x",      // nor @: it would be the host
             "postgresql://user:1/2@kAnArY@127.0.0.1:1/x?y=z",   //
             "postgresql://user:kAnArY",                         // no host: it would be the port
             "postgresql://user:kAnArY/x?sslmode=disable",       //
             "postgresql://user:kAnArY@[127.0.0.1/x",            //
             "postgresql://127.0.0.1:1/x?password=pass&kAnArY",  // & was not encoded
             "postgresql://127.0.0.1:1/x?password=a&kAnArY=b",   //
             "postgresql://127.0.0.1:1/x?pasword=kAnArY",        // bad names of settings
             "postgresql://127.0.0.1:1/x?kAnArY=x",              //
             "postgresql:/user:kAnArY@127.0.0.1:1/x",            //
             "posgresql://user:kAnArY@127.0.0.1:1/x",            //
             "kAnArY",                                           //
             "host=127.0.0.1 port=1 password='kAnArY",           // quotes
             "host=127.0.0.1 port=1 password='it's kAnArY'",     //
             "host=127.0.0.1 port=1 password=it kAnArY",         //
             "host=127.0.0.1 port=1 password=it kAnArY=x",       //
             "host=127.0.0.1 port=1 pasword=kAnArY",             //
             "host=127.0.0.1 port=kAnArY",                       //
         }) {
        Said said;
        auto const outcome = use(url, said);
        EXPECT_EQ(outcome, "InvalidArgument") << url;
        EXPECT_FALSE(outcome.retryable);
        EXPECT_NE(outcome.message.find("PostgresOptions::url"), std::string::npos) << outcome.message;
    }
}

TEST(Secrets, OfAnAddressWhereNobodyIsStayUnsaid) {
    for (auto const& url : {
             "postgresql://user:kAnArY@127.0.0.1:1/x",
             "postgresql://user:p%40%2FkAnArY@127.0.0.1:1/x",
             "postgresql://user:pass?kAnArY@127.0.0.1:1/x",
             "postgresql://user:pass:kAnArY@127.0.0.1:1/x",
             "postgresql://user:pass#kAnArY@127.0.0.1:1/x",
             "postgresql://user@127.0.0.1:1/x?password=p@kAnArY",
             "postgresql://user:kAnArY@no.such.host.invalid/x",
             "postgresql://user:kAnArY@127.0.0.1:1,127.0.0.1:2/x",
             "host=127.0.0.1 port=1 password='it\\'s kAnArY'",
             "host=127.0.0.1 port=1 password=kAnArY sslpassword=kAnArY",
         }) {
        Said said;
        auto const outcome = use(url, said);
        EXPECT_EQ(outcome, "Unavailable") << url;
        EXPECT_TRUE(outcome.retryable);
    }
}

TEST(Secrets, OfAnAddressThatWorksStayUnsaidWhenSomethingFails) {
    Subject subject;
    Said said;
    auto options = subject.options;
    options.url = with_settings(options.url, {{"password", canary}});
    FaultProxy proxy{options.url};
    options.url = proxy.url();
    options.log = said.log();
    PostgresDatabase database{options};
    PostgresEventStore store{database};
    auto const add = [&] { append(store, alice, ExpectedVersion::any(), {event()}); };

    EXPECT_EQ(said(outcome_of(add)), "returned");
    proxy.arm(Fault::cut_after_the_answer);
    EXPECT_EQ(said(outcome_of(add)), "OutcomeUnknown");
    EXPECT_EQ(said(outcome_of([&] { database.begin().execute("select * from nowhere"); })), "SqlError");
    proxy.cut_all();
    EXPECT_EQ(said(outcome_of(add)), "returned");
    said(use(with_settings(options.url, {{"dbname", "no_such_database"}}), said));
    said(use(with_settings(options.url, {{"user", "no_such_user"}}), said));
    said(use(options.url, said, "no_such_schema"));
}

TEST(Secrets, OfALoginThatIsRefusedStayUnsaid) {
    OwnServer const server;
    Sql sql{server.url()};
    sql.run(
        "create role scram login password 'right'; set password_encryption = md5; "
        "create role md5 login password 'right'; create role connects login password '" +
        canary + "'");
    {
        std::ofstream rules{sql.value("show hba_file")};
        rules << "host all postgres 127.0.0.1/32 trust\n"
                 "host all scram 127.0.0.1/32 scram-sha-256\n"
                 "host all md5,connects 127.0.0.1/32 md5\n";
    }
    sql.run("select pg_reload_conf()");
    ASSERT_TRUE(eventually([&] {
        return outcome_of([&] { Sql{with_settings(server.url(), {{"user", "scram"}, {"password", "wrong"}})}; }) ==
               "SqlFailure";
    }));

    auto const passwords = std::filesystem::temp_directory_path() / ("passwords-" + std::to_string(::getpid()));
    std::ofstream{passwords} << "*:*:*:*:" << canary << "\n";
    ASSERT_EQ(::chmod(passwords.c_str(), 0600), 0);
    for (std::string const user : {"scram", "md5"}) {
        Said said;
        auto const url = with_settings(server.url(), {{"user", user}});
        EXPECT_EQ(use(with_settings(url, {{"password", "right"}}), said), "SchemaMismatch");  // it is let in
        EXPECT_EQ(use(with_settings(url, {{"password", canary}}), said), "Unavailable");
        EXPECT_EQ(use("postgresql://" + user + ":" + canary + "@127.0.0.1:" + setting(url, "port") + "/postgres", said),
                  "Unavailable");
        EXPECT_EQ(use(with_settings(url, {{"passfile", passwords.string()}}), said), "Unavailable");
        EXPECT_EQ(use(with_settings(url, {{"passfile", passwords.string()}, {"port", "1"}}), said), "Unavailable");
        ::setenv("PGPASSWORD", canary.c_str(), 1);
        EXPECT_EQ(use(url, said), "Unavailable");
        ::unsetenv("PGPASSWORD");
        EXPECT_EQ(use(url, said), "Unavailable");  // none at all
    }
    {
        Said said;
        auto const url = with_settings(server.url(), {{"user", "connects"}, {"password", canary}});
        EXPECT_EQ(use(url, said), "SchemaMismatch");
        EXPECT_EQ(use(with_settings(url, {{"dbname", canary}}), said), "Unavailable");  // a password used twice
    }
    std::filesystem::remove(passwords);
}

TEST(Secrets, WhatIsInEventsStaysUnsaid) {
    Subject subject;
    Said said;
    auto const name = subject.schema.name();
    subject.sql.run("alter table " + name +
                    ".event add constraint no_birds check (data::text not like '%nAr%'); "
                    "create table " +
                    name +
                    ".bird (name text primary key check (length(name) < 10), n int); "
                    "grant all on " +
                    name + ".bird to public; insert into " + name + ".bird values ('" + canary + "', 1)");
    auto options = subject.options;
    options.log = said.log();
    PostgresDatabase database{options};
    PostgresEventStore store{database};
    auto const add = [&](std::vector<NewEvent> const& what) {
        return said(outcome_of([&] { append(store, alice, ExpectedVersion::any(), what); }));
    };
    auto const one = [&](NewEvent const& what) {
        return said(outcome_of([&] { append(store, alice, ExpectedVersion::none(), {what}); }));
    };

    auto const secret = event("{\"name\":\"" + canary + "\"}");
    EXPECT_EQ(one(secret), "SqlError");  // the server's DETAIL has the whole row
    EXPECT_EQ(add({event(), secret}), "SqlError");
    auto malformed = event("{\"name\":\"" + canary + "\"");
    EXPECT_EQ(one(malformed), "InvalidArgument");
    EXPECT_EQ(add({event(), malformed}), "InvalidArgument");
    auto with_metadata = event();
    with_metadata.metadata = "{\"name\":\"" + canary + "\"";
    EXPECT_EQ(one(with_metadata), "InvalidArgument");

    PostgresSnapshotStore snapshots{database};
    EXPECT_EQ(said(outcome_of([&] {
                  snapshots.save({.aggregate_type = "Account", .aggregate_id = "alice", .state = "{\"" + canary});
              })),
              "InvalidArgument");

    for (std::string const statement : {"insert into @.bird values ($1)", "update @.bird set name = $1 || $1",
                                        "insert into @.bird values ('x', $1::int)"}) {
        auto transaction = database.begin();
        auto sql = statement;
        sql.replace(sql.find('@'), 1, name);
        auto const outcome = outcome_of([&] { transaction.execute(sql, {canary}); });
        EXPECT_EQ(outcome, "SqlError");
        if (sql.find("int") == std::string::npos) {  // there the server's message itself has the value
            said(outcome);
        }
    }
}

}  // namespace
}  // namespace postgres_test
