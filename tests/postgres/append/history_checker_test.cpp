// The oracle itself: small histories, made by hand, with and without a fault.
#include "history_checker.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postgres_test {
namespace {

using namespace event_sourcing;

Uuid id(unsigned char n) {
    Uuid out;
    out.bytes[15] = n;
    return out;
}

SeenEvent row(std::int64_t position, unsigned char n, std::string aggregate, std::int64_t version) {
    return {Position{position}, id(n), std::move(aggregate), Version{version}, "{}"};
}

EntryResult at(std::int64_t version, std::int64_t position) { return {Version{version}, Position{position}}; }

/// 1: a +1. 2: a +2, expecting 1. 3: b +3 +4, checking a at 2. Then 2 again, and a conflict.
History good() {
    History history;
    history.table = {row(1, 1, "a", 1), row(2, 2, "a", 2), row(4, 3, "b", 1), row(5, 4, "b", 2)};
    history.delivered = history.table;
    auto const exactly = [](std::int64_t version) { return ExpectedVersion::exactly(Version{version}); };
    history.observations = {
        {.request = {{"a", exactly(0), {{id(1), "{}"}}}},
         .answer = Answer::stored,
         .result = {{at(1, 1)}},
         .started = 1,
         .ended = 2},
        {.request = {{"a", exactly(1), {{id(2), "{}"}}}},
         .answer = Answer::stored,
         .result = {{at(2, 2)}},
         .started = 3,
         .ended = 4},
        {.request = {{"a", exactly(2)}, {"b", ExpectedVersion::any(), {{id(3), "{}"}, {id(4), "{}"}}}},
         .answer = Answer::stored,
         .result = {{at(2, 0), at(2, 5)}},
         .started = 5,
         .ended = 6},
        {.request = {{"a", exactly(1), {{id(2), "{}"}}}},
         .answer = Answer::replayed,
         .result = {{at(2, 2)}, true},
         .started = 7,
         .ended = 8},
        {.request = {{"a", exactly(1), {{id(9), "{}"}}}},
         .answer = Answer::conflict,
         .conflicting = "a",
         .actual = Version{2},
         .started = 9,
         .ended = 10},
    };
    return history;
}

void expect_said(History const& history, std::string const& part) {
    std::string all;
    for (auto const& violation : violations_of(history)) {
        all += violation + "\n";
    }
    EXPECT_NE(all.find(part), std::string::npos) << "said: " << all;
}

void expect_good(History const& history) {
    for (auto const& violation : violations_of(history)) {
        ADD_FAILURE() << violation;
    }
}

TEST(HistoryChecker, HasNothingAgainstAGoodHistory) { expect_good(good()); }

TEST(HistoryChecker, NoticesAHole) {
    auto history = good();
    history.table[1].version = Version{3};
    expect_said(history, "follows version");
}

TEST(HistoryChecker, NoticesVersionsAgainstThePositions) {
    auto history = good();
    std::swap(history.table[0], history.table[1]);
    expect_said(history, "follows version");
}

TEST(HistoryChecker, NoticesWhatWasLost) {
    auto history = good();
    history.table.pop_back();
    history.delivered.pop_back();
    expect_said(history, "is not there");
}

TEST(HistoryChecker, NoticesWhatNobodyStored) {
    auto history = good();
    history.observations[2].answer = Answer::conflict;
    expect_said(history, "nobody was told");
}

TEST(HistoryChecker, NoticesTwoOwners) {
    auto history = good();
    history.observations[3].answer = Answer::stored;
    history.observations[3].result.replayed = false;
    expect_said(history, "was stored twice");
}

TEST(HistoryChecker, NoticesABrokenExpectation) {
    auto history = good();
    history.observations[1].request[0].expected = ExpectedVersion::none();
    expect_said(history, "against its expectation");
    history = good();
    history.observations[2].request[0].expected = ExpectedVersion::none();
    expect_said(history, "against its expectation");
}

TEST(HistoryChecker, NoticesPositionsAgainstTheList) {
    auto history = good();
    std::swap(history.observations[2].request[0], history.observations[2].request[1]);
    history.observations[2].request[1].events = {{id(2), "{}"}};
    expect_said(history, "positions do not follow the list");
}

TEST(HistoryChecker, NoticesAReplayOfSomethingElse) {
    auto history = good();
    history.observations[3].request[0].events[0].payload = "{\"n\":1}";
    expect_said(history, "replay of what is not stored");
    history = good();
    history.observations[3].request[0].aggregate = "b";
    expect_said(history, "replay of what is not stored");
    history = good();
    history.observations[3].result.entries[0] = at(2, 3);
    expect_said(history, "another result");
}

TEST(HistoryChecker, NoticesWhereAReplayWasDue) {
    auto history = good();
    history.observations[3].answer = Answer::duplicate;
    expect_said(history, "it is what was stored before");
    history = good();
    history.observations[3].answer = Answer::conflict;
    history.observations[3].conflicting = "a";
    history.observations[3].actual = Version{2};
    expect_said(history, "ids were stored before");
    history.observations[3].started = 3;  // as if at the same time: but then it saw what it says is not there
    expect_said(history, "conflict with its own events");
}

TEST(HistoryChecker, NoticesAStaleConflict) {
    auto history = good();
    history.observations[4].actual = Version{0};
    expect_said(history, "no order");
    history = good();
    history.observations[4].actual = Version{3};
    expect_said(history, "which is not there");
}

TEST(HistoryChecker, NoticesAStaleCheck) {
    auto history = good();
    history.observations[2].request[0].expected = ExpectedVersion::exactly(Version{1});
    history.observations[2].result.entries[0].version = Version{1};
    expect_said(history, "no order");  // version 2 was there before it began
    history.observations[2].started = 3;
    expect_good(history);  // at the same time: it may have come first
}

TEST(HistoryChecker, NoticesChecksThatCross) {
    History history;
    history.table = {row(1, 1, "a", 1), row(2, 2, "b", 1)};
    history.delivered = history.table;
    auto const crossing = [](std::string const& written, unsigned char n, std::string const& checked,
                             std::int64_t position) {
        return Observation{
            .request = {{written, ExpectedVersion::any(), {{id(n), "{}"}}}, {checked, ExpectedVersion::none()}},
            .answer = Answer::stored,
            .result = {{at(1, position), at(0, 0)}},
            .started = n,
            .ended = 10U + n};
    };
    history.observations = {crossing("a", 1, "b", 1), crossing("b", 2, "a", 2)};
    expect_said(history, "no order");
}

TEST(HistoryChecker, NoticesWhatTheReaderMissed) {
    auto history = good();
    history.delivered.erase(history.delivered.begin() + 1);
    expect_said(history, "the reader got 3 events of 4");
    history = good();
    std::swap(history.delivered[1], history.delivered[2]);
    expect_said(history, "the reader was given position 4");
}

TEST(HistoryChecker, CountsNothingThatWasUndone) {
    auto history = good();
    auto undone = history.observations[0];
    undone.request[0].events = {{id(7), "{}"}};
    undone.undone = true;
    undone.transaction = 1;
    history.observations.push_back(undone);
    expect_good(history);
}

}  // namespace
}  // namespace postgres_test
