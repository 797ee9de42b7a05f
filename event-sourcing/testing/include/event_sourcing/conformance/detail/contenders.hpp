#pragma once

#include <event_sourcing/event_store.hpp>

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <exception>
#include <string>
#include <thread>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance::detail {

/// How the call of one contender ended. Collected in the threads, looked at by the main thread.
struct Outcome {
    enum class Kind : unsigned char { stored, conflict, duplicate, other } kind = Kind::other;
    AppendResult result{};
    std::string error{};  ///< what `other` was
};

template <class Call>
[[nodiscard]] Outcome outcome_of(Call call) {
    try {
        return {Outcome::Kind::stored, call(), {}};
    } catch (VersionConflict const&) {
        return {Outcome::Kind::conflict, {}, {}};
    } catch (DuplicateEvent const&) {
        return {Outcome::Kind::duplicate, {}, {}};
    } catch (std::exception const& error) {
        return {Outcome::Kind::other, {}, error.what()};
    }
}

/// Calls `call(contender, round)` in as many threads, all of them starting each round together.
/// @return the outcomes by round and contender.
template <class Call>
[[nodiscard]] std::vector<std::vector<Outcome>> contend(std::size_t contenders, std::size_t rounds, Call call) {
    std::vector<std::vector<Outcome>> outcomes(rounds, std::vector<Outcome>(contenders));
    std::barrier start{static_cast<std::ptrdiff_t>(contenders)};
    std::vector<std::jthread> threads;
    threads.reserve(contenders);
    for (std::size_t contender = 0; contender < contenders; ++contender) {
        threads.emplace_back([&, contender] {
            for (std::size_t round = 0; round < rounds; ++round) {
                start.arrive_and_wait();
                outcomes[round][contender] = outcome_of([&] { return call(contender, round); });
            }
        });
    }
    threads.clear();
    return outcomes;
}

[[nodiscard]] inline std::ptrdiff_t count(std::vector<Outcome> const& outcomes, Outcome::Kind kind) {
    return std::count_if(outcomes.begin(), outcomes.end(), [kind](Outcome const& one) { return one.kind == kind; });
}

/// What went wrong in a way that no case expects; empty where nothing did.
[[nodiscard]] inline std::string other_errors(std::vector<Outcome> const& outcomes) {
    std::string out;
    for (auto const& one : outcomes) {
        out += one.kind == Outcome::Kind::other ? one.error + "; " : "";
    }
    return out;
}

}  // namespace conformance::detail
EVENT_SOURCING_END_NAMESPACE
