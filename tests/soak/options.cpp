#include "options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace soak {
namespace {

std::array<Mode, 5> const& modes() {
    static std::array<Mode, 5> const all{{
        {.name = "any-8", .aggregates = 8},
        {.name = "any-100", .aggregates = 100},
        {.name = "any-1000", .aggregates = 1000},
        {.name = "exact", .aggregates = 100, .exactly = true},
        {.name = "other-first", .aggregates = 8, .other_first = true},
    }};
    return all;
}

template <class Number>
[[nodiscard]] Number number(std::string const& option, std::string const& text, Number least, Number most) {
    Number value{};
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most) {
        throw UsageError{option + " wants a number from " + std::to_string(least) + " to " + std::to_string(most) +
                         ", not \"" + text + "\""};
    }
    return value;
}

}  // namespace

char const* usage() noexcept {
    return "usage: event-sourcing-soak --mode M [--events N] [--writers N] [--crashes N] [--json]; see scripts/soak "
           "--help\n";
}

Options parse(std::vector<std::string> const& arguments) {
    Options out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto const& option = arguments[i];
        auto const value = [&]() -> std::string const& {
            if (i + 1 == arguments.size()) {
                throw UsageError{option + " wants a value"};
            }
            return arguments[++i];
        };
        if (option == "--mode") {
            auto const& name = value();
            auto const* const found = std::ranges::find(modes(), name, &Mode::name);
            if (found == modes().end()) {
                throw UsageError{"unknown mode: " + name};
            }
            out.mode = *found;
        } else if (option == "--events") {
            out.events = number<std::int64_t>(option, value(), 1, 1'000'000'000);
        } else if (option == "--writers") {
            out.writers = number<std::size_t>(option, value(), 1, 128);
        } else if (option == "--crashes") {
            out.crashes = number<int>(option, value(), 0, 1000);
        } else if (option == "--json") {
            out.json = true;
        } else if (option == "--help" || option == "-h") {
            out.help = true;
            return out;
        } else {
            throw UsageError{"unknown argument: " + option};
        }
    }
    if (out.mode.name.empty()) {
        throw UsageError{"--mode is missing"};
    }
    return out;
}

}  // namespace soak
