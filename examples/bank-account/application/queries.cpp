#include "application/queries.hpp"

#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bank {

namespace es = event_sourcing;

std::optional<Balance> QueryHandlers::handle(BalanceQuery const& query) const {
    auto const account = query.at ? accounts_.load(query.account_id, *query.at) : accounts_.load(query.account_id);
    if (!account.state.open) {
        return std::nullopt;
    }
    return Balance{query.account_id, account.state.balance, account.version};
}

std::vector<HistoryEntry> QueryHandlers::handle(HistoryQuery const& query) const {
    std::vector<HistoryEntry> out;
    Account account;  // the balance after an event needs those before it, so they are read as well
    accounts_.history(query.account_id, {}, [&](Account::Event const& event, es::RecordedEventView const& record) {
        es::apply(account, event);
        if (record.version > query.after && out.size() < query.limit) {
            out.push_back({es::to_owned(record), account.balance});
        }
    });
    return out;
}

std::vector<Balance> QueryHandlers::handle(BalancesQuery const&) const {
    struct Folded {
        Account account;
        es::Version version;
    };
    std::map<std::string, Folded, std::less<>> accounts;
    auto const codec = es::default_codec<Account>();
    es::ReadAllOptions const all{.limit = std::numeric_limits<std::size_t>::max(),
                                 .filter = {.aggregate_types = {std::string{Account::aggregate_type}}}};
    store_->read_all(all, [&](es::RecordedEventView const& record) {
        auto account = accounts.find(record.aggregate_id);
        if (account == accounts.end()) {
            account = accounts.emplace(record.aggregate_id, Folded{}).first;
        }
        auto const decoded = codec->decode(record);
        if (auto const* const event = std::get_if<Account::Event>(&decoded)) {
            es::apply(account->second.account, *event);
        } else {
            throw es::CodecError{"event " + es::to_string(record.id) + " is of the type " +
                                 std::string{record.event_type} +
                                 ", which this program does not know: use the version that wrote it"};
        }
        account->second.version = record.version;
    });
    std::vector<Balance> out;
    out.reserve(accounts.size());
    for (auto const& [id, folded] : accounts) {
        out.push_back({id, folded.account.balance, folded.version});
    }
    return out;
}

}  // namespace bank
