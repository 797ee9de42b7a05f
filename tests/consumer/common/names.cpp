#include <event_sourcing/version.hpp>

int main() { return event_sourcing::Version{} == event_sourcing::Version{} ? 0 : 1; }
