#include "application/command_handlers.hpp"
#include "application/queries.hpp"
#include "domain/refusal.hpp"
#include "embedded.hpp"
#include "infrastructure/actions.hpp"
#include "infrastructure/demo_page.hpp"
#include "infrastructure/postgres.hpp"
#include "infrastructure/stop_signal.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/uuid.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace bank {

namespace es = event_sourcing;

namespace {

/// The tour: each step sends commands, and shows which events they left and what the accounts fold to.
class Demo {
public:
    /// With the tables of the store, where it has some.
    Demo(es::EventStore& store, DemoTables* tables, DemoPage& page)
        : store_{&store}, tables_{tables}, page_{&page}, commands_{store}, queries_{store} {}

    void run() {
        page_->title("A bank that stores what happened");
        page_->text("A command asks. The domain decides. What happened is appended as an event, and is never changed.");
        page_->text("No balance is stored: each one below is folded from the events of its account.");
        open_accounts();
        move_money();
        refuse();
        transfer();
        repeat();
        look_back();
        import_sample();
        show_balances();
        if (tables_ != nullptr) {
            show_tables();
        }
    }

private:
    void open_accounts() {
        page_->step("Open two accounts");
        command("open ada, no overdraft", OpenAccount{.account_id = "ada", .owner = "Ada Winter"});
        command("open ben, overdraft up to 50.00",
                OpenAccount{.account_id = "ben", .owner = "Ben Sommer", .overdraft_limit = 5000});
    }

    void move_money() {
        page_->step("Deposit and withdraw");
        command("deposit 100.00 to ada", Deposit{"ada", 10000});
        state("ada");
        command("withdraw 30.00 from ada", Withdraw{"ada", 3000});
        state("ada");
    }

    void refuse() {
        page_->step("A refusal leaves no trace");
        command("withdraw 500.00 from ada", Withdraw{"ada", 50000});
        state("ada");
    }

    void transfer() {
        page_->step("A transfer writes two accounts in one append: both events, or neither");
        command("transfer 25.50 from ada to ben", Transfer{"ada", "ben", 2550}, {.command = transfer_id_});
        state("ada");
        state("ben");
    }

    void repeat() {
        page_->step("The same command once more, as after a lost answer");
        command("transfer 25.50 from ada to ben, with the same command id", Transfer{"ada", "ben", 2550},
                {.command = transfer_id_});
        state("ada");
    }

    void look_back() {
        page_->step("The past is still there");
        state("ada", es::Version{2});
        page_->text("The history of ada, with the balance folded up to each event:");
        for (auto const& entry : queries_.handle(HistoryQuery{.account_id = "ada"})) {
            page_->history(entry);
        }
    }

    void import_sample() {
        page_->step("A bank's file: each row is a command, and each balance is compared with the file's");
        Progress silent{Progress::Style::never};
        for (auto const* const command : {"import sample.csv", "import sample.csv, the same file again"}) {
            TransactionFile file{"sample.csv", open_text(sample_transactions)};
            Importer importer{*store_, {.verify = Verify::each_row}, silent};
            importer.import(file);
            page_->command(command);
            page_->imported(importer.report());
        }
        shown_ = store_->read_all({.after = shown_, .limit = all}, [this](es::RecordedEventView const&) { ++events_; });
        page_->text("The last events of bakery, one of the accounts of the file:");
        auto const bakery = queries_.handle(HistoryQuery{.account_id = "bakery"});
        for (auto const& entry : std::span{bakery}.last(std::min<std::size_t>(bakery.size(), 4))) {
            page_->history(entry);
        }
    }

    void show_balances() {
        page_->step("All balances, folded from " + std::to_string(events_) + " events");
        for (auto const& account : queries_.handle(BalancesQuery{})) {
            page_->balance(account);
        }
    }

    void show_tables() {
        page_->step("The same in the database: rows of one table, for every tool that speaks SQL");
        std::string const select =
            "select position, aggregate_id, version, event_type, data from event where aggregate_id = 'ada' order by "
            "position";
        page_->sql(select);
        for (auto const& row : tables_->query(select, 5)) {
            page_->row(row);
        }
        page_->step("The database refuses to change the past, whoever asks");
        for (std::string const statement : {"update event set data = '{\"amount\":1}' where aggregate_id = 'ada'",
                                            "delete from event", "truncate event"}) {
            page_->sql(statement);
            page_->database_refused(tables_->refusal(statement));
        }
    }

    template <class Command>
    void command(std::string const& what, Command const& command, es::CommandContext const& context = {}) {
        StopSignal::check();
        page_->command(what);
        try {
            if (commands_.handle(command, context).replayed) {
                page_->replayed();
            }
        } catch (Refusal const& refusal) {
            page_->refused(refusal);
        }
        shown_ = store_->read_all({.after = shown_, .limit = all}, [this](es::RecordedEventView const& event) {
            ++events_;
            page_->event(event);
        });
    }

    void state(std::string const& account_id, std::optional<es::Version> at = {}) {
        if (auto const balance = queries_.handle(BalanceQuery{account_id, at})) {
            page_->state(*balance);
        }
    }

    static constexpr auto all = std::numeric_limits<std::size_t>::max();

    es::EventStore* store_;
    DemoTables* tables_;
    DemoPage* page_;
    CommandHandlers commands_;
    QueryHandlers queries_;
    es::Position shown_{};
    std::size_t events_ = 0;
    es::Uuid transfer_id_ = es::Uuid::v7();
};

[[nodiscard]] std::unique_ptr<DemoTables> open_tables(CommandLine const& line) {
    try {
        return make_demo_tables(line.store);
    } catch (es::InvalidArgument const& error) {
        throw UsageError{error.what(), line.usage};
    }
}

}  // namespace

void run_demo(CommandLine const& line) {
    bool const memory = line.store.kind == StoreKind::memory;
    auto const tables = memory ? nullptr : open_tables(line);
    auto const store = memory ? make_store(line.store) : nullptr;
    DemoPage page{stdout};
    try {
        Demo{memory ? *store : tables->store(), tables.get(), page}.run();
    } catch (es::Error const& error) {
        throw Incomplete{error};
    }
    page.text("Next: bank-account import FILE --verify, bank-account events FILE, bank-account --help");
}

}  // namespace bank
