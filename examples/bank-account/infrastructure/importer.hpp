#pragma once

#include "application/command_handlers.hpp"
#include "infrastructure/import_report.hpp"
#include "infrastructure/progress.hpp"
#include "infrastructure/transaction_file.hpp"

#include <event_sourcing/event_store.hpp>

#include <string>
#include <unordered_set>

namespace bank {

enum class Verify : unsigned char { no, each_row };

struct ImportOptions {
    std::optional<Money> overdraft_limit = 0;  ///< of the accounts that it opens; none: unlimited
    Verify verify = Verify::no;
};

/// Sends the rows of files through the command handlers, one command a row, and opens each account at its first row.
///
/// The ids of the commands, and so of their events, derive from the file's `transaction_id` and `account_id`: whatever
/// was imported before, even in part, is replayed and not stored again.
class Importer {
public:
    /// Lifetime: the store and the progress must outlive it.
    Importer(event_sourcing::EventStore& store, ImportOptions options, Progress& progress)
        : store_{&store}, handlers_{store}, options_{options}, progress_{&progress} {}

    /// Imports one more file. Rows before a bad one stay stored; nothing of that row, or after it, is.
    /// @throws BadInput, Stopped, and what the store throws.
    void import(TransactionFile& file);

    /// Over all files so far.
    [[nodiscard]] ImportReport const& report() const noexcept { return report_; }

private:
    void import(std::string const& file, Transaction const& row);
    void open_at_first_row(Transaction const& row);
    [[nodiscard]] bool opens_now(OpenAccount const& command) const;
    [[nodiscard]] event_sourcing::Executed<Account> execute(Transaction const& row) const;
    void verify(std::string const& file, Transaction const& row, Money actual);

    event_sourcing::EventStore* store_;
    CommandHandlers handlers_;
    ImportOptions options_;
    Progress* progress_;
    ImportReport report_;
    std::unordered_set<std::string> seen_;  // accounts
};

}  // namespace bank
