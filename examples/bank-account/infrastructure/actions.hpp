#pragma once

#include "infrastructure/command_line.hpp"

#include <exception>
#include <stdexcept>
#include <string>

namespace bank {

/// How the program ends; scripts rely on these, and on an empty stdout with the last three. A server that is not there,
/// or that cannot be used as it is (rights, schema), is `missing`.
enum class ExitStatus : int { ok = 0, check_failed = 1, usage = 2, bad_input = 3, missing = 4 };

/// The store failed when a part of what was asked for stood on stdout already.
class Incomplete : public std::runtime_error {
public:
    explicit Incomplete(std::exception const& reason)
        : std::runtime_error{std::string{"the output is incomplete: "} + reason.what()} {}
};

// One function an action. All write what was asked for to stdout, and everything else to stderr.

// They throw UsageError, BadInput, Stopped, Missing, Incomplete, and what the store throws.

[[nodiscard]] ExitStatus run_import(CommandLine const& line);
void show_events(CommandLine const& line);
void show_balances(CommandLine const& line);
void run_demo(CommandLine const& line);
[[nodiscard]] ExitStatus run_schema(CommandLine const& line);

}  // namespace bank
