#pragma once

#include <string>
#include <string_view>

namespace bank {

/// Text of foreign origin on one line: line breaks in it become spaces.
[[nodiscard]] std::string one_line(std::string_view text);

/// One line on stderr, with the program's name in front.
void complain(std::string_view what);

}  // namespace bank
