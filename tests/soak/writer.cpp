#include "writer.hpp"

#include <numeric>
#include <optional>
#include <utility>

namespace soak {
namespace {

using namespace event_sourcing;
using postgres_test::Role;
using postgres_test::Sql;
using postgres_test::SqlFailure;

constexpr std::chrono::milliseconds server_is_away{20};
constexpr auto columns = "event (id, aggregate_type, aggregate_id, version, event_type, data)";

PostgresOptions own_connection(PostgresOptions options) {
    options.connections = 1;
    return options;
}

/// The commit was sent, and no answer came.
struct InDoubt {};

bool is_conflict(SqlFailure const& failure) {
    return failure.sqlstate() == "23505" || failure.sqlstate() == "40001" || failure.sqlstate() == "40P01";
}

bool is_lost(SqlFailure const& failure) {
    return failure.sqlstate().empty() || failure.sqlstate().starts_with("57P") || failure.sqlstate().starts_with("08");
}

}  // namespace

Writer::Writer(postgres_test::TestSchema const& schema, Mode mode, std::size_t number, Progress& progress)
    : schema_{&schema}, mode_{std::move(mode)}, progress_{&progress}, random_{number},
      database_{own_connection(schema.options(Role::writer))} {}

void Writer::run() {
    while (progress_->writing()) {
        auto const plan = next_plan();
        try {
            auto const ending = plan.way == Way::append ? by_library(plan) : by_sql(plan);
            ++progress_->transactions;
            if (ending == Ending::committed) {
                progress_->stored(std::accumulate(plan.pieces.begin(), plan.pieces.end(), 0));
            } else {
                ++progress_->rolled_back;
            }
        } catch (VersionConflict const&) {
            ++progress_->conflicts;
        } catch (Transient const&) {
            ++progress_->conflicts;
        } catch (OutcomeUnknown const&) {
            ++progress_->in_doubt;
        } catch (InDoubt const&) {
            ++progress_->in_doubt;
            sql_.reset();
        } catch (Unavailable const&) {
            progress_->pause(server_is_away);
        } catch (SqlFailure const& failure) {
            sql_.reset();  // with its transaction
            if (is_conflict(failure)) {
                ++progress_->conflicts;
            } else if (is_lost(failure)) {
                progress_->pause(server_is_away);
            } else {
                progress_->fail(failure.what());
            }
        } catch (std::exception const& failure) {
            progress_->fail(failure.what());
        }
    }
}

Writer::Plan Writer::next_plan() {
    auto const up_to = [this](auto most) { return std::uniform_int_distribution<decltype(most)>{0, most}(random_); };
    Plan plan;
    plan.way = std::array{Way::append, Way::insert, Way::copy}[up_to(std::size_t{2})];
    plan.aggregate = std::to_string(up_to(mode_.aggregates - 1));
    int const events = 1 + up_to(6);
    plan.pieces = events > 1 && up_to(3) == 0 ? std::vector{1, events - 1} : std::vector{events};
    int const microseconds = up_to(4000);
    // Asleep without a lock and without a transaction number it would be as if it had not begun.
    plan.seconds_before = mode_.other_first ? up_to(microseconds) / 1e6 : 0;
    plan.seconds_after = (microseconds / 1e6 - plan.seconds_before) / static_cast<double>(plan.pieces.size());
    plan.roll_back = up_to(99) == 0;
    return plan;
}

Writer::Ending Writer::by_library(Plan const& plan) {
    auto transaction = database_.begin();
    if (mode_.other_first) {
        transaction.execute("with written as (insert into " + schema_->name() +
                                ".other values (1) returning 1) select pg_catalog.pg_sleep($1::float8) from written",
                            {std::to_string(plan.seconds_before)});
    }
    auto expected = ExpectedVersion::any();
    if (mode_.exactly) {
        auto const version = transaction.execute("select coalesce(max(version), 0) from " + schema_->name() +
                                                     ".event where aggregate_type = 'Soak' and aggregate_id = $1",
                                                 {plan.aggregate});
        expected = ExpectedVersion::exactly(Version{version.integer(0, 0)});
    }
    for (auto const count : plan.pieces) {
        std::vector<NewEvent> events(static_cast<std::size_t>(count));
        for (auto& event : events) {
            event.event_type = "Soaked";
        }
        AppendEntry const entry{{"Soak", plan.aggregate}, expected, events};
        auto const result = store_.append(transaction, {.entries = {&entry, 1}});
        if (mode_.exactly) {
            expected = ExpectedVersion::exactly(result.entries.front().version);
        }
        transaction.execute("select pg_catalog.pg_sleep($1::float8)", {std::to_string(plan.seconds_after)});
    }
    if (plan.roll_back) {
        return Ending::rolled_back;
    }
    transaction.commit();
    return Ending::committed;
}

/// As append() does it: the aggregate's lock, then, in a later statement, its version. Where a version is expected the unique
/// key is enough, and the lock is not taken.
Writer::Ending Writer::by_sql(Plan const& plan) {
    auto& on = sql();
    on.run(mode_.other_first ? "begin; execute other; execute sleep(" + std::to_string(plan.seconds_before) + ")"
                             : "begin");
    auto const aggregate = "('" + plan.aggregate + "')";
    auto version =
        std::stoll(on.value((mode_.exactly ? "" : "execute lock" + aggregate + ";") + ("execute version" + aggregate)));
    for (auto const events : plan.pieces) {
        plan.way == Way::insert ? insert(plan, version, events) : copy(plan, version, events);
        version += events;
    }
    if (plan.roll_back) {
        on.run("rollback");
        return Ending::rolled_back;
    }
    try {
        on.run("commit");
    } catch (SqlFailure const& failure) {
        if (is_lost(failure)) {
            throw InDoubt{};
        }
        throw;
    }
    return Ending::committed;
}

void Writer::insert(Plan const& plan, std::int64_t version, int events) {
    std::string ids;
    for (int i = 0; i < events; ++i) {
        ids.append(i == 0 ? "{" : ",").append(to_string(Uuid::v7()));
    }
    sql().run("execute insert('" + ids + "}', '" + plan.aggregate + "', " + std::to_string(version) +
              "); execute sleep(" + std::to_string(plan.seconds_after) + ")");
}

void Writer::copy(Plan const& plan, std::int64_t version, int events) {
    std::string lines;
    for (int i = 1; i <= events; ++i) {
        lines +=
            to_string(Uuid::v7()) + "\tSoak\t" + plan.aggregate + "\t" + std::to_string(version + i) + "\tSoaked\t{}\n";
    }
    sql().copy("copy " + schema_->name() + "." + columns + " from stdin", lines);
    sql().run("execute sleep(" + std::to_string(plan.seconds_after) + ")");
}

postgres_test::Sql& Writer::sql() {
    if (!sql_) {
        auto on = std::make_unique<Sql>(schema_->url(Role::writer));
        on->run("set search_path = " + schema_->name() +
                ", pg_catalog;"
                "prepare sleep(float8) as select pg_sleep($1);"
                "prepare other as insert into other values (1);"
                "prepare lock(text) as select pg_advisory_xact_lock(hashtextextended('Soak/' || $1, 0));"
                "prepare version(text) as select coalesce(max(version), 0) from event"
                " where aggregate_type = 'Soak' and aggregate_id = $1;"
                "prepare insert(uuid[], text, bigint) as insert into " +
                std::string{columns} +
                " select id, 'Soak', $2, $3 + place, 'Soaked', '{}' from unnest($1) with ordinality given(id, place)"
                " order by place");
        sql_ = std::move(on);
    }
    return *sql_;
}

}  // namespace soak
