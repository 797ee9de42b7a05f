#include "harness.hpp"

// The bank account is an example, not a part of the library: without it the workload is left out.
#if __has_include("infrastructure/importer.hpp")

#include "infrastructure/importer.hpp"

#include <event_sourcing/inmemory/event_store.hpp>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace event_sourcing::benchmarks {
namespace {

constexpr std::size_t accounts = 640;
constexpr std::size_t rows_each = 40;
constexpr std::size_t rows = accounts * rows_each;

/// A file as a bank would give it, accounts in turn, with the balance after each row.
[[nodiscard]] std::string transactions() {
    std::string csv{bank::TransactionFile::header};
    csv += '\n';
    std::vector<std::int64_t> balances(accounts);
    for (std::size_t row = 0; row < rows; ++row) {
        auto const account = row % accounts;
        bool const withdraws = (row / accounts) % 3 == 2;
        auto const amount = static_cast<std::int64_t>(1000 + row % 977);
        balances[account] += withdraws ? -amount : amount;
        csv += std::to_string(account + 1) + ",1993-01-" + (row % 28 < 9 ? "0" : "") + std::to_string(row % 28 + 1) +
               ',' + std::to_string(100'000 + row) + (withdraws ? ",withdrawal," : ",deposit,") +
               std::to_string(amount) + ',' + std::to_string(balances[account]) + '\n';
    }
    return csv;
}

/// Every row a command: loads the account, decides, appends; the opening of an account is a command more.
void with_the_library(std::string const& csv) {
    InMemoryEventStore store;
    bank::Progress progress{bank::Progress::Style::never};
    bank::Importer importer{store, {.overdraft_limit = 0, .verify = bank::Verify::no}, progress};
    bank::TransactionFile file{"transactions.csv", bank::open_text(csv)};
    importer.import(file);
    auto const& report = importer.report();
    require(report.rows == rows && report.events == rows + accounts, "the import stored another number of events");
}

/// The least that can be done with the same file by the same reader.
void with_a_map(std::string const& csv) {
    std::unordered_map<std::string, std::int64_t> balances;
    bank::TransactionFile file{"transactions.csv", bank::open_text(csv)};
    std::size_t done = 0;
    while (auto const row = file.next()) {
        auto& balance = balances[std::string{row->account_id}];
        balance += row->kind == bank::TransactionKind::deposit ? row->amount : -row->amount;
        require(balance == row->balance, "the loop has another balance than the file");
        ++done;
    }
    require(done == rows && balances.size() == accounts, "the loop read another number of rows");
}

[[nodiscard]] Contenders importing() {
    auto const make = [csv = std::make_shared<std::string const>(transactions())] { return csv; };
    return {.ours = {"ours",
                     in_world(make, [](std::string const& csv, std::size_t, std::size_t) { with_the_library(csv); })},
            .baselines = {{"bare loop: the same CSV reader and a map of balances",
                           in_world(make, [](std::string const& csv, std::size_t, std::size_t) { with_a_map(csv); })}}};
}

}  // namespace

void add_import_workloads(Workloads& to) {
    to.push_back({"import", 1, "rows/s", static_cast<double>(rows), importing});
}

}  // namespace event_sourcing::benchmarks

#else

namespace event_sourcing::benchmarks {

void add_import_workloads(Workloads&) {}

}  // namespace event_sourcing::benchmarks

#endif
