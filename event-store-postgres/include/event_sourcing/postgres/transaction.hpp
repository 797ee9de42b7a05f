#pragma once

#include <event_sourcing/postgres/rows.hpp>

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// One parameter of a statement: text, an integer, a truth value, or NULL. Refer to it as `$1`, with a cast where the server
/// cannot tell the type.
class SqlValue {
public:
    /// NULL.
    SqlValue(std::nullopt_t) {}  // NOLINT(google-explicit-constructor): so that values can be listed in braces
    /// Text, without NUL.
    template <std::convertible_to<std::string_view> T>
    SqlValue(T const& text) : text_{std::string{std::string_view{text}}} {}  // NOLINT(google-explicit-constructor)
    /// An integer.
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    SqlValue(T number) : text_{std::to_string(number)} {}  // NOLINT(google-explicit-constructor)
    /// A truth value.
    template <std::same_as<bool> T>
    SqlValue(T truth) : text_{truth ? "true" : "false"} {}  // NOLINT(google-explicit-constructor)
    /// A value, or NULL.
    template <class T>
    SqlValue(std::optional<T> const& value) {  // NOLINT(google-explicit-constructor)
        if (value) {
            *this = SqlValue{*value};
        }
    }

    /// As it is sent; nothing for NULL.
    [[nodiscard]] std::optional<std::string> const& text() const noexcept { return text_; }

private:
    std::optional<std::string> text_{};
};

/// A READ COMMITTED transaction on one connection, for the user's own statements beside appends: PostgresDatabase::begin.
///
/// Rolled back when it ends without a commit. It holds a connection, and after an append it holds back the readers of all
/// events: keep it short.
/// Thread safety: for one thread. Lifetime: the database must outlive it.
class Transaction {
public:
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&& other) = delete;
    /// Rolls back what was not committed.
    ~Transaction();

    /// Runs one statement. @throws SqlError  the server refused it; the transaction can only be rolled back then; and the
    /// library's errors where the reason has one.
    Rows execute(std::string const& sql, std::initializer_list<SqlValue> parameters = {});

    /// Commits; nothing more can be done with it then.
    /// @throws OutcomeUnknown  the connection was lost meanwhile; @throws Transient  one of its statements had failed, or the
    /// server resolved a conflict against it: nothing is stored, run it all again.
    void commit();

    /// The name of the store's schema, quoted for SQL.
    [[nodiscard]] std::string const& schema() const noexcept;

private:
    friend class PostgresDatabase;
    friend class PostgresEventStore;
    struct Implementation;
    explicit Transaction(std::unique_ptr<Implementation> implementation) noexcept;

    std::unique_ptr<Implementation> implementation_;
};

EVENT_SOURCING_END_NAMESPACE
