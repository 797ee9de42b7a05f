#include "random_appends.hpp"

#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/append_error.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/event_store.hpp>

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <thread>

namespace postgres_test {
namespace {

using namespace event_sourcing;

constexpr std::string_view aggregate_type = "Account";

/// A request in the library's form; refers to itself.
class Sendable {
public:
    explicit Sendable(SentRequest const& request) {
        for (auto const& entry : request) {
            auto& events = events_.emplace_back();
            for (auto const& event : entry.events) {
                events.push_back({.id = event.id, .event_type = "Noted", .data = event.payload});
            }
            entries_.push_back({{aggregate_type, entry.aggregate}, entry.expected, events});
        }
    }
    Sendable(Sendable const&) = delete;
    Sendable& operator=(Sendable const&) = delete;

    [[nodiscard]] AppendRequest request() const { return {.entries = entries_}; }

private:
    std::deque<std::vector<NewEvent>> events_;
    std::vector<AppendEntry> entries_;
};

/// What all threads know together: what was sent lately, and how far each aggregate is about.
class Shared {
public:
    explicit Shared(std::size_t aggregates) : versions_(aggregates) {}

    [[nodiscard]] std::uint64_t tick() { return ++clock_; }

    void sending(SentRequest const& request) {
        std::scoped_lock const lock{mutex_};
        lately_.push_back(request);
        if (lately_.size() > 48) {
            lately_.pop_front();
        }
    }
    [[nodiscard]] SentRequest lately(std::mt19937_64& random) {
        std::scoped_lock const lock{mutex_};
        if (lately_.empty()) {
            return {};
        }
        bool const newest = random() % 2 == 0;  // then it is likely to be under way
        return newest ? lately_.back() : lately_[random() % lately_.size()];
    }

    [[nodiscard]] std::int64_t version(std::size_t aggregate) const { return versions_[aggregate]; }
    void learn(std::string const& aggregate, Version version) {
        auto& known = versions_[std::stoul(aggregate)];
        auto before = known.load();
        while (before < version.value && !known.compare_exchange_weak(before, version.value)) {
        }
    }

private:
    std::atomic<std::uint64_t> clock_{0};
    std::mutex mutex_;
    std::deque<SentRequest> lately_;
    std::vector<std::atomic<std::int64_t>> versions_;
};

/// One thread's part: makes requests by its own random numbers, sends them, and writes down what came.
class Caller {
public:
    Caller(Workload const& workload, std::size_t number, Shared& shared, PostgresDatabase& database,
           PostgresEventStore& store)
        : workload_{&workload}, random_{workload.seed * 1'000 + number}, shared_{&shared}, database_{&database},
          store_{&store}, number_{number} {}

    void run() {
        for (std::size_t i = 0; i < workload_->calls_per_thread; ++i) {
            auto const total = workload_->ordinary + workload_->batch + workload_->several + workload_->checks +
                               workload_->again + workload_->altered;
            if (below(total + workload_->transactions) >= total) {
                transaction(number_ * 1'000'000 + i);
            } else {
                send(make());
            }
        }
    }

    std::vector<Observation> observed;

private:
    /// A random number from 0 up to but not including `end`.
    int below(int end) { return static_cast<int>(random_() % static_cast<std::uint64_t>(std::max(end, 1))); }

    std::size_t any_aggregate() { return random_() % workload_->aggregates; }

    SentEvent new_event() { return {Uuid::v7(), "{\"n\":" + std::to_string(random_() % 1'000'000) + "}"}; }
    std::vector<SentEvent> new_events(int count) {
        std::vector<SentEvent> out;
        for (int i = 0; i < count; ++i) {
            out.push_back(new_event());
        }
        return out;
    }

    /// Mostly what the aggregate is at, sometimes what it is not.
    ExpectedVersion known(std::size_t aggregate) {
        auto const version = shared_->version(aggregate);
        switch (below(10)) {
            case 0: return ExpectedVersion::exactly(Version{version + 1});
            case 1: return ExpectedVersion::exactly(Version{std::max<std::int64_t>(version - 1, 0)});
            default: return ExpectedVersion::exactly(Version{version});
        }
    }
    ExpectedVersion anything(std::size_t aggregate) {
        switch (below(8)) {
            case 0: return ExpectedVersion::exists();
            case 1: return ExpectedVersion::none();
            case 2:
            case 3:
            case 4: return ExpectedVersion::any();
            default: return known(aggregate);
        }
    }

    SentRequest make() {
        auto const& w = *workload_;
        auto at = below(w.ordinary + w.batch + w.several + w.checks + w.again + w.altered);
        auto const is = [&at](int weight) { return (at -= weight) < 0; };
        if (is(w.ordinary)) {
            auto const aggregate = any_aggregate();
            return {{std::to_string(aggregate), known(aggregate), new_events(1)}};
        }
        if (is(w.batch)) {
            auto const aggregate = any_aggregate();
            return {{std::to_string(aggregate), anything(aggregate), new_events(1 + below(4))}};
        }
        if (is(w.several)) {
            return below(2) == 0 ? crossing() : several();
        }
        if (is(w.checks)) {
            auto request = several();
            for (auto& entry : request) {
                entry.events.clear();
            }
            return request;
        }
        auto request = shared_->lately(random_);
        if (request.empty()) {
            return several();
        }
        return is(w.again) ? request : altered(std::move(request));
    }

    SentRequest several() {
        SentRequest request;
        for (int i = 2 + below(3); i > 0; --i) {
            auto const aggregate = any_aggregate();
            auto const name = std::to_string(aggregate);
            if (std::ranges::find(request, name, &SentEntry::aggregate) == request.end()) {
                request.push_back({name, anything(aggregate), new_events(std::max(0, below(4) - 1))});
            }
        }
        return request;
    }

    /// Writes one of two neighbours and checks the other: two of these may never both be stored.
    SentRequest crossing() {
        auto const one = any_aggregate() / 2 * 2;
        auto const other = std::min(one + 1, workload_->aggregates - 1);
        auto const written = below(2) == 0 ? one : other;
        auto const checked = written == one ? other : one;
        if (written == checked) {
            return several();
        }
        SentRequest request{{std::to_string(written), ExpectedVersion::any(), new_events(1)},
                            {std::to_string(checked), ExpectedVersion::exactly(Version{shared_->version(checked)})}};
        if (below(2) == 0) {
            std::swap(request[0], request[1]);
        }
        return request;
    }

    /// The same ids, and something else.
    SentRequest altered(SentRequest request) {
        auto& entry = request[random_() % request.size()];
        switch (below(7)) {
            case 0:
                if (!entry.events.empty()) {
                    entry.events.front().payload = new_event().payload;
                }
                break;
            case 1: std::ranges::reverse(entry.events); break;
            case 2: entry.events.push_back(new_event()); break;
            case 3:
                if (!entry.events.empty()) {
                    entry.events.pop_back();
                }
                break;
            case 4: {
                auto const elsewhere = std::to_string(any_aggregate());
                if (std::ranges::find(request, elsewhere, &SentEntry::aggregate) == request.end()) {
                    entry.aggregate = elsewhere;
                }
                break;
            }
            case 5: entry.expected = anything(std::stoul(entry.aggregate)); break;
            default:
                if (!entry.events.empty()) {
                    entry.events.push_back(entry.events.front());  // an id twice
                }
        }
        return request;
    }

    /// Sends through the store, where others' requests may travel along.
    void send(SentRequest const& request) {
        shared_->sending(request);
        observe(request, std::nullopt, [&](AppendRequest const& sent) { return store_->append(sent); });
    }

    void transaction(std::size_t name) {
        auto const first = observed.size();
        bool committed = false;
        try {
            auto transaction = database_->begin();
            auto const append = [&] {
                auto const request = make();
                shared_->sending(request);
                observe(request, name, [&](AppendRequest const& sent) { return store_->append(transaction, sent); });
                return observed.back().answer != Answer::nothing && observed.back().answer != Answer::other;
            };
            bool fine = append();
            // Rarely more: two that lock in opposite order wait for each other until the server breaks it up, a second each time.
            for (int more = std::max(0, below(8) - 5); fine && more > 0; --more) {
                if (below(3) == 0) {
                    auto const inside = observed.size();
                    transaction.execute("savepoint here");
                    fine = append();
                    if (fine && below(2) == 0) {
                        transaction.execute("rollback to savepoint here");
                        for (auto i = inside; i < observed.size(); ++i) {
                            observed[i].undone = true;
                        }
                    }
                } else {
                    fine = append();
                }
            }
            if (fine && below(3) == 0) {
                transaction.execute("select pg_sleep(0.002)");
            }
            if (fine && below(4) != 0) {
                transaction.commit();
                committed = true;
            }
        } catch (Error const& error) {
            observed.push_back({.answer = error.retryable() ? Answer::nothing : Answer::other,
                                .error = error.what(),
                                .started = shared_->tick(),
                                .ended = shared_->tick(),
                                .transaction = name});
        }
        auto const end = shared_->tick();
        for (auto i = first; i < observed.size(); ++i) {
            observed[i].undone = observed[i].undone || !committed;
            observed[i].ended = end;
            learn(observed[i]);
        }
    }

    template <class Call>
    void observe(SentRequest const& request, std::optional<std::size_t> transaction, Call call) {
        Sendable const sendable{request};
        Observation one{.request = request, .transaction = transaction};
        one.started = shared_->tick();
        try {
            one.result = call(sendable.request());
            one.answer = one.result.replayed ? Answer::replayed : Answer::stored;
        } catch (VersionConflict const& conflict) {
            one.answer = Answer::conflict;
            one.conflicting = conflict.aggregate().id;
            one.actual = conflict.actual();
        } catch (DuplicateEvent const&) {
            one.answer = Answer::duplicate;
        } catch (Transient const& error) {
            one.answer = Answer::nothing;
            one.error = error.what();
        } catch (std::exception const& error) {
            one.error = error.what();
        }
        one.ended = shared_->tick();
        if (!transaction) {
            learn(one);
        }
        observed.push_back(std::move(one));
    }

    void learn(Observation const& one) {
        if (one.undone) {
            return;
        }
        if (one.answer == Answer::conflict) {
            shared_->learn(one.conflicting, one.actual);
        }
        for (std::size_t i = 0; i < one.result.entries.size(); ++i) {
            shared_->learn(one.request[i].aggregate, one.result.entries[i].version);
        }
    }

    Workload const* workload_;
    std::mt19937_64 random_;
    Shared* shared_;
    PostgresDatabase* database_;
    PostgresEventStore* store_;
    std::size_t number_;
};

/// A service's process: a pool, and a store whose appends go over two connections.
struct Process {
    explicit Process(PostgresOptions const& options) : database{options} {}

    PostgresDatabase database;
    PostgresEventStore store{database, {.append_connections = 2}};
};

/// Reads all events while they are written, and to the end once all writers are done.
class Reader {
public:
    explicit Reader(TestSchema const& schema)
        : database_{schema.options(Role::reader)}, thread_{[this](std::stop_token const& stop) { run(stop); }} {}

    std::vector<SeenEvent> finish() {
        thread_.request_stop();
        thread_.join();
        return std::move(delivered_);
    }

private:
    void run(std::stop_token const& stop) {
        PostgresEventStore const store{database_};
        Position after;
        for (bool last = false;;) {
            last = last || stop.stop_requested();
            auto const before = delivered_.size();
            after = store.read_all({.after = after, .limit = 500}, [this](RecordedEventView const& event) {
                delivered_.push_back({event.position, event.id, std::string{event.aggregate_id}, event.version,
                                      std::string{event.data}});
            });
            if (delivered_.size() == before) {
                if (last) {
                    return;
                }
                ::poll(nullptr, 0, 5);  // as a subscriber that asks at intervals
            }
        }
    }

    PostgresDatabase database_;
    std::vector<SeenEvent> delivered_;
    std::jthread thread_;
};

}  // namespace

History run(Workload const& workload, TestSchema const& schema) {
    auto options = schema.options(Role::writer);
    options.connections = workload.threads + 4;
    std::deque<Process> processes;
    for (int i = 0; i < 3; ++i) {
        processes.emplace_back(options);
    }
    Shared shared{workload.aggregates};
    std::deque<Caller> callers;
    for (std::size_t i = 0; i < workload.threads; ++i) {
        auto& process = processes[i % processes.size()];
        callers.emplace_back(workload, i, shared, process.database, process.store);
    }
    Reader reader{schema};
    {
        std::vector<std::jthread> threads;
        for (auto& caller : callers) {
            threads.emplace_back([&caller] { caller.run(); });
        }
    }
    History history{.delivered = reader.finish(), .nothing_is_allowed = workload.transactions > 0};
    for (auto& caller : callers) {
        std::ranges::move(caller.observed, std::back_inserter(history.observations));
    }
    for (auto const& row : Sql{server_url()}.run("select position, id, aggregate_id, version, data from " +
                                                 schema.name() + ".event order by position")) {
        history.table.push_back(
            {Position{std::stoll(row[0])}, Uuid::parse(row[1]), row[2], Version{std::stoll(row[3])}, row[4]});
    }
    return history;
}

}  // namespace postgres_test
