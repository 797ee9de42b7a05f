#include "options.hpp"
#include "progress.hpp"
#include "readers.hpp"
#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"
#include "writer.hpp"

#include <event_sourcing/uuid.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <list>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace soak;
using postgres_test::OwnServer;
using postgres_test::Role;
using postgres_test::Sql;
using postgres_test::TestSchema;

constexpr int check_failed = 1;
constexpr int bad_usage = 2;
constexpr int no_server_or_void = 4;

std::sig_atomic_t volatile interrupted_by = 0;

struct Report {
    std::int64_t events = 0;
    double seconds = 0;
    std::int64_t lost = 0;
    std::int64_t duplicate = 0;
    std::int64_t out_of_order = 0;
    std::int64_t plain_lost = 0;
    std::int64_t xid_breaks = 0;
    int crashes = 0;
    std::string gave_up{};               // what a writer or reader cannot go on after
    std::vector<std::string> notes{};    // for people
    std::vector<std::string> invalid{};  // why the run proves nothing
};

/// All that is stored, in order of position.
std::vector<Delivered> stored_events(TestSchema const& schema) {
    Sql sql{schema.url(Role::reader)};
    std::vector<Delivered> all;
    for (std::string after = "0";;) {
        auto const rows = sql.run("select position, id from " + schema.name() + ".event where position > " + after +
                                  " order by position limit 20000");
        if (rows.empty()) {
            return all;
        }
        for (auto const& row : rows) {
            all.push_back({std::stoll(row[0]), event_sourcing::Uuid::parse(row[1])});
        }
        after = rows.back()[0];
    }
}

std::int64_t missing_from(std::vector<std::int64_t> const& rising, std::vector<Delivered> const& stored) {
    return std::ranges::count_if(
        stored, [&](auto const& event) { return !std::ranges::binary_search(rising, event.position); });
}

/// What was delivered against what is stored: the same events, each once.
void compare(std::vector<Delivered> delivered, std::vector<Delivered> const& stored, Report& report) {
    if (delivered == stored) {
        return;
    }
    std::ranges::sort(delivered, {}, &Delivered::position);
    auto const repeated = std::unique(delivered.begin(), delivered.end());
    report.duplicate += delivered.end() - repeated;
    delivered.erase(repeated, delivered.end());
    auto const contains = [](std::vector<Delivered> const& all, Delivered const& one) {
        auto const found = std::ranges::lower_bound(all, one.position, {}, &Delivered::position);
        return found != all.end() && *found == one;
    };
    report.lost += std::ranges::count_if(stored, [&](auto const& one) { return !contains(delivered, one); });
    auto const unknown = std::ranges::count_if(delivered, [&](auto const& one) { return !contains(stored, one); });
    if (unknown > 0) {
        report.notes.push_back(std::to_string(unknown) + " delivered events are not in the table");
        report.lost += unknown;
    }
}

/// Crashes the server at equal parts of the way, until the writers have done.
int crash_meanwhile(OwnServer& server, Options const& options, Progress& progress) {
    int crashes = 0;
    while (progress.writing() && interrupted_by == 0) {
        if (crashes < options.crashes && progress.stored() >= options.events / (options.crashes + 1) * (crashes + 1)) {
            server.crash();
            server.restart();
            ++crashes;
        }
        progress.pause(std::chrono::milliseconds{20});
    }
    progress.end_writing();
    return crashes;
}

Report run(Options const& options) {
    OwnServer server{"jit = off"};
    TestSchema const schema{server.url()};
    XidReader::add_column(schema);
    Sql{schema.url(Role::owner)}.run("create table " + schema.name() + ".other (n int); grant insert on " +
                                     schema.name() + ".other to " + std::string{postgres_test::role_prefix} +
                                     "_writer");

    Progress progress{options.events};
    LibraryReader library{schema, progress};
    PlainReader plain{schema, progress};
    XidReader by_xid{schema, progress};
    std::list<Writer> writers;
    Report report;
    auto const start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> reading;
        reading.emplace_back([&] { library.run(); });
        reading.emplace_back([&] { plain.run(); });
        reading.emplace_back([&] { by_xid.run(); });
        {
            std::vector<std::jthread> writing;
            for (std::size_t i = 0; i < options.writers; ++i) {
                writing.emplace_back(
                    [&writer = writers.emplace_back(schema, options.mode, i, progress)] { writer.run(); });
            }
            report.crashes = crash_meanwhile(server, options, progress);
        }
        progress.end_reading();
    }
    report.seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count();

    auto const stored = stored_events(schema);
    report.events = std::ranges::ssize(stored);
    report.out_of_order = library.out_of_order();
    report.xid_breaks = by_xid.breaks();
    report.plain_lost = missing_from(plain.delivered(), stored);
    compare(library.delivered(), stored, report);
    if (auto const acknowledged = progress.stored(); acknowledged > report.events) {
        report.notes.push_back(std::to_string(acknowledged - report.events) +
                               " acknowledged events are not in the table");
        report.lost += acknowledged - report.events;
    }
    report.notes.push_back(std::to_string(progress.transactions) + " transactions, " +
                           std::to_string(progress.rolled_back) + " rolled back, " +
                           std::to_string(progress.conflicts) + " conflicts, " + std::to_string(progress.in_doubt) +
                           " in doubt; the xid reader delivered " + std::to_string(by_xid.delivered()) + " events");

    if (report.plain_lost * 1000 <= report.events) {
        report.invalid.emplace_back("the plain reader lost no more than 0.1 %, so there was too little to lose");
    }
    if (options.mode.other_first && report.xid_breaks == 0) {
        report.invalid.emplace_back("the xid reader broke no order, so there was none to break");
    }
    if (report.crashes < options.crashes) {
        report.invalid.emplace_back("the run was over before every crash");
    }
    report.gave_up = progress.failure();
    return report;
}

nlohmann::ordered_json as_json(Options const& options, Report const& report) {
    return {{"mode", options.mode.name},
            {"events", report.events},
            {"writers", options.writers},
            {"seconds", report.seconds},
            {"lost", report.lost},
            {"duplicate", report.duplicate},
            {"out_of_order", report.out_of_order},
            {"controls", {{"plain_lost", report.plain_lost}, {"xid_breaks", report.xid_breaks}}},
            {"crashes", report.crashes},
            {"void", !report.invalid.empty()}};
}

std::string in_words(Options const& options, Report const& report) {
    return options.mode.name + ": " + std::to_string(report.events) + " events by " + std::to_string(options.writers) +
           " writers in " + std::to_string(static_cast<int>(report.seconds)) + " s, " + std::to_string(report.crashes) +
           " crashes: " + std::to_string(report.lost) + " lost, " + std::to_string(report.duplicate) + " twice, " +
           std::to_string(report.out_of_order) + " out of order (plain reader: " + std::to_string(report.plain_lost) +
           " lost; xid reader: " + std::to_string(report.xid_breaks) + " out of order)";
}

void say(std::string const& line) { std::fprintf(stderr, "soak: %s\n", line.c_str()); }

int conclude(Options const& options, Report const& report) {
    for (auto const* const lines : {&report.notes, &report.invalid}) {
        for (auto const& line : *lines) {
            say(line);
        }
    }
    auto const text = options.json ? as_json(options, report).dump() : in_words(options, report);
    bool const failed = report.lost + report.duplicate + report.out_of_order > 0 || !report.gave_up.empty();
    if (!report.gave_up.empty()) {
        say("a writer or reader gave up: " + report.gave_up);
    }
    if (!failed && !report.invalid.empty()) {
        std::fprintf(stderr, "%s\n", text.c_str());
        return no_server_or_void;
    }
    std::puts(text.c_str());
    return failed ? check_failed : 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    try {
        options = parse({argv + 1, argv + argc});
    } catch (UsageError const& error) {
        say(error.what());
        std::fputs(usage(), stderr);
        return bad_usage;
    }
    if (options.help) {
        std::fputs(usage(), stdout);
        return 0;
    }
    for (int const signal : {SIGINT, SIGTERM}) {
        std::signal(signal, [](int number) { interrupted_by = number; });
    }
    try {
        auto const report = run(options);
        return interrupted_by != 0 ? 128 + interrupted_by : conclude(options, report);
    } catch (std::exception const& error) {
        say(error.what());
        return interrupted_by != 0 ? 128 + interrupted_by : no_server_or_void;
    }
}
