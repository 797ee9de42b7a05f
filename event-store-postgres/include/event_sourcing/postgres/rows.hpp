#pragma once

#include <event_sourcing/namespace.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The rows that a statement gave back. Cheap to copy; copies share the rows. Text refers to the rows.
class Rows {
public:
    /// How many rows.
    [[nodiscard]] std::size_t size() const;
    /// Whether a value is NULL. Preconditions, here and below: the row and the column (from 0) exist.
    [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const;
    /// A value as the server's text; empty for NULL.
    [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const;
    /// A value as an integer. @throws InvalidArgument  it is none, or NULL.
    [[nodiscard]] std::int64_t integer(std::size_t row, std::size_t column) const;

private:
    friend class Transaction;
    struct Implementation;
    explicit Rows(std::shared_ptr<Implementation const> implementation);

    std::shared_ptr<Implementation const> implementation_;
};

EVENT_SOURCING_END_NAMESPACE
