#include "application/command_handlers.hpp"
#include "application/queries.hpp"
#include "domain/refusal.hpp"
#include "embedded.hpp"
#include "infrastructure/actions.hpp"
#include "infrastructure/demo_page.hpp"
#include "infrastructure/stop_signal.hpp"

#include <event_sourcing/uuid.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace bank {

namespace es = event_sourcing;

namespace {

/// The tour: each step sends commands, and shows which events they left and what the accounts fold to.
class Demo {
public:
    Demo(es::EventStore& store, DemoPage& page) : store_{&store}, page_{&page}, commands_{store}, queries_{store} {}

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
        shown_ = store_->read_all({.after = shown_, .limit = all}, [](es::RecordedEventView const&) {});
        page_->text("The last events of bakery, one of the accounts of the file:");
        auto const bakery = queries_.handle(HistoryQuery{.account_id = "bakery"});
        for (auto const& entry : std::span{bakery}.last(std::min<std::size_t>(bakery.size(), 4))) {
            page_->history(entry);
        }
    }

    void show_balances() {
        page_->step("All balances, folded from " + std::to_string(shown_.value) + " events");
        for (auto const& account : queries_.handle(BalancesQuery{})) {
            page_->balance(account);
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
        shown_ = store_->read_all({.after = shown_, .limit = all},
                                  [this](es::RecordedEventView const& event) { page_->event(event); });
    }

    void state(std::string const& account_id, std::optional<es::Version> at = {}) {
        if (auto const balance = queries_.handle(BalanceQuery{account_id, at})) {
            page_->state(*balance);
        }
    }

    static constexpr auto all = std::numeric_limits<std::size_t>::max();

    es::EventStore* store_;
    DemoPage* page_;
    CommandHandlers commands_;
    QueryHandlers queries_;
    es::Position shown_{};
    es::Uuid transfer_id_ = es::Uuid::v7();
};

}  // namespace

void run_demo(CommandLine const& line) {
    auto const store = make_store(line.store);
    DemoPage page{stdout};
    Demo{*store, page}.run();
    page.text("Next: bank-account import FILE --verify, bank-account events FILE, bank-account --help");
}

}  // namespace bank
