#pragma once

#include "accounts.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace event_sourcing::benchmarks {

/// The account a client appends to with its i-th event, and the version it has by then.
class Writing {
public:
    /// Writes histories of `length` events, one after the other.
    explicit Writing(std::size_t client) : client_{client} { name(); }

    [[nodiscard]] std::string const& id() const noexcept { return id_; }
    [[nodiscard]] Version version() const noexcept { return version_; }
    void wrote(std::size_t events) {
        version_ = Version{version_.value + static_cast<std::int64_t>(events)};
        if (version_.value >= static_cast<std::int64_t>(length)) {
            version_ = Version{};
            ++number_;
            name();
        }
    }

private:
    static constexpr std::size_t length = 100;  // then a client goes on with a new account

    void name() { id_ = "account-" + std::to_string(client_) + "-" + std::to_string(number_); }

    std::size_t client_;
    std::size_t number_ = 0;
    std::string id_;
    Version version_;
};

/// A fresh copy of an encoded event, with an id of its own: what a caller hands to a store.
[[nodiscard]] inline NewEvent fresh(NewEvent const& like) {
    NewEvent out = like;
    out.id = Uuid::v7();
    return out;
}

/// Fresh copies of the encoded events number `first` and following.
[[nodiscard]] inline std::vector<NewEvent> fresh_batch(std::vector<NewEvent> const& kinds, std::size_t first,
                                                       std::size_t batch) {
    std::vector<NewEvent> events;
    events.reserve(batch);
    for (std::size_t k = 0; k < batch; ++k) {
        events.push_back(fresh(kinds[(first + k) % kinds.size()]));
    }
    return events;
}

}  // namespace event_sourcing::benchmarks
