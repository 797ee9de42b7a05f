#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace bank {

/// Tells people on stderr how far an import is: a bar on a terminal, plain lines now and then otherwise, or nothing.
class Progress {
public:
    enum class Style : unsigned char { automatic, never };

    /// Writes to `out`, which must outlive it.
    explicit Progress(Style style, std::FILE* out = stderr);
    ~Progress() { clear(); }
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    /// A file begins.
    void begin(std::string const& file);
    /// A row is done; `part` says how much of the file has been read, from 0 to 1, where that is known.
    void row(std::optional<double> part);
    /// The file is done.
    void end();
    /// A line of its own, in any style.
    void note(std::string const& line);

private:
    using Clock = std::chrono::steady_clock;

    void show(std::optional<double> part);
    void clear();

    enum class Form : unsigned char { bar, lines, nothing } form_;
    std::FILE* out_;
    std::string file_;
    std::uint64_t rows_ = 0;
    Clock::time_point shown_{};
    bool on_screen_ = false;
};

}  // namespace bank
