// Appends in a transaction of the user's.
#include "eventually.hpp"
#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/append_error.hpp>
#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/event_store.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using conformance::detail::events;
using conformance::detail::version_of;

constexpr AggregateRef alice{"Account", "alice"};
constexpr AggregateRef bob{"Account", "bob"};

class UsersTransaction : public ::testing::Test {
protected:
    AppendResult add(Transaction& transaction, AggregateRef aggregate, ExpectedVersion expected,
                     std::vector<NewEvent> const& stored) {
        AppendEntry const entry{aggregate, expected, stored};
        return store.append(transaction, {.entries = {&entry, 1}});
    }
    /// Waits until somebody waits for what a session of this schema holds.
    void until_somebody_waits() {
        Sql sql{server_url()};
        EXPECT_TRUE(eventually([&] {
            return sql.value(
                       "select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and "
                       "a.query like "
                       "'%" +
                       at.name() + "%'") != "0";
        }));
    }

    TestSchema at{server_url()};
    PostgresDatabase database{at.options(Role::writer)};
    PostgresEventStore store{database};
};

TEST_F(UsersTransaction, StoresWithItsCommitWhatElseItDid) {
    {
        auto transaction = database.begin();
        EXPECT_EQ(add(transaction, alice, ExpectedVersion::none(), events(2)).entries.at(0).version, Version{2});
        transaction.execute(
            "insert into " + transaction.schema() + ".checkpoint (name, lane, cursor) values ($1, '', 'c')", {"p"});
        EXPECT_EQ(version_of(store, alice), Version{});
        transaction.commit();
    }
    EXPECT_EQ(version_of(store, alice), Version{2});
    EXPECT_EQ(Sql{server_url()}.value("select cursor from " + at.name() + ".checkpoint"), "c");
}

TEST_F(UsersTransaction, StoresNothingWithoutItsCommit) {
    {
        auto transaction = database.begin();
        add(transaction, alice, ExpectedVersion::none(), events(2));
    }
    EXPECT_EQ(version_of(store, alice), Version{});
    append(store, alice, ExpectedVersion::none(), events(1));
}

TEST_F(UsersTransaction, GoesBackToASavepoint) {
    auto const undone = events(1);
    auto transaction = database.begin();
    add(transaction, alice, ExpectedVersion::none(), events(1));
    transaction.execute("savepoint here");
    add(transaction, alice, ExpectedVersion::exactly(Version{1}), undone);
    add(transaction, bob, ExpectedVersion::none(), events(1));
    transaction.execute("rollback to savepoint here");
    EXPECT_EQ(add(transaction, alice, ExpectedVersion::exactly(Version{1}), events(2)).entries.at(0).version,
              Version{3});
    transaction.commit();
    EXPECT_EQ(version_of(store, alice), Version{3});
    EXPECT_EQ(version_of(store, bob), Version{});
    EXPECT_FALSE(store.find({{undone.front().id}}, [](RecordedEventView const&) {}));
}

TEST_F(UsersTransaction, GoesOnAfterAConflictAndADuplicate) {
    auto const stored = events(1);
    append(store, alice, ExpectedVersion::none(), stored);
    auto altered = stored;
    altered.front().data = "{\"other\":1}";
    auto transaction = database.begin();
    try {
        add(transaction, alice, ExpectedVersion::none(), events(1));
        ADD_FAILURE() << "stored";
    } catch (VersionConflict const& conflict) {
        EXPECT_EQ(conflict.actual(), Version{1});
    }
    EXPECT_THROW(add(transaction, alice, ExpectedVersion::none(), altered), DuplicateEvent);
    EXPECT_TRUE(add(transaction, alice, ExpectedVersion::none(), stored).replayed);
    EXPECT_EQ(add(transaction, bob, ExpectedVersion::none(), events(1)).entries.at(0).version, Version{1});
    transaction.commit();
    EXPECT_EQ(version_of(store, alice), Version{1});
    EXPECT_EQ(version_of(store, bob), Version{1});
}

TEST_F(UsersTransaction, SeesItsOwnAppends) {
    auto const mine = events(1);
    auto transaction = database.begin();
    add(transaction, alice, ExpectedVersion::none(), mine);
    EXPECT_TRUE(add(transaction, alice, ExpectedVersion::none(), mine).replayed);
    EXPECT_EQ(add(transaction, alice, ExpectedVersion::exactly(Version{1}), events(1)).entries.at(0).version,
              Version{2});
    EXPECT_THROW(add(transaction, alice, ExpectedVersion::exactly(Version{1}), events(1)), VersionConflict);
}

TEST_F(UsersTransaction, IsRefusedWhereItsSnapshotMayBeOlderThanALock) {
    for (std::string const level : {"serializable", "repeatable read"}) {
        auto transaction = database.begin();
        transaction.execute("set transaction isolation level " + level);
        EXPECT_THROW(add(transaction, alice, ExpectedVersion::none(), events(1)), InvalidArgument) << level;
        EXPECT_THROW(transaction.commit(), Transient);
    }
    EXPECT_EQ(version_of(store, alice), Version{});
}

TEST_F(UsersTransaction, IsRunAgainAfterADeadlock) {
    auto transaction = database.begin();
    add(transaction, alice, ExpectedVersion::any(), events(1));
    int transients = 0;
    std::jthread other{[&] {
        auto opposite = database.begin();
        add(opposite, bob, ExpectedVersion::any(), events(1));
        try {
            add(opposite, alice, ExpectedVersion::any(), events(1));
            opposite.commit();
        } catch (Transient const&) {
            ++transients;
        }
    }};
    until_somebody_waits();
    try {
        add(transaction, bob, ExpectedVersion::any(), events(1));
        transaction.commit();
    } catch (Transient const&) {
        ++transients;
        EXPECT_THROW(transaction.commit(), Transient);
    }
    other.join();
    EXPECT_EQ(transients, 1);
    EXPECT_EQ(version_of(store, alice), Version{1});
    EXPECT_EQ(version_of(store, bob), Version{1});
}

TEST_F(UsersTransaction, IsRunAgainWhereAnIdIsBeingStoredElsewhere) {
    for (bool const stored : {true, false}) {
        SCOPED_TRACE(stored);
        std::optional<Transaction> first{database.begin()};
        auto const fresh = events(1);
        add(*first, alice, ExpectedVersion::any(), fresh);
        std::string outcome;
        std::jthread second{[&] {
            auto transaction = database.begin();
            try {
                add(transaction, bob, ExpectedVersion::any(), fresh);
                transaction.commit();
                outcome = "stored";
            } catch (Transient const&) {
                outcome = "transient";
            }
        }};
        until_somebody_waits();
        if (stored) {
            first->commit();
        } else {
            first.reset();
        }
        second.join();
        EXPECT_EQ(outcome, stored ? "transient" : "stored");
    }
}

TEST_F(UsersTransaction, LeavesTheStoresOwnCallersToFindTheId) {
    // The same race without a user's transaction: the store looks again, and knows.
    auto const same = events(1);
    std::optional<Transaction> first{database.begin()};
    add(*first, alice, ExpectedVersion::any(), same);
    std::string outcome;
    std::jthread second{[&] {
        try {
            append(store, bob, ExpectedVersion::none(), same);
            outcome = "stored";
        } catch (DuplicateEvent const&) {
            outcome = "duplicate";
        }
    }};
    until_somebody_waits();
    first->commit();
    second.join();
    EXPECT_EQ(outcome, "duplicate");
}

TEST_F(UsersTransaction, AcceptsNothingAfterItsEnd) {
    auto transaction = database.begin();
    transaction.commit();
    EXPECT_THROW(add(transaction, alice, ExpectedVersion::any(), events(1)), InvalidArgument);
}

}  // namespace
}  // namespace postgres_test
