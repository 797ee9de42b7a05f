#include "schema.hpp"

#include <event_sourcing/postgres/schema.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace event_sourcing::benchmarks::postgres {

std::string const& server_url() {
    static std::string const url = [] {
        auto const* const value = std::getenv("EVENT_SOURCING_TEST_DATABASE_URL");
        return value == nullptr ? std::string{} : std::string{value};
    }();
    return url;
}

Schema::Schema(Triggers triggers) {
    static int number = 0;
    name_ = "event_sourcing_bench_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
    Libpq sql{server_url()};
    sql.run(postgres_schema_sql(name_));
    if (triggers == Triggers::none) {
        sql.run("drop trigger horizon on " + table() + "; drop trigger append_only on " + table());
    }
}

Schema::~Schema() {
    try {
        Libpq{server_url()}.run("drop schema " + name_ + " cascade");
    } catch (std::exception const& failure) {
        std::fputs(failure.what(), stderr);
    }
}

PostgresOptions Schema::options(std::size_t connections) const {
    return {.url = server_url(),
            .schema = name_,
            .connections = connections,
            .migration = Migration::never,
            .application_name = name_};
}

std::size_t Schema::events() const {
    return std::strtoull(Libpq{server_url()}.value("select count(*) from " + table()).c_str(), nullptr, 10);
}

void fill(Schema const& schema, std::span<Histories const> histories) {
    std::string rows;
    for (auto const& [prefix, count, length] : histories) {
        rows += (rows.empty() ? "" : " union all ") + std::string{"select '"} + std::string{prefix} +
                "-' || a aggregate, v - 1 i, (v - 0.5) / " + std::to_string(length) +
                " written from generate_series(0, " + std::to_string(count) + " - 1) a, generate_series(1, " +
                std::to_string(length) + ") v";
    }
    Libpq sql{server_url()};
    // Ids like those of version 7: rising, with a random end.
    sql.run("insert into " + schema.table() +
            " (id, aggregate_type, aggregate_id, version, event_type, data) "
            "select (lpad(to_hex(row_number() over (order by written, aggregate)), 12, '0') || '7000' ||"
            "        substr(md5(aggregate || i), 1, 16))::uuid, 'BankAccount', aggregate, i + 1,"
            "       case when i % 3 = 2 then 'MoneyWithdrawn' else 'MoneyDeposited' end,"
            "       ('{\"amount\":' || 1000 + i % 977 || ',\"date\":\"1993-01-03\",\"text\":\"' ||"
            "        (array['salary for the month', 'insurance payment', 'household', 'interest credited'])[i % 4 + 1]"
            "        || '\",\"transaction_id\":\"452728\"}')::json "
            "  from (" +
            rows + ") r order by written, aggregate");
    sql.run("vacuum analyze " + schema.table());
}

void settle() { Libpq{server_url()}.run("checkpoint"); }

}  // namespace event_sourcing::benchmarks::postgres
