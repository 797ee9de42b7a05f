#pragma once

#include "infrastructure/command_line.hpp"

#include <event_sourcing/event_store.hpp>

namespace bank {

/// How the program ends; scripts rely on these.
enum class ExitStatus : int { ok = 0, check_failed = 1, usage = 2, bad_input = 3, missing = 4 };

// One function an action. All write what was asked for to stdout, and everything else to stderr.

/// @throws BadInput, Stopped, Missing
[[nodiscard]] ExitStatus run_import(CommandLine const& line);
/// @throws BadInput, Stopped, Missing, UsageError
void show_events(CommandLine const& line);
/// @throws BadInput, Stopped, Missing
void show_balances(CommandLine const& line);
/// @throws Stopped, Missing
void run_demo(CommandLine const& line);

}  // namespace bank
