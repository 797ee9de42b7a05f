#include "options.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

namespace event_sourcing::benchmarks {
namespace {

/// Options of Google Benchmark that this program answers by itself; passed on, they would be ignored in silence.
constexpr std::array<std::string_view, 8> refused{"--benchmark_out",
                                                  "--benchmark_out_format",
                                                  "--benchmark_format",
                                                  "--benchmark_list_tests",
                                                  "--benchmark_filter",
                                                  "--benchmark_repetitions",
                                                  "--benchmark_report_aggregates_only",
                                                  "--benchmark_display_aggregates_only"};

template <class Number>
[[nodiscard]] Number number(std::string const& option, std::string const& text, Number least) {
    Number value{};
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < least) {
        throw UsageError{option + " wants a number from " + std::to_string(least) + ", not \"" + text + "\""};
    }
    return value;
}

}  // namespace

char const* usage() noexcept {
    return "usage: event-sourcing-bench [--json FILE] [--only NAME...] [--rounds N] [--seconds S] [--quick | --long]\n"
           "                            [--benchmark_*]\n"
           "       event-sourcing-bench --list\n"
           "\n"
           "  --json FILE   writes an array of {workload, clients, ours, baseline, baseline_name, ratio, unit, "
           "rounds};\n"
           "                without it a table goes to stdout\n"
           "  --only NAME   this workload (read/1000) or group of them (read) alone; may be repeated\n"
           "  --rounds N    how often each contender is measured, in turn; default 7\n"
           "  --seconds S   at least how long each time; default 0.05, on Postgres 0.4\n"
           "  --quick       one short round on little data: to see that everything works\n"
           "  --long        with what takes many minutes: postgres/growth\n"
           "  --list        the names of all workloads\n"
           "\n"
           "Further options that begin with --benchmark_ go to Google Benchmark. A ratio is ours / baseline of rates: "
           "above\n"
           "1 the library does more in the same time.\n"
           "\n"
           "The workloads postgres/... need a server: EVENT_SOURCING_TEST_DATABASE_URL says which; in it they make "
           "schemas\n"
           "of their own and drop them at the end. Without it they are left out; asked for by --only: status 4.\n";
}

Options parse(std::vector<std::string> const& arguments) {
    Options out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto const& option = arguments[i];
        auto const has_value = [&] { return i + 1 < arguments.size() && !arguments[i + 1].starts_with("--"); };
        auto const value = [&] {
            if (!has_value()) {
                throw UsageError{option + " wants a value"};
            }
            return arguments[++i];
        };
        if (option == "--json") {
            out.json = value();
        } else if (option == "--only") {
            out.only.push_back(value());
            while (has_value()) {
                out.only.push_back(value());
            }
        } else if (option == "--rounds") {
            out.rounds = number<std::size_t>(option, value(), 1);
        } else if (option == "--seconds") {
            out.seconds = number<double>(option, value(), 0.0);
        } else if (option == "--quick") {
            out.extent = Options::Extent::quick;
            out.rounds = 1;
        } else if (option == "--long") {
            out.extent = Options::Extent::full;
        } else if (option == "--list") {
            out.action = Options::Action::list;
        } else if (option == "--help" || option == "-h") {
            out.action = Options::Action::help;
            return out;
        } else if (option.starts_with("--benchmark_")) {
            std::string_view const name = std::string_view{option}.substr(0, option.find('='));
            for (auto const other : refused) {
                if (name == other) {
                    throw UsageError{std::string{name} +
                                     " is not for this program: use --only, --rounds, --list and --json"};
                }
            }
            out.benchmark.push_back(option);
        } else {
            throw UsageError{"unknown argument: " + option};
        }
    }
    return out;
}

}  // namespace event_sourcing::benchmarks
