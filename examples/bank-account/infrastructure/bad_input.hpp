#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bank {

/// A file that cannot be taken as it is. The message is one line, `FILE: what` or `FILE:LINE: what`.
class BadInput : public std::runtime_error {
public:
    BadInput(std::string const& file, std::string const& what) : std::runtime_error{file + ": " + what} {}
    BadInput(std::string const& file, std::size_t line, std::string const& what)
        : std::runtime_error{file + ":" + std::to_string(line) + ": " + what} {}
};

/// Text of foreign origin for a message: in quotes, shortened, on one line.
[[nodiscard]] inline std::string quoted(std::string_view text) {
    static constexpr std::size_t most = 40;
    std::string out = "\"";
    for (char const c : text.substr(0, most)) {
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
    return out + (text.size() > most ? "...\"" : "\"");
}

}  // namespace bank
