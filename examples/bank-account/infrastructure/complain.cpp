#include "infrastructure/complain.hpp"

#include <cstdio>
#include <string>

namespace bank {

std::string one_line(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c != ' ' && static_cast<unsigned char>(c) >= 0x20) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

void complain(std::string_view what) {
    auto const line = "bank-account: " + one_line(what) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace bank
