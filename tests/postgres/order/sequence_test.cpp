// A sequence of positions that somebody changed: refused at the start, and noticed by an append that runs already.
#include "subject.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/schema.hpp>

#include <gtest/gtest.h>

namespace postgres_test {
namespace {

using namespace event_sourcing;

class Sequence : public testing::Test {
protected:
    void as_owner(std::string const& sql) { session(subject_.schema, Role::owner)->run(sql); }

    void expect_refused_at_start() {
        for (auto const role : {Role::writer, Role::reader}) {
            PostgresDatabase database{subject_.schema.options(role)};
            EXPECT_THROW(database.connect(), Corrupted);
            PostgresDatabase checked{subject_.schema.options(role)};
            EXPECT_THROW(check_schema(checked), Corrupted);
        }
    }

    Subject subject_;
};

TEST_F(Sequence, SetBackBelowTheEventsItIsRefusedAtStart) {
    subject_.append("1");
    subject_.append("2");
    as_owner("select setval('event_position_seq', 1)");
    expect_refused_at_start();
}

TEST_F(Sequence, SetBackToTheBeginningItIsRefusedAtStart) {
    subject_.append("1");
    as_owner("alter sequence event_position_seq restart");
    expect_refused_at_start();
}

TEST_F(Sequence, SetBackBelowTheEventsNoPositionComesTwice) {
    for (int i = 0; i < 20; ++i) {
        subject_.append(std::to_string(i));
    }
    subject_.read_on();
    as_owner("select setval('event_position_seq', 1)");
    EXPECT_THROW(subject_.append("new", ExpectedVersion::none()), Transient);
    EXPECT_THROW(subject_.append("new"), Transient);
    EXPECT_EQ(subject_.read_on(), std::vector<std::string>{});
    EXPECT_EQ(session(subject_.schema)->value("select count(*) from event"), "20");
}

TEST_F(Sequence, WithACacheItIsRefusedAtStart) {
    as_owner("alter sequence event_position_seq cache 10");
    expect_refused_at_start();
}

TEST_F(Sequence, ThatCyclesOrSkipsIsRefusedAtStart) {
    as_owner("alter sequence event_position_seq cycle");
    expect_refused_at_start();
    as_owner("alter sequence event_position_seq no cycle increment 2");
    expect_refused_at_start();
}

TEST_F(Sequence, ThatBeginsToCacheIsNoticedByEveryKindOfAppend) {
    subject_.append("1", ExpectedVersion::none());
    as_owner("alter sequence event_position_seq cache 10");
    subject_.append("2", ExpectedVersion::none());  // draws ten at once
    EXPECT_THROW(subject_.append("3", ExpectedVersion::none()), Corrupted);
    EXPECT_THROW(subject_.append("4"), Corrupted);
    auto transaction = subject_.writing.begin();
    // Its connection may be another one, whose first append draws ten at once.
    EXPECT_THROW((subject_.append(transaction, "5"), subject_.append(transaction, "6")), Corrupted);
}

TEST_F(Sequence, AMissingOrOrdinaryTriggerIsRefusedAtStart) {
    as_owner("alter table event enable trigger horizon");
    expect_refused_at_start();
    as_owner("drop trigger horizon on event");
    expect_refused_at_start();
}

TEST_F(Sequence, WithoutTheTriggerAnAppendIsRefused) {
    subject_.append("1", ExpectedVersion::none());
    as_owner("alter table event disable trigger horizon");
    EXPECT_THROW(subject_.append("2", ExpectedVersion::none()), Corrupted);
    EXPECT_ANY_THROW(subject_.append("3"));
}

}  // namespace
}  // namespace postgres_test
