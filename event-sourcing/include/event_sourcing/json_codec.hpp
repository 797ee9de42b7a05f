#pragma once

#include <event_sourcing/detail/dump_json.hpp>
#include <event_sourcing/event_codec.hpp>
#include <event_sourcing/parse_json.hpp>
#include <event_sourcing/upcasters.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <exception>
#include <memory>
#include <new>
#include <type_traits>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

template <class Event>
[[nodiscard]] constexpr int schema_version_of() {
    if constexpr (requires { Event::schema_version; }) {
        return Event::schema_version;
    } else {
        return 1;
    }
}

/// Instantiated for each event of a codec, so that the compiler names the one that cannot be written or read.
template <class Event>
struct JsonEvent {
    static_assert(
        requires {
            { Event::event_type } -> std::convertible_to<std::string_view>;
        }, "an event needs a stored name: static constexpr std::string_view event_type");
    static_assert(std::is_empty_v<Event> || std::is_constructible_v<nlohmann::json, Event const&>,
                  "an event with members needs to_json(nlohmann::json&, Event const&), found by ADL");
    static_assert(
        std::is_empty_v<Event> || requires(nlohmann::json const& json) { json.get<Event>(); },
        "an event with members needs from_json(nlohmann::json const&, Event&), found by ADL");
    static_assert(schema_version_of<Event>() >= 1, "schema_version starts at 1");
};

/// Instantiated for each pair of events, so that the compiler names the two that share a stored name.
template <class First, class Second>
struct EventsHaveDistinctNames {
    static_assert(std::string_view{First::event_type} != std::string_view{Second::event_type},
                  "two events of one variant have the same stored name (event_type): the compiler names both in "
                  "EventsHaveDistinctNames<First, Second>");
    static constexpr bool value = true;
};

template <class First, class... Rest>
struct DistinctNames {
    static constexpr bool value = (EventsHaveDistinctNames<First, Rest>::value && ...) && DistinctNames<Rest...>::value;
};
template <class Last>
struct DistinctNames<Last> {
    static constexpr bool value = true;
};

}  // namespace detail

/// The default codec: events as JSON by their nlohmann `to_json`/`from_json`, old shapes raised by upcasters.
///
/// Each event is a struct with `static constexpr std::string_view event_type`, its stored name, and optionally
/// `static constexpr int schema_version` (default 1). A struct without members needs no JSON functions: it is `{}`.
/// Thread safety: const and safe to share; copies share the upcasters.
template <class Events>
class JsonCodec;

/// The codec of a variant of events.
template <class... Events>
class JsonCodec<std::variant<Events...>> {
    static_assert((sizeof(detail::JsonEvent<Events>) && ...));
    static_assert(detail::DistinctNames<Events...>::value);

public:
    /// What it encodes and decodes.
    using Event = std::variant<Events...>;

    /// A codec for events whose shapes never changed. @throws InvalidArgument  one has a `schema_version` above 1.
    JsonCodec() : JsonCodec{Upcasters{}} {}

    /// With the steps for older shapes, and the limits of JSON that is read.
    /// @throws InvalidArgument  the steps have a hole or lead nowhere, see Upcasters::check; or the depth is above 64.
    explicit JsonCodec(Upcasters upcasters, JsonLimits const& limits = {})
        : upcasters_{std::make_shared<Upcasters const>(std::move(upcasters))}, limits_{limits} {
        std::array const current{EventShape{std::string{Events::event_type}, detail::schema_version_of<Events>()}...};
        upcasters_->check(current);
        if (limits_.depth > JsonLimits{}.depth) {
            throw InvalidArgument{"JsonLimits::depth is " + std::to_string(limits_.depth) +
                                  ": no store takes data that is deeper than " + std::to_string(JsonLimits{}.depth)};
        }
    }

    /// The event as JSON text. @throws InvalidArgument  JSON cannot hold it: invalid UTF-8, a number that is not
    /// finite.
    [[nodiscard]] NewEvent encode(Event const& event, EncodeContext const& context) const {
        return std::visit(
            [&context]<class E>(E const& alternative) {
                NewEvent out{.id = context.id,
                             .event_type = std::string{E::event_type},
                             .schema_version = detail::schema_version_of<E>()};
                if constexpr (!std::is_empty_v<E>) {
                    out.data = detail::dump_json(nlohmann::json(alternative), out.event_type);
                }
                return out;
            },
            event);
    }

    /// The stored event in its current shape, or `unknown_type`.
    /// @throws CodecError  the data does not fit, or has a newer `schema_version` than this program knows.
    [[nodiscard]] Decoded<Event> decode(RecordedEventView const& record) const {
        Decoded<Event> out = Undecodable::unknown_type;
        if (!(decode_current<Events>(record, out) || ...)) {
            decode_old(record, out);
        }
        return out;
    }

private:
    template <class E>
    [[nodiscard]] bool decode_current(RecordedEventView const& record, Decoded<Event>& out) const {
        if (record.event_type != E::event_type || record.schema_version != detail::schema_version_of<E>()) {
            return false;
        }
        if constexpr (std::is_empty_v<E>) {
            out.template emplace<Event>(E{});
        } else {
            reading(record, [&] { out.template emplace<Event>(parse(record).template get<E>()); });
        }
        return true;
    }

    void decode_old(RecordedEventView const& record, Decoded<Event>& out) const {
        EventShape shape{std::string{record.event_type}, record.schema_version};
        if (!upcasters_->knows(shape)) {
            if (((record.event_type == Events::event_type) || ...) || upcasters_->knows_type(shape.event_type)) {
                throw CodecError{detail::describe(record) +
                                 " has a schema_version that this program does not know: it "
                                 "was written by a newer one. Deploy that one here as well"};
            }
            return;
        }
        reading(record, [&] {
            auto data = parse(record);
            shape = upcasters_->raise(std::move(shape), data);
            static_cast<void>((emplace_if<Events>(shape, data, out) || ...));
        });
    }

    template <class E>
    [[nodiscard]] static bool emplace_if(EventShape const& shape, nlohmann::json const& data, Decoded<Event>& out) {
        if (shape.event_type != E::event_type) {
            return false;
        }
        if constexpr (std::is_empty_v<E>) {
            out.template emplace<Event>(E{});
        } else {
            out.template emplace<Event>(data.get<E>());
        }
        return true;
    }

    [[nodiscard]] nlohmann::json parse(RecordedEventView const& record) const {
        if (record.format != DataFormat::json) {
            throw CodecError{"the data is binary, but this codec reads JSON"};
        }
        return parse_json(record.data, limits_);
    }

    /// Puts the event's place in front of whatever goes wrong while reading it.
    template <class Read>
    static void reading(RecordedEventView const& record, Read read) {
        try {
            read();
        } catch (std::bad_alloc const&) {
            throw;
        } catch (std::exception const& error) {
            std::throw_with_nested(CodecError{detail::describe(record) + " cannot be read: " + error.what()});
        }
    }

    std::shared_ptr<Upcasters const> upcasters_;
    JsonLimits limits_;
};

namespace detail {

template <class A>
concept BringsCodec = requires { A::codec(); };

/// Names the codec without instantiating it: an aggregate with another codec needs no JSON functions.
template <class A>
struct DefaultCodecOf {
    using type = JsonCodec<typename A::Event>;
};
template <BringsCodec A>
struct DefaultCodecOf<A> {
    using type = std::remove_cvref_t<decltype(A::codec())>;
};

template <class A>
[[nodiscard]] auto make_default_codec() {
    if constexpr (BringsCodec<A>) {
        static_assert(EventCodec<std::remove_cvref_t<decltype(A::codec())>, typename A::Event>,
                      "what the aggregate's codec() returns is no EventCodec of its Event");
        return A::codec();
    } else {
        return JsonCodec<typename A::Event>{};
    }
}

}  // namespace detail

/// The codec used for an aggregate where none is given: its own `A::codec()`, else JsonCodec.
template <class A>
using DefaultCodec = typename detail::DefaultCodecOf<A>::type;

/// The one shared object of that codec. @throws InvalidArgument  its upcasters have a hole.
template <class A>
[[nodiscard]] std::shared_ptr<DefaultCodec<A> const> default_codec() {
    static auto const codec = std::make_shared<DefaultCodec<A> const>(detail::make_default_codec<A>());
    return codec;
}

EVENT_SOURCING_END_NAMESPACE
