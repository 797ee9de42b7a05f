#pragma once

namespace bank {

/// The program was asked to stop, by SIGINT or SIGTERM.
struct Stopped {
    int signal;
};

/// Lets the program stop at a place of its choice: signals are noted, and work asks between two steps.
class StopSignal {
public:
    /// From now on SIGINT and SIGTERM are noted; a second one of the same kind ends the program at once.
    static void install();

    /// @throws Stopped  a signal has come.
    static void check();
};

}  // namespace bank
