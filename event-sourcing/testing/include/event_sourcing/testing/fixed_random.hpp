#pragma once

#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/random_source.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// A RandomSource that gives the numbers it was given, in order, and begins again at the end.
///
/// Copies go on together. Thread safety: safe to use from several threads at once.
class FixedRandom {
public:
    /// The numbers to give. @throws InvalidArgument  there are none.
    explicit FixedRandom(std::vector<std::uint64_t> numbers) : state_{std::make_shared<State>(std::move(numbers))} {
        if (state_->numbers.empty()) {
            throw InvalidArgument{"FixedRandom needs at least one number"};
        }
    }

    /// The next number.
    [[nodiscard]] std::uint64_t operator()() const {
        return state_->numbers[state_->given.fetch_add(1) % state_->numbers.size()];
    }

private:
    struct State {
        explicit State(std::vector<std::uint64_t> given_numbers) : numbers{std::move(given_numbers)} {}

        std::vector<std::uint64_t> numbers;
        std::atomic<std::size_t> given{0};
    };

    std::shared_ptr<State> state_;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
