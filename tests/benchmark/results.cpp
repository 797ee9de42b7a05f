#include "results.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace event_sourcing::benchmarks {
namespace {

/// Four significant digits: what a run says, and no more.
[[nodiscard]] double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) {
        return value;
    }
    auto const scale = std::pow(10.0, 3 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

[[nodiscard]] std::string text(double value) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), value < 100 ? "%.3g" : "%.0f", value);
    return out.data();
}

}  // namespace

double median(std::vector<double> values) {
    auto const middle = values.size() / 2;
    std::ranges::sort(values);
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<Result> summarise(Workload const& workload, std::vector<std::string> const& baselines, Rates const& rates) {
    std::vector<Result> out;
    auto const& ours = rates.front();
    for (std::size_t i = 0; i < baselines.size(); ++i) {
        auto const& theirs = rates[i + 1];
        std::vector<double> ratios(ours.size());
        std::ranges::transform(ours, theirs, ratios.begin(), [](double a, double b) { return a / b; });
        out.push_back({.workload = workload.name,
                       .clients = workload.clients,
                       .ours = median(ours),
                       .baseline = median(theirs),
                       .baseline_name = baselines[i],
                       .ratio = median(std::move(ratios)),
                       .unit = workload.unit,
                       .rounds = ours.size()});
    }
    return out;
}

void write_json(std::ostream& to, std::vector<Result> const& results) {
    auto array = nlohmann::ordered_json::array();
    for (auto const& result : results) {
        array.push_back({{"workload", result.workload},
                         {"clients", result.clients},
                         {"ours", rounded(result.ours)},
                         {"baseline", rounded(result.baseline)},
                         {"baseline_name", result.baseline_name},
                         {"ratio", rounded(result.ratio)},
                         {"unit", result.unit},
                         {"rounds", result.rounds}});
    }
    to << array.dump(2) << '\n';
}

void write_table(std::ostream& to, std::vector<Result> const& results) {
    std::vector<std::vector<std::string>> rows{
        {"workload", "clients", "ours", "baseline", "unit", "ratio", "baseline is"}};
    for (auto const& result : results) {
        rows.push_back({result.workload, std::to_string(result.clients), text(result.ours), text(result.baseline),
                        result.unit, text(result.ratio), result.baseline_name});
    }
    std::vector<std::size_t> widths(rows.front().size());
    for (auto const& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    for (auto const& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            auto const padding = std::string(widths[i] - row[i].size(), ' ');
            bool const is_number = (i >= 1 && i <= 3) || i == 5;
            line += (i == 0 ? "" : "  ") + (is_number ? padding + row[i] : row[i] + padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        to << line << '\n';
    }
    to << "\nratio = ours / baseline, the median of the rounds' ratios: above 1 the library does more in the same "
          "time.\n";
}

}  // namespace event_sourcing::benchmarks
