#pragma once

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace postgres_test {

/// What the server says against a statement.
class SqlFailure : public std::runtime_error {
public:
    SqlFailure(std::string const& message, std::string sqlstate)
        : std::runtime_error{message}, sqlstate_{std::move(sqlstate)} {}
    [[nodiscard]] std::string const& sqlstate() const noexcept { return sqlstate_; }

private:
    std::string sqlstate_;
};

/// A session on the server beside the library: plain libpq, so that tests see the database with other eyes.
class Sql {
public:
    using Rows = std::vector<std::vector<std::string>>;

    explicit Sql(std::string const& url);

    /// Runs statements; the rows of the last one, NULL as empty text. @throws SqlFailure
    Rows run(std::string const& sql);
    /// The first value of the first row. @throws SqlFailure, std::out_of_range
    std::string value(std::string const& sql) { return run(sql).at(0).at(0); }

    /// Runs COPY ... FROM STDIN with lines in its text format. @throws SqlFailure
    void copy(std::string const& statement, std::string const& lines);

    /// The connection itself, for what has no place here.
    [[nodiscard]] PGconn* connection() const noexcept { return connection_.get(); }

private:
    using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;
    [[nodiscard]] Result checked(PGresult* given, std::string const& sql) const;

    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

}  // namespace postgres_test
