#pragma once

#include "application/queries.hpp"
#include "domain/refusal.hpp"
#include "infrastructure/import_report.hpp"

#include <event_sourcing/event_envelope.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace bank {

/// How the tour looks: plain lines, with a little weight on a terminal.
class DemoPage {
public:
    /// Writes to `out`, which must outlive it.
    explicit DemoPage(std::FILE* out);

    void title(std::string const& text);
    void step(std::string const& text);
    void text(std::string const& text);

    void command(std::string const& what);
    void event(event_sourcing::RecordedEventView const& event);
    void refused(Refusal const& refusal);
    void replayed();
    void state(Balance const& balance);

    void sql(std::string const& statement);
    void row(std::vector<std::string> const& values);
    void database_refused(std::string const& reason);

    void history(HistoryEntry const& entry);
    void imported(ImportReport const& report);
    void balance(Balance const& balance);

private:
    void bold(std::string const& text);
    void line(std::string const& label, std::string const& text);

    std::FILE* out_;
    bool terminal_;
    int steps_ = 0;
};

}  // namespace bank
