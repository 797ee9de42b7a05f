#pragma once

#include <event_sourcing/namespace.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// The server refused a statement. Decisions are made by the SQLSTATE alone; the text is for people.
class StatementFailed : public std::runtime_error {
public:
    StatementFailed(std::string sqlstate, std::string const& message)
        : std::runtime_error{message}, sqlstate_{std::move(sqlstate)} {}

    [[nodiscard]] std::string const& sqlstate() const noexcept { return sqlstate_; }
    [[nodiscard]] bool is(std::string_view sqlstate) const noexcept { return sqlstate_ == sqlstate; }

private:
    std::string sqlstate_;
};

/// The connection ended before the answer to what was sent arrived.
class ConnectionLost : public std::runtime_error {
public:
    explicit ConnectionLost(std::string const& message) : std::runtime_error{message} {}
};

/// Where a SQLSTATE has its meaning: the same one can come from a user's own SQL and say nothing about the store.
enum class Scope : unsigned char { any_statement, ours_only };

/// What a SQLSTATE means to a caller: one row of the table that the tests go through.
struct Meaning {
    std::string_view sqlstate;  // five characters, or the two of a class
    Scope scope;
    void (*raise)(std::string const&);
    std::string_view remedy;
};

/// All rows; the first that fits counts.
[[nodiscard]] std::span<Meaning const> meanings() noexcept;

/// Throws the library's error for a refused statement of ours; `doing` says in words what was tried.
[[noreturn]] void throw_error_for(StatementFailed const& failure, std::string_view doing);

/// Throws the error for a refused statement of a user's: the library's where the reason is one for any statement, else
/// SqlError.
[[noreturn]] void throw_error_for_users(StatementFailed const& failure, std::string_view doing);

/// Throws Unavailable for a call that had not stored anything.
[[noreturn]] void throw_unavailable(ConnectionLost const& lost, std::string_view doing);

/// Runs something that only reads, or that may safely be lost: a lost connection is Unavailable.
template <class Call>
auto mapped(std::string_view doing, Call call) {
    try {
        return call();
    } catch (StatementFailed const& failure) {
        throw_error_for(failure, doing);
    } catch (ConnectionLost const& lost) {
        throw_unavailable(lost, doing);
    }
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
