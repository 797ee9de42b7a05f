#include "infrastructure/importer.hpp"

#include "domain/refusal.hpp"
#include "infrastructure/bad_input.hpp"
#include "infrastructure/stop_signal.hpp"

#include <event_sourcing/append_error.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/uuid.hpp>

#include <array>
#include <string>
#include <utility>

namespace bank {

namespace es = event_sourcing;

namespace {

// Name spaces of their own, so that an account and a transaction of the same name never meet. They never change.
constexpr auto opening_space = es::Uuid::v5(es::dns_namespace, "opening.bank-account.event-sourcing");
constexpr auto transaction_space = es::Uuid::v5(es::dns_namespace, "transaction.bank-account.event-sourcing");

[[nodiscard]] es::Uuid command_of(Transaction const& row) {
    return es::Uuid::v5(transaction_space, row.transaction_id);
}

[[nodiscard]] std::string request_of(Transaction const& row) {
    std::string out = row.kind == TransactionKind::deposit ? "deposit|" : "withdrawal|";
    return out.append(std::to_string(row.amount)).append("|").append(row.account_id);
}

/// The transaction was stored before, as something else.
struct KnownOtherwise {};

}  // namespace

void Importer::import(TransactionFile& file) {
    progress_->begin(file.name());
    while (auto const row = file.next()) {
        StopSignal::check();
        try {
            import(file.name(), *row);
        } catch (KnownOtherwise const&) {
            throw BadInput{
                file.name(), row->line,
                "transaction_id " + quoted(row->transaction_id) + " is known with another account, kind or amount"};
        } catch (es::InvalidArgument const& error) {
            throw BadInput{file.name(), row->line, error.what()};
        }
        progress_->row(file.part_read());
    }
    progress_->end();
}

void Importer::import(std::string const& file, Transaction const& row) {
    if (!seen_.contains(std::string{row.account_id})) {
        open_at_first_row(row);
    }
    ++report_.rows;
    ++report_.commands;
    try {
        auto const done = execute(row);
        ++(done.replayed ? report_.replayed : report_.events);
        if (options_.verify == Verify::each_row) {
            verify(file, row, done.state.balance);
        }
    } catch (InsufficientFunds const&) {
        ++report_.refused.insufficient_funds;
    } catch (InvalidAmount const&) {
        ++report_.refused.invalid_amount;
    } catch (es::DuplicateEvent const&) {
        throw KnownOtherwise{};
    }
}

void Importer::open_at_first_row(Transaction const& row) {
    // Nothing of a bad row may be stored, not even the opening: so a transaction of another account is found first.
    std::array const first_event{es::Uuid::derived(command_of(row), 0)};
    store_->find(first_event, [&row](es::RecordedEventView const& event) {
        if (event.aggregate_id != row.account_id) {
            throw KnownOtherwise{};
        }
    });
    OpenAccount const command{.account_id = std::string{row.account_id},
                              .overdraft_limit = options_.overdraft_limit,
                              .date = std::string{row.date}};
    report_.events += opens_now(command) ? 1U : 0U;
    ++report_.commands;
    ++report_.accounts;
    seen_.emplace(row.account_id);
}

bool Importer::opens_now(OpenAccount const& command) const {
    try {
        return !handlers_.handle(command, {.command = es::Uuid::v5(opening_space, command.account_id)}).replayed;
    } catch (AlreadyOpen const&) {
        return false;  // somebody opened it in another way: it keeps the overdraft limit that it has
    }
}

es::Executed<Account> Importer::execute(Transaction const& row) const {
    es::CommandContext const context{.command = command_of(row), .request = request_of(row)};
    std::string account_id{row.account_id};
    if (row.kind == TransactionKind::deposit) {
        return handlers_.handle(Deposit{std::move(account_id), row.amount, std::string{row.date}}, context);
    }
    return handlers_.handle(Withdraw{std::move(account_id), row.amount, std::string{row.date}}, context);
}

void Importer::verify(std::string const& file, Transaction const& row, Money actual) {
    ++report_.verify.checked;
    if (actual == row.balance) {
        return;
    }
    if (++report_.verify.mismatches == 1) {
        report_.verify.first = Mismatch{row.line, std::string{row.account_id}, row.balance, actual};
        progress_->note(file + ":" + std::to_string(row.line) + ": the balance of account " + quoted(row.account_id) +
                        " should be " + std::to_string(row.balance) + " and is " + std::to_string(actual));
    }
}

}  // namespace bank
