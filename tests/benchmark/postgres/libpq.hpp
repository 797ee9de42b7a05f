#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

/// Plain libpq, as thin as a program may have it that throws: what the library is measured against.
namespace event_sourcing::benchmarks::postgres {

/// The server refused something, or went away.
struct LibpqError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The rows of a result, as libpq has them.
class LibpqRows {
public:
    explicit LibpqRows(PGresult* result) : result_{result, &PQclear} {}

    [[nodiscard]] int size() const { return PQntuples(result_.get()); }
    [[nodiscard]] bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
    [[nodiscard]] std::string_view text(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }

private:
    std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

/// One connection: for one thread at a time.
class Libpq {
public:
    /// @throws LibpqError  no connection.
    explicit Libpq(std::string const& url);

    /// Runs SQL without parameters. @throws LibpqError
    LibpqRows run(std::string const& sql);
    /// The first value of the first row. @throws LibpqError
    std::string value(std::string const& sql);
    /// @throws LibpqError
    void prepare(char const* name, std::string const& sql);
    /// Runs a prepared statement with parameters as text, null for NULL. @throws LibpqError
    LibpqRows call(char const* name, std::span<char const* const> parameters);
    /// Runs `copy … to stdout` and gives each line to `line`. @throws LibpqError
    template <class Line>
    void copy_out(std::string const& sql, Line line);

    [[nodiscard]] int server_pid() const { return PQbackendPID(connection_.get()); }

private:
    [[nodiscard]] LibpqRows checked(PGresult* result, ExecStatusType other = PGRES_COMMAND_OK);
    [[noreturn]] void fail() const;

    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

template <class Line>
void Libpq::copy_out(std::string const& sql, Line line) {
    auto const started = checked(PQexec(connection_.get(), sql.c_str()), PGRES_COPY_OUT);
    char* buffer = nullptr;
    int size = 0;
    while ((size = PQgetCopyData(connection_.get(), &buffer, 0)) > 0) {
        std::unique_ptr<char, decltype(&PQfreemem)> const owned{buffer, &PQfreemem};
        line(std::string_view{buffer, static_cast<std::size_t>(size) - 1});  // without the line feed
    }
    while (auto* const result = PQgetResult(connection_.get())) {
        static_cast<void>(checked(result));
    }
}

}  // namespace event_sourcing::benchmarks::postgres
