#pragma once

#include "domain/money.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bank {

/// A balance that is not what the file says.
struct Mismatch {
    std::uint64_t line{};
    std::string account_id{};
    Money expected{};
    Money actual{};
};

/// What an import did, over all of its files.
struct ImportReport {
    std::uint64_t rows = 0;
    std::uint64_t accounts = 0;
    std::uint64_t commands = 0;  ///< rows and openings tried
    std::uint64_t events = 0;    ///< newly stored, openings included
    std::uint64_t replayed = 0;  ///< rows that were stored before
    struct Refused {
        std::uint64_t insufficient_funds = 0;
        std::uint64_t invalid_amount = 0;
        std::uint64_t unknown_account = 0;  ///< always 0: an account is opened at its first row
    } refused{};
    struct Verify {
        std::uint64_t checked = 0;
        std::uint64_t mismatches = 0;
        std::optional<Mismatch> first{};
    } verify{};
};

/// How an import ran.
struct ImportRun {
    std::string store{};
    double seconds = 0;
};

/// One JSON object on one line.
[[nodiscard]] std::string to_json_line(ImportReport const& report, ImportRun const& run);

/// The same for people, some lines.
[[nodiscard]] std::string to_summary(ImportReport const& report, ImportRun const& run);

}  // namespace bank
