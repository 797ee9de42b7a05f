#include "subject.hpp"

namespace postgres_test {

using namespace event_sourcing;

namespace {

constexpr auto columns = "(id, aggregate_type, aggregate_id, version, event_type, data)";

AppendEntry entry(std::string_view aggregate, ExpectedVersion expected, NewEvent const& event) {
    return {.aggregate = {"Order", aggregate}, .expected = expected, .events = {&event, 1}};
}

}  // namespace

std::unique_ptr<Sql> session(TestSchema const& schema, Role role) {
    auto sql = std::make_unique<Sql>(schema.url(role));
    sql->run("set search_path = " + schema.name() + ", pg_catalog");
    return sql;
}

std::string insert_statement(std::string_view aggregate, std::int64_t version) {
    return std::string{"insert into event "} + columns + " values (gen_random_uuid(), 'Order', '" +
           std::string{aggregate} + "', " + std::to_string(version) + ", 'Happened', '{}')";
}

EntryResult Subject::append(std::string_view aggregate, ExpectedVersion expected) {
    return event_sourcing::append(store, {"Order", aggregate}, expected, {NewEvent{.event_type = "Happened"}});
}

EntryResult Subject::append(Transaction& transaction, std::string_view aggregate, ExpectedVersion expected) {
    NewEvent const event{.event_type = "Happened"};
    auto const one = entry(aggregate, expected, event);
    return store.append(transaction, {.entries = {&one, 1}}).entries.front();
}

std::vector<std::string> Subject::read_on(std::size_t page) {
    std::vector<std::string> seen;
    for (auto before = seen.size() + 1; before != seen.size();) {
        before = seen.size();
        cursor = reader.read_all({.after = cursor, .limit = page},
                                 [&seen](RecordedEventView const& event) { seen.emplace_back(event.aggregate_id); });
    }
    return seen;
}

std::string Subject::last_seen() const {
    std::string last;
    reader.read_all({.limit = 1, .direction = Direction::backward},
                    [&last](RecordedEventView const& event) { last = event.aggregate_id; });
    return last;
}

std::int64_t Subject::last_drawn() {
    return std::stoll(session(schema, Role::reader)->value("select last_value from event_position_seq"));
}

std::string to_string(Way way) {
    switch (way) {
        case Way::append: return "append";
        case Way::insert: return "insert";
        case Way::insert_select: return "insert_select";
        case Way::insert_on_conflict: return "insert_on_conflict";
        case Way::insert_in_with: return "insert_in_with";
        case Way::copy: return "copy";
        case Way::merge: return "merge";
        case Way::repeatable_read: return "repeatable_read";
        case Way::serializable: return "serializable";
        case Way::as_replica: break;
    }
    return "as_replica";
}

OpenWrite::OpenWrite(Subject& subject, Way way, std::string const& aggregate) : subject_{&subject}, way_{way} {
    if (way == Way::append) {
        transaction_.emplace(subject.writing.begin());
    } else {
        // Only a superuser may pose as a replica.
        sql_ = session(subject.schema, way == Way::as_replica ? Role::superuser : Role::writer);
        if (way == Way::as_replica) {
            sql_->run("set session_replication_role = replica");
        }
        sql_->run(way == Way::repeatable_read ? "begin isolation level repeatable read"
                  : way == Way::serializable  ? "begin isolation level serializable"
                                              : "begin");
        sql_->run("select pg_current_snapshot()");  // for those that keep it
    }
    write(aggregate);
}

void OpenWrite::write(std::string const& aggregate) {
    switch (way_) {
        case Way::append: subject_->append(*transaction_, aggregate); return;
        case Way::copy:
            sql_->copy(std::string{"copy event "} + columns + " from stdin",
                       event_sourcing::to_string(Uuid::v7()) + "\tOrder\t" + aggregate + "\t1\tHappened\t{}\n");
            return;
        case Way::insert_select:
            sql_->run(std::string{"insert into event "} + columns + " select gen_random_uuid(), 'Order', '" +
                      aggregate + "', v, 'Happened', '{}' from generate_series(1, 1) v");
            return;
        case Way::insert_on_conflict: sql_->run(insert_statement(aggregate) + " on conflict do nothing"); return;
        case Way::insert_in_with:
            sql_->run("with written as (" + insert_statement(aggregate) + " returning 1) select * from written");
            return;
        case Way::merge:
            sql_->run(
                std::string{"merge into event e using (select '"} + aggregate +
                "' a) given on e.aggregate_type = 'Order' and e.aggregate_id = given.a when not matched then insert " +
                columns + " values (gen_random_uuid(), 'Order', given.a, 1, 'Happened', '{}')");
            return;
        case Way::insert:
        case Way::repeatable_read:
        case Way::serializable:
        case Way::as_replica: sql_->run(insert_statement(aggregate)); return;
    }
}

void OpenWrite::commit() {
    if (transaction_) {
        transaction_->commit();
        transaction_.reset();
    } else {
        sql_->run("commit");
    }
}

void OpenWrite::roll_back() {
    transaction_.reset();
    if (sql_) {
        sql_->run("rollback");
    }
}

}  // namespace postgres_test
