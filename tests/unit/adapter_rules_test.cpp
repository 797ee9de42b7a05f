#include <event_sourcing/adapter_rules.hpp>

#include <gtest/gtest.h>

namespace es = event_sourcing;

namespace {

es::NewEvent sent() {
    es::NewEvent event;
    event.event_type = "Opened";
    event.schema_version = 2;
    event.data = R"({"owner":"ann"})";
    return event;
}

es::RecordedEvent stored_as_sent() {
    return es::recorded(sent(), {"Account", "a"}, {es::Version{3}, es::Position{7}}, es::Timestamp{});
}

TEST(AdapterRules, EmptyFilterLetsEverythingThrough) { EXPECT_TRUE(es::matches({}, es::to_view(stored_as_sent()))); }

TEST(AdapterRules, EventHasToPassBothListsOfTheFilter) {
    auto const event = stored_as_sent();
    EXPECT_TRUE(es::matches({.aggregate_types = {"Cart", "Account"}, .event_types = {"Opened"}}, es::to_view(event)));
    EXPECT_FALSE(es::matches({.aggregate_types = {"Cart"}, .event_types = {"Opened"}}, es::to_view(event)));
    EXPECT_FALSE(es::matches({.aggregate_types = {"Account"}, .event_types = {"Closed"}}, es::to_view(event)));
}

TEST(AdapterRules, SamePayloadIsTypeVersionFormatAndData) {
    auto const stored = stored_as_sent();
    EXPECT_TRUE(es::same_payload(sent(), es::to_view(stored), ""));
    auto other = sent();
    other.event_type = "Closed";
    EXPECT_FALSE(es::same_payload(other, es::to_view(stored), ""));
    other = sent();
    other.schema_version = 1;
    EXPECT_FALSE(es::same_payload(other, es::to_view(stored), ""));
    other = sent();
    other.format = es::DataFormat::binary;
    EXPECT_FALSE(es::same_payload(other, es::to_view(stored), ""));
    other = sent();
    other.data = "{}";
    EXPECT_FALSE(es::same_payload(other, es::to_view(stored), ""));
}

TEST(AdapterRules, MetadataAndTimeAreNoPayload) {
    auto const stored = stored_as_sent();
    auto again = sent();
    again.metadata = R"({"traceparent":"x"})";
    again.timestamp = es::Timestamp{std::chrono::microseconds{5}};
    EXPECT_TRUE(es::same_payload(again, es::to_view(stored), ""));
}

TEST(AdapterRules, FingerprintDecidesInPlaceOfTheData) {
    auto const stored = stored_as_sent();
    auto encrypted_again = sent();
    encrypted_again.data = R"({"sealed":"otherwise"})";
    encrypted_again.fingerprint = "of the plain text";
    EXPECT_TRUE(es::same_payload(encrypted_again, es::to_view(stored), "of the plain text"));
    EXPECT_FALSE(es::same_payload(encrypted_again, es::to_view(stored), "of another"));
    EXPECT_FALSE(es::same_payload(encrypted_again, es::to_view(stored), ""));
}

TEST(AdapterRules, FirstEventStandsWhereTheExpectationPutsIt) {
    auto const stored = stored_as_sent();  // version 3
    auto const at = [&](es::ExpectedVersion expected) {
        return es::same_place({{"Account", "a"}, expected, {}}, es::Version{}, es::to_view(stored));
    };
    EXPECT_TRUE(at(es::ExpectedVersion::exactly(es::Version{2})));
    EXPECT_FALSE(at(es::ExpectedVersion::exactly(es::Version{3})));
    EXPECT_FALSE(at(es::ExpectedVersion::none()));
    EXPECT_TRUE(at(es::ExpectedVersion::any()));
    EXPECT_TRUE(at(es::ExpectedVersion::exists()));
}

TEST(AdapterRules, LaterEventsFollowEachOtherOnTheSameAggregate) {
    auto const stored = stored_as_sent();
    es::AppendEntry const entry{{"Account", "a"}, es::ExpectedVersion::any(), {}};
    EXPECT_TRUE(es::same_place(entry, es::Version{2}, es::to_view(stored)));
    EXPECT_FALSE(es::same_place(entry, es::Version{1}, es::to_view(stored)));
    EXPECT_FALSE(
        es::same_place({{"Account", "b"}, es::ExpectedVersion::any(), {}}, es::Version{2}, es::to_view(stored)));
}

TEST(AdapterRules, RecordedEventHasItsPlaceAndTheTimeItBrought) {
    auto event = sent();
    event.metadata = "{}";
    auto const now = es::Timestamp{std::chrono::seconds{9}};
    auto recorded = es::recorded(event, {"Account", "a"}, {es::Version{3}, es::Position{7}}, now);
    EXPECT_EQ(recorded.id, event.id);
    EXPECT_EQ(recorded.aggregate(), (es::AggregateRef{"Account", "a"}));
    EXPECT_EQ(recorded.event_type, "Opened");
    EXPECT_EQ(recorded.schema_version, 2);
    EXPECT_EQ(recorded.version, es::Version{3});
    EXPECT_EQ(recorded.position, es::Position{7});
    EXPECT_EQ(recorded.data, event.data);
    EXPECT_EQ(recorded.metadata, "{}");
    EXPECT_EQ(recorded.timestamp, now);
    event.timestamp = es::Timestamp{std::chrono::seconds{1}};
    EXPECT_EQ(es::recorded(event, {"Account", "a"}, {}, now).timestamp, *event.timestamp);
}

}  // namespace
