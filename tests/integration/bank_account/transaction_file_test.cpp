#include "infrastructure/transaction_file.hpp"

#include "embedded.hpp"
#include "in_pieces.hpp"
#include "infrastructure/bad_input.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace bank {
namespace {

constexpr std::string_view header = "account_id,date,transaction_id,kind,amount,balance\n";

TransactionFile file_of(std::string const& text) { return {"f.csv", std::make_unique<InPieces>(text, 11)}; }

std::string complaint_about(std::string const& text) {
    try {
        auto file = file_of(text);
        while (file.next()) {
        }
    } catch (BadInput const& error) {
        return error.what();
    }
    return "none";
}

std::string complaint_about_row(std::string const& row) {
    return complaint_about(std::string{header} + "1,1993-01-01,1,deposit,1,1\n" + row + "\n");
}

TEST(ATransactionFile, GivesItsRows) {
    auto file = file_of(
        std::string{header} +
        "a,1993-01-31,t,deposit,9223372036854775807,-9223372036854775808\r\n\"b,c\",2024-02-29,u,withdrawal,-5,0");
    auto row = file.next();
    ASSERT_TRUE(row);
    EXPECT_EQ(row->line, 2U);
    EXPECT_EQ(row->account_id, "a");
    EXPECT_EQ(row->date, "1993-01-31");
    EXPECT_EQ(row->transaction_id, "t");
    EXPECT_EQ(row->kind, TransactionKind::deposit);
    EXPECT_EQ(row->amount, std::numeric_limits<Money>::max());
    EXPECT_EQ(row->balance, std::numeric_limits<Money>::min());
    row = file.next();
    ASSERT_TRUE(row);
    EXPECT_EQ(row->account_id, "b,c");
    EXPECT_EQ(row->kind, TransactionKind::withdrawal);
    EXPECT_EQ(row->amount, -5);
    EXPECT_FALSE(file.next());
}

TEST(ATransactionFile, MayHaveNoRows) {
    EXPECT_EQ(complaint_about(std::string{header}), "none");
    EXPECT_EQ(complaint_about(std::string{TransactionFile::header} + "\r\n"), "none");
    EXPECT_EQ(complaint_about(std::string{TransactionFile::header}), "none");
}

TEST(ATransactionFile, NeedsExactlyItsHeader) {
    EXPECT_EQ(complaint_about(""), "f.csv:1: the file is empty; expected " + std::string{TransactionFile::header});
    for (std::string const text :
         {"a,b\n", "\n", ",account_id,date,transaction_id,kind,amount,balance\n",
          "account_id,date,transaction_id,kind,amount\n", "account_id,date,transaction_id,kind,amount,balance,more\n",
          "Account_id,date,transaction_id,kind,amount,balance\n",
          "\"account_id\",date,transaction_id,kind,amount,balance\n",
          "\xef\xbb\xbf"
          "account_id,date,transaction_id,kind,amount,balance\n"}) {
        EXPECT_EQ(complaint_about(text).find("f.csv:1: the header is "), 0U) << text;
    }
}

TEST(ATransactionFile, NamesTheLineAndWhatIsWrongWithIt) {
    std::map<std::string, std::string> const complaints{
        {"1,1993-01-01,2,deposit", "the row has 4 columns, the header 6"},
        {"1,1993-01-01,2,deposit,1,1,1", "the row has 7 columns, the header 6"},
        {"", "the row has 1 columns, the header 6"},
        {"1,1993-01-01,2,deposit,9223372036854775808,1", "amount \"9223372036854775808\" is beyond 64 bits"},
        {"1,1993-01-01,2,deposit,12x,1", "amount \"12x\" is not a whole number"},
        {"1,1993-01-01,2,deposit,1.5,1", "amount \"1.5\" is not a whole number"},
        {"1,1993-01-01,2,deposit, 1,1", "amount \" 1\" is not a whole number"},
        {"1,1993-01-01,2,deposit,+1,1", "amount \"+1\" is not a whole number"},
        {"1,1993-01-01,2,deposit,,1", "amount \"\" is not a whole number"},
        {"1,1993-01-01,2,deposit,1,x", "balance \"x\" is not a whole number"},
        {"1,1993-01-01,2,gift,1,1", "kind \"gift\" is neither deposit nor withdrawal"},
        {"1,1993-01-01,2,Deposit,1,1", "kind \"Deposit\" is neither deposit nor withdrawal"},
        {"1,1993-02-29,2,deposit,1,1", "date \"1993-02-29\" is no day of the form YYYY-MM-DD"},
        {"1,01.02.1993,2,deposit,1,1", "date \"01.02.1993\" is no day of the form YYYY-MM-DD"},
        {",1993-01-01,2,deposit,1,1", "account_id has 0 bytes; allowed are 1 to 255"},
        {std::string(256, 'a') + ",1993-01-01,2,deposit,1,1", "account_id has 256 bytes; allowed are 1 to 255"},
        {"1,1993-01-01,,deposit,1,1", "transaction_id has 0 bytes; allowed are 1 to 255"},
    };
    for (auto const& [row, complaint] : complaints) {
        EXPECT_EQ(complaint_about_row(row), "f.csv:3: " + complaint);
    }
}

TEST(ATransactionFile, QuotesForeignTextOnOneShortLine) {
    auto const complaint = complaint_about_row("1,1993-01-01,2,\"a\nb" + std::string(100, 'x') + "\",1,1");
    EXPECT_EQ(complaint, "f.csv:3: kind \"a?b" + std::string(37, 'x') + "...\" is neither deposit nor withdrawal");
}

TEST(TheSample, HoldsBalancesThatFollowFromItsRows) {
    TransactionFile file{"sample.csv", open_text(sample_transactions)};
    std::map<std::string, Money, std::less<>> balances;
    while (auto const row = file.next()) {
        auto& balance = balances[std::string{row->account_id}];
        balance += row->kind == TransactionKind::deposit ? row->amount : -row->amount;
        EXPECT_EQ(balance, row->balance) << row->line;
    }
    EXPECT_EQ(balances.size(), 6U);
}

}  // namespace
}  // namespace bank
