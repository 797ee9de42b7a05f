#include <event_sourcing/event_sourcing.hpp>

int unit() { return 0; }
