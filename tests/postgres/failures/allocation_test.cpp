// F18: the n-th allocation of a call fails, for every n. Nothing leaks, nothing is half done, the next call works.

#include "subject.hpp"

#include <event_sourcing/postgres/snapshot_store.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <ostream>
#include <thread>

namespace {

thread_local long allocations_left = 0;  // of this thread, the last of which fails; 0: none fails
std::atomic<long> allocations_alive = 0;

void* allocate(std::size_t size) {
    if (allocations_left > 0) {
        --allocations_left;
        if (allocations_left == 0) {
            throw std::bad_alloc{};
        }
    }
    auto* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) {
        throw std::bad_alloc{};
    }
    ++allocations_alive;
    return memory;
}

void release(void* memory) noexcept {
    if (memory != nullptr) {
        --allocations_alive;
        std::free(memory);
    }
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }

namespace postgres_test {
namespace {

using namespace event_sourcing;

/// Makes a call whose n-th allocation fails. False where it needs fewer.
template <class Call>
bool fails_at(long n, Call call) {
    allocations_left = n;
    try {
        call();
    } catch (std::bad_alloc const&) {
    } catch (Error const&) {  // the driver has a word of its own for it
    } catch (...) {
        allocations_left = 0;
        ADD_FAILURE() << "allocation " << n << " ends in another exception";
    }
    bool const failed = allocations_left == 0;
    allocations_left = 0;
    return failed;
}

struct Call {
    char const* name;
    void (*run)(Subject&, std::vector<NewEvent> const& request);
    int stores;  // events of the request

    friend void PrintTo(Call const& call, std::ostream* out) { *out << call.name; }
};

constexpr Call calls[]{
    {"AppendOfOne",
     [](Subject& subject, std::vector<NewEvent> const& request) {
         auto const id = to_string(request.front().id);
         AppendEntry const entry{{"Account", id}, ExpectedVersion::none(), request};
         subject.store.append({.entries = {&entry, 1}});
     },
     1},
    {"AppendOfABatch",
     [](Subject& subject, std::vector<NewEvent> const& request) {
         auto const all = std::span{request};
         std::array const entries{AppendEntry{{"Account", "alice"}, ExpectedVersion::any(), all.first(3)},
                                  AppendEntry{{"Account", "bob"}, ExpectedVersion::any(), all.subspan(3)},
                                  AppendEntry{{"Account", "carol"}, ExpectedVersion::none(), {}}};
         subject.store.append({.entries = entries});
     },
     5},
    {"AppendInATransaction",
     [](Subject& subject, std::vector<NewEvent> const& request) {
         auto transaction = subject.database.begin();
         transaction.execute("select $1::int", {1});
         AppendEntry const entry{{"Account", "alice"}, ExpectedVersion::any(), request};
         subject.store.append(transaction, {.entries = {&entry, 1}});
         transaction.commit();
     },
     2},
    {"RefusedAppend",
     [](Subject& subject, std::vector<NewEvent> const& request) {
         try {
             append(subject.store, {"Account", "nobody"}, ExpectedVersion::exists(), request);
             FAIL() << "there is no history";
         } catch (VersionConflict const&) {
         }
     },
     0},
    {"Read",
     [](Subject& subject, std::vector<NewEvent> const&) {
         subject.store.read({"Account", "filled"}, {}, [](RecordedEventView const&) {});
     },
     0},
    {"ReadAll",
     [](Subject& subject, std::vector<NewEvent> const&) {
         subject.store.read_all({.filter = {.aggregate_types = {"Account"}}}, [](RecordedEventView const&) {});
     },
     0},
    {"Find",
     [](Subject& subject, std::vector<NewEvent> const& request) {
         subject.store.find(std::array{request.front().id}, [](RecordedEventView const&) {});
     },
     0},
    {"Snapshot",
     [](Subject& subject, std::vector<NewEvent> const&) {
         PostgresSnapshotStore snapshots{subject.database};
         snapshots.save({.aggregate_type = "Account", .aggregate_id = "alice", .version = Version{3}, .state = "{}"});
         static_cast<void>(snapshots.load({"Account", "alice"}, Version{9}));
     },
     0},
    {"FirstConnection",
     [](Subject& subject, std::vector<NewEvent> const&) { PostgresDatabase{subject.options}.connect(); }, 0},
};

class AllocationFailures : public ::testing::TestWithParam<Call> {};

TEST_P(AllocationFailures, F18_LeaveNothingHalfDoneAndNothingBehind) {
    auto const& call = GetParam();
    Subject subject;
    append(subject.store, {"Account", "filled"}, ExpectedVersion::none(), events(20));

    long alive = 0;
    int stored = 20;
    long n = 1;
    for (;; ++n) {
        bool more = false;
        {
            auto const request = events(std::max(call.stores, 1));
            more = fails_at(n, [&] { call.run(subject, request); });
            // The same again: stored once, whether or not the first try got through.
            EXPECT_EQ(outcome_of([&] { call.run(subject, request); }), "returned") << "after allocation " << n;
            stored += call.stores;
        }
        EXPECT_EQ(subject.stored(), stored) << "after allocation " << n;
        if (n == 1) {
            alive = allocations_alive;
        }
        if (!more || HasFailure()) {
            break;
        }
    }

    EXPECT_GT(n, 1) << "it needs no memory";
    EXPECT_LE(allocations_alive, alive) << "something leaked";
    RecordProperty("allocations", static_cast<int>(n - 1));
}

INSTANTIATE_TEST_SUITE_P(Failures, AllocationFailures, ::testing::ValuesIn(calls),
                         [](auto const& one) { return std::string{one.param.name}; });

// One caller's want of memory is his own: those who travel with him get an answer, and nobody waits for ever.
TEST(Failures, F18_CompanionsOfACallerWithoutMemoryAreAnswered) {
    Subject subject;
    int stored = 0;
    std::atomic<int> failed = 0;
    for (long n = 1; n <= 40; ++n) {  // as leader he allocates more often than as a companion: who leads is chance
        std::vector<std::vector<NewEvent>> requests;
        for (int i = 0; i < 4; ++i) {
            requests.push_back(events(1));
        }
        {
            Sql other{server_url()};
            subject.block_alice(other);
            std::vector<std::jthread> callers;
            callers.emplace_back([&] { static_cast<void>(outcome_of([&] { subject.append(requests[0]); })); });
            subject.await_blocked();
            callers.emplace_back([&] { failed += fails_at(n, [&] { subject.append(requests[1]); }) ? 1 : 0; });
            for (std::size_t i : {2U, 3U}) {
                callers.emplace_back([&, i] { static_cast<void>(outcome_of([&] { subject.append(requests[i]); })); });
            }
            other.run("rollback");
        }
        for (auto const& request : requests) {
            ASSERT_EQ(outcome_of([&] { subject.append(request); }), "returned");
            ++stored;
        }
        ASSERT_EQ(subject.stored(), stored);
    }
    EXPECT_GT(failed, 0);
}

}  // namespace
}  // namespace postgres_test
