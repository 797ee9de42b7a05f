#pragma once

#include <event_sourcing/command_context.hpp>

#include <concepts>
#include <type_traits>

EVENT_SOURCING_BEGIN_NAMESPACE

/// An object that handles a kind of command: `handle(Command const&, CommandContext const&)`, with any result.
///
/// There is no bus: an application calls its handlers, and the concept keeps them of one shape for decorators and
/// tests.
template <class Handler, class Command>
concept CommandHandler = requires(Handler& handler, Command const& command, CommandContext const& context) {
    handler.handle(command, context);
};

/// What a handler gives back for a command.
template <class Handler, class Command>
    requires CommandHandler<Handler, Command>
using CommandResult =
    decltype(std::declval<Handler&>().handle(std::declval<Command const&>(), std::declval<CommandContext const&>()));

EVENT_SOURCING_END_NAMESPACE
