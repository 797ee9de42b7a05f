#include "driver_error.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/sql_error.hpp>

#include <array>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

template <class E>
[[noreturn]] void raise(std::string const& message) {
    throw E{message};
}

// Not here: 08xxx and 57Pxx, a server's last words on a connection that ends. Those are ConnectionLost.
constexpr std::array table{
    Meaning{"22021", Scope::ours_only, raise<InvalidArgument>,
            "the text is not valid in the database's encoding, which must be UTF8"},
    Meaning{"22P02", Scope::ours_only, raise<InvalidArgument>, "a value has a form that its column does not take"},
    Meaning{"22P05", Scope::ours_only, raise<InvalidArgument>, "a character cannot be stored in this column"},
    Meaning{"25001", Scope::ours_only, raise<InvalidArgument>, "append needs a READ COMMITTED transaction"},
    Meaning{"25006", Scope::any_statement, raise<NotPrimary>,
            "the server is read-only or a standby: connect to the primary "
            "(target_session_attrs=read-write)"},
    Meaning{"26000", Scope::ours_only, raise<InvalidArgument>,
            "prepared statements do not last on this connection: behind PgBouncer in transaction mode use "
            "StatementMode::plain"},
    Meaning{"28", Scope::any_statement, raise<PermissionDenied>,
            "the server refused the login: check user, password and pg_hba.conf"},
    Meaning{"3D000", Scope::ours_only, raise<InvalidArgument>,
            "the database does not exist: create it, or name another one"},
    Meaning{"3F000", Scope::ours_only, raise<SchemaMismatch>, "the schema does not exist: run the migration"},
    Meaning{"40001", Scope::any_statement, raise<Transient>,
            "others came in between and nothing was stored: try again"},
    Meaning{"40P01", Scope::any_statement, raise<Transient>,
            "a deadlock was resolved against this call and nothing was stored: try again"},
    Meaning{"42501", Scope::any_statement, raise<PermissionDenied>,
            "the role lacks the right: see the roles in docs/postgres.md"},
    Meaning{"42703", Scope::ours_only, raise<SchemaMismatch>,
            "a column is missing: the schema is foreign or older, run the migration"},
    Meaning{"42883", Scope::ours_only, raise<SchemaMismatch>,
            "a function is missing: the schema is foreign or older, run the migration"},
    Meaning{"42P01", Scope::ours_only, raise<SchemaMismatch>, "a table is missing: run the migration"},
    Meaning{"42P05", Scope::ours_only, raise<InvalidArgument>,
            "another client's prepared statements are on this connection: behind PgBouncer in transaction mode use "
            "StatementMode::plain"},
    Meaning{"53", Scope::any_statement, raise<Unavailable>,
            "the server is short of connections, memory or disk; nothing was stored: free some, "
            "then try again"},
    Meaning{"54000", Scope::ours_only, raise<PayloadTooLarge>, "a value is beyond what the server takes: store less"},
    Meaning{"55000", Scope::ours_only, raise<Corrupted>,
            "the sequence of positions was set back or caches values: set it above "
            "max(position) with CACHE 1"},
    Meaning{"55P03", Scope::any_statement, raise<Timeout>,
            "a lock was not free in time and nothing was stored: try again"},
    Meaning{"57014", Scope::any_statement, raise<Timeout>,
            "the statement was cancelled, as by statement_timeout, and nothing was stored"},
};

[[noreturn]] void throw_error_in(Scope scope, StatementFailed const& failure, std::string_view doing) {
    auto const said = std::string{doing} + ": " + failure.what() + " [" + failure.sqlstate() + "]";
    for (auto const& meaning : table) {
        if (failure.sqlstate().starts_with(meaning.sqlstate) &&
            (scope == Scope::ours_only || meaning.scope == Scope::any_statement)) {
            meaning.raise(said + ". " + std::string{meaning.remedy});
        }
    }
    throw SqlError{said, failure.sqlstate()};
}

}  // namespace

std::span<Meaning const> meanings() noexcept { return table; }

void throw_error_for(StatementFailed const& failure, std::string_view doing) {
    throw_error_in(Scope::ours_only, failure, doing);
}

void throw_error_for_users(StatementFailed const& failure, std::string_view doing) {
    throw_error_in(Scope::any_statement, failure, doing);
}

void throw_unavailable(ConnectionLost const& lost, std::string_view doing) {
    throw Unavailable{std::string{doing} + ": the connection to the server was lost; try again. " + lost.what()};
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
