#pragma once

#include <event_sourcing/namespace.hpp>
#include <event_sourcing/testing/calls.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing::detail {

/// What goes wrong with a call, if anything.
struct Fault {
    std::exception_ptr error{};  ///< thrown; null: nothing goes wrong
    bool takes_effect = false;   ///< the call is made all the same, and its answer is lost
};

/// Counts the calls of each operation and knows which are to fail. Thread-safe.
template <class Call, std::size_t operations>
class FaultPlan {
public:
    void add(Call call, Calls calls, Fault fault) {
        std::lock_guard const lock{mutex_};
        auto const first = made_[index(call)] + calls.first;
        planned_[index(call)].push_back({first, first + calls.count, std::move(fault)});
    }

    /// Counts a call and says what goes wrong with it: of several plans for it the latest.
    [[nodiscard]] Fault next(Call call) {
        std::lock_guard const lock{mutex_};
        auto const number = ++made_[index(call)];
        auto const& planned = planned_[index(call)];
        auto const due = std::find_if(planned.rbegin(), planned.rend(), [number](Planned const& each) {
            return each.first <= number && number < each.end;
        });
        return due == planned.rend() ? Fault{} : due->fault;
    }

    /// Counts a call, and throws if it is to fail.
    void enter(Call call) {
        if (auto const fault = next(call); fault.error != nullptr) {
            std::rethrow_exception(fault.error);
        }
    }

    [[nodiscard]] std::size_t made(Call call) const {
        std::lock_guard const lock{mutex_};
        return made_[index(call)];
    }

    void clear() {
        std::lock_guard const lock{mutex_};
        planned_ = {};
    }

private:
    struct Planned {
        std::size_t first;
        std::size_t end;
        Fault fault;
    };

    [[nodiscard]] static constexpr std::size_t index(Call call) noexcept { return static_cast<std::size_t>(call); }

    mutable std::mutex mutex_;
    std::array<std::size_t, operations> made_{};
    std::array<std::vector<Planned>, operations> planned_{};
};

}  // namespace testing::detail
EVENT_SOURCING_END_NAMESPACE
