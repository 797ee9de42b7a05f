#include "infrastructure/actions.hpp"

#include "application/queries.hpp"
#include "infrastructure/complain.hpp"
#include "infrastructure/postgres.hpp"
#include "infrastructure/stop_signal.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/event_envelope_json.hpp>
#include <event_sourcing/strict_json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace bank {

namespace es = event_sourcing;

namespace {

void print(std::string const& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

/// The store that was asked for; a setting that no store takes is a mistake of the command line.
[[nodiscard]] std::shared_ptr<es::EventStore> open_store(CommandLine const& line) {
    try {
        return make_store(line.store);
    } catch (es::InvalidArgument const& error) {
        throw UsageError{error.what(), line.usage};
    }
}

[[nodiscard]] ImportReport import_files(es::EventStore& store, CommandLine const& line) {
    Progress progress{line.progress};
    Importer importer{store, line.import, progress};
    for (auto const& path : line.files) {
        TransactionFile file{path};
        importer.import(file);
    }
    return importer.report();
}

}  // namespace

ExitStatus run_import(CommandLine const& line) {
    auto const store = open_store(line);
    auto const start = std::chrono::steady_clock::now();
    auto const report = import_files(*store, line);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
    ImportRun const run{.store = std::string{name_of(line.store.kind)}, .seconds = took.count()};
    print(line.report == CommandLine::Report::json ? to_json_line(report, run) : to_summary(report, run));
    return report.verify.mismatches == 0 ? ExitStatus::ok : ExitStatus::check_failed;
}

void show_events(CommandLine const& line) {
    auto const store = open_store(line);
    static_cast<void>(import_files(*store, line));
    if (line.limit == 0) {
        return;
    }
    std::size_t left = line.limit;
    bool printed = false;
    auto const show = [&](es::RecordedEventView const& event) {
        StopSignal::check();
        if (event.position <= line.after) {
            return true;
        }
        print(es::write_envelope(event) + "\n");
        printed = true;
        return --left > 0;
    };
    try {
        if (line.aggregate) {
            store->read({line.aggregate->type, line.aggregate->id}, {}, show);
        } else {
            store->read_all({.after = line.after, .limit = line.limit}, show);
        }
    } catch (es::InvalidArgument const& error) {
        throw UsageError{std::string{"--aggregate: "} + error.what(), line.usage};
    } catch (es::Error const& error) {
        if (printed) {
            throw Incomplete{error};
        }
        throw;
    }
}

void show_balances(CommandLine const& line) {
    auto const store = open_store(line);
    static_cast<void>(import_files(*store, line));
    for (auto const& account : QueryHandlers{*store}.handle(BalancesQuery{})) {
        StopSignal::check();
        print("{\"account_id\":" + es::json_quote(account.account_id) + ",\"balance\":" +
              std::to_string(account.balance) + ",\"version\":" + std::to_string(account.version.value) + "}\n");
    }
}

ExitStatus run_schema(CommandLine const& line) {
    auto const say = [&line](int version, char const* what) {
        print("schema " + line.store.schema + ": version " + std::to_string(version) + what + "\n");
    };
    try {
        switch (line.schema_action) {
            case CommandLine::SchemaAction::print:
                print(line.role_prefix ? roles_sql(line.store, *line.role_prefix) : schema_sql(line.store));
                break;
            case CommandLine::SchemaAction::migrate: say(migrate_schema(line.store), ""); break;
            case CommandLine::SchemaAction::check: say(check_schema(line.store), ", as this program needs it"); break;
        }
    } catch (es::InvalidArgument const& error) {
        throw UsageError{error.what(), line.usage};
    } catch (es::SchemaMismatch const& error) {
        if (line.schema_action != CommandLine::SchemaAction::check) {
            throw;
        }
        complain(error.what());
        return ExitStatus::check_failed;
    }
    return ExitStatus::ok;
}

}  // namespace bank
