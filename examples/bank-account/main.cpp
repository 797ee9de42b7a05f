#include "infrastructure/actions.hpp"
#include "infrastructure/bad_input.hpp"
#include "infrastructure/stop_signal.hpp"

#include <event_sourcing/error.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

using bank::Action;
using bank::CommandLine;
using bank::ExitStatus;

void complain(std::string const& what) { std::fputs((what + "\n").c_str(), stderr); }

/// The actions whose subject outlives the program, which memory does not.
ExitStatus without_server(CommandLine const& line, std::string const& what) {
    if (line.store == bank::StoreKind::memory) {
        throw bank::UsageError{"--store memory has no " + what + ": use --store postgres", line.usage};
    }
    static_cast<void>(bank::make_store(line.store));
    return ExitStatus::ok;
}

ExitStatus run(CommandLine const& line) {
    switch (line.action) {
        case Action::import: return bank::run_import(line);
        case Action::events: bank::show_events(line); return ExitStatus::ok;
        case Action::balances: bank::show_balances(line); return ExitStatus::ok;
        case Action::demo: bank::run_demo(line); return ExitStatus::ok;
        case Action::serve: throw bank::UsageError{"serve is not in this version yet", line.usage};
        case Action::project:
        case Action::rebuild: return without_server(line, "read model");
        case Action::schema: return without_server(line, "schema");
        case Action::parked: return without_server(line, "read model, so no parked events");
        case Action::why_stuck: return without_server(line, "read model that could be stuck");
    }
    return ExitStatus::ok;
}

ExitStatus run(int argc, char const* const* argv) {
    try {
        auto const status = run(bank::parse_command_line(argc, argv));
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            complain("bank-account: the output could not be written");
            return ExitStatus::check_failed;
        }
        return status;
    } catch (bank::Help const& help) {
        std::fputs(help.text.c_str(), stdout);
        return ExitStatus::ok;
    } catch (bank::UsageError const& error) {
        complain(std::string{"bank-account: "} + error.what() + "\n\n" + error.usage());
        return ExitStatus::usage;
    } catch (bank::BadInput const& error) {
        complain(error.what());
        return ExitStatus::bad_input;
    } catch (bank::Missing const& error) {
        complain(std::string{"bank-account: "} + error.what());
        return ExitStatus::missing;
    } catch (event_sourcing::Unavailable const& error) {
        complain(std::string{"bank-account: "} + error.what());
        return ExitStatus::missing;
    } catch (std::exception const& error) {
        complain(std::string{"bank-account: "} + error.what());
        return ExitStatus::check_failed;
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        bank::StopSignal::install();
        return static_cast<int>(run(argc, argv));
    } catch (bank::Stopped const& stopped) {
        complain("bank-account: stopped; what was stored before stays stored");
        return 128 + stopped.signal;
    }
}
