#include "measure.hpp"
#include "settings.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace event_sourcing::benchmarks;

[[nodiscard]] Workloads all_workloads(Options const& options) {
    Workloads out;
    add_append_workloads(out);
    add_read_workloads(out);
    add_fold_workloads(out);
    add_command_workloads(out);
    add_codec_workloads(out);
    add_import_workloads(out);
    add_compile_workloads(out);
    std::ranges::stable_sort(out, {}, &Workload::clients);
    if constexpr (settings::postgres) {
        add_postgres_workloads(out, options);
    }
    return out;
}

/// Takes out what needs a server where there is none. @return  false: it was asked for by name, so nothing is measured.
[[nodiscard]] bool can_measure(Workloads& workloads, Options const& options) {
    auto const needs_server = [](Workload const& workload) { return workload.name.starts_with("postgres/"); };
    if constexpr (settings::postgres) {
        if (std::ranges::any_of(workloads, needs_server)) {
            if (auto const hindrance = postgres_hindrance(); !hindrance.empty()) {
                std::cerr << "event-sourcing-bench: no workloads postgres/...: " << hindrance << '\n';
                std::erase_if(workloads, needs_server);
                return options.only.empty();
            }
        }
    }
    return true;
}

/// Whether `name` is the workload's, or that of a group that it belongs to.
[[nodiscard]] bool answers_to(Workload const& workload, std::string const& name) {
    return workload.name == name || workload.name.starts_with(name + "/");
}

/// The workloads that were asked for. @throws UsageError  there is none of a name.
[[nodiscard]] Workloads wanted(Workloads workloads, std::vector<std::string> const& only) {
    for (auto const& name : only) {
        if (std::ranges::none_of(workloads, [&](auto const& workload) { return answers_to(workload, name); })) {
            throw UsageError{"there is no workload \"" + name + "\": --list names them all"};
        }
    }
    if (!only.empty()) {
        std::erase_if(workloads, [&](Workload const& workload) {
            return std::ranges::none_of(only, [&](auto const& name) { return answers_to(workload, name); });
        });
    }
    return workloads;
}

/// Hands Google Benchmark its options. @throws UsageError  it does not know one.
void initialize(std::vector<std::string> options) {
    std::string program = "event-sourcing-bench";
    std::vector<char*> arguments{program.data()};
    for (auto& option : options) {
        arguments.push_back(option.data());
    }
    auto count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    benchmark::Initialize(&count, arguments.data());
    if (count > 1) {
        throw UsageError{std::string{"Google Benchmark does not know "} + arguments[1]};
    }
}

int run(Options const& options) {
    auto workloads = wanted(all_workloads(options), options.only);
    if (options.action == Options::Action::list) {
        std::vector<std::string> names;
        for (auto const& workload : workloads) {
            if (std::ranges::find(names, workload.name) == names.end()) {
                names.push_back(workload.name);
                std::cout << workload.name << '\n';
            }
        }
        return 0;
    }
    initialize(options.benchmark);
    if (!can_measure(workloads, options)) {
        return 4;
    }
    if (!options.json.empty() && !std::ofstream{options.json, std::ios::app}) {
        std::cerr << options.json << ": cannot be written\n";
        return 3;
    }
    std::vector<Result> results;
    for (auto const& workload : workloads) {
        for (auto& result : measure(workload, options)) {
            results.push_back(std::move(result));
        }
    }
    if (options.json.empty()) {
        write_table(std::cout, results);
        return 0;
    }
    std::ofstream file{options.json};
    write_json(file, results);
    if (!file.flush()) {
        std::cerr << options.json << ": could not be written\n";
        return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        auto const options = parse({argv + 1, argv + argc});
        if (options.action == Options::Action::help) {
            std::cout << usage();
            return 0;
        }
        return run(options);
    } catch (UsageError const& error) {
        std::cerr << "event-sourcing-bench: " << error.what() << '\n' << usage();
        return 2;
    } catch (std::exception const& error) {
        std::cerr << "event-sourcing-bench: " << error.what() << '\n';
        return 1;
    }
}
