#include "support/thrown.hpp"

#include <event_sourcing/upcasters.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace {

using namespace event_sourcing;
using nlohmann::json;

json same(json data) { return data; }

void check(Upcasters const& upcasters, std::vector<EventShape> const& current) { upcasters.check(current); }

std::string refusal(Upcasters const& upcasters, std::vector<EventShape> const& current) {
    return message_of<InvalidArgument>([&] { return upcasters.check(current), 0; });
}

TEST(Upcasters, RaiseDataStepByStepInOrder) {
    Upcasters upcasters;
    upcasters.add("Deposited", 2, [](json data) {
        data["steps"].push_back(2);
        return data;
    });
    upcasters.add("Deposited", 1, [](json data) {
        data["steps"].push_back(1);
        return data;
    });
    json data{{"steps", json::array()}};
    EXPECT_EQ(upcasters.raise({"Deposited", 1}, data), (EventShape{"Deposited", 3}));
    EXPECT_EQ(data["steps"], json({1, 2}));

    json younger{{"steps", json::array()}};
    EXPECT_EQ(upcasters.raise({"Deposited", 2}, younger), (EventShape{"Deposited", 3}));
    EXPECT_EQ(younger["steps"], json::array({2}));
}

TEST(Upcasters, LeaveAloneWhatHasNoStep) {
    Upcasters const upcasters = Upcasters{}.add("Deposited", 1, same);
    json data{{"a", 1}};
    EXPECT_EQ(upcasters.raise({"Withdrawn", 1}, data), (EventShape{"Withdrawn", 1}));
    EXPECT_EQ(data, (json{{"a", 1}}));
    EXPECT_TRUE(upcasters.knows({"Deposited", 1}));
    EXPECT_FALSE(upcasters.knows({"Deposited", 2}));
    EXPECT_TRUE(upcasters.knows_type("Deposited"));
    EXPECT_FALSE(upcasters.knows_type("Withdrawn"));
}

TEST(Upcasters, RenameAnEventWithOrWithoutAChange) {
    Upcasters upcasters;
    upcasters.rename({"Paid", 1}, {"Deposited", 2}).rename({"PaidIn", 1}, {"Paid", 1}, [](json data) {
        return json{{"amount", data.at("sum")}};
    });
    json data{{"sum", 5}};
    EXPECT_EQ(upcasters.raise({"PaidIn", 1}, data), (EventShape{"Deposited", 2}));
    EXPECT_EQ(data, (json{{"amount", 5}}));
}

TEST(Upcasters, AcceptCompleteChains) {
    EXPECT_NO_THROW(check({}, {{"Deposited", 1}}));
    EXPECT_NO_THROW(
        check(Upcasters{}.add("Deposited", 1, same).add("Deposited", 2, same), {{"Deposited", 3}, {"Withdrawn", 1}}));
    EXPECT_NO_THROW(check(Upcasters{}.rename({"Paid", 1}, {"Deposited", 1}), {{"Deposited", 1}}));
}

TEST(Upcasters, RefuseAHoleAndNameIt) {
    expect_words(refusal({}, {{"Deposited", 2}}), "Deposited", "no step from version 1 to 2");
    expect_words(refusal(Upcasters{}.add("Deposited", 1, same).add("Deposited", 3, same), {{"Deposited", 4}}),
                 "Deposited", "no step from version 2 to 3");
    expect_words(refusal(Upcasters{}.rename({"Paid", 2}, {"Deposited", 1}), {{"Deposited", 1}}), "Paid",
                 "no step from version 1 to 2");
}

TEST(Upcasters, RefuseAStepThatLeadsNowhere) {
    expect_words(refusal(Upcasters{}.add("Deposited", 1, same), {{"Withdrawn", 1}}), "Deposited version 1",
                 "Deposited version 2", "no further step");
    expect_words(refusal(Upcasters{}.rename({"Paid", 1}, {"Gone", 1}), {{"Withdrawn", 1}}), "Paid version 1",
                 "Gone version 1");
}

TEST(Upcasters, RefuseCircles) {
    expect_words(refusal(Upcasters{}.rename({"A", 1}, {"B", 1}).rename({"B", 1}, {"A", 1}), {{"Withdrawn", 1}}),
                 "circle", "A version 1");
    expect_words(refusal(Upcasters{}.rename({"A", 1}, {"A", 1}), {{"Withdrawn", 1}}), "circle", "A version 1");
    expect_words(refusal(Upcasters{}.rename({"A", 1}, {"B", 1}).rename({"B", 1}, {"C", 1}).rename({"C", 1}, {"B", 1}),
                         {{"Withdrawn", 1}}),
                 "circle");
}

TEST(Upcasters, RefuseAStepFromACurrentShape) {
    expect_words(refusal(Upcasters{}.add("Deposited", 1, same), {{"Deposited", 1}, {"Deposited", 2}}),
                 "Deposited version 1", "never run");
}

TEST(Upcasters, RefuseTwoStepsFromOneShape) {
    Upcasters upcasters;
    upcasters.add("Deposited", 1, same);
    expect_words(message_of<InvalidArgument>([&] { return upcasters.add("Deposited", 1, same); }),
                 "Deposited version 1");
    EXPECT_THROW(upcasters.rename({"Deposited", 1}, {"Other", 1}), InvalidArgument);
}

TEST(Upcasters, RefuseVersionsBelowOneAndEmptySteps) {
    Upcasters upcasters;
    EXPECT_THROW(upcasters.add("Deposited", 0, same), InvalidArgument);
    EXPECT_THROW(upcasters.add("Deposited", std::numeric_limits<int>::min(), same), InvalidArgument);
    EXPECT_THROW(upcasters.add("Deposited", std::numeric_limits<int>::max(), same), InvalidArgument);
    EXPECT_THROW(upcasters.rename({"Deposited", 1}, {"Deposited", 0}), InvalidArgument);
    EXPECT_THROW(upcasters.add("Deposited", 1, nullptr), InvalidArgument);
}

}  // namespace
