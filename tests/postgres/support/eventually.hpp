#pragma once

#include <poll.h>

#include <chrono>

namespace postgres_test {

/// Waits until the outside world has got somewhere: asks again and again. False where it did not within a generous limit.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition, std::chrono::seconds limit = std::chrono::seconds{60}) {
    auto const end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        ::poll(nullptr, 0, 5);  // lets others work
    }
    return true;
}

}  // namespace postgres_test
