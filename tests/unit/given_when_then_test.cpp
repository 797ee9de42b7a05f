#include <event_sourcing/testing/given.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace given_when_then_test {

struct Opened {
    static constexpr std::string_view event_type = "Opened";
};
struct Closed {
    static constexpr std::string_view event_type = "Closed";
};
struct Deposited {
    static constexpr std::string_view event_type = "Deposited";
    std::int64_t amount = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Deposited, amount)
};
struct Noted {
    static constexpr std::string_view event_type = "Noted";
    std::string text{};
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Noted, text)
};

struct InsufficientFunds : std::runtime_error {
    explicit InsufficientFunds(std::int64_t missing_amount)
        : std::runtime_error{"insufficient funds"}, missing{missing_amount} {}
    std::int64_t missing;
};

struct Account {
    using Event = std::variant<Opened, Closed, Deposited, Noted>;
    static constexpr std::string_view aggregate_type = "Account";

    void apply(Opened const&) { open = true; }
    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Closed const&) { open = false; }
    void apply(Noted const&) {}

    bool open = false;
    std::int64_t balance = 0;
    std::unique_ptr<int> makes_it_move_only{};
};

}  // namespace given_when_then_test

namespace {

using namespace given_when_then_test;
using event_sourcing::testing::given;
using event_sourcing::testing::SpecificationFailed;

template <class Specification>
std::string failure(Specification specification) {
    try {
        specification();
    } catch (SpecificationFailed const& failed) {
        return failed.what();
    }
    return "it held";
}

auto const deposit_what_is_there = [](Account const& account) { return Deposited{account.balance}; };
auto const refuse = [](Account const& account) -> Deposited { throw InsufficientFunds{account.balance}; };

TEST(GivenWhenThen, DecidesOnTheStateThatTheGivenEventsLeadTo) {
    given<Account>(Opened{}, Deposited{3}, Deposited{4}).when(deposit_what_is_there).then(Deposited{7});
    given<Account>(std::vector<Account::Event>{Deposited{5}}).when(deposit_what_is_there).then(Deposited{5});
    given<Account>().when(deposit_what_is_there).then(Deposited{0});
}

TEST(GivenWhenThen, TakesEverythingThatADecisionMayReturn) {
    auto const start = given<Account>(Opened{});
    start.when([](Account const&) { return Account::Event{Deposited{1}}; }).then(Deposited{1});
    start.when([](Account const&) { return std::vector<Deposited>{{1}, {2}}; }).then(Deposited{1}, Deposited{2});
    start.when([](Account const&) { return std::vector<Account::Event>{}; }).then_nothing();
    start.when([](Account const&) { return std::optional<Deposited>{}; }).then_nothing();
    start.when([](Account const&) { return std::optional<Deposited>{Deposited{1}}; }).then({Deposited{1}});
}

TEST(GivenWhenThen, ChecksTheStateBeforeAndAfter) {
    given<Account>(Deposited{3})
        .then_state([](Account const& account) { return account.balance == 3; })
        .when(deposit_what_is_there)
        .then_state([](Account const& account) { return account.balance == 6; });
    EXPECT_EQ(failure([] { given<Account>().then_state([](Account const& account) { return account.open; }); }),
              "the state after the given events is not as expected");
    EXPECT_EQ(failure([] {
                  given<Account>().when(deposit_what_is_there).then_state([](Account const& a) { return a.open; });
              }),
              "Account: the state after the decided events is not as expected; decided:\n"
              "  1 + Deposited {\"amount\":0}");
}

TEST(GivenWhenThen, AcceptsARefusalByTypeBaseMessageAndPredicate) {
    auto const refused = given<Account>(Deposited{3}).when(refuse);
    refused.then_throws<InsufficientFunds>()
        .then_throws<std::exception>()
        .then_throws<InsufficientFunds>("insufficient funds")
        .then_throws<InsufficientFunds>([](InsufficientFunds const& refusal) { return refusal.missing == 3; });
    auto const odd = given<Account>().when([](Account const&) -> Deposited { throw 7; });
    odd.then_throws<int>([](int number) { return number == 7; });
    EXPECT_EQ(failure([&] { odd.then_nothing(); }), "Account: expected no events, but the decision threw int");
}

TEST(GivenWhenThen, ShowsWhereTheEventsDiffer) {
    auto const decided = given<Account>().when([](Account const&) {
        return std::vector<Account::Event>{Opened{}, Deposited{12345}, Noted{"caf\u00e9 1"}, Opened{}};
    });
    EXPECT_EQ(failure([&] { decided.then(Opened{}, Deposited{12355}, Noted{"caf\u00e9 2"}); }),
              "Account: other events were decided than expected (- expected, + decided):\n"
              "  1   Opened {}\n"
              "  2 - Deposited {\"amount\":12355}\n"
              "    + Deposited {\"amount\":12345}\n"
              "                             ^\n"
              "  3 - Noted {\"text\":\"caf\u00e9 2\"}\n"
              "    + Noted {\"text\":\"caf\u00e9 1\"}\n"
              "                          ^\n"
              "  4 + Opened {}");
    EXPECT_EQ(failure([] { given<Account>().when(deposit_what_is_there).then(Deposited{0}, Opened{}); }),
              "Account: other events were decided than expected (- expected, + decided):\n"
              "  1   Deposited {\"amount\":0}\n"
              "  2 - Opened {}");
}

TEST(GivenWhenThen, TellsEventsOfTheSameDataApartByTheirStoredName) {
    EXPECT_EQ(failure([] { given<Account>().when([](Account const&) { return Opened{}; }).then(Closed{}); }),
              "Account: other events were decided than expected (- expected, + decided):\n"
              "  1 - Closed {}\n"
              "    + Opened {}\n"
              "      ^");
}

TEST(GivenWhenThen, ShowsWhatWasThrownInPlaceOfEvents) {
    EXPECT_EQ(failure([] { given<Account>().when(refuse).then(Deposited{1}); }),
              "Account: expected these events, but the decision threw given_when_then_test::InsufficientFunds: "
              "insufficient funds\n  1 - Deposited {\"amount\":1}");
    EXPECT_EQ(failure([] { given<Account>().when(refuse).then_state([](Account const&) { return true; }); }),
              "Account: expected a state, but the decision threw given_when_then_test::InsufficientFunds: "
              "insufficient funds");
}

TEST(GivenWhenThen, ShowsWhatHappenedInPlaceOfARefusal) {
    EXPECT_EQ(failure([] { given<Account>().when(deposit_what_is_there).then_throws<std::logic_error>(); }),
              "Account: expected std::logic_error, but nothing was thrown; decided:\n  1 + Deposited {\"amount\":0}");
    auto const refused = given<Account>().when(refuse);
    EXPECT_EQ(failure([&] { refused.then_throws<std::logic_error>(); }),
              "Account: expected std::logic_error, but the decision threw given_when_then_test::InsufficientFunds: "
              "insufficient funds");
    EXPECT_EQ(failure([&] { refused.then_throws<std::runtime_error>("no"); }),
              "Account: expected std::runtime_error with the message \"no\", but the decision threw "
              "given_when_then_test::InsufficientFunds: insufficient funds");
    EXPECT_EQ(failure([&] { refused.then_throws<InsufficientFunds>([](auto const& r) { return r.missing == 1; }); }),
              "Account: expected given_when_then_test::InsufficientFunds for which the predicate holds, but the "
              "decision threw given_when_then_test::InsufficientFunds: insufficient funds");
}

}  // namespace
