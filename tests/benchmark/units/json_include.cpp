#include <nlohmann/json.hpp>

int unit() { return 0; }
