#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <string>
#include <string_view>

/// The exception of type `E` that `call` throws, or a failed test.
template <class E, class Call>
std::optional<E> thrown_by(Call call) {
    try {
        static_cast<void>(call());
    } catch (E const& error) {
        return error;
    } catch (std::exception const& error) {
        ADD_FAILURE() << "threw something else: " << error.what();
        return std::nullopt;
    }
    ADD_FAILURE() << "threw nothing";
    return std::nullopt;
}

/// The message of the exception of type `E` that `call` throws; empty, and a failed test, where it throws none.
template <class E, class Call>
std::string message_of(Call call) {
    auto const error = thrown_by<E>(std::move(call));
    return error ? error->what() : std::string{};
}

/// Fails the test where a message does not contain every one of the words.
template <class... Words>
void expect_words(std::string_view message, Words... words) {
    for (std::string_view const word : {std::string_view{words}...}) {
        EXPECT_NE(message.find(word), std::string_view::npos) << "\"" << word << "\" is not in: " << message;
    }
}
