#include "sql.hpp"

namespace postgres_test {

Sql::Sql(std::string const& url) : connection_{PQconnectdb(url.c_str()), PQfinish} {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        throw SqlFailure{PQerrorMessage(connection_.get()), ""};
    }
    PQsetNoticeProcessor(connection_.get(), [](void*, char const*) {}, nullptr);
}

Sql::Rows Sql::run(std::string const& sql) {
    std::unique_ptr<PGresult, void (*)(PGresult*)> const result{PQexec(connection_.get(), sql.c_str()), PQclear};
    auto const status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        auto const* const state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        throw SqlFailure{std::string{PQerrorMessage(connection_.get())} + " in: " + sql, state == nullptr ? "" : state};
    }
    Rows rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        auto& values = rows.emplace_back();
        for (int column = 0; column < PQnfields(result.get()); ++column) {
            values.emplace_back(PQgetvalue(result.get(), row, column));
        }
    }
    return rows;
}

}  // namespace postgres_test
