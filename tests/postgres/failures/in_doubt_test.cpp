// Appends whose answer is lost, sent again until it is known: nothing is stored twice, nothing is lost, and nobody is
// told of a conflict with himself.

#include "subject.hpp"

#include <event_sourcing/append_error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>

namespace postgres_test {
namespace {

using namespace event_sourcing;

/// How one caller hands a request over.
using Send = std::function<AppendResult(Subject&, AppendRequest const&)>;

AppendResult call_append(Subject& subject, AppendRequest const& request) { return subject.store.append(request); }

AppendResult commit_a_transaction(Subject& subject, AppendRequest const& request) {
    auto transaction = subject.database.begin();
    auto result = subject.store.append(transaction, request);
    transaction.commit();
    return result;
}

struct Plan {
    int appends;
    int callers;
    int swallowed;  // each costs the time until a caller stops waiting
    Send send;
    MessagePredicate cut;
};

class InDoubt {
public:
    explicit InDoubt(Plan plan)
        : plan_{std::move(plan)}, behind_{[](PostgresOptions& options) {
              options.statement_timeout = std::chrono::seconds{1};
              options.answer_timeout = std::chrono::milliseconds{1'200};
          }} {}

    void run() {
        {
            std::vector<std::jthread> callers;
            for (int caller = 0; caller < plan_.callers; ++caller) {
                callers.emplace_back([this, caller] { append_all(caller); });
            }
        }
        verify();
    }

private:
    void append_all(int caller) {
        std::mt19937 random{static_cast<unsigned>(caller)};
        auto const mine = "own-" + std::to_string(caller);
        Version version;
        for (int i = 0; i < plan_.appends / plan_.callers; ++i) {
            auto const shared = "shared-" + std::to_string(random() % 4);
            auto const own_events = events(random() % 3 == 0 ? 3 : 1);
            auto const shared_events = events(1);
            std::vector<AppendEntry> entries{{{"Account", mine}, ExpectedVersion::exactly(version), own_events}};
            if (random() % 4 == 0) {
                entries.push_back({{"Account", shared}, ExpectedVersion::any(), shared_events});
            }
            auto const result = until_known({.entries = entries});
            version = Version{version.value + static_cast<std::int64_t>(own_events.size())};
            std::scoped_lock const lock{mutex_};
            if (!result || result->entries.front().version != version) {
                ++wrong_;
                return;
            }
            for (auto const& entry : entries) {
                for (auto const& one : entry.events) {
                    acknowledged_.insert(to_string(one.id));
                }
            }
        }
    }

    std::optional<AppendResult> until_known(AppendRequest const& request) {
        arm();
        for (bool first = true;; first = false) {
            try {
                return plan_.send(behind_.subject, request);
            } catch (Error const& error) {
                if (!error.retryable()) {
                    std::scoped_lock const lock{mutex_};
                    refusals_.emplace_back(error.what());
                    return std::nullopt;
                }
                if (first) {
                    std::scoped_lock const lock{mutex_};
                    ++in_doubt_;
                }
            }
        }
    }

    /// Keeps half of the requests in doubt.
    void arm() {
        static constexpr Fault cuts[]{Fault::cut_before_the_server, Fault::cut_while_it_runs,
                                      Fault::cut_after_the_answer};
        std::scoped_lock const lock{mutex_};
        ++started_;
        if (2 * in_doubt_ < started_) {
            bool const swallow = armed_ % 16 == 7 && swallowed_ < plan_.swallowed;
            swallowed_ += swallow ? 1 : 0;
            behind_.proxy->arm(swallow ? Fault::swallow_the_answer : cuts[armed_ % 3], plan_.cut);
            ++armed_;
        }
    }

    void verify() {
        auto& subject = behind_.subject;
        auto const table = subject.schema.name() + ".event";
        EXPECT_TRUE(refusals_.empty()) << refusals_.size()
                                       << " refusals, false conflicts for one: " << refusals_.front();
        EXPECT_EQ(wrong_, 0) << "results that are not the original's";
        std::set<std::string> stored;
        for (auto const& row : subject.sql.run("select id from " + table)) {
            EXPECT_TRUE(stored.insert(row.front()).second) << "a duplicate";
        }
        std::vector<std::string> lost;
        std::ranges::set_difference(acknowledged_, stored, std::back_inserter(lost));
        std::vector<std::string> unasked;
        std::ranges::set_difference(stored, acknowledged_, std::back_inserter(unasked));
        EXPECT_TRUE(lost.empty()) << lost.size() << " lost";
        EXPECT_TRUE(unasked.empty()) << unasked.size() << " stored that nobody was told of";
        EXPECT_EQ(subject.sql.value("select count(*) from (select 1 from " + table +
                                    " group by aggregate_type, aggregate_id having count(*) <> max(version)) gaps"),
                  "0");
        EXPECT_GE(in_doubt_ * 100, started_ * 45) << "too few were in doubt to say anything";
        EXPECT_EQ(swallowed_, plan_.swallowed);
        ::testing::Test::RecordProperty("appends", started_);
        ::testing::Test::RecordProperty("in_doubt", in_doubt_);
        ::testing::Test::RecordProperty("cuts", behind_.proxy->happened());
        std::printf("%d appends, %d of them in doubt by %d cuts: %zu events stored\n", started_, in_doubt_,
                    behind_.proxy->happened(), stored.size());
    }

    Plan plan_;
    BehindProxy behind_;
    std::mutex mutex_;
    std::set<std::string> acknowledged_;
    std::vector<std::string> refusals_;
    int started_ = 0;
    int in_doubt_ = 0;
    int armed_ = 0;
    int swallowed_ = 0;
    int wrong_ = 0;
};

TEST(InDoubt, CombinedAppendsAreStoredOnce) {
    InDoubt{
        {.appends = rounds(480, 4800), .callers = 8, .swallowed = rounds(2, 20), .send = call_append, .cut = is_append}}
        .run();
}

TEST(InDoubt, SingleAppendsAreStoredOnce) {
    InDoubt{
        {.appends = rounds(280, 2800), .callers = 1, .swallowed = rounds(2, 20), .send = call_append, .cut = is_append}}
        .run();
}

TEST(InDoubt, CommitsOfTransactionsAreStoredOnce) {
    InDoubt{{.appends = rounds(240, 2400),
             .callers = 4,
             .swallowed = rounds(2, 20),
             .send = commit_a_transaction,
             .cut = is_commit}}
        .run();
}

}  // namespace
}  // namespace postgres_test
