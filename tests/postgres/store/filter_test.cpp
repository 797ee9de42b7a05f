// What a reader does not want stays on the server.
#include "fault_proxy.hpp"
#include "filled.hpp"
#include "server.hpp"

#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/postgres/event_store.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;

std::atomic<int> round_trips{0};

bool count(char type, std::string_view) {
    round_trips += type == 'S' || type == 'Q' ? 1 : 0;  // Sync, Query: what the server answers
    return false;
}

TEST(Filter, LeavesOnTheServerWhatItDoesNotLetThrough) {
    TestSchema const at{server_url()};
    fill(at, 50'000);
    {
        PostgresDatabase writing{at.options(Role::writer)};
        PostgresEventStore writer{writing};
        append(writer, {"Account", "rare"}, ExpectedVersion::none(),
               {conformance::detail::event("{\"n\":1}", "Rare"), conformance::detail::event("{\"n\":2}", "Noted")});
        append(writer, {"Other", "rare"}, ExpectedVersion::none(), {conformance::detail::event("{\"n\":3}", "Rare")});
    }
    FaultProxy proxy{at.url(Role::reader)};
    proxy.arm(Fault::cut_before_the_server, count);
    auto options = at.options(Role::reader);
    options.url = proxy.url();
    PostgresDatabase database{options};
    PostgresEventStore const store{database};

    auto const read = [&](EventFilter const& filter, Direction direction) {
        std::vector<std::string> seen;
        store.read_all({.limit = 10, .filter = filter, .direction = direction},
                       [&](RecordedEventView const& event) { seen.emplace_back(event.data); });
        return seen;
    };
    EventFilter const rare{.event_types = {"Rare", "Absent"}};
    read(rare, Direction::forward);  // connects, prepares
    read(rare, Direction::backward);
    for (auto const direction : {Direction::forward, Direction::backward}) {
        round_trips = 0;
        EXPECT_EQ(read(rare, direction).size(), 2U);
        EXPECT_LE(round_trips, 6);  // all 50 000 would be 50 pages and more
        EXPECT_EQ(read({.aggregate_types = {"Other"}}, direction), (std::vector<std::string>{"{\"n\":3}"}));
        EXPECT_EQ(read({.aggregate_types = {"Account"}, .event_types = {"Rare"}}, direction),
                  (std::vector<std::string>{"{\"n\":1}"}));
        EXPECT_TRUE(read({.event_types = {"Absent"}}, direction).empty());
        EXPECT_TRUE(read({.event_types = {"Ra\"re", "{Rare}", "Rare,Noted", "\\Rare", "NULL", ""}}, direction).empty());
    }
    EXPECT_EQ(store.read_all({.limit = 10, .filter = {.event_types = {"Absent"}}}, [](RecordedEventView const&) {}),
              Position{50'003});
}

}  // namespace
}  // namespace postgres_test
