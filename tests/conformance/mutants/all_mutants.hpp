#pragma once

#include "mutant.hpp"

namespace mutants {

/// Every broken store.
[[nodiscard]] Mutants all_mutants();

}  // namespace mutants
