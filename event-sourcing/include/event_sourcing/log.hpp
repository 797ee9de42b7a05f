#pragma once

#include <event_sourcing/namespace.hpp>

#include <functional>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// How much a line of the log matters.
enum class LogLevel : unsigned char {
    debug,    ///< for whoever looks into one run
    info,     ///< a change of state: started, caught up, stopped
    warning,  ///< handled, yet worth a look: a retry, a snapshot ignored
    error,    ///< something is lost for the caller until somebody acts
};

/// Where one object writes its log, set in its options; empty, as by default, means silence. There is no global log.
///
/// Thread safety: called from every thread of the object. Must not throw, and must not call the object back.
using LogSink = std::function<void(LogLevel, std::string_view)>;

namespace detail {

inline void log(LogSink const& sink, LogLevel level, std::string_view line) {
    if (sink) {
        sink(level, line);
    }
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
