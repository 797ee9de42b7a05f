#pragma once

#include "infrastructure/importer.hpp"
#include "infrastructure/progress.hpp"
#include "infrastructure/store_factory.hpp"

#include <event_sourcing/position.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bank {

enum class Action : unsigned char {
    import,
    events,
    balances,
    demo,
    serve,
    project,
    rebuild,
    schema,
    parked,
    why_stuck
};

/// Of which accounts `events` shows the history.
struct AggregateName {
    std::string type{};
    std::string id{};
};

/// What was asked of the program, in its own types.
struct CommandLine {
    Action action{};
    StoreOptions store{};
    std::vector<std::string> files{};
    ImportOptions import{};
    Progress::Style progress = Progress::Style::automatic;
    enum class Report : unsigned char { summary, json } report = Report::summary;

    std::optional<AggregateName> aggregate{};
    event_sourcing::Position after{};
    std::size_t limit = std::numeric_limits<std::size_t>::max();

    enum class SchemaAction : unsigned char { print, migrate, check } schema_action = SchemaAction::print;
    std::optional<std::string> role_prefix{};  ///< print the roles' rights instead of the tables

    std::string usage{};  ///< of the action, for mistakes that are found later
};

/// What was asked does not make sense; `usage` says what does.
class UsageError : public std::runtime_error {
public:
    UsageError(std::string const& what, std::string usage) : std::runtime_error{what}, usage_{std::move(usage)} {}
    [[nodiscard]] std::string const& usage() const noexcept { return usage_; }

private:
    std::string usage_;
};

/// Not an error: the help, or the version, was asked for.
struct Help {
    std::string text;
};

/// Reads the command line, and the environment where it says nothing. @throws Help, UsageError
[[nodiscard]] CommandLine parse_command_line(int argc, char const* const* argv);

}  // namespace bank
