#pragma once

#include "mutant.hpp"

#include <atomic>
#include <latch>
#include <map>
#include <mutex>
#include <thread>

namespace mutants {

/// Lets the first calls of two contenders meet, so that an interleaving that is a matter of luck happens for sure.
///
/// A contender is a thread other than the one that made the fixture. Every case with contenders has two or more of
/// them, and each of them appends.
class Meeting {
public:
    /// Whether this call met another one and came second.
    bool meet() {
        if (std::this_thread::get_id() == host_) {
            return false;
        }
        auto const arrival = arrived_.fetch_add(1);
        if (arrival < 2) {
            both_.arrive_and_wait();
        }
        return arrival == 1;
    }

private:
    std::thread::id host_ = std::this_thread::get_id();
    std::atomic<int> arrived_{0};
    std::latch both_{2};
};

/// Checks the versions of a request itself, then stores without a check: whoever comes in between is not seen.
[[nodiscard]] inline AppendResult check_then_insert(EventStore& inner, AppendRequest const& request, Meeting& meeting) {
    Request copy{request};
    for (auto& entry : copy.entries) {
        auto const actual = version_of(inner, entry.aggregate());
        if (!entry.expected.accepts(actual)) {
            throw VersionConflict{entry.aggregate(), entry.expected, actual};
        }
        entry.expected = ExpectedVersion::any();
    }
    meeting.meet();
    return copy.send(inner);
}

/// Refuses appends while a transaction is open.
class LockingFixture final : public Fixture {
public:
    LockingFixture() : LockingFixture{std::make_shared<std::atomic<bool>>(false)} {}

    [[nodiscard]] std::unique_ptr<conformance::OpenAppend> begin(AppendRequest const& request) override {
        class Locking final : public Buffered {
        public:
            Locking(EventStore& store, AppendRequest const& request, std::shared_ptr<std::atomic<bool>> open)
                : Buffered{store, request}, open_{std::move(open)} {
                *open_ = true;
            }
            ~Locking() override { *open_ = false; }
            void commit() override {
                *open_ = false;
                Buffered::commit();
            }

        private:
            std::shared_ptr<std::atomic<bool>> open_;
        };
        return std::make_unique<Locking>(store(), request, open_);
    }

private:
    explicit LockingFixture(std::shared_ptr<std::atomic<bool>> open)
        : Fixture{Hooks{.append =
                            [open](EventStore& inner, AppendRequest const& request) {
                                if (*open) {
                                    throw Timeout{"the table is locked"};
                                }
                                return inner.append(request);
                            }}},
          open_{std::move(open)} {}

    std::shared_ptr<std::atomic<bool>> open_;
};

/// A reader that goes by positions alone: an older transaction that commits late is behind it.
class RawReaderFixture final : public Fixture {
public:
    RawReaderFixture() : RawReaderFixture{std::make_shared<Marks>()} {}

    [[nodiscard]] std::unique_ptr<conformance::OpenAppend> begin(AppendRequest const& request) override {
        Request const copy{request};
        for (auto const& entry : copy.entries) {
            for (auto const& event : entry.events) {
                marks_->emplace(event.id, Position{static_cast<std::int64_t>(all_of(store()).size())});
            }
        }
        return Fixture::begin(request);
    }

private:
    /// How far the store was when the event's transaction began.
    using Marks = std::map<Uuid, Position>;

    explicit RawReaderFixture(std::shared_ptr<Marks> marks)
        : Fixture{Hooks{.read_all =
                            [marks](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                                auto const after = options.after;
                                return inner.read_all(options, [&](RecordedEventView const& view) {
                                    auto const mark = marks->find(view.id);
                                    return (mark != marks->end() && mark->second < after) || visit(view);
                                });
                            }}},
          marks_{std::move(marks)} {}

    std::shared_ptr<Marks> marks_;
};

/// A reader that waits for positions that were rolled back.
class StallingFixture final : public Fixture {
public:
    StallingFixture() : StallingFixture{std::make_shared<std::atomic<bool>>(false)} {}

    [[nodiscard]] std::unique_ptr<conformance::OpenAppend> begin(AppendRequest const& request) override {
        *gap_ = true;
        return Fixture::begin(request);
    }

private:
    explicit StallingFixture(std::shared_ptr<std::atomic<bool>> gap)
        : Fixture{Hooks{
              .read_all = [gap](EventStore const& inner, ReadAllOptions options,
                                EventVisitor visit) { return *gap ? options.after : inner.read_all(options, visit); }}},
          gap_{std::move(gap)} {}

    std::shared_ptr<std::atomic<bool>> gap_;
};

[[nodiscard]] inline Mutants concurrency_mutants() {
    return {
        {"CheckThenInsert",
         "lets another writer in between its check and its insert",
         {"C01", "C04", "C07", "C12", "C16"},
         with([] {
             return Hooks{.append = [meeting = std::make_shared<Meeting>()](EventStore& inner,
                                                                            AppendRequest const& request) {
                 return request.entries.empty() ? inner.append(request) : check_then_insert(inner, request, *meeting);
             }};
         })},
        {"ConflictIsUnavailable",
         "reports a conflict as a store that cannot be reached",
         {"A04", "C01", "C04", "C12", "C16", "H04"},
         with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 try {
                     return inner.append(request);
                 } catch (VersionConflict const&) {
                     throw Unavailable{"duplicate key value"};
                 }
             }};
         })},
        {"DuplicateIsConflict", "reports a known id as a conflict", {"A13", "A14", "I06", "I08", "C11"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 try {
                     return inner.append(request);
                 } catch (DuplicateEvent const&) {
                     throw VersionConflict{request.entries.front().aggregate, request.entries.front().expected,
                                           Version{}};
                 }
             }};
         })},
        {"AnyIsOptimistic",
         "reads the version for an append that expects none, and conflicts",
         {"C02", "C06"},
         with([] {
             return Hooks{.append = [meeting = std::make_shared<Meeting>()](EventStore& inner,
                                                                            AppendRequest const& request) {
                 Request copy{request};
                 auto const any = [](Request::Entry const& entry) {
                     return entry.expected == ExpectedVersion::any() && !entry.events.empty();
                 };
                 if (!std::ranges::all_of(copy.entries, any) || is_known(inner, copy.entries.at(0).events.front().id)) {
                     return inner.append(request);
                 }
                 for (auto& entry : copy.entries) {
                     entry.expected = ExpectedVersion::exactly(version_of(inner, entry.aggregate()));
                 }
                 meeting->meet();
                 return copy.send(inner);
             }};
         })},
        {"OneWriterAtATime",
         "refuses an append while another one is under way",
         {"C02", "C03", "C08", "G07", "I14"},
         with([] {
             return Hooks{
                 .append = [meeting = std::make_shared<Meeting>()](EventStore& inner, AppendRequest const& request) {
                     if (meeting->meet()) {
                         throw Unavailable{"busy"};
                     }
                     return inner.append(request);
                 }};
         })},
        {"DeadlocksSurface", "gives up one of two requests that lock two aggregates", {"C06"}, with([] {
             return Hooks{
                 .append = [meeting = std::make_shared<Meeting>()](EventStore& inner, AppendRequest const& request) {
                     if (request.entries.size() > 1 && meeting->meet()) {
                         throw Transient{"deadlock detected"};
                     }
                     return inner.append(request);
                 }};
         })},
        {"ReadsHoldBackAppends",
         "refuses an append while a read is open",
         {"C09", "C13", "C14", "R22", "G28", "G30"},
         with([] {
             auto const open = std::make_shared<std::atomic<int>>(0);
             auto const counting = [open](auto read) {
                 ++*open;
                 try {
                     auto const result = read();
                     --*open;
                     return result;
                 } catch (...) {
                     --*open;
                     throw;
                 }
             };
             return Hooks{.append =
                              [open](EventStore& inner, AppendRequest const& request) {
                                  if (*open > 0) {
                                      throw Timeout{"a reader holds the lock"};
                                  }
                                  return inner.append(request);
                              },
                          .read =
                              [counting](EventStore const& inner, AggregateRef aggregate, ReadOptions options,
                                         EventVisitor visit) {
                                  return counting([&] { return inner.read(aggregate, options, visit); });
                              },
                          .read_all =
                              [counting](EventStore const& inner, ReadAllOptions options, EventVisitor visit) {
                                  return counting([&] { return inner.read_all(options, visit); });
                              }};
         })},
        {"ViewsShareABuffer", "reuses the memory of what a visitor looks at", {"C15"}, with([] {
             struct Buffer {
                 std::thread::id host = std::this_thread::get_id();
                 std::mutex mutex{};
                 std::string text{};
             };
             auto const buffer = std::make_shared<Buffer>();
             return Hooks{.append =
                              [buffer](EventStore& inner, AppendRequest const& request) {
                                  auto result = inner.append(request);
                                  std::lock_guard const lock{buffer->mutex};
                                  std::ranges::fill(buffer->text, '?');
                                  return result;
                              },
                          .read =
                              [buffer](EventStore const& inner, AggregateRef aggregate, ReadOptions options,
                                       EventVisitor visit) {
                                  return inner.read(aggregate, options, [&](RecordedEventView const& view) {
                                      if (std::this_thread::get_id() != buffer->host) {
                                          return visit(view);
                                      }
                                      auto in_buffer = view;
                                      {
                                          std::lock_guard const lock{buffer->mutex};
                                          buffer->text = view.data;
                                          in_buffer.data = buffer->text;
                                      }
                                      return visit(in_buffer);
                                  });
                              }};
         })},
        {"OpenTransactionsHoldBackAppends",
         "refuses an append while a transaction is open",
         {"C10"},
         made<LockingFixture>},
        {"ReaderGoesByPosition", "passes over an older transaction that commits late", {"G06"}, made<RawReaderFixture>},
        {"ReaderWaitsForGaps", "stops at positions that were rolled back", {"G10"}, made<StallingFixture>},
        {"LosersLeaveRows", "stores the first event of a batch before it finds the conflict", {"C07"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 try {
                     return inner.append(request);
                 } catch (VersionConflict const&) {
                     if (!request.entries.front().events.empty()) {
                         append(inner, {"Lost", "rows"}, ExpectedVersion::any(),
                                request.entries.front().events.first(1));
                     }
                     throw;
                 }
             }};
         })},
    };
}

}  // namespace mutants
