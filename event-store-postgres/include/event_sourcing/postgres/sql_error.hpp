#pragma once

#include <event_sourcing/error.hpp>

#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The server refused a statement for a reason that has no type of its own here: mostly one of the user's own statements.
class SqlError : public Error {
public:
    /// With what the server said, and its code.
    SqlError(std::string const& message, std::string sqlstate) : Error{message}, sqlstate_{std::move(sqlstate)} {}

    /// The five characters of the server's SQLSTATE, e.g. `23503`.
    [[nodiscard]] std::string const& sqlstate() const noexcept { return sqlstate_; }

private:
    std::string sqlstate_;
};

EVENT_SOURCING_END_NAMESPACE
