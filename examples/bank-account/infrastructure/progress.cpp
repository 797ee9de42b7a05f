#include "infrastructure/progress.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace bank {
namespace {

constexpr std::uint64_t rows_per_look_at_the_clock = 256;
constexpr std::size_t bar_width = 30;

void write(std::FILE* out, std::string const& text) {
    std::fwrite(text.data(), 1, text.size(), out);
    std::fflush(out);
}

}  // namespace

Progress::Progress(Style style, std::FILE* out)
    : form_{style == Style::never          ? Form::nothing
            : ::isatty(::fileno(out)) == 1 ? Form::bar
                                           : Form::lines},
      out_{out} {}

void Progress::begin(std::string const& file) {
    file_ = file;
    rows_ = 0;
    shown_ = Clock::now();
}

void Progress::row(std::optional<double> part) {
    if (++rows_ % rows_per_look_at_the_clock != 0 || form_ == Form::nothing) {
        return;
    }
    auto const now = Clock::now();
    if (now - shown_ >= (form_ == Form::bar ? std::chrono::milliseconds{100} : std::chrono::seconds{2})) {
        shown_ = now;
        show(part);
    }
}

void Progress::end() {
    clear();
    if (form_ != Form::nothing) {
        write(out_, fmt::format("{}: {} rows\n", file_, rows_));
    }
}

void Progress::note(std::string const& line) {
    clear();
    write(out_, line + "\n");
}

void Progress::show(std::optional<double> part) {
    auto const percent = part ? fmt::format(", {:.0f} %", *part * 100) : std::string{};
    if (form_ == Form::lines) {
        write(out_, fmt::format("{}: {} rows{}\n", file_, rows_, percent));
        return;
    }
    auto const filled = static_cast<std::size_t>(part.value_or(0) * static_cast<double>(bar_width));
    write(out_, fmt::format("\r\x1b[K[{:-<{}}] {} rows{}", std::string(filled, '#'), bar_width, rows_, percent));
    on_screen_ = true;
}

void Progress::clear() {
    if (on_screen_) {
        write(out_, "\r\x1b[K");
        on_screen_ = false;
    }
}

}  // namespace bank
