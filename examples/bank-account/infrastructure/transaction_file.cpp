#include "infrastructure/transaction_file.hpp"

#include "infrastructure/bad_input.hpp"

#include <event_sourcing/timestamp.hpp>

#include <charconv>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace bank {
namespace {

constexpr std::size_t columns = 6;

/// What is wrong with a row; TransactionFile adds the place.
struct BadRow {
    std::string what;
};

[[nodiscard]] Money to_money(std::string_view text, std::string_view column) {
    Money value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        throw BadRow{std::string{column} + " " + quoted(text) + " is beyond 64 bits"};
    }
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw BadRow{std::string{column} + " " + quoted(text) + " is not a whole number"};
    }
    return value;
}

[[nodiscard]] TransactionKind to_kind(std::string_view text) {
    if (text == "deposit") {
        return TransactionKind::deposit;
    }
    if (text == "withdrawal") {
        return TransactionKind::withdrawal;
    }
    throw BadRow{"kind " + quoted(text) + " is neither deposit nor withdrawal"};
}

[[nodiscard]] std::string_view to_id(std::string_view text, std::string_view column) {
    if (text.empty() || text.size() > 255) {
        throw BadRow{std::string{column} + " has " + std::to_string(text.size()) + " bytes; allowed are 1 to 255"};
    }
    return text;
}

[[nodiscard]] std::string_view to_date(std::string_view text) {
    if (text.size() != 10 || !event_sourcing::try_parse_timestamp(std::string{text} + "T00:00:00Z")) {
        throw BadRow{"date " + quoted(text) + " is no day of the form YYYY-MM-DD"};
    }
    return text;
}

}  // namespace

TransactionFile::TransactionFile(std::string name, std::unique_ptr<ByteSource> bytes)
    : csv_{std::move(name), std::move(bytes)} {
    auto const first = csv_.next_text();
    if (first != header) {
        throw BadInput{csv_.name(), 1,
                       (first ? "the header is " + quoted(*first) : std::string{"the file is empty"}) + "; expected " +
                           std::string{header}};
    }
}

std::optional<Transaction> TransactionFile::next() {
    auto const record = csv_.next();
    if (!record) {
        return std::nullopt;
    }
    auto const& fields = record->fields;
    try {
        if (fields.size() != columns) {
            throw BadRow{"the row has " + std::to_string(fields.size()) + " columns, the header " +
                         std::to_string(columns)};
        }
        return Transaction{.line = record->line,
                           .account_id = to_id(fields[0], "account_id"),
                           .date = to_date(fields[1]),
                           .transaction_id = to_id(fields[2], "transaction_id"),
                           .kind = to_kind(fields[3]),
                           .amount = to_money(fields[4], "amount"),
                           .balance = to_money(fields[5], "balance")};
    } catch (BadRow const& bad) {
        throw BadInput{csv_.name(), record->line, bad.what};
    }
}

}  // namespace bank
