#include "application/command_handlers.hpp"

namespace bank {

using event_sourcing::CommandContext;
using event_sourcing::Committed;
using event_sourcing::Executed;
using event_sourcing::Session;

Executed<Account> CommandHandlers::handle(OpenAccount const& command, CommandContext const& context) const {
    return accounts_.execute(
        command.account_id,
        [&](Account const& account) { return open(account, command.owner, command.overdraft_limit, command.date); },
        context);
}

Executed<Account> CommandHandlers::handle(Deposit const& command, CommandContext const& context) const {
    return accounts_.execute(
        command.account_id, [&](Account const& account) { return deposit(account, command.amount, command.date); },
        context);
}

Executed<Account> CommandHandlers::handle(Withdraw const& command, CommandContext const& context) const {
    return accounts_.execute(
        command.account_id, [&](Account const& account) { return withdraw(account, command.amount, command.date); },
        context);
}

Committed CommandHandlers::handle(Transfer const& command, CommandContext const& context) const {
    return event_sourcing::execute(
        *store_,
        [&](Session& session) {
            auto const from = session.load(accounts_, command.from);
            auto const to = session.load(accounts_, command.to);
            auto const events = transfer({command.from, *from}, {command.to, *to}, command.amount, command.date);
            from.record(events.sent);
            to.record(events.received);
        },
        context);
}

}  // namespace bank
