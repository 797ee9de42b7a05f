#include "all_mutants.hpp"

#include "append_mutants.hpp"
#include "concurrency_mutants.hpp"
#include "fidelity_mutants.hpp"
#include "global_order_mutants.hpp"
#include "idempotency_mutants.hpp"
#include "read_mutants.hpp"
#include "snapshot_mutants.hpp"

namespace mutants {

Mutants all_mutants() {
    Mutants all;
    for (auto const list : {append_mutants, idempotency_mutants, concurrency_mutants, read_mutants,
                            global_order_mutants, limit_mutants, fidelity_mutants, snapshot_mutants}) {
        auto const mutants = list();
        all.insert(all.end(), mutants.begin(), mutants.end());
    }
    return all;
}

}  // namespace mutants
