#include "readers.hpp"

#include "sql.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace soak {
namespace {

using namespace event_sourcing;
using postgres_test::Role;
using postgres_test::Sql;
using postgres_test::SqlFailure;

constexpr std::size_t page = 1000;
constexpr std::chrono::milliseconds poll{2};
constexpr std::chrono::milliseconds control_poll{4};
constexpr std::chrono::milliseconds server_is_away{20};

/// Asks for pages over a connection, again after it was lost, until the end and an empty page.
template <class NextQuery, class Take>
void follow(std::string const& url, std::string const& preparation, Progress& progress, NextQuery next_query,
            Take take) {
    std::unique_ptr<Sql> sql;
    for (;;) {
        bool const last = !progress.reading();
        try {
            if (!sql) {
                auto on = std::make_unique<Sql>(url);
                on->run(preparation);
                sql = std::move(on);
            }
            auto const rows = sql->run(next_query());
            for (auto const& row : rows) {
                take(row);
            }
            if (last && rows.empty()) {
                return;
            }
            if (rows.size() < page) {
                progress.pause(control_poll);
            }
        } catch (SqlFailure const&) {
            sql.reset();
            progress.pause(server_is_away);
        }
    }
}

}  // namespace

void LibraryReader::run() {
    try {
        PostgresDatabase database{schema_->options(Role::reader)};
        PostgresEventStore const store{database};
        Position cursor{};
        for (;;) {
            bool const last = !progress_->reading();
            auto const before = delivered_.size();
            try {
                cursor = store.read_all({.after = cursor, .limit = page}, [&](RecordedEventView const& event) {
                    bool const rises = event.position > cursor;
                    bool const follows =
                        versions_.follows(std::stoll(std::string{event.aggregate_id}), event.version.value);
                    out_of_order_ += rises && follows ? 0 : 1;
                    delivered_.push_back({event.position.value, event.id});
                    cursor = event.position;  // a reader that is interrupted goes on here
                });
                if (last && delivered_.size() == before) {
                    return;
                }
                if (delivered_.size() - before < page) {
                    progress_->pause(poll);
                }
            } catch (Unavailable const&) {
                progress_->pause(server_is_away);
            }
        }
    } catch (std::exception const& failure) {
        progress_->fail(failure.what());
    }
}

void PlainReader::run() {
    std::int64_t cursor = 0;
    follow(
        schema_->url(Role::reader),
        "prepare page(bigint) as select position from " + schema_->name() +
            ".event where position > $1 order by position limit " + std::to_string(page),
        *progress_, [&] { return "execute page(" + std::to_string(cursor) + ")"; },
        [&](auto const& row) {
            cursor = std::stoll(row[0]);
            delivered_.push_back(cursor);
        });
}

void XidReader::add_column(postgres_test::TestSchema const& schema) {
    Sql{schema.url(Role::owner)}.run("alter table " + schema.name() +
                                     ".event add column xid xid8 not null default pg_catalog.pg_current_xact_id();"
                                     "create index on " +
                                     schema.name() + ".event (xid, position)");
}

void XidReader::run() {
    std::string xid = "0";
    std::string position = "0";
    follow(
        schema_->url(Role::reader),
        "prepare page(xid8, bigint) as select xid, position, aggregate_id, version from " + schema_->name() +
            ".event where (xid, position) > ($1, $2)"
            " and xid < pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())"
            " order by xid, position limit " +
            std::to_string(page) + "; set enable_seqscan = off; set enable_bitmapscan = off",
        *progress_, [&] { return "execute page('" + xid + "', " + position + ")"; },
        [&](auto const& row) {
            xid = row[0];
            position = row[1];
            ++delivered_;
            breaks_ += versions_.follows(std::stoll(row[2]), std::stoll(row[3])) ? 0 : 1;
        });
}

}  // namespace soak
