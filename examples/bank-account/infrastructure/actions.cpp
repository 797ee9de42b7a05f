#include "infrastructure/actions.hpp"

#include "application/queries.hpp"
#include "infrastructure/stop_signal.hpp"

#include <event_sourcing/event_envelope_json.hpp>
#include <event_sourcing/strict_json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace bank {

namespace es = event_sourcing;

namespace {

void print(std::string const& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

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
    auto const store = make_store(line.store);
    auto const start = std::chrono::steady_clock::now();
    auto const report = import_files(*store, line);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
    ImportRun const run{.store = std::string{name_of(line.store)}, .seconds = took.count()};
    print(line.report == CommandLine::Report::json ? to_json_line(report, run) : to_summary(report, run));
    return report.verify.mismatches == 0 ? ExitStatus::ok : ExitStatus::check_failed;
}

void show_events(CommandLine const& line) {
    auto const store = make_store(line.store);
    static_cast<void>(import_files(*store, line));
    if (line.limit == 0) {
        return;
    }
    std::size_t left = line.limit;
    auto const show = [&](es::RecordedEventView const& event) {
        StopSignal::check();
        if (event.position <= line.after) {
            return true;
        }
        print(es::write_envelope(event) + "\n");
        return --left > 0;
    };
    if (!line.aggregate) {
        store->read_all({.after = line.after, .limit = line.limit}, show);
        return;
    }
    try {
        store->read({line.aggregate->type, line.aggregate->id}, {}, show);
    } catch (es::InvalidArgument const& error) {
        throw UsageError{std::string{"--aggregate: "} + error.what(), line.usage};
    }
}

void show_balances(CommandLine const& line) {
    auto const store = make_store(line.store);
    static_cast<void>(import_files(*store, line));
    for (auto const& account : QueryHandlers{*store}.handle(BalancesQuery{})) {
        StopSignal::check();
        print("{\"account_id\":" + es::json_quote(account.account_id) + ",\"balance\":" +
              std::to_string(account.balance) + ",\"version\":" + std::to_string(account.version.value) + "}\n");
    }
}

}  // namespace bank
