#include <event_sourcing/function_ref.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace {

using event_sourcing::FunctionRef;

bool goes_on_while_positive(int number) { return number > 0; }
int calls_of_counting = 0;
void counting(int /*number*/) { ++calls_of_counting; }

bool visit(FunctionRef<bool(int)> visitor, int number) { return visitor(number); }
int sum(FunctionRef<int(int, int)> add, int a, int b) { return add(a, b); }
void run(FunctionRef<void(int)> use, int number) { use(number); }

template <class F, class Signature>
constexpr bool accepts = std::is_constructible_v<FunctionRef<Signature>, F>;

static_assert(!accepts<bool (&)(std::string), bool(int)>);
static_assert(!accepts<int (*)(int*), bool(int)>);
static_assert(!accepts<void (&)(int), int(int)>, "only for bool does a missing result mean something");
static_assert(sizeof(FunctionRef<bool(int)>) == 2 * sizeof(void*));

TEST(FunctionRef, CallsTheObjectItRefersToNotACopy) {
    int calls = 0;
    auto counter = [&calls, own = 0](int) mutable { return ++calls, ++own < 2; };
    FunctionRef<bool(int)> const ref{counter};
    EXPECT_TRUE(ref(0));
    EXPECT_FALSE(ref(0));
    EXPECT_FALSE(counter(0));
    EXPECT_EQ(calls, 3);
}

TEST(FunctionRef, CountsAMissingResultAsTrue) {
    int seen = 0;
    EXPECT_TRUE(visit([&seen](int number) { seen = number; }, 7));
    EXPECT_EQ(seen, 7);
    calls_of_counting = 0;
    EXPECT_TRUE(visit(counting, -1));
    EXPECT_TRUE(visit(&counting, -1));
    EXPECT_EQ(calls_of_counting, 2);
}

TEST(FunctionRef, RefersToFunctionsFunctionPointersAndConstObjects) {
    EXPECT_TRUE(visit(goes_on_while_positive, 1));
    EXPECT_FALSE(visit(goes_on_while_positive, 0));
    EXPECT_FALSE(visit(&goes_on_while_positive, 0));
    auto const constant = [](int number) { return number == 3; };
    EXPECT_TRUE(visit(constant, 3));
    EXPECT_EQ(sum(std::plus<>{}, 2, 3), 5);
}

TEST(FunctionRef, DropsAResultThatNobodyAskedFor) {
    int seen = 0;
    run([&seen](int number) { return seen = number; }, 4);
    run(goes_on_while_positive, 4);
    EXPECT_EQ(seen, 4);
}

TEST(FunctionRef, PassesReferencesAndMoveOnlyArgumentsOn) {
    auto take = [](std::unique_ptr<int> owned, int& out) { out = *owned; };
    FunctionRef<void(std::unique_ptr<int>, int&)> const ref{take};
    int out = 0;
    ref(std::make_unique<int>(9), out);
    EXPECT_EQ(out, 9);
}

TEST(FunctionRef, CallsMembersThroughPointers) {
    struct Counter {
        int calls = 0;
        bool call() { return ++calls == 1; }
    };
    Counter counter;
    auto const member = &Counter::call;
    FunctionRef<bool(Counter&)> const ref{member};
    EXPECT_TRUE(ref(counter));
    EXPECT_EQ(counter.calls, 1);
}

TEST(FunctionRef, LetsExceptionsThrough) {
    auto fails = [](int) -> bool { throw std::string{"no"}; };
    EXPECT_THROW(visit(fails, 1), std::string);
}

TEST(FunctionRef, ACopyRefersToTheSameObjectAndNotToTheCopiedView) {
    int calls = 0;
    auto counter = [&calls] { ++calls; };
    FunctionRef<void()> first{counter};
    auto second = std::as_const(first);
    auto other = [] {};
    first = FunctionRef<void()>{other};
    second();
    EXPECT_EQ(calls, 1);
}

}  // namespace
