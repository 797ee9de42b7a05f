#include "infrastructure/importer.hpp"

#include "application/queries.hpp"
#include "in_pieces.hpp"
#include "infrastructure/bad_input.hpp"

#include <event_sourcing/inmemory/event_store.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace bank {
namespace {

namespace es = event_sourcing;

class AnImport : public ::testing::Test {
protected:
    /// Imports rows, given without their header, by an importer of their own.
    ImportReport import(std::string const& rows, ImportOptions const& options = {.verify = Verify::each_row}) {
        Importer importer{store, options, silent};
        TransactionFile file{"f.csv",
                             std::make_unique<InPieces>(std::string{TransactionFile::header} + "\n" + rows, 4096)};
        importer.import(file);
        return importer.report();
    }

    std::string complaint_about(std::string const& rows) {
        try {
            import(rows);
        } catch (BadInput const& error) {
            return error.what();
        }
        return "none";
    }

    std::vector<es::RecordedEvent> stored() const {
        std::vector<es::RecordedEvent> events;
        store.read_all({}, [&](es::RecordedEventView const& event) { events.push_back(es::to_owned(event)); });
        return events;
    }

    es::InMemoryEventStore store;
    Progress silent{Progress::Style::never};
};

std::string const two_rows = "a,1993-01-01,1,deposit,100,100\na,1993-01-02,2,withdrawal,30,70\n";

TEST_F(AnImport, OpensEachAccountAtItsFirstRow) {
    auto const report =
        import("a,1993-01-01,1,deposit,100,100\nb,1993-01-02,2,deposit,5,5\na,1993-01-03,3,withdrawal,30,70\n");
    EXPECT_EQ(report.rows, 3U);
    EXPECT_EQ(report.accounts, 2U);
    EXPECT_EQ(report.commands, 5U);
    EXPECT_EQ(report.events, 5U);
    EXPECT_EQ(report.verify.checked, 3U);
    EXPECT_EQ(report.verify.mismatches, 0U);
    auto const events = stored();
    ASSERT_EQ(events.size(), 5U);
    EXPECT_EQ(events[0].event_type, "AccountOpened");
    EXPECT_EQ(events[0].data, R"({"date":"1993-01-01","overdraft_limit":0})");
    EXPECT_EQ(events[1].data, R"({"amount":100,"date":"1993-01-01"})");
    EXPECT_EQ(events[2].aggregate_id, "b");
    EXPECT_EQ(events[4].event_type, "MoneyWithdrawn");
}

TEST_F(AnImport, GivesTheSameIdsInEveryStore) {
    import(two_rows);
    auto const events = stored();
    ASSERT_EQ(events.size(), 3U);
    // These ids are stored in databases: to change them would import everything a second time.
    EXPECT_EQ(es::to_string(events[0].id), "3123fb45-44f9-5a6f-94f5-03f3dfe958c3");
    EXPECT_EQ(es::to_string(events[1].id), "04b17dac-ecd9-5ef4-9413-88d6cd7608f4");
    EXPECT_EQ(es::to_string(events[2].id), "ce1adb0f-b823-5485-9a4d-060b098c957c");
}

TEST_F(AnImport, ReplaysWhatWasImportedBeforeAndVerifiesItAsItWasThen) {
    import(two_rows);
    auto const again = import(two_rows);
    EXPECT_EQ(again.rows, 2U);
    EXPECT_EQ(again.accounts, 1U);
    EXPECT_EQ(again.commands, 3U);
    EXPECT_EQ(again.events, 0U);
    EXPECT_EQ(again.replayed, 2U);
    EXPECT_EQ(again.verify.checked, 2U);
    EXPECT_EQ(again.verify.mismatches, 0U);
    EXPECT_EQ(stored().size(), 3U);
}

TEST_F(AnImport, GoesOnWhereAnEarlierOneStopped) {
    import("a,1993-01-01,1,deposit,100,100\n");
    auto const rest = import(two_rows);
    EXPECT_EQ(rest.replayed, 1U);
    EXPECT_EQ(rest.events, 1U);
}

TEST_F(AnImport, UsesAnAccountThatWasOpenedInAnotherWay) {
    CommandHandlers{store}.handle(OpenAccount{.account_id = "a", .overdraft_limit = 50});
    auto const report = import("a,1993-01-01,1,withdrawal,50,-50\n");
    EXPECT_EQ(report.commands, 2U);
    EXPECT_EQ(report.events, 1U);
    EXPECT_EQ(report.verify.mismatches, 0U);
}

TEST_F(AnImport, CountsRefusalsAndGoesOn) {
    auto const report = import(
        "a,1993-01-01,1,deposit,100,100\na,1993-01-02,2,withdrawal,101,-1\na,1993-01-02,3,deposit,0,100\n"
        "a,1993-01-02,4,deposit,-7,100\na,1993-01-02,5,deposit,9223372036854775807,0\na,1993-01-02,6,withdrawal,100,"
        "0\n");
    EXPECT_EQ(report.rows, 6U);
    EXPECT_EQ(report.refused.insufficient_funds, 1U);
    EXPECT_EQ(report.refused.invalid_amount, 3U);
    EXPECT_EQ(report.refused.unknown_account, 0U);
    EXPECT_EQ(report.events, 3U);
    EXPECT_EQ(report.verify.checked, 2U);
    EXPECT_EQ(report.verify.mismatches, 0U);
}

TEST_F(AnImport, ObeysTheOverdraftLimitOfItsAccounts) {
    std::string const row = "a,1993-01-01,1,withdrawal,10,-10\n";
    EXPECT_EQ(import(row, {.overdraft_limit = 9}).refused.insufficient_funds, 1U);
    es::InMemoryEventStore other;
    Importer importer{other, {.overdraft_limit = std::nullopt}, silent};
    TransactionFile file{"f.csv", std::make_unique<InPieces>(std::string{TransactionFile::header} + "\n" + row, 100)};
    importer.import(file);
    EXPECT_EQ(importer.report().events, 2U);
}

TEST_F(AnImport, RemembersTheFirstBalanceThatDiffers) {
    auto const report =
        import("a,1993-01-01,1,deposit,100,100\na,1993-01-02,2,deposit,1,102\na,1993-01-02,3,deposit,1,103\n");
    EXPECT_EQ(report.verify.checked, 3U);
    EXPECT_EQ(report.verify.mismatches, 2U);
    ASSERT_TRUE(report.verify.first);
    EXPECT_EQ(report.verify.first->line, 3U);
    EXPECT_EQ(report.verify.first->account_id, "a");
    EXPECT_EQ(report.verify.first->expected, 102);
    EXPECT_EQ(report.verify.first->actual, 101);
}

TEST_F(AnImport, StopsAtABadRowAndKeepsWhatCameBefore) {
    EXPECT_EQ(complaint_about(two_rows + "b,1993-01-01,3,deposit,1x,1\nb,1993-01-01,4,deposit,1,1\n"),
              "f.csv:4: amount \"1x\" is not a whole number");
    EXPECT_EQ(stored().size(), 3U);
}

TEST_F(AnImport, RefusesAKnownTransactionThatSaysSomethingElse) {
    std::string const what = "f.csv:4: transaction_id \"1\" is known with another account, kind or amount";
    EXPECT_EQ(complaint_about(two_rows + "a,1993-01-01,1,deposit,99,99\n"), what);
    EXPECT_EQ(complaint_about(two_rows + "a,1993-01-01,1,withdrawal,100,0\n"), what);
    EXPECT_EQ(complaint_about(two_rows + "b,1993-01-01,1,deposit,100,100\n"), what);
    EXPECT_EQ(stored().size(), 3U) << "the opening of b is a part of its row";
    EXPECT_EQ(complaint_about(two_rows + "a,1993-01-01,1,deposit,100,100\n"), "none");
}

TEST_F(AnImport, RefusesAnAccountIdThatNoStoreTakes) {
    EXPECT_EQ(complaint_about("\xff,1993-01-01,1,deposit,1,1\n").find("f.csv:2: aggregate_id "), 0U);
    EXPECT_EQ(stored().size(), 0U);
}

TEST_F(AnImport, TakesAnyStringAsAnAccountId) {
    import("\"a \"\"b\"\", c/d\n|\",1993-01-01,1,deposit,5,5\n");
    EXPECT_EQ(QueryHandlers{store}.handle(BalanceQuery{"a \"b\", c/d\n|", {}}).value().balance, 5);
}

TEST_F(AnImport, CountsAnAccountOnceOverSeveralFiles) {
    Importer importer{store, {}, silent};
    for (int pass = 0; pass < 2; ++pass) {
        TransactionFile file{"f.csv",
                             std::make_unique<InPieces>(std::string{TransactionFile::header} + "\n" + two_rows, 100)};
        importer.import(file);
    }
    EXPECT_EQ(importer.report().rows, 4U);
    EXPECT_EQ(importer.report().accounts, 1U);
    EXPECT_EQ(importer.report().commands, 5U);
    EXPECT_EQ(importer.report().events, 3U);
    EXPECT_EQ(importer.report().replayed, 2U);
}

TEST(TheReport, IsOneLineOfJsonWithEveryMember) {
    ImportReport report{.rows = 1, .accounts = 2, .commands = 3, .events = 4, .replayed = 5};
    report.refused = {.insufficient_funds = 6, .invalid_amount = 7};
    report.verify = {.checked = 8, .mismatches = 9, .first = Mismatch{10, "a\"", 11, -12}};
    EXPECT_EQ(
        to_json_line(report, {.store = "memory", .seconds = 0.25}),
        R"({"rows":1,"accounts":2,"commands":3,"events":4,"replayed":5,"refused":{"insufficient_funds":6,"invalid_amount":7,"unknown_account":0},)"
        R"("store":"memory","stream":null,"verify":{"checked":8,"mismatches":9,"first":{"line":10,"account_id":"a\"","expected":11,"actual":-12}},"seconds":0.25})"
        "\n");
    EXPECT_NE(to_json_line({}, {}).find(R"("first":null)"), std::string::npos);
}

}  // namespace
}  // namespace bank
