#pragma once

#include "harness.hpp"
#include "original_design.hpp"
#include "plain_vector.hpp"

#include <event_sourcing/inmemory/event_store.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Stores that are filled the same way, one for each contender: `accounts` histories of `events` events.
namespace event_sourcing::benchmarks {

/// With how many threads everything is measured.
inline constexpr std::array<std::size_t, 2> client_numbers{1, 2};

inline constexpr char const* plain_name = "plain vector under a mutex";
inline constexpr char const* original_name = "the original's in-memory design";

/// Holds a store by pointer: a mutex can be neither copied nor moved.
template <class Store>
using World = std::shared_ptr<Store>;

template <class Codec = JsonCodec<AccountEvent>, class Text = std::string>
[[nodiscard]] World<InMemoryEventStore> filled_store(std::size_t accounts, std::size_t events) {
    auto store = std::make_shared<InMemoryEventStore>();
    Codec const codec{};
    for (std::size_t account = 0; account < accounts; ++account) {
        auto const id = account_id(account);
        AggregateRef const aggregate{Account::aggregate_type, id};
        std::vector<NewEvent> history;
        for (std::size_t i = 0; i < events; ++i) {
            history.push_back(codec.encode(event_number<Text>(i), {aggregate, Uuid::v7()}));
        }
        append(*store, aggregate, ExpectedVersion::none(), history);
    }
    return store;
}

template <class Codec = JsonCodec<AccountEvent>, class Text = std::string>
[[nodiscard]] World<PlainHistories> filled_histories(std::size_t accounts, std::size_t events) {
    auto histories = std::make_shared<PlainHistories>();
    Codec const codec{};
    for (std::size_t account = 0; account < accounts; ++account) {
        auto const id = account_id(account);
        AggregateRef const aggregate{Account::aggregate_type, id};
        for (std::size_t i = 0; i < events; ++i) {
            histories->append(aggregate, codec.encode(event_number<Text>(i), {aggregate, Uuid::v7()}));
        }
    }
    return histories;
}

[[nodiscard]] inline World<OriginalStore> filled_original(std::size_t accounts, std::size_t events) {
    auto store = std::make_shared<OriginalStore>();
    for (std::size_t account = 0; account < accounts; ++account) {
        auto const id = account_id(account);
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < events; ++i) {
            auto const envelope = original_envelope(id, static_cast<std::int64_t>(i), event_number(i));
            texts.push_back(nlohmann::json(envelope).dump());
        }
        store->prepare(id, std::move(texts));
    }
    return store;
}

/// The ids of the accounts, made once: a program has them at hand.
[[nodiscard]] inline std::vector<std::string> account_ids(std::size_t accounts) {
    std::vector<std::string> ids;
    for (std::size_t account = 0; account < accounts; ++account) {
        ids.push_back(account_id(account));
    }
    return ids;
}

}  // namespace event_sourcing::benchmarks
