// F26: servers killed under eight writers. What was acknowledged is there, and the clients come back by themselves.

#include "subject.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

namespace postgres_test {
namespace {

using namespace event_sourcing;

/// Eight writers on one store, who send each request until its outcome is known.
class Writers {
public:
    explicit Writers(Subject& subject) : subject_{&subject} {
        for (int writer = 0; writer < 8; ++writer) {
            threads_.emplace_back([this, writer](std::stop_token const& stop) { write(stop, writer); });
        }
    }

    [[nodiscard]] int acknowledged() const noexcept { return acknowledged_; }
    [[nodiscard]] int failed() const noexcept { return failed_; }

    /// Waits until so many more are acknowledged: the clients have recovered.
    [[nodiscard]] bool get_on(int appends) {
        auto const wanted = acknowledged_ + appends;
        return eventually([&] { return acknowledged_ >= wanted || refused_; }) && !refused_;
    }

    /// Lets them finish what they are at; the ids of all that was acknowledged.
    std::set<std::string> finish() {
        for (auto& thread : threads_) {
            thread.request_stop();
        }
        threads_.clear();
        return ids_;
    }

private:
    void write(std::stop_token const& stop, int writer) {
        auto const mine = "own-" + std::to_string(writer);
        Version version;
        while (!stop.stop_requested()) {
            auto const own = events(1);
            auto const shared = events(1);
            std::vector<AppendEntry> entries{{{"Account", mine}, ExpectedVersion::exactly(version), own}};
            if (version.value % 4 == 3) {
                entries.push_back({{"Account", "shared"}, ExpectedVersion::any(), shared});
            }
            if (!until_known({.entries = entries}, writer)) {
                return;
            }
            version = version.next();
            std::scoped_lock const lock{mutex_};
            for (auto const& entry : entries) {
                ids_.insert(to_string(entry.events.front().id));
            }
            ++acknowledged_;
        }
    }

    bool until_known(AppendRequest const& request, int writer) {
        for (;;) {
            try {
                if (writer < 6) {
                    subject_->store.append(request);
                } else {
                    auto transaction = subject_->database.begin();
                    subject_->store.append(transaction, request);
                    transaction.commit();
                }
                return true;
            } catch (Error const& error) {
                ++failed_;
                if (!error.retryable()) {
                    refused_ = true;
                    ADD_FAILURE() << error.what();
                    return false;
                }
                ::poll(nullptr, 0, 5);
            }
        }
    }

    Subject* subject_;
    std::atomic<int> acknowledged_ = 0;
    std::atomic<int> failed_ = 0;
    std::atomic<bool> refused_ = false;
    std::mutex mutex_;
    std::set<std::string> ids_;
    std::vector<std::jthread> threads_;
};

/// A session on a server that may just be coming back.
Sql patient(std::string const& url) {
    std::optional<Sql> sql;
    static_cast<void>(eventually([&] {
        try {
            sql.emplace(url);
        } catch (SqlFailure const&) {
        }
        return sql.has_value();
    }));
    return std::move(sql.value());
}

/// The process of one of the store's sessions.
pid_t some_backend(OwnServer const& server, Subject const& subject) {
    std::string process;
    static_cast<void>(eventually([&] {
        try {
            process = Sql{server.url()}.value("select pid from pg_stat_activity where application_name = '" +
                                              subject.options.application_name + "' order by random() limit 1");
        } catch (std::exception const&) {  // not back yet, or no session yet
        }
        return !process.empty();
    }));
    return static_cast<pid_t>(std::stoi(process));
}

std::set<std::string> ids_stored(OwnServer const& server, Subject const& subject) {
    std::set<std::string> out;
    auto sql = patient(server.url());
    for (auto const& row : sql.run("select id from " + subject.schema.name() + ".event")) {
        EXPECT_TRUE(out.insert(row.front()).second) << "stored twice";
    }
    EXPECT_EQ(sql.value("select count(*) from (select 1 from " + subject.schema.name() +
                        ".event group by aggregate_id having count(*) <> max(version)) gaps"),
              "0");
    return out;
}

TEST(Failures, F26_AcknowledgedAppendsSurviveKillsUnderEightWriters) {
    OwnServer server;
    Subject subject{{}, server.url()};
    Writers writers{subject};
    ASSERT_TRUE(writers.get_on(100));

    int const backends = rounds(5, 100);
    int const storms = rounds(5, 50);
    int const servers = rounds(3, 50);
    for (int i = 0; i < backends; ++i) {
        ::kill(some_backend(server, subject), SIGKILL);
        ASSERT_TRUE(writers.get_on(50)) << "after the kill of backend " << i;
    }
    for (int i = 0; i < storms; ++i) {
        patient(server.url())
            .run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = '" +
                 subject.options.application_name + "'");
        ASSERT_TRUE(writers.get_on(50)) << "after storm " << i;
    }
    for (int i = 0; i < servers; ++i) {
        server.crash();
        server.restart();
        ASSERT_TRUE(writers.get_on(50)) << "after the crash of server " << i;
    }

    auto const acknowledged = writers.finish();
    auto const stored = ids_stored(server, subject);
    std::vector<std::string> lost;
    std::ranges::set_difference(acknowledged, stored, std::back_inserter(lost));
    EXPECT_TRUE(lost.empty()) << lost.size() << " acknowledged events are gone";
    EXPECT_EQ(stored.size(), acknowledged.size()) << "more stored than anybody was told of";
    EXPECT_GT(writers.failed(), 0) << "nobody noticed the kills";
    std::printf("%d backends, %d storms, %d servers: %d appends acknowledged, %d calls failed\n", backends, storms,
                servers, writers.acknowledged(), writers.failed());
}

// The control: without durable commits the same measurement must find losses, or it could not find any.
TEST(Failures, F26_ControlWithAsynchronousCommitLoses) {
    OwnServer server{"wal_writer_delay = 10s\nwal_writer_flush_after = 1GB"};
    Subject subject{[](PostgresOptions& options) { options.asynchronous_commit = AsynchronousCommit::allowed; },
                    server.url()};
    subject.sql.run("alter role " + setting(subject.options.url, "user") + " set synchronous_commit = off");

    std::size_t lost = 0;
    int crashes = 0;
    std::set<std::string> acknowledged;
    for (; crashes < 8 && lost == 0; ++crashes) {
        std::vector<NewEvent> sent;
        for (int i = 0; i < 200; ++i) {
            sent.push_back(event());
            ASSERT_EQ(outcome_of([&] { subject.append({sent.back()}); }), "returned");
            acknowledged.insert(to_string(sent.back().id));
        }
        server.crash();
        server.restart();
        auto const stored = ids_stored(server, subject);
        std::vector<std::string> gone;
        std::ranges::set_difference(acknowledged, stored, std::back_inserter(gone));
        lost = gone.size();
    }

    std::printf("%zu of %zu acknowledged events gone after %d crashes\n", lost, acknowledged.size(), crashes);
    ASSERT_GT(lost, 0U)
        << "void: not one of 8 crashes without durable commits lost anything, so the test above says nothing";
}

}  // namespace
}  // namespace postgres_test
