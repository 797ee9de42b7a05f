#pragma once

#include "parameters.hpp"
#include "pqxx_include.hpp"

#include <event_sourcing/namespace.hpp>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// A statement of ours: its name is that of its text, one to one.
struct Statement {
    std::string name;
    std::string sql;
};

/// Whether statements are prepared: a pooler in transaction mode below version 1.21 cannot keep them.
enum class Preparing : unsigned char { once_per_connection, never };

/// One row of a result, for code that takes many values: through Result, each access makes the driver count references up and
/// down, and this does so once. Text stays valid as long as the result.
class Row {
public:
    explicit Row(pqxx::row const& row) : field_{row.begin()} {}

    [[nodiscard]] bool is_null(int column) { return at(column).is_null(); }
    [[nodiscard]] std::string_view text(int column) {
        auto const& value = at(column);
        return {value.c_str(), static_cast<std::size_t>(value.size())};
    }
    /// @throws Corrupted  no integer.
    [[nodiscard]] std::int64_t integer(int column);

private:
    [[nodiscard]] pqxx::field const& at(int column) {
        field_ += column - column_;
        column_ = column;
        return field_;
    }

    pqxx::const_row_iterator field_;  // is a field, and moves without a new reference
    int column_ = 0;
};

/// The rows of a result. Text stays valid as long as the object.
class Result {
public:
    explicit Result(pqxx::result result) : result_{std::move(result)} {}

    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(result_.size()); }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] bool is_null(std::size_t row, int column) const { return field(row, column).is_null(); }
    [[nodiscard]] std::string_view text(std::size_t row, int column) const {
        auto const value = field(row, column);
        return {value.c_str(), static_cast<std::size_t>(value.size())};
    }
    /// @throws Corrupted  no integer: the server does not give one where it was asked for.
    [[nodiscard]] std::int64_t integer(std::size_t row, int column) const;
    /// The first row, and the way to the next ones.
    [[nodiscard]] pqxx::result::const_iterator begin() const { return result_.begin(); }

private:
    [[nodiscard]] pqxx::field field(std::size_t row, int column) const {
        return result_[static_cast<pqxx::result::size_type>(row)][static_cast<pqxx::row::size_type>(column)];
    }

    pqxx::result result_;
};

/// One connection to the server: for one thread at a time. Throws StatementFailed and ConnectionLost, see driver_error.hpp.
///
/// Every statement runs as it is: transactions are begun and ended by statements of ours, since the driver's own cost a
/// round trip more.
class Connection {
public:
    /// @throws ConnectionLost  it cannot be made.
    Connection(std::string const& connection_string, Preparing preparing);
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;
    ~Connection();

    /// Runs SQL without parameters, several statements too; the last one's rows.
    Result run(std::string const& sql);
    /// Runs a statement with parameters; prepares it at its first use on this connection.
    Result run(Statement const& statement, Parameters const& parameters);
    /// Runs SQL with parameters that is not worth preparing.
    Result run_once(std::string const& sql, Parameters const& parameters);

    /// Whether statements are prepared, and run with one generic plan.
    [[nodiscard]] bool prepares() const noexcept { return preparing_ == Preparing::once_per_connection; }
    /// False once it was lost: throw it away.
    [[nodiscard]] bool usable() const noexcept { return !lost_; }
    /// Counts it as lost: its state is not known.
    void give_up() noexcept { lost_ = true; }
    /// Whether the server has said nothing since the last answer: an idle connection that says something says good-bye.
    [[nodiscard]] bool quiet() const noexcept;
    /// The socket, for a watchdog that must end a call.
    [[nodiscard]] int socket() const noexcept;

private:
    template <class Call>
    auto guarded(Call call);

    std::unique_ptr<pqxx::connection> connection_;
    Preparing preparing_;
    std::set<std::string, std::less<>> prepared_;
    bool lost_ = false;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
