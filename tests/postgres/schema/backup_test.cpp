#include "scratch.hpp"
#include "server.hpp"
#include "sql.hpp"
#include "tools.hpp"

#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/schema.hpp>
#include <event_sourcing/postgres/snapshot_store.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <string>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using conformance::detail::events;

constexpr AggregateRef alice{"Account", "alice"};

std::vector<RecordedEvent> everything(PostgresEventStore const& store) {
    std::vector<RecordedEvent> all;
    store.read_all({}, [&](RecordedEventView const& event) { all.push_back(to_owned(event)); });
    return all;
}

void fill(PostgresDatabase& database) {
    PostgresEventStore store{database};
    append(store, alice, ExpectedVersion::none(), events(5));
    append(store, {"Account", "bob"}, ExpectedVersion::none(),
           {{.event_type = "Noted",
             .data = std::string{"\0\xFF", 2},
             .format = DataFormat::binary,
             .metadata = R"({"a": "\u0000"})"}});
    {
        auto const lost = events(4);
        auto transaction = database.begin();
        store.append(transaction, {.entries = std::vector{AppendEntry{alice, ExpectedVersion::any(), lost}}});
    }
    PostgresSnapshotStore{database}.save(
        {.aggregate_type = "Account", .aggregate_id = "alice", .version = Version{5}, .state = "{}"});
}

/// A back-up by pg_dump of one schema, restored into another database.
class Backup : public ::testing::Test {
protected:
    Backup() {
        PostgresDatabase database{at.options(Role::writer)};
        fill(database);
        auto const file = ::testing::TempDir() + at.name() + ".dump";
        run_tool("pg_dump",
                 {"--format=custom", "--schema=" + at.name(), "--file=" + file, "--dbname=" + at.url(Role::superuser)});
        // What a restored schema must not depend on: that its objects get the numbers they had.
        Sql{elsewhere.in(server_url())}.run("create table public.in_between (id int generated always as identity)");
        run_tool("pg_restore", {"--exit-on-error", "--dbname=" + elsewhere.in(at.url(Role::superuser)), file});
        ::unlink(file.c_str());
    }

    [[nodiscard]] PostgresOptions restored(Role role) const {
        auto options = at.options(role);
        options.url = elsewhere.in(options.url);
        return options;
    }

    TestSchema at{server_url()};
    ScratchDatabase elsewhere;
};

TEST_F(Backup, RestoredStoreIsTheSame) {
    EXPECT_EQ(definition_of(elsewhere.in(server_url()), at.name()), definition_of(server_url(), at.name()));
    for (auto const role : {Role::owner, Role::writer, Role::reader}) {
        PostgresDatabase database{restored(role)};
        EXPECT_NO_THROW(check_schema(database));
    }
    PostgresDatabase before{at.options(Role::reader)};
    PostgresDatabase after{restored(Role::reader)};
    auto const events = everything(PostgresEventStore{after});
    EXPECT_EQ(events, everything(PostgresEventStore{before}));
    EXPECT_EQ(events.size(), 6U);
    EXPECT_EQ(PostgresSnapshotStore{after}.load(alice, Version{9}),
              PostgresSnapshotStore{before}.load(alice, Version{9}));
}

TEST_F(Backup, RestoredStoreGoesOnAbove) {
    PostgresDatabase writing{restored(Role::writer)};
    PostgresEventStore store{writing};
    auto const highest = everything(store).back().position;
    auto const one = append(store, alice, ExpectedVersion::exactly(Version{5}), events(1));
    EXPECT_GT(one.position, highest);
    auto const many = append(store, alice, ExpectedVersion::any(), events(3));
    EXPECT_GT(many.position, one.position);
    EXPECT_EQ(everything(store).size(), 10U);
}

TEST_F(Backup, RestoredStoreStillHoldsReadersBack) {
    PostgresDatabase writing{restored(Role::writer)};
    PostgresEventStore store{writing};
    auto const one = events(1);
    auto transaction = writing.begin();
    store.append(transaction, {.entries = std::vector{AppendEntry{alice, ExpectedVersion::any(), one}}});
    append(store, {"Account", "bob"}, ExpectedVersion::any(), events(1));
    EXPECT_EQ(everything(store).size(), 6U);  // else the older one would be lost to whoever has seen the newer
    transaction.commit();
    EXPECT_EQ(everything(store).size(), 8U);
}

TEST_F(Backup, NewIncarnationIsTheOwnersToMake) {
    auto const select = "select incarnation from " + at.name() + ".event_store_meta";
    auto const renew = "select " + at.name() + ".renew_incarnation()";
    Sql superuser{elsewhere.in(server_url())};
    auto const before = superuser.value(select);
    auto const renewed = Sql{elsewhere.in(at.url(Role::owner))}.value(renew);
    EXPECT_NE(renewed, before);
    EXPECT_EQ(superuser.value(select), renewed);
    for (auto const role : {Role::writer, Role::reader, Role::replication}) {
        EXPECT_THROW(Sql{elsewhere.in(at.url(role))}.run(renew), SqlFailure);
    }
    EXPECT_EQ(superuser.value(select), renewed);
    EXPECT_EQ(Sql{server_url()}.value(select), before);

    PostgresDatabase database{restored(Role::writer)};
    PostgresEventStore store{database};
    auto const highest = everything(store).back().position;
    EXPECT_GT(append(store, alice, ExpectedVersion::any(), events(1)).position, highest);
}

TEST(Copy, OfTheRowsAloneIsNoticedAndRenewIncarnationMendsIt) {
    TestSchema const from{server_url()};
    {
        PostgresDatabase database{from.options(Role::writer)};
        fill(database);
    }
    // As logical replication does it: rows without the state of the sequence.
    TestSchema const to{server_url()};
    Sql{server_url()}.run("insert into " + to.name() + ".event overriding system value select * from " + from.name() +
                          ".event");
    PostgresDatabase database{to.options(Role::writer)};
    EXPECT_THROW(database.connect(), Corrupted);

    Sql owner{to.url(Role::owner)};
    owner.run("select " + to.name() + ".renew_incarnation()");
    EXPECT_NO_THROW(database.connect());
    PostgresEventStore store{database};
    auto const highest = everything(store).back().position;
    EXPECT_GT(append(store, alice, ExpectedVersion::any(), events(1)).position, highest);

    // A sequence that is ahead is left where it is.
    auto const last = "select last_value from " + to.name() + ".event_position_seq";
    auto const ahead = owner.value(last);
    owner.run("select " + to.name() + ".renew_incarnation()");
    EXPECT_EQ(owner.value(last), ahead);
}

}  // namespace
}  // namespace postgres_test
