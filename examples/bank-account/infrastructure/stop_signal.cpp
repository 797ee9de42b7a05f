#include "infrastructure/stop_signal.hpp"

#include <csignal>

namespace bank {
namespace {

std::sig_atomic_t volatile noted = 0;

extern "C" void note(int signal) { noted = signal; }

}  // namespace

void StopSignal::install() {
    struct sigaction action{};
    action.sa_handler = note;
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // without SA_RESTART: a read that waits comes back
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

void StopSignal::check() {
    if (int const signal = noted; signal != 0) {
        throw Stopped{signal};
    }
}

}  // namespace bank
