#include "infrastructure/import_report.hpp"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

namespace bank {
namespace {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json to_json(std::optional<Mismatch> const& mismatch) {
    if (!mismatch) {
        return nullptr;
    }
    return {{"line", mismatch->line},
            {"account_id", mismatch->account_id},
            {"expected", mismatch->expected},
            {"actual", mismatch->actual}};
}

}  // namespace

std::string to_json_line(ImportReport const& report, ImportRun const& run) {
    Json const json{{"rows", report.rows},
                    {"accounts", report.accounts},
                    {"commands", report.commands},
                    {"events", report.events},
                    {"replayed", report.replayed},
                    {"refused",
                     {{"insufficient_funds", report.refused.insufficient_funds},
                      {"invalid_amount", report.refused.invalid_amount},
                      {"unknown_account", report.refused.unknown_account}}},
                    {"store", run.store},
                    {"stream", nullptr},
                    {"verify",
                     {{"checked", report.verify.checked},
                      {"mismatches", report.verify.mismatches},
                      {"first", to_json(report.verify.first)}}},
                    {"seconds", std::round(run.seconds * 1e6) / 1e6}};
    return json.dump() + "\n";
}

std::string to_summary(ImportReport const& report, ImportRun const& run) {
    auto out = fmt::format("imported {} rows of {} accounts in {:.2f} s ({:.0f} rows/s), store {}\n", report.rows,
                           report.accounts, run.seconds,
                           run.seconds > 0 ? static_cast<double>(report.rows) / run.seconds : 0.0, run.store);
    auto const line = [&out](char const* what, std::uint64_t count, std::string const& meaning) {
        out += fmt::format("  {:<10}{:>10}  {}\n", what, count, meaning);
    };
    line("commands", report.commands, "the rows, and one to open each account");
    line("events", report.events, "newly stored");
    line("replayed", report.replayed, "rows that were stored before");
    line("refused", report.refused.insufficient_funds + report.refused.invalid_amount + report.refused.unknown_account,
         fmt::format("insufficient funds {}, invalid amount {}", report.refused.insufficient_funds,
                     report.refused.invalid_amount));
    if (report.verify.checked > 0) {
        line("verified", report.verify.checked,
             fmt::format("balances compared after their row, {} mismatches", report.verify.mismatches));
    }
    return out;
}

}  // namespace bank
