#pragma once

#include "../harness.hpp"
#include "../options.hpp"

namespace event_sourcing::benchmarks::postgres {

void add_append_workloads(Workloads& to);
void add_read_workloads(Workloads& to);
void add_command_workloads(Workloads& to);
void add_growth_workloads(Workloads& to);

}  // namespace event_sourcing::benchmarks::postgres
