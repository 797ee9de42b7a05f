#include "account.hpp"

#include <event_sourcing/testing/given.hpp>

#include <iostream>

namespace es = event_sourcing;

int main() {
    try {
        // [failing]
        es::testing::given<Account>(Opened{"Alice"}, Deposited{100})
            .when([](Account const& account) { return withdraw(account, 30); })
            .then(Withdrawn{31});
        // [failing]
    } catch (es::testing::SpecificationFailed const& failed) {
        std::cout << failed.what() << "\n";
    }
}
