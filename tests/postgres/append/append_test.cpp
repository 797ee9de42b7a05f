// What one append costs and says, and how callers who come together travel.
#include "eventually.hpp"
#include "fault_proxy.hpp"
#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/append_error.hpp>
#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/sql_error.hpp>

#include <gtest/gtest.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <deque>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using conformance::detail::event;
using conformance::detail::events;

constexpr AggregateRef alice{"Account", "alice"};
constexpr AggregateRef bob{"Account", "bob"};

// Messages that a server answers: each is a round trip. Counted by a proxy that waits for a fault which never comes.
std::atomic<int> round_trips{0};
std::atomic<int> prepared{0};

bool count(char type, std::string_view) {
    round_trips += type == 'S' || type == 'Q' ? 1 : 0;  // Sync, Query
    prepared += type == 'P' ? 1 : 0;                    // Parse
    return false;
}

/// A way to the server on which the writer's messages are counted.
class Counting {
public:
    explicit Counting(TestSchema const& at) : proxy_{at.url(Role::writer)} {
        proxy_.arm(Fault::cut_before_the_server, count);
        options = at.options(Role::writer);
        options.url = proxy_.url();
    }

    PostgresOptions options;

private:
    FaultProxy proxy_;
};

class CountedAppend : public ::testing::Test {
protected:
    CountedAppend() {
        counting.options.connections = 1;
        database.emplace(counting.options);
        store.emplace(*database);
    }

    TestSchema at{server_url()};
    Counting counting{at};
    std::optional<PostgresDatabase> database;
    std::optional<PostgresEventStore> store;
};

TEST_F(CountedAppend, AloneIsOneRoundTrip) {
    auto const shapes = std::vector<std::function<void(int)>>{
        [&](int n) { append(*store, alice, ExpectedVersion::exactly(Version{n}), events(1)); },
        [&](int n) { append(*store, bob, ExpectedVersion::exactly(Version{3 * n}), events(3)); },
        [&](int) { append(*store, {"Account", "carol"}, ExpectedVersion::any(), events(1)); },
        [&](int) {
            auto const mine = events(1);
            store->append({.entries = std::vector<AppendEntry>{{{"Account", "dave"}, ExpectedVersion::any(), mine},
                                                               {alice, ExpectedVersion::exists()}}});
        },
        [&](int) { store->append({.entries = std::vector<AppendEntry>{{alice, ExpectedVersion::exists()}}}); },
    };
    for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
        SCOPED_TRACE(shape);
        shapes[shape](0);  // connects, prepares
        round_trips = 0;
        prepared = 0;
        for (int n = 1; n <= 5; ++n) {
            shapes[shape](n);
        }
        EXPECT_EQ(round_trips, 5);
        EXPECT_EQ(prepared, 0);
    }
}

TEST_F(CountedAppend, StatementsArePreparedOncePerConnection) {
    for (int n = 0; n < 10; ++n) {
        append(*store, alice, ExpectedVersion::exactly(Version{n}), events(1));
        append(*store, bob, ExpectedVersion::any(), events(2));
        store->read(alice, {}, [](RecordedEventView const&) {});
    }
    auto transaction = database->begin();  // on the one connection
    auto const rows = transaction.execute(
        "select count(*), count(distinct statement), bool_and(not from_sql) from pg_prepared_statements where name "
        "like "
        "'event_sourcing_%'");
    EXPECT_EQ(rows.integer(0, 0), 3);
    EXPECT_EQ(rows.integer(0, 1), 3);
    EXPECT_EQ(rows.text(0, 2), "t");
}

TEST_F(CountedAppend, ConflictOfAnOrdinaryOneIsTwoRoundTrips) {
    append(*store, alice, ExpectedVersion::none(), events(1));
    append(*store, alice, ExpectedVersion::any(), events(1));
    round_trips = 0;
    EXPECT_THROW(append(*store, alice, ExpectedVersion::exactly(Version{1}), events(1)), VersionConflict);
    EXPECT_EQ(round_trips, 2);  // the statement that stored nothing, and the function that says why
}

class Append : public ::testing::Test {
protected:
    /// Until a session waits for the lock of an aggregate.
    void await_one_that_waits_for_an_aggregate() const {
        Sql sql{server_url()};
        EXPECT_TRUE(eventually([&] {
            return sql.value(
                       "select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and "
                       "l.locktype = 'advisory' and a.query like '%" +
                       at.name() + "%'") == "1";
        }));
    }

    TestSchema at{server_url()};
    PostgresDatabase database{at.options(Role::writer)};
    PostgresEventStore store{database};
};

TEST_F(Append, ConflictCarriesTheActualVersion) {
    append(store, alice, ExpectedVersion::none(), events(7));
    auto const one = events(1);
    auto const two = events(2);
    for (auto const& entries : std::vector<std::vector<AppendEntry>>{
             {{alice, ExpectedVersion::none(), one}},
             {{alice, ExpectedVersion::exactly(Version{9}), two}},
             {{alice, ExpectedVersion::exactly(Version{6})}},
             {{bob, ExpectedVersion::any(), one}, {alice, ExpectedVersion::exactly(Version{3}), two}},
         }) {
        try {
            store.append({.entries = entries});
            ADD_FAILURE() << "stored";
        } catch (VersionConflict const& conflict) {
            EXPECT_EQ(conflict.aggregate(), alice);
            EXPECT_EQ(conflict.expected(), entries.back().expected);
            EXPECT_EQ(conflict.actual(), Version{7});
        }
    }
    EXPECT_EQ(store.read(bob, {}, [](RecordedEventView const&) {}), Version{});
}

/// Two requests that each check what the other writes, the first of them held open.
class CrossingChecks : public Append {
protected:
    CrossingChecks() { store.append(open, {.entries = entries_of(alice, bob, first)}); }

    static std::vector<AppendEntry> entries_of(AggregateRef written, AggregateRef checked,
                                               std::vector<NewEvent> const& stored) {
        return {{written, ExpectedVersion::any(), stored}, {checked, ExpectedVersion::none()}};
    }
    /// The second one, which waits for the first; what became of it.
    std::string second_after(std::function<void()> const& end_of_first) {
        PostgresDatabase elsewhere{at.options(Role::writer)};
        PostgresEventStore other{elsewhere};
        std::string outcome;
        auto const mine = events(1);
        std::jthread second{[&] {
            try {
                other.append({.entries = entries_of(bob, alice, mine)});
                outcome = "stored";
            } catch (VersionConflict const& conflict) {
                outcome = "conflict at " + std::to_string(conflict.actual().value) + " of " +
                          std::string{conflict.aggregate().id};
            } catch (std::exception const& error) {
                outcome = error.what();
            }
        }};
        Sql sql{server_url()};
        EXPECT_TRUE(eventually([&] {
            return sql.value(
                       "select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and "
                       "l.locktype = "
                       "'advisory' and a.query like '%" +
                       at.name() + "%'") == "1";
        }));
        end_of_first();
        second.join();
        return outcome;
    }

    std::vector<NewEvent> const first = events(1);
    std::optional<Transaction> held{database.begin()};
    Transaction& open{*held};
};

TEST_F(CrossingChecks, SecondSeesWhatTheFirstHasStored) {
    EXPECT_EQ(second_after([&] { open.commit(); }), "conflict at 1 of alice");
}

TEST_F(CrossingChecks, SecondIsStoredWhereTheFirstIsNot) {
    EXPECT_EQ(second_after([&] { held.reset(); }), "stored");
}

TEST_F(Append, OfTwoCrossingChecksExactlyOneWins) {
    constexpr int rounds = 60;
    PostgresDatabase elsewhere{at.options(Role::writer)};
    PostgresEventStore other{elsewhere};
    std::vector<std::atomic<int>> winners(rounds);
    std::atomic<int> losers{0};
    std::barrier start{2};
    auto const contend = [&](PostgresEventStore& mine, std::string const& written, std::string const& checked) {
        for (int round = 0; round < rounds; ++round) {
            auto const number = std::to_string(round);
            auto const writes = written + number;
            auto const checks = checked + number;
            auto const one = events(1);
            start.arrive_and_wait();
            try {
                mine.append({.entries = std::vector<AppendEntry>{{{"Account", writes}, ExpectedVersion::any(), one},
                                                                 {{"Account", checks}, ExpectedVersion::none()}}});
                ++winners[static_cast<std::size_t>(round)];
            } catch (VersionConflict const&) {
                ++losers;
            }
        }
    };
    {
        std::jthread const one{[&] { contend(store, "a", "b"); }};
        std::jthread const two{[&] { contend(other, "b", "a"); }};
    }
    for (auto const& won : winners) {
        EXPECT_EQ(won, 1);
    }
    EXPECT_EQ(losers, rounds);
}

/// Callers of one store who all wait while its one journey is held up by a lock, and then travel together.
class Companions : public Append {
protected:
    /// Calls all of them at once, lets them go when each is waiting, and sees that they did not go one by one.
    void travel(std::vector<std::function<void()>> const& callers) {
        append(store, {"Account", "held"}, ExpectedVersion::none(), events(1));
        auto const more = events(1);
        std::optional<Transaction> holder{database.begin()};
        Append::store.append(
            *holder, {.entries = std::vector<AppendEntry>{{{"Account", "held"}, ExpectedVersion::any(), more}}});
        std::jthread const leader{[&] { append(store, {"Account", "held"}, ExpectedVersion::any(), events(1)); }};
        await_one_that_waits_for_an_aggregate();
        std::deque<std::atomic<long>> threads;
        std::vector<std::jthread> running;
        for (auto const& caller : callers) {
            auto& thread = threads.emplace_back(0);
            running.emplace_back([&thread, &caller] {
                thread = ::syscall(SYS_gettid);
                try {
                    caller();
                } catch (std::exception const& error) {
                    ADD_FAILURE() << error.what();
                }
            });
        }
        for (auto const& thread : threads) {
            EXPECT_TRUE(eventually([&] { return thread != 0 && sleeps(thread); }));
        }
        int const before = round_trips;
        holder->commit();
        running.clear();
        EXPECT_LE(round_trips - before, at_most);
    }

    // Round trips: one statement for those who ask for one event and one for the others, and a look at what a duplicate is a
    // duplicate of; the first and the last are prepared as well.
    int at_most = 2 + 1 + 2;
    Counting counting{at};
    PostgresDatabase counted{counting.options};
    PostgresEventStore store{counted, {.append_connections = 1}};  // in place of that of `Append`

private:
    static bool sleeps(long thread) {
        std::ifstream in{"/proc/self/task/" + std::to_string(thread) + "/stat"};
        std::string const text{std::istreambuf_iterator<char>{in}, {}};
        auto const name_ends = text.rfind(')');
        return name_ends != std::string::npos && text.substr(name_ends + 2, 1) == "S";
    }
};

TEST_F(Companions, EachGetItsOwnOutcome) {
    auto const stored = events(2);
    append(store, alice, ExpectedVersion::none(), stored);
    auto altered = stored;
    altered[0].data = "{\"other\":1}";
    auto const one = events(1);
    AppendResult replayed;
    std::vector<EntryResult> plain(5);
    std::vector<std::function<void()>> callers{
        [&] { EXPECT_THROW(append(store, alice, ExpectedVersion::none(), events(1)), VersionConflict); },
        [&] { EXPECT_THROW(append(store, alice, ExpectedVersion::none(), altered), DuplicateEvent); },
        [&] {
            replayed = store.append({.entries = std::vector<AppendEntry>{{alice, ExpectedVersion::none(), stored}}});
        },
        [&] { EXPECT_THROW(append(store, bob, ExpectedVersion::exists(), events(1)), VersionConflict); },
        [&] {
            try {
                store.append({.entries = std::vector<AppendEntry>{{{"Account", "carol"}, ExpectedVersion::any(), one},
                                                                  {alice, ExpectedVersion::exactly(Version{5})}}});
                ADD_FAILURE() << "stored";
            } catch (VersionConflict const& conflict) {
                EXPECT_EQ(conflict.actual(), Version{2});
            }
        },
    };
    for (std::size_t i = 0; i < plain.size(); ++i) {
        callers.emplace_back([&, i] {
            plain[i] = append(store, {"Account", "plain" + std::to_string(i)}, ExpectedVersion::none(), events(1));
        });
    }
    travel(callers);
    EXPECT_TRUE(replayed.replayed);
    EXPECT_EQ(replayed.entries.at(0).version, Version{2});
    for (auto const& result : plain) {
        EXPECT_EQ(result.version, Version{1});
        EXPECT_GT(result.position, Position{});
    }
    EXPECT_EQ(store.read({"Account", "carol"}, {}, [](RecordedEventView const&) {}), Version{});
}

TEST_F(Companions, OnOneAggregateFollowEachOther) {
    constexpr std::size_t many = 20;
    std::vector<EntryResult> results(many);
    std::vector<std::function<void()>> callers;
    for (std::size_t i = 0; i < many; ++i) {
        callers.emplace_back([&, i] { results[i] = append(store, alice, ExpectedVersion::any(), events(2)); });
    }
    travel(callers);
    std::vector<std::int64_t> versions;
    for (auto const& result : results) {
        versions.push_back(result.version.value);
    }
    std::ranges::sort(versions);
    for (std::size_t i = 0; i < many; ++i) {
        EXPECT_EQ(versions[i], static_cast<std::int64_t>(2 * (i + 1)));
    }
}

TEST_F(Companions, OfWhomTheServerRefusesOneAreStored) {
    at_most = 2 + 1 + 14;  // then each by itself
    Sql{at.url(Role::owner)}.run("alter table " + at.name() +
                                 ".event add constraint local_rule check (event_type <> 'Forbidden')");
    std::atomic<int> stored{0};
    std::atomic<int> refused{0};
    std::vector<std::function<void()>> callers;
    for (int i = 0; i < 6; ++i) {
        callers.emplace_back([&, i] {
            append(store, {"Account", "group" + std::to_string(i)}, ExpectedVersion::none(), events(1));
            ++stored;
        });
        callers.emplace_back([&, i] {
            append(store, {"Account", "function" + std::to_string(i)}, ExpectedVersion::any(), events(2));
            ++stored;
        });
    }
    for (auto const expected : {ExpectedVersion::none(), ExpectedVersion::any()}) {
        callers.emplace_back([&, expected] {
            try {
                append(store, alice, expected, {event("{}", "Forbidden")});
            } catch (SqlError const& error) {
                EXPECT_EQ(error.sqlstate(), "23514");
                ++refused;
            }
        });
    }
    travel(callers);
    EXPECT_EQ(stored, 12);
    EXPECT_EQ(refused, 2);
}

TEST_F(Append, BatchDoesNotWaitForAnotherOneThatIsHeldUp) {
    append(store, alice, ExpectedVersion::none(), events(1));
    std::optional<Transaction> holder{database.begin()};
    auto const more = events(1);
    store.append(*holder, {.entries = std::vector<AppendEntry>{{alice, ExpectedVersion::any(), more}}});
    std::jthread const held_up{[&] { append(store, alice, ExpectedVersion::any(), events(2)); }};
    await_one_that_waits_for_an_aggregate();
    EXPECT_EQ(append(store, bob, ExpectedVersion::none(), events(2)).version, Version{2});
    EXPECT_EQ(append(store, bob, ExpectedVersion::exactly(Version{2}), events(1)).version, Version{3});
    holder->commit();
}

// A thread that holds an aggregate in a transaction, which another waits for, may append elsewhere.
TEST_F(Append, SingleEventIsNotHeldUpForLongByAnotherThatWaitsForALock) {
    append(store, alice, ExpectedVersion::none(), events(1));
    std::optional<Transaction> holder{database.begin()};
    auto const more = events(1);
    store.append(*holder, {.entries = std::vector<AppendEntry>{{alice, ExpectedVersion::any(), more}}});
    std::jthread const held_up{
        [&] { EXPECT_THROW(append(store, alice, ExpectedVersion::exactly(Version{1}), events(1)), VersionConflict); }};
    await_one_that_waits_for_an_aggregate();
    EXPECT_EQ(append(store, bob, ExpectedVersion::none(), events(1)).version, Version{1});
    holder->commit();
}

TEST_F(Append, TransactionOfAnotherDatabaseIsRefused) {
    TestSchema const elsewhere{server_url()};
    PostgresDatabase other{elsewhere.options(Role::writer)};
    auto transaction = other.begin();
    auto const one = events(1);
    EXPECT_THROW(
        store.append(transaction, {.entries = std::vector<AppendEntry>{{alice, ExpectedVersion::none(), one}}}),
        InvalidArgument);
    transaction.commit();
    EXPECT_EQ(PostgresEventStore{other}.read(alice, {}, [](RecordedEventView const&) {}), Version{});
}

TEST_F(Append, RowThatIsNoIntegerIsTheCallersError) {
    auto transaction = database.begin();
    EXPECT_THROW(static_cast<void>(transaction.execute("select 'x'").integer(0, 0)), InvalidArgument);
}

TEST_F(Append, BatchAtAVersionThatIsLostToAnotherIsAConflictAndStoresNothing) {
    PostgresDatabase elsewhere{at.options(Role::writer)};
    PostgresEventStore other{elsewhere};
    for (int round = 0; round < 40; ++round) {
        auto const id = "contended" + std::to_string(round);
        AggregateRef const contended{"Account", id};
        append(store, contended, ExpectedVersion::none(), events(1));
        std::barrier start{2};
        std::atomic<int> conflicts{0};
        auto const contend = [&](PostgresEventStore& mine) {
            auto const batch = events(5);
            start.arrive_and_wait();
            try {
                append(mine, contended, ExpectedVersion::exactly(Version{1}), batch);
            } catch (VersionConflict const& conflict) {
                EXPECT_EQ(conflict.actual(), Version{6});
                ++conflicts;
            }
        };
        {
            std::jthread const one{[&] { contend(store); }};
            std::jthread const two{[&] { contend(other); }};
        }
        EXPECT_EQ(conflicts, 1);
        EXPECT_EQ(store.read(contended, {}, [](RecordedEventView const&) {}), Version{6});
    }
}

TEST_F(Append, PositionsThatASessionHasCachedAreNoticed) {
    auto options = at.options(Role::writer);
    options.connections = 1;
    PostgresDatabase one{options};
    PostgresDatabase two{options};
    PostgresEventStore first{one};
    PostgresEventStore second{two};
    append(first, alice, ExpectedVersion::none(), events(1));
    append(second, bob, ExpectedVersion::none(), events(1));
    // Both have looked at the schema. Now a DBA makes it faster.
    Sql{server_url()}.run("alter sequence " + at.name() + ".event_position_seq cache 10");
    append(first, alice, ExpectedVersion::any(), events(1));  // 3, with 4 to 12 in store
    append(second, bob, ExpectedVersion::any(), events(1));   // 13
    EXPECT_THROW(append(first, alice, ExpectedVersion::any(), events(1)), Corrupted);
    EXPECT_THROW(append(first, alice, ExpectedVersion::exactly(Version{2}), events(1)), Corrupted);
    EXPECT_THROW(append(first, alice, ExpectedVersion::any(), events(3)), Corrupted);
}

TEST_F(Append, TimesOfTheFirstCenturiesAreKept) {
    for (std::string const time : {"0000-01-01T00:00:00Z", "0000-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z",
                                   "0001-06-01T12:00:00.5Z", "9999-12-31T23:59:59.999999Z"}) {
        NewEvent one = event();
        one.timestamp = parse_timestamp(time);
        append(store, alice, ExpectedVersion::any(), {one});
        std::optional<Timestamp> read;
        EXPECT_TRUE(store.find({{one.id}}, [&](RecordedEventView const& stored) { read = stored.timestamp; }));
        EXPECT_EQ(read, one.timestamp) << time;
    }
}

}  // namespace
}  // namespace postgres_test
