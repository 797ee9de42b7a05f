#include "support/account.hpp"
#include "support/records.hpp"
#include "support/thrown.hpp"

#include <event_sourcing/metadata.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace event_sourcing;

Uuid id(std::size_t n) { return Uuid::derived({}, n); }

Metadata full() {
    return {.command_id = id(1),
            .correlation_id = id(2),
            .causation_id = id(3),
            .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            .headers = {{"user", "Zo\xC3\xAB \"x\"\n"}, {"", ""}, {"tenant", "a"}},
            .request_hash = "abc"};
}

TEST(Metadata, IsEmptyTextWhereThereIsNothingToSay) {
    EXPECT_EQ(encode(Metadata{}), "");
    EXPECT_EQ(parse_metadata(""), Metadata{});
    EXPECT_EQ(parse_metadata("{}"), Metadata{});
}

TEST(Metadata, RoundTrips) {
    EXPECT_EQ(parse_metadata(encode(full())), full());
    for (auto const& one :
         {Metadata{.command_id = id(1)}, Metadata{.correlation_id = id(1)}, Metadata{.causation_id = id(1)},
          Metadata{.traceparent = "t"}, Metadata{.headers = {{"a", "b"}}}, Metadata{.request_hash = "h"}}) {
        EXPECT_EQ(parse_metadata(encode(one)), one) << encode(one);
    }
}

TEST(Metadata, LeavesOutWhatIsAbsent) {
    EXPECT_EQ(encode(Metadata{.command_id = id(1), .headers = {{"user", "ann"}}}),
              R"({"command_id":")" + to_string(id(1)) + R"(","headers":{"user":"ann"}})");
}

TEST(Metadata, IgnoresMembersItDoesNotKnowAndNulls) {
    EXPECT_EQ(parse_metadata(R"({"tags":[1],"command_id":null,"headers":null,"traceparent":null,"x":{"y":1}})"),
              Metadata{});
}

TEST(Metadata, NamesTheMemberOfAnotherType) {
    for (auto const& [text, path] :
         std::vector<std::pair<std::string, std::string>>{{R"({"command_id":1})", "/command_id"},
                                                          {R"({"command_id":"x"})", "/command_id"},
                                                          {R"({"correlation_id":"x"})", "/correlation_id"},
                                                          {R"({"causation_id":[]})", "/causation_id"},
                                                          {R"({"traceparent":5})", "/traceparent"},
                                                          {R"({"headers":[]})", "/headers"},
                                                          {R"({"headers":{"a/b":1}})", "/headers/a~1b"},
                                                          {R"({"request_hash":{}})", "/request_hash"}}) {
        expect_words(message_of<CodecError>([&, text = text] { return parse_metadata(text); }), path);
    }
    EXPECT_THROW(static_cast<void>(parse_metadata("[]")), CodecError);
    EXPECT_THROW(static_cast<void>(parse_metadata("{")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(parse_metadata(R"({"headers":{},"headers":{}})")), InvalidArgument);
}

TEST(Metadata, RefusesHeadersThatAreNoUtf8) {
    EXPECT_THROW(static_cast<void>(encode(Metadata{.headers = {{"a", "\xFF"}}})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(encode(Metadata{.headers = {{"\xFF", "a"}}})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(encode(Metadata{.traceparent = "\xFF"})), InvalidArgument);
}

TEST(ContextOf, PassesCorrelationTraceAndHeadersOnAndNamesTheEventAsCause) {
    auto event = records::event("MoneyDeposited", 1, "{}");
    event.metadata = encode(full());
    auto const context = context_of(event);
    EXPECT_EQ(context.correlation, id(2));
    EXPECT_EQ(context.causation, event.id);
    EXPECT_EQ(context.traceparent, full().traceparent);
    EXPECT_EQ(context.headers, full().headers);
    EXPECT_EQ(context.command, std::nullopt) << "it is another command";
    EXPECT_TRUE(context.request.empty());
}

TEST(ContextOf, BeginsAConversationAtAnEventThatBelongsToNone) {
    auto const event = records::event("MoneyDeposited", 1, "{}");
    EXPECT_EQ(context_of(event).correlation, event.id);
    EXPECT_EQ(context_of(to_view(event)).causation, event.id);

    bank::Deposited const deposited{5};
    EventView<bank::Deposited> const view{detail::header_as<std::string_view>(event), deposited};
    EXPECT_EQ(context_of(view).correlation, event.id);
}

TEST(ContextOf, RefusesMetadataThatCannotBeRead) {
    auto event = records::event("MoneyDeposited", 1, "{}");
    event.metadata = R"({"correlation_id":"x"})";
    EXPECT_THROW(static_cast<void>(context_of(event)), CodecError);
}

}  // namespace
