#include "harness.hpp"
#include "options.hpp"
#include "results.hpp"
#include "settings.hpp"

#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

namespace event_sourcing::benchmarks {
namespace {

/// A word of a shell command.
[[nodiscard]] std::string quoted(std::string const& text) {
    std::string out = "'";
    for (char const c : text) {
        c == '\'' ? out += "'\\''" : out += c;
    }
    return out + "'";
}

/// Runs the script and takes the seconds from its lines "round <ours> <baseline>"; gives them as units a second.
[[nodiscard]] Rates compile(char const* unit, std::size_t rounds) {
    std::ostringstream command;
    command << "CXX=" << quoted(settings::compiler) << " INCLUDES=" << quoted(settings::includes) << " bash "
            << quoted(settings::compile_script) << " --raw " << unit << ' ' << rounds;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const pipe{popen(command.str().c_str(), "r"), &pclose};
    if (!pipe) {
        throw std::runtime_error{"the compile times cannot be measured: no shell"};
    }
    Rates rates(2);
    double ours = 0;
    double baseline = 0;
    while (std::fscanf(pipe.get(), " round %lf %lf", &ours, &baseline) == 2) {
        rates[0].push_back(1 / ours);
        rates[1].push_back(1 / baseline);
    }
    if (rates[0].size() != rates[1].size() || rates[0].size() != rounds) {
        throw std::runtime_error{"the compile times were not measured: run " + std::string{settings::compile_script}};
    }
    return rates;
}

}  // namespace

void add_compile_workloads(Workloads& to) {
    auto const add = [&to](char const* name, char const* unit, char const* baseline) {
        to.push_back(
            {.name = name, .unit = "units/s", .by_itself = [=](Workload const& workload, Options const& options) {
                 return summarise(workload, {baseline}, compile(unit, options.rounds));
             }});
    };
    add("compile/include", "include", "a unit with nlohmann/json.hpp alone");
    add("compile/use", "use", "the same structs with nlohmann/json.hpp alone");
}

}  // namespace event_sourcing::benchmarks
