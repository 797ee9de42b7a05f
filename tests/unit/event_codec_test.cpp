#include "support/account.hpp"
#include "support/records.hpp"

#include <event_sourcing/event_codec.hpp>
#include <event_sourcing/json_codec.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace {

using namespace event_sourcing;

struct Note {
    std::string_view text;
};
using NoteEvent = std::variant<Note>;

struct NoteCodec {
    NewEvent encode(NoteEvent const& event, EncodeContext const& context) const {
        return {.id = context.id,
                .event_type = "Note",
                .data = std::string{std::get<Note>(event).text},
                .format = DataFormat::binary};
    }
    Decoded<NoteEvent> decode(RecordedEventView const& record) const {
        return record.event_type == "Note" ? Decoded<NoteEvent>{NoteEvent{Note{record.data}}}
                                           : Undecodable::unknown_type;
    }
};

struct CodecThatIsNotConst : NoteCodec {
    NewEvent encode(NoteEvent const& event, EncodeContext const& context) { return NoteCodec{}.encode(event, context); }
};

struct CodecOfOtherResult : NoteCodec {
    std::optional<NoteEvent> decode(RecordedEventView const& /*record*/) const { return std::nullopt; }
};

static_assert(EventCodec<NoteCodec, NoteEvent>);
static_assert(EventCodec<NoteCodec const, NoteEvent>);
static_assert(!EventCodec<CodecThatIsNotConst, NoteEvent>, "a codec is shared between threads");
static_assert(!EventCodec<CodecOfOtherResult, NoteEvent>);
static_assert(!EventCodec<NoteCodec, bank::AccountEvent>);

struct Notes {
    using Event = NoteEvent;
    static NoteCodec codec() { return {}; }
};
struct ConstReferenceNotes : Notes {
    static NoteCodec const& codec() {
        static NoteCodec const one;
        return one;
    }
};

static_assert(std::is_same_v<DefaultCodec<Notes>, NoteCodec>);
static_assert(std::is_same_v<DefaultCodec<ConstReferenceNotes>, NoteCodec>);
static_assert(std::is_same_v<DefaultCodec<bank::Account>, JsonCodec<bank::AccountEvent>>);

TEST(EventCodec, MayDecodeIntoViewsOfTheRecord) {
    auto record = records::event("Note", 1, "hello");
    auto const decoded = NoteCodec{}.decode(to_view(record));
    EXPECT_EQ(std::get<Note>(std::get<NoteEvent>(decoded)).text.data(), record.data.data());
}

TEST(EventCodec, TheDefaultOfAnAggregateIsOneSharedObject) {
    EXPECT_EQ(default_codec<bank::Account>().get(), default_codec<bank::Account>().get());
    EXPECT_NE(default_codec<Notes>(), nullptr);
}

struct OutgrownEvent {
    static constexpr std::string_view event_type = "Outgrown";
    static constexpr int schema_version = 2;
};
struct Outgrown {
    using Event = std::variant<OutgrownEvent>;
};

TEST(EventCodec, ADefaultThatCannotBeMadeIsRefusedEachTime) {
    EXPECT_THROW(static_cast<void>(default_codec<Outgrown>()), InvalidArgument);
    EXPECT_THROW(static_cast<void>(default_codec<Outgrown>()), InvalidArgument);
}

TEST(EventCodec, ADefaultDecodedValueIsAnUnknownType) {
    EXPECT_EQ(std::get<Undecodable>(Decoded<NoteEvent>{}), Undecodable::unknown_type);
}

}  // namespace
