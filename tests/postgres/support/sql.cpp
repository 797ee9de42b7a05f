#include "sql.hpp"

namespace postgres_test {

Sql::Result Sql::checked(PGresult* given, std::string const& sql) const {
    Result result{given, PQclear};
    auto const status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_IN) {
        auto const* const state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        throw SqlFailure{std::string{PQerrorMessage(connection_.get())} + " in: " + sql, state == nullptr ? "" : state};
    }
    return result;
}

Sql::Sql(std::string const& url) : connection_{PQconnectdb(url.c_str()), PQfinish} {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        throw SqlFailure{PQerrorMessage(connection_.get()), ""};
    }
    PQsetNoticeProcessor(connection_.get(), [](void*, char const*) {}, nullptr);
}

Sql::Rows Sql::run(std::string const& sql) {
    auto const result = checked(PQexec(connection_.get(), sql.c_str()), sql);
    Rows rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        auto& values = rows.emplace_back();
        for (int column = 0; column < PQnfields(result.get()); ++column) {
            values.emplace_back(PQgetvalue(result.get(), row, column));
        }
    }
    return rows;
}

void Sql::copy(std::string const& statement, std::string const& lines) {
    run(statement);
    PQputCopyData(connection_.get(), lines.data(), static_cast<int>(lines.size()));
    PQputCopyEnd(connection_.get(), nullptr);
    // What failed before shows in the answer.
    auto const answer = checked(PQgetResult(connection_.get()), statement);
    while (auto* const rest = PQgetResult(connection_.get())) {
        PQclear(rest);
    }
}

}  // namespace postgres_test
