#include "infrastructure/demo_page.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include <unistd.h>

namespace bank {
namespace {

/// Minor units as people write them: 12.50.
[[nodiscard]] std::string money(Money amount) {
    auto const magnitude = amount < 0 ? 0 - static_cast<std::uint64_t>(amount) : static_cast<std::uint64_t>(amount);
    return fmt::format("{}{}.{:02}", amount < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

void write(std::FILE* out, std::string const& text) { std::fwrite(text.data(), 1, text.size(), out); }

}  // namespace

DemoPage::DemoPage(std::FILE* out) : out_{out}, terminal_{::isatty(::fileno(out)) == 1} {}

void DemoPage::title(std::string const& text) { bold(text); }

void DemoPage::step(std::string const& text) { bold(fmt::format("\n{}. {}", ++steps_, text)); }

void DemoPage::text(std::string const& text) { write(out_, text + "\n"); }

void DemoPage::command(std::string const& what) { line("command", what); }

void DemoPage::event(event_sourcing::RecordedEventView const& event) {
    line("  event", fmt::format("#{} {}/{} version {}: {} {}", event.position.value, event.aggregate_type,
                                event.aggregate_id, event.version.value, event.event_type, event.data));
}

void DemoPage::refused(Refusal const& refusal) {
    line("  refused", fmt::format("{}: {}; nothing is stored", refusal.code(), refusal.what()));
}

void DemoPage::replayed() { line("  replayed", "done before: answered from its events, nothing new is stored"); }

void DemoPage::state(Balance const& balance) {
    line("  state", fmt::format("{}: balance {} as of version {}", balance.account_id, money(balance.balance),
                                balance.version.value));
}

void DemoPage::sql(std::string const& statement) { line("SQL", statement); }

void DemoPage::row(std::vector<std::string> const& values) { text("  " + fmt::format("{}", fmt::join(values, "  "))); }

void DemoPage::database_refused(std::string const& reason) { line("  refused", reason); }

void DemoPage::history(HistoryEntry const& entry) {
    auto const& event = entry.record;
    text(fmt::format("  {:>4}  {:<16}  {:>10}  {}", event.version.value, event.event_type, money(entry.balance_after),
                     event.data));
}

void DemoPage::imported(ImportReport const& report) {
    line("  result", fmt::format("{} rows of {} accounts: {} events stored, {} rows replayed, {} refused", report.rows,
                                 report.accounts, report.events, report.replayed,
                                 report.refused.insufficient_funds + report.refused.invalid_amount));
    line("  verified",
         fmt::format("{} balances, each after its row: {} differ", report.verify.checked, report.verify.mismatches));
}

void DemoPage::balance(Balance const& balance) {
    text(
        fmt::format("  {:<12}  {:>10}  version {}", balance.account_id, money(balance.balance), balance.version.value));
}

void DemoPage::bold(std::string const& text) { write(out_, terminal_ ? "\x1b[1m" + text + "\x1b[0m\n" : text + "\n"); }

void DemoPage::line(std::string const& label, std::string const& text) {
    write(out_, fmt::format("  {:<11} {}\n", label, text));
}

}  // namespace bank
