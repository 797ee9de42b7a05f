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

std::unique_ptr<pqxx::connection> connect(std::string const& url) {
    auto connection = std::make_unique<pqxx::connection>(url);
#if EVENT_SOURCING_PQXX_VERSION < 700
    // Version 6 would reconnect by itself, without our settings and without a word.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
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

}  // namespace

std::int64_t Result::integer(std::size_t row, int column) const {
    auto const value = text(row, column);
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size()) {
        throw Corrupted{"the server gave '" + std::string{value} + "' for an integer"};
    }
    return number;
}

Connection::Connection(std::string const& url, Preparing preparing) : preparing_{preparing} {
    guarded([&] {
        connection_ = connect(url);
        return pqxx::result{};
    });
}

Connection::~Connection() = default;

int Connection::socket() const noexcept { return connection_->sock(); }

bool Connection::quiet() const noexcept {
    pollfd descriptor{.fd = connection_->sock(), .events = POLLIN, .revents = 0};
    return descriptor.fd >= 0 && ::poll(&descriptor, 1, 0) == 0;
}

Result Connection::run(std::string const& sql) {
    return guarded([&] { return pqxx::nontransaction{*connection_}.exec(sql); });
}

Result Connection::run_once(std::string const& sql, Parameters const& parameters) {
    return guarded([&] {
        pqxx::nontransaction work{*connection_};
#if EVENT_SOURCING_PQXX_VERSION >= 710
        return work.exec(sql, driver_parameters(parameters));
#else
        return work.exec_params(sql, driver_parameters(parameters));
#endif
    });
}

Result Connection::run(Statement const& statement, Parameters const& parameters) {
    if (preparing_ == Preparing::never) {
        return run_once(statement.sql, parameters);
    }
    return guarded([&] {
        if (!prepared_.contains(statement.name)) {
            connection_->prepare(statement.name, statement.sql);
            prepared_.insert(statement.name);
        }
        pqxx::nontransaction work{*connection_};
#if EVENT_SOURCING_PQXX_VERSION >= 710
        return work.exec(pqxx::prepped{statement.name}, driver_parameters(parameters));
#else
        return work.exec_prepared(statement.name, driver_parameters(parameters));
#endif
    });
}

/// Turns the driver's exceptions, which differ between its versions, into our two; the order of the handlers matters.
template <class Call>
Result Connection::guarded(Call call) {
    auto const lose = [this](std::exception const& error) -> ConnectionLost {
        lost_ = true;
        return ConnectionLost{error.what()};
    };
    try {
        return Result{call()};
    } catch (pqxx::in_doubt_error const& error) {
        throw lose(error);
    } catch (pqxx::broken_connection const& error) {
        throw lose(error);
    } catch (pqxx::serialization_failure const& error) {
        throw StatementFailed{"40001", error.what()};
    } catch (pqxx::deadlock_detected const& error) {
        throw StatementFailed{"40P01", error.what()};
    } catch (pqxx::sql_error const& error) {
        // Without a code the server said nothing: the connection ended. 57P0x and 08xxx are the server's last words on it.
        auto const& state = error.sqlstate();
        if (state.empty() || state.starts_with("08") || state.starts_with("57P")) {
            throw lose(error);
        }
        throw StatementFailed{state, error.what()};
    } catch (pqxx::failure const& error) {
        throw lose(error);
    }
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
