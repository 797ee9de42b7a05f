#pragma once

#include "application/commands.hpp"

#include <event_sourcing/command_context.hpp>
#include <event_sourcing/command_handler.hpp>
#include <event_sourcing/repository.hpp>

namespace bank {

/// Turns commands into events: loads the account, lets the domain decide, stores what it decided.
///
/// All throw the domain's refusals, and what the store throws. With a command id in the context, a command that was
/// done before is answered from its events, `replayed`. Thread safety: safe to share. Lifetime: the store must outlive
/// it.
class CommandHandlers {
public:
    explicit CommandHandlers(event_sourcing::EventStore& store) : store_{&store}, accounts_{store} {}

    event_sourcing::Executed<Account> handle(OpenAccount const& command,
                                             event_sourcing::CommandContext const& context = {}) const;
    event_sourcing::Executed<Account> handle(Deposit const& command,
                                             event_sourcing::CommandContext const& context = {}) const;
    event_sourcing::Executed<Account> handle(Withdraw const& command,
                                             event_sourcing::CommandContext const& context = {}) const;
    /// Both accounts are written by one append: no reader and no crash ever sees half a transfer.
    event_sourcing::Committed handle(Transfer const& command, event_sourcing::CommandContext const& context = {}) const;

private:
    event_sourcing::EventStore* store_;
    event_sourcing::Repository<Account> accounts_;
};

static_assert(event_sourcing::CommandHandler<CommandHandlers, OpenAccount>);
static_assert(event_sourcing::CommandHandler<CommandHandlers, Deposit>);
static_assert(event_sourcing::CommandHandler<CommandHandlers, Withdraw>);
static_assert(event_sourcing::CommandHandler<CommandHandlers, Transfer>);

}  // namespace bank
