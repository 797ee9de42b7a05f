#pragma once

#include "connection.hpp"
#include "pending_append.hpp"
#include "statements.hpp"

#include <span>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// Sends appends over one connection, in as few round trips as they need, and answers each.
///
/// Thread safety: for one thread.
class AppendCalls {
public:
    AppendCalls(Connection& connection, Statements const& statements)
        : connection_{&connection}, statements_{&statements} {}

    /// Answers all of them, each with its own outcome; does not throw for what the server or the network does.
    void send(std::span<PendingAppend* const> pending) noexcept;

    /// Answers one inside a transaction of the user's. @throws StatementFailed, ConnectionLost.
    void send_in_transaction(PendingAppend& pending);

private:
    void inline_first(std::span<PendingAppend* const> pending);
    void one(PendingAppend& pending);
    void batch(PendingAppend& pending);
    void group(std::span<PendingAppend* const> pending);
    void function(std::span<PendingAppend* const> pending);
    void function_alone(PendingAppend& pending);
    [[nodiscard]] std::exception_ptr duplicate(AppendRequest const& request);

    /// Runs one call for some of them: what is lost with it has an unknown outcome.
    template <class Call>
    void guarded(std::span<PendingAppend* const> sent, Call call);

    Connection* connection_;
    Statements const* statements_;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
