#include "worlds.hpp"

#include <memory>

namespace event_sourcing::benchmarks {
namespace {

constexpr std::size_t kinds = 12;  // different events, used in turn
constexpr char const* raw_name = "nlohmann/json without checks";

/// A world for bodies that share nothing but constant data.
template <class T>
[[nodiscard]] auto shared(T value) {
    return [world = std::make_shared<T const>(std::move(value))] { return world; };
}

/// Event to text: the codec makes a whole NewEvent with a given id, the baseline the text alone.
[[nodiscard]] Contenders encoding() {
    std::vector<AccountEvent> events;
    for (std::size_t i = 0; i < kinds; ++i) {
        events.push_back(event_number(i));
    }
    auto const ours = [codec = JsonCodec<AccountEvent>{}, id = Uuid::v7()](std::vector<AccountEvent> const& all,
                                                                           std::size_t, std::size_t i) {
        auto const encoded = codec.encode(all[i % kinds], {{Account::aggregate_type, "account-1"}, id});
        benchmark::DoNotOptimize(encoded.data.data());
    };
    auto const raw = [](std::vector<AccountEvent> const& all, std::size_t, std::size_t i) {
        auto const text = std::visit([](auto const& event) { return nlohmann::json(event).dump(); }, all[i % kinds]);
        benchmark::DoNotOptimize(text.data());
    };
    return {.ours = {"ours", in_world(shared(events), ours)}, .baselines = {{raw_name, in_world(shared(events), raw)}}};
}

[[nodiscard]] std::vector<RecordedEvent> stored(std::vector<NewEvent> events) {
    std::vector<RecordedEvent> out;
    for (auto& event : events) {
        out.push_back(recorded({Account::aggregate_type, "account-1"}, Version{1}, std::move(event)));
    }
    return out;
}

/// Text to event: the codec checks the text first (depth, size, duplicate keys, UTF-8), the baseline trusts it.
[[nodiscard]] Contenders decoding() {
    auto const ours = [codec = JsonCodec<AccountEvent>{}](std::vector<RecordedEvent> const& all, std::size_t,
                                                          std::size_t i) {
        auto const event = codec.decode(to_view(all[i % kinds]));
        require(event.index() == 1, "an event was not decoded");
    };
    auto const raw = [](std::vector<RecordedEvent> const& all, std::size_t, std::size_t i) {
        auto const& record = all[i % kinds];
        auto const event = plain_decode(record.event_type, record.data);
        require(event.index() < 2, "an event was not decoded");
    };
    auto const records = stored(encoded_events(kinds));
    return {.ours = {"ours", in_world(shared(records), ours)},
            .baselines = {{raw_name, in_world(shared(records), raw)}}};
}

/// Bytes to views, with the codec of accounts.hpp, beside JSON without checks.
[[nodiscard]] Contenders decoding_views() {
    std::vector<NewEvent> events;
    for (std::size_t i = 0; i < kinds; ++i) {
        events.push_back(
            ViewCodec{}.encode(event_number<std::string_view>(i), {{Account::aggregate_type, "x"}, Uuid::v7()}));
    }
    auto const ours = [codec = ViewCodec{}](std::vector<RecordedEvent> const& all, std::size_t, std::size_t i) {
        auto const event = codec.decode(to_view(all[i % kinds]));
        require(event.index() == 1, "an event was not decoded");
    };
    auto const raw = [](std::vector<RecordedEvent> const& all, std::size_t, std::size_t i) {
        auto const& record = all[i % kinds];
        auto const event = plain_decode(record.event_type, record.data);
        require(event.index() < 2, "an event was not decoded");
    };
    return {.ours = {"ours", in_world(shared(stored(std::move(events))), ours)},
            .baselines = {{raw_name, in_world(shared(stored(encoded_events(kinds))), raw)}}};
}

}  // namespace

void add_codec_workloads(Workloads& to) {
    for (auto const clients : client_numbers) {
        to.push_back({"encode/json", clients, "events/s", 1, encoding});
        to.push_back({"decode/json", clients, "events/s", 1, decoding});
        to.push_back({"decode/views", clients, "events/s", 1, decoding_views});
    }
}

}  // namespace event_sourcing::benchmarks
