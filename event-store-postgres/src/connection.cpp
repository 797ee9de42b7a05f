#include "connection.hpp"

#include "driver_error.hpp"

#include <event_sourcing/error.hpp>

#include <poll.h>

#include <charconv>
#include <system_error>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

std::unique_ptr<pqxx::connection> connect(std::string const& connection_string) {
    auto connection = std::make_unique<pqxx::connection>(connection_string);
    // The server's DETAIL and CONTEXT quote rows, so events: only its message itself is let through.
#if EVENT_SOURCING_PQXX_VERSION < 700
    connection->set_verbosity(pqxx::connection_base::terse);
    // Version 6 would reconnect by itself, without our settings and without a word.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
#else
    connection->set_verbosity(pqxx::error_verbosity::terse);
#endif
    return connection;
}

#if EVENT_SOURCING_PQXX_VERSION < 700
auto driver_parameters(Parameters const& parameters) {
    return pqxx::prepare::make_dynamic_params(parameters.values().begin(), parameters.values().end());
}
#else
pqxx::params driver_parameters(Parameters const& parameters) {
    pqxx::params out;
    out.reserve(parameters.values().size());
    for (char const* const value : parameters.values()) {
        if (value == nullptr) {
            out.append();
        } else {
            out.append(pqxx::zview{value, std::char_traits<char>::length(value)});
        }
    }
    return out;
}
#endif

/// What the driver says ends with line breaks.
std::string one_line(std::exception const& error) {
    std::string_view text = error.what();
    text = text.substr(0, text.find_last_not_of(" \n") + 1);
    return std::string{text};
}

std::int64_t integer_of(std::string_view text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw Corrupted{"the server gave '" + std::string{text} + "' for an integer"};
    }
    return number;
}

}  // namespace

std::int64_t Row::integer(int column) { return integer_of(text(column)); }

/// Turns the driver's exceptions, which differ between its versions, into our two; the order of the handlers matters.
template <class Call>
auto Connection::guarded(Call call) {
    auto const lose = [this](std::exception const& error) -> ConnectionLost {
        lost_ = true;
        return ConnectionLost{one_line(error)};
    };
    try {
        return call();
    } catch (pqxx::in_doubt_error const& error) {
        throw lose(error);
    } catch (pqxx::broken_connection const& error) {
        throw lose(error);
    } catch (pqxx::serialization_failure const& error) {
        throw StatementFailed{"40001", one_line(error)};
    } catch (pqxx::deadlock_detected const& error) {
        throw StatementFailed{"40P01", one_line(error)};
    } catch (pqxx::insufficient_privilege const& error) {
        throw StatementFailed{"42501", one_line(error)};  // version 6 leaves the code out
    } catch (pqxx::sql_error const& error) {
        // Without a code the server said nothing: the connection ended. 57P0x and 08xxx are the server's last words on it.
        auto const& state = error.sqlstate();
        if (state.empty() || state.starts_with("08") || state.starts_with("57P")) {
            throw lose(error);
        }
        throw StatementFailed{state, one_line(error)};
    } catch (pqxx::failure const& error) {
        throw lose(error);
    } catch (...) {
        lost_ = true;  // out of memory, for one: what of the answer is still to come is not known
        throw;
    }
}

std::int64_t Result::integer(std::size_t row, int column) const { return integer_of(text(row, column)); }

Connection::Connection(std::string const& connection_string, Preparing preparing) : preparing_{preparing} {
    guarded([&] { connection_ = connect(connection_string); });
}

Connection::~Connection() = default;

int Connection::socket() const noexcept { return connection_->sock(); }

bool Connection::quiet() const noexcept {
    pollfd descriptor{.fd = connection_->sock(), .events = POLLIN, .revents = 0};
    return descriptor.fd >= 0 && ::poll(&descriptor, 1, 0) == 0;
}

Result Connection::run(std::string const& sql) {
    return Result{guarded([&] { return pqxx::nontransaction{*connection_}.exec(sql); })};
}

Result Connection::run_once(std::string const& sql, Parameters const& parameters) {
    return Result{guarded([&] {
        pqxx::nontransaction work{*connection_};
#if EVENT_SOURCING_PQXX_VERSION >= 710
        return work.exec(sql, driver_parameters(parameters));
#else
        return work.exec_params(sql, driver_parameters(parameters));
#endif
    })};
}

Result Connection::run(Statement const& statement, Parameters const& parameters) {
    if (preparing_ == Preparing::never) {
        return run_once(statement.sql, parameters);
    }
    return Result{guarded([&] {
        if (prepared_.insert(statement.name).second) {
            try {
                connection_->prepare(statement.name, statement.sql);
            } catch (...) {
                prepared_.erase(statement.name);
                throw;
            }
        }
        pqxx::nontransaction work{*connection_};
#if EVENT_SOURCING_PQXX_VERSION >= 710
        return work.exec(pqxx::prepped{statement.name}, driver_parameters(parameters));
#else
        return work.exec_prepared(statement.name, driver_parameters(parameters));
#endif
    })};
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
