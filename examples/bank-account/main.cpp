#include "infrastructure/actions.hpp"
#include "infrastructure/bad_input.hpp"
#include "infrastructure/complain.hpp"
#include "infrastructure/stop_signal.hpp"

#include <event_sourcing/error.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

namespace es = event_sourcing;

using bank::Action;
using bank::CommandLine;
using bank::complain;
using bank::ExitStatus;

/// What needs a read model: memory never has one, and Postgres has none yet.
[[noreturn]] void refuse(CommandLine const& line, std::string const& action, std::string const& what) {
    if (line.store.kind == bank::StoreKind::memory) {
        throw bank::UsageError{"--store memory has no " + what + ": use --store postgres", line.usage};
    }
    throw bank::UsageError{action + " is not in this version yet", line.usage};
}

ExitStatus run(CommandLine const& line) {
    switch (line.action) {
        case Action::import: return bank::run_import(line);
        case Action::events: bank::show_events(line); return ExitStatus::ok;
        case Action::balances: bank::show_balances(line); return ExitStatus::ok;
        case Action::demo: bank::run_demo(line); return ExitStatus::ok;
        case Action::schema:
            if (line.store.kind == bank::StoreKind::memory) {
                refuse(line, "schema", "schema");
            }
            return bank::run_schema(line);
        case Action::serve: throw bank::UsageError{"serve is not in this version yet", line.usage};
        case Action::project: refuse(line, "project", "read model");
        case Action::rebuild: refuse(line, "rebuild", "read model");
        case Action::parked: refuse(line, "parked", "read model, so no parked events");
        case Action::why_stuck: refuse(line, "why-stuck", "read model that could be stuck");
    }
    return ExitStatus::ok;
}

/// Without a server that can be used as it is, nothing can be done; all else is a check that failed.
ExitStatus status_of(std::exception const& error) {
    bool const missing = dynamic_cast<bank::Missing const*>(&error) != nullptr ||
                         dynamic_cast<es::Unavailable const*>(&error) != nullptr ||
                         dynamic_cast<es::OutcomeUnknown const*>(&error) != nullptr ||
                         dynamic_cast<es::PermissionDenied const*>(&error) != nullptr ||
                         dynamic_cast<es::SchemaMismatch const*>(&error) != nullptr;
    return missing ? ExitStatus::missing : ExitStatus::check_failed;
}

ExitStatus run(int argc, char const* const* argv) {
    try {
        auto const status = run(bank::parse_command_line(argc, argv));
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            complain("the output could not be written");
            return ExitStatus::check_failed;
        }
        return status;
    } catch (bank::Help const& help) {
        std::fputs(help.text.c_str(), stdout);
        return ExitStatus::ok;
    } catch (bank::UsageError const& error) {
        complain(error.what());
        std::fputs(("\n" + error.usage() + "\n").c_str(), stderr);
        return ExitStatus::usage;
    } catch (bank::BadInput const& error) {
        std::fputs((std::string{error.what()} + "\n").c_str(), stderr);
        return ExitStatus::bad_input;
    } catch (std::exception const& error) {
        complain(error.what());
        return status_of(error);
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        bank::StopSignal::install();
        return static_cast<int>(run(argc, argv));
    } catch (bank::Stopped const& stopped) {
        complain("stopped; what was stored before stays stored");
        return 128 + stopped.signal;
    }
}
