#pragma once

#include "domain/money.hpp"
#include "infrastructure/csv_reader.hpp"

namespace bank {

enum class TransactionKind : unsigned char { deposit, withdrawal };

/// One row of a bank's file. Lifetime: the texts live until the next row is read.
struct Transaction {
    std::size_t line = 0;
    std::string_view account_id{};
    std::string_view date{};
    std::string_view transaction_id{};
    TransactionKind kind{};
    Money amount{};
    Money balance{};  ///< after it, as the bank says
};

/// Reads a file of transactions: CSV with the header `account_id,date,transaction_id,kind,amount,balance`.
class TransactionFile {
public:
    static constexpr std::string_view header = "account_id,date,transaction_id,kind,amount,balance";

    /// Opens a file, gzip or plain, and reads its header. @throws BadInput
    explicit TransactionFile(std::string const& path) : TransactionFile{path, open_file(path)} {}

    /// Reads the header of what `bytes` gives. @throws BadInput
    TransactionFile(std::string name, std::unique_ptr<ByteSource> bytes);

    /// The next row; nothing after the last. @throws BadInput  with the line.
    [[nodiscard]] std::optional<Transaction> next();

    [[nodiscard]] std::string const& name() const noexcept { return csv_.name(); }
    [[nodiscard]] std::optional<double> part_read() const { return csv_.part_read(); }

private:
    CsvReader csv_;
};

}  // namespace bank
