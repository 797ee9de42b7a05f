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

/// What a SQLSTATE means to a caller: one row of the table that the tests go through.
struct Meaning {
    std::string_view sqlstate;  // five characters, or the two of a class
    void (*raise)(std::string const&);
    std::string_view remedy;
};

constexpr std::array meanings{
    Meaning{"08", raise<Unavailable>, "the connection failed: check server and network, then try again"},
    Meaning{"22021", raise<InvalidArgument>, "the text is not valid in the database's encoding, which must be UTF8"},
    Meaning{"22P02", raise<InvalidArgument>, "a value has a form that its column does not take"},
    Meaning{"22P05", raise<InvalidArgument>, "a character cannot be stored in this column"},
    Meaning{"25001", raise<InvalidArgument>, "append needs a READ COMMITTED transaction"},
    Meaning{"25006", raise<NotPrimary>,
            "the server is read-only or a standby: connect to the primary "
            "(target_session_attrs=read-write)"},
    Meaning{"28", raise<PermissionDenied>, "the server refused the login: check user, password and pg_hba.conf"},
    Meaning{"3D000", raise<InvalidArgument>, "the database does not exist: create it, or name another one"},
    Meaning{"3F000", raise<SchemaMismatch>, "the schema does not exist: run the migration"},
    Meaning{"40001", raise<Transient>, "others came in between and nothing was stored: try again"},
    Meaning{"40P01", raise<Transient>, "a deadlock was resolved against this call and nothing was stored: try again"},
    Meaning{"42501", raise<PermissionDenied>, "the role lacks the right: see the roles in docs/postgres.md"},
    Meaning{"42703", raise<SchemaMismatch>, "a column is missing: the schema is foreign or older, run the migration"},
    Meaning{"42883", raise<SchemaMismatch>, "a function is missing: the schema is foreign or older, run the migration"},
    Meaning{"42P01", raise<SchemaMismatch>, "a table is missing: run the migration"},
    Meaning{"53", raise<Unavailable>,
            "the server is short of connections, memory or disk; nothing was stored: free some, "
            "then try again"},
    Meaning{"54000", raise<PayloadTooLarge>, "a value is beyond what the server takes: store less"},
    Meaning{"55000", raise<Corrupted>,
            "the sequence of positions was set back or caches values: set it above "
            "max(position) with CACHE 1"},
    Meaning{"55P03", raise<Timeout>, "a lock was not free in time and nothing was stored: try again"},
    Meaning{"57014", raise<Timeout>, "the statement was cancelled, as by statement_timeout, and nothing was stored"},
    Meaning{"57P", raise<Unavailable>, "the server is shutting down or starting: try again"},
};

}  // namespace

void throw_error_for(StatementFailed const& failure, std::string_view doing) {
    auto const said = std::string{doing} + ": " + failure.what() + " [" + failure.sqlstate() + "]";
    for (auto const& meaning : meanings) {
        if (failure.sqlstate().starts_with(meaning.sqlstate)) {
            meaning.raise(said + ". " + std::string{meaning.remedy});
        }
    }
    throw SqlError{said, failure.sqlstate()};
}

void throw_unavailable(ConnectionLost const& lost, std::string_view doing) {
    throw Unavailable{std::string{doing} + ": the connection to the server was lost; try again. " + lost.what()};
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
