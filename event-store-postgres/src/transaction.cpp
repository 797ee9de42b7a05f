#include "driver_error.hpp"
#include "transaction_implementation.hpp"

#include <event_sourcing/error.hpp>

#include <cstdint>

EVENT_SOURCING_BEGIN_NAMESPACE

using detail::postgres::Connection;

struct Rows::Implementation {
    detail::postgres::Result result;
};

Rows::Rows(std::shared_ptr<Implementation const> implementation) : implementation_{std::move(implementation)} {}

std::size_t Rows::size() const { return implementation_->result.size(); }
bool Rows::is_null(std::size_t row, std::size_t column) const {
    return implementation_->result.is_null(row, static_cast<int>(column));
}
std::string_view Rows::text(std::size_t row, std::size_t column) const {
    return implementation_->result.text(row, static_cast<int>(column));
}
std::int64_t Rows::integer(std::size_t row, std::size_t column) const {
    try {
        return implementation_->result.integer(row, static_cast<int>(column));
    } catch (Corrupted const&) {
        throw InvalidArgument{
            "a column that was asked for as an integer has another value: cast it in the statement, or ask for "
            "its text"};
    }
}

Transaction::Transaction(std::unique_ptr<Implementation> implementation) noexcept
    : implementation_{std::move(implementation)} {}
Transaction::Transaction(Transaction&& other) noexcept = default;
Transaction::~Transaction() = default;

Rows Transaction::execute(std::string const& sql, std::initializer_list<SqlValue> parameters) {
    detail::postgres::Parameters sent;
    for (auto const& parameter : parameters) {
        parameter.text() ? sent.text(*parameter.text()) : sent.null();
    }
    static constexpr std::string_view doing = "run a statement";
    try {
        auto result = implementation_->noting_failure([&](Connection& on) { return on.run_once(sql, sent); });
        return Rows{std::make_shared<Rows::Implementation const>(Rows::Implementation{std::move(result)})};
    } catch (detail::postgres::StatementFailed const& failure) {
        detail::postgres::throw_error_for_users(failure, doing);
    } catch (detail::postgres::ConnectionLost const& lost) {
        detail::postgres::throw_unavailable(lost, doing);  // without its commit nothing is stored
    }
}

void Transaction::commit() { implementation_->commit(); }

std::string const& Transaction::schema() const noexcept { return implementation_->database.quoted_schema(); }

void Transaction::Implementation::begin() {
    detail::postgres::mapped("begin a transaction", [&] {
        return database.watched(*connection,
                                [](Connection& on) { return on.run("begin isolation level read committed"); });
    });
    state = State::open;
}

void Transaction::Implementation::commit() {
    using namespace detail::postgres;
    if (state == State::failed) {
        roll_back();
        throw Transient{"the transaction was rolled back, since one of its statements had failed: run it again"};
    }
    try {
        noting_failure([](Connection& on) { return on.run("commit"); });
        state = State::ended;
    } catch (ConnectionLost const& lost) {
        state = State::ended;
        throw OutcomeUnknown{
            std::string{"commit: the connection to the server was lost before its answer came. What the "
                        "transaction did may be stored: look before doing it again. "} +
            lost.what()};
    } catch (StatementFailed const& failure) {
        throw_error_for_users(failure, "commit");  // deferred constraints, of the user's tables too
    }
}

void Transaction::Implementation::roll_back() noexcept {
    state = State::ended;
    try {
        if (connection->usable()) {
            database.watched(*connection, [](Connection& on) { return on.run("rollback"); });
        }
    } catch (std::exception const&) {
        connection->give_up();  // with the connection the server rolls back
    }
}

EVENT_SOURCING_END_NAMESPACE
