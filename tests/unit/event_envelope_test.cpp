#include <event_sourcing/event_store.hpp>  // must come first: this test shows what it drags in

#ifdef NLOHMANN_JSON_VERSION_MAJOR
#error "event_store.hpp includes nlohmann/json.hpp: adapters and their users should not pay for it"
#endif

#include "support/records.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace {

using namespace event_sourcing;

static_assert(std::is_same_v<decltype(RecordedEventView{}.data), std::string_view>);
static_assert(std::is_trivially_copyable_v<RecordedEventView>, "views are handed on without a cost");

RecordedEvent full_event() {
    auto event = records::event("MoneyDeposited", 2, R"({"amount":5})");
    event.timestamp = parse_timestamp("2026-01-31T12:00:00.123456Z");
    event.format = DataFormat::binary;
    event.metadata = R"({"a":1})";
    return event;
}

TEST(EventEnvelope, KeepsEveryMemberFromOwnedToViewAndBack) {
    auto const event = full_event();
    auto const view = to_view(event);
    EXPECT_EQ(view.data.data(), event.data.data());
    EXPECT_EQ(view.aggregate_id.data(), event.aggregate_id.data());
    EXPECT_EQ(to_owned(view), event);
}

TEST(EventEnvelope, ComparesHeaderAndData) {
    auto const event = full_event();
    auto other = event;
    EXPECT_EQ(event, other);
    other.data += ' ';
    EXPECT_NE(event, other);
    other = event;
    other.metadata.clear();
    EXPECT_NE(event, other);
}

TEST(EventEnvelope, NamesItsAggregate) {
    auto const event = full_event();
    EXPECT_EQ(event.aggregate(), (AggregateRef{"Account", "alice"}));
}

TEST(EventEnvelope, ATypedViewRefersToItsEvent) {
    struct Deposited {
        int amount;
    };
    auto const event = full_event();
    Deposited const deposited{5};
    EventView<Deposited> const view{detail::header_as<std::string_view>(event), deposited};
    EXPECT_EQ(&view.data, &deposited);
    EXPECT_EQ(view.version, Version{7});
}

}  // namespace
