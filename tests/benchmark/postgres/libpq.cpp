#include "libpq.hpp"

namespace event_sourcing::benchmarks::postgres {

Libpq::Libpq(std::string const& url) : connection_{PQconnectdb(url.c_str()), &PQfinish} {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        fail();
    }
    PQsetNoticeProcessor(connection_.get(), [](void*, char const*) {}, nullptr);
}

LibpqRows Libpq::run(std::string const& sql) { return checked(PQexec(connection_.get(), sql.c_str())); }

std::string Libpq::value(std::string const& sql) {
    auto const rows = run(sql);
    if (rows.size() == 0) {
        throw LibpqError{"no row from " + sql};
    }
    return std::string{rows.text(0, 0)};
}

void Libpq::prepare(char const* name, std::string const& sql) {
    static_cast<void>(checked(PQprepare(connection_.get(), name, sql.c_str(), 0, nullptr)));
}

LibpqRows Libpq::call(char const* name, std::span<char const* const> parameters) {
    return checked(PQexecPrepared(connection_.get(), name, static_cast<int>(parameters.size()), parameters.data(),
                                  nullptr, nullptr, 0));
}

LibpqRows Libpq::checked(PGresult* result, ExecStatusType other) {
    LibpqRows rows{result};
    auto const status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != other) {
        fail();
    }
    return rows;
}

void Libpq::fail() const {
    std::string message = PQerrorMessage(connection_.get());
    message = message.substr(0, message.find('\n'));  // the rest are hints
    throw LibpqError{"libpq: " + message};
}

}  // namespace event_sourcing::benchmarks::postgres
