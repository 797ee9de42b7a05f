// The randomized test must notice a store that is broken: its SQL, changed on purpose in one place.
#include "random_appends.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace postgres_test {
namespace {

struct Break {
    char const* name;
    char const* function;
    std::vector<std::pair<std::string, std::string>> changes;  ///< a text of the function that occurs once, and another
    Workload workload;
    char const* noticed_as;  ///< a part of what the checker says
};

void PrintTo(Break const& one, std::ostream* out) { *out << one.name; }

void put(TestSchema const& schema, Break const& one) {
    Sql owner{schema.url(Role::owner)};
    auto text = owner.value("select pg_get_functiondef('" + schema.name() + "." + one.function + "'::regproc)");
    for (auto const& [what, by] : one.changes) {
        auto const at = text.find(what);
        if (at == std::string::npos || text.find(what, at + 1) != std::string::npos) {
            throw std::runtime_error{"the function does not have this text once: " + what};
        }
        text.replace(at, what.size(), by);
    }
    owner.run(text);
}

class BrokenStore : public ::testing::TestWithParam<Break> {};

TEST_P(BrokenStore, IsNoticed) {
    constexpr int rounds = 30;  // the races need luck; one or two are enough as a rule
    auto workload = GetParam().workload;
    workload.calls_per_thread = 60;
    for (int round = 1; round <= rounds; ++round) {
        workload.seed = static_cast<std::uint64_t>(round);
        TestSchema const schema{server_url()};
        put(schema, GetParam());
        for (auto const& violation : violations_of(run(workload, schema))) {
            if (violation.find(GetParam().noticed_as) != std::string::npos) {
                std::printf("in round %d: %s\n", round, violation.c_str());
                return;
            }
        }
    }
    FAIL() << "not noticed in " << rounds << " rounds";
}

constexpr Workload crossing{.aggregates = 4,
                            .ordinary = 10,
                            .batch = 0,
                            .several = 90,
                            .checks = 0,
                            .again = 0,
                            .altered = 0,
                            .transactions = 0};
constexpr Workload resending{
    .ordinary = 40, .batch = 30, .several = 0, .checks = 0, .again = 30, .altered = 30, .transactions = 0};

std::string const lock_all = "case when s.w then pg_advisory_xact_lock(s.h) else pg_advisory_xact_lock_shared(s.h) end";

std::vector<Break> const breaks{
    {"NoLockOnCheckedAggregates",
     "append",
     {{lock_all, "case when s.w then pg_advisory_xact_lock(s.h) end"}},
     crossing,
     "no order"},
    // Locks and versions in one statement: its snapshot is older than the locks.
    {"VersionsReadBeforeTheLocks",
     "append",
     {{lock_all, "null"},
      {"from unnest(e_type, e_aggregate) with ordinality u(t, a, o)) s;",
       "from (select w.*, case when w.n > 0 then pg_advisory_xact_lock(w.h) else pg_advisory_xact_lock_shared(w.h) end "
       "from "
       "(select *, hashtextextended(x.t || '/' || x.a, 0::bigint) h from unnest(e_type, e_aggregate, e_count) with "
       "ordinality "
       "x(t, a, n, o) order by h offset 0) w offset 0) u) s;"}},
     crossing,
     "no order"},
    {"PayloadOfAReplayNotCompared",
     "append",
     {{"e.data::text is not distinct from u.d::text", "true"}},
     resending,
     "a replay of what is not stored so"},
    {"PlaceOfAReplayNotCompared",
     "append",
     {{"e.aggregate_type = e_type[u.x] and e.aggregate_id = e_aggregate[u.x] and", ""}},
     resending,
     "a replay of what is not stored so"},
    {"SomeReplaysAreRefused",
     "append",
     {{"when q.kn = cnt and q.same then 1", "when q.kn = cnt and q.same and random() < 0.5 then 1"}},
     resending,
     "it is what was stored before"},
    {"ExistsIsForgottenInRequestsOfSeveral",
     "append",
     {{"ver := vers[slot[k]];\n            if not (case e_expected[k] when -1 then true when -2 then ver > 0",
       "ver := vers[slot[k]];\n            if not (case e_expected[k] when -1 then true when -2 then true"}},
     {.aggregates = 60, .several = 60, .transactions = 0},
     "against its expectation"},
    {"PositionsAgainstTheList",
     "append",
     {{"on x.o = u.o\n             order by u.o", "on x.o = u.o\n             order by u.o desc"}},
     crossing,
     "positions do not follow the list"},
    {"NoHorizonLock",
     "horizon_guard",
     {{"pg_advisory_xact_lock_shared(seq::int4, last::bit(32)::int4) is null", "false"}},
     {.transactions = 30},
     "the reader"},
};

INSTANTIATE_TEST_SUITE_P(By, BrokenStore, ::testing::ValuesIn(breaks),
                         [](auto const& tested) { return std::string{tested.param.name}; });

}  // namespace
}  // namespace postgres_test
