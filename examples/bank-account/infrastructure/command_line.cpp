#include "infrastructure/command_line.hpp"

#include "embedded.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace bank {
namespace {

/// What CLI11 fills in: texts, checked and turned into types afterwards.
struct Texts {
    std::string store = "memory";
    std::optional<std::string> database_url;
    std::optional<std::string> database_schema;
    bool no_migrate = false;
    std::vector<std::string> files;
    std::string overdraft_limit = "0";
    std::string progress = "auto";
    std::optional<std::string> aggregate;
    std::string after = "0";
    std::optional<std::string> limit;
    std::string from = "events";
    std::string stream = "store";
    std::string host = "127.0.0.1";
    std::string port = "8000";
    std::string schema_action;
    bool roles = false;
    std::optional<std::string> role_prefix;
    bool verify = false;
    bool json = false;
    bool until_caught_up = false;
};

template <class Integer>
[[nodiscard]] Integer to_number(std::string const& text, std::string const& option, std::string const& usage) {
    Integer value{};
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < 0) {
        throw UsageError{option + " wants a whole number from 0, not \"" + text + "\"", usage};
    }
    return value;
}

[[nodiscard]] AggregateName to_aggregate(std::string const& text, std::string const& usage) {
    auto const slash = text.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == text.size()) {
        throw UsageError{"--aggregate wants TYPE/ID, like BankAccount/bakery, not \"" + text + "\"", usage};
    }
    return {text.substr(0, slash), text.substr(slash + 1)};
}

CLI::App* add_action(CLI::App& app, Texts& texts, std::string const& name, std::string const& description) {
    auto* const action = app.add_subcommand(name, description);
    action->add_option("--store", texts.store, "Where the events are")
        ->check(CLI::IsMember({"memory", "postgres"}))
        ->capture_default_str();
    return action;
}

/// CLI11 by itself takes an empty text for none at all.
CLI::Option* add_text(CLI::App& action, std::string const& name, std::optional<std::string>& text,
                      std::string const& description) {
    return action.add_option_function<std::string>(
        name, [&text](std::string const& given) { text = given; }, description);
}

void add_files(CLI::App& action, Texts& texts) {
    action.add_option("FILE", texts.files, "Transactions: .csv or .csv.gz")->type_name("");
    action
        .add_option("--overdraft-limit", texts.overdraft_limit,
                    "Of each account that is opened: unlimited, or a number")
        ->capture_default_str();
    action.add_option("--progress", texts.progress, "On stderr")
        ->check(CLI::IsMember({"auto", "never"}))
        ->capture_default_str();
}

/// A password on the command line can be seen by everyone on the machine, so the environment is the ordinary way.
void add_database(CLI::App& action, Texts& texts) {
    add_text(action, "--database-url", texts.database_url,
             "Of Postgres, instead of $DATABASE_URL: postgresql://USER@HOST:PORT/DATABASE. Others can see the command "
             "line, so leave a password to $DATABASE_URL or ~/.pgpass")
        ->type_name("URL");
    add_text(action, "--database-schema", texts.database_schema,
             "Where its tables are, instead of $DATABASE_SCHEMA (default: public)")
        ->type_name("NAME");
}

void add_no_migrate(CLI::App& action, Texts& texts) {
    action.add_flag("--no-migrate", texts.no_migrate, "Never create or upgrade its tables, check them only");
}

void add_stream(CLI::App& action, Texts& texts) {
    action.add_option("--stream", texts.stream, "Where the read model hears of events")
        ->check(CLI::IsMember({"store", "kafka"}))
        ->capture_default_str();
}

[[nodiscard]] std::string environment(char const* name) {
    auto const* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody else runs yet
    return value == nullptr ? std::string{} : std::string{value};
}

[[nodiscard]] StoreOptions to_store(Texts const& texts, std::string const& usage) {
    StoreOptions out;
    if (texts.store == "memory") {
        for (auto const& [given, option] : {std::pair{texts.database_url.has_value(), "--database-url"},
                                            std::pair{texts.database_schema.has_value(), "--database-schema"},
                                            std::pair{texts.no_migrate, "--no-migrate"}}) {
            if (given) {
                throw UsageError{std::string{option} + " is for --store postgres", usage};
            }
        }
        return out;
    }
    out.kind = StoreKind::postgres;
    out.database_url = texts.database_url ? *texts.database_url : environment("DATABASE_URL");
    if (auto schema = texts.database_schema ? *texts.database_schema : environment("DATABASE_SCHEMA");
        texts.database_schema || !schema.empty()) {
        out.schema = std::move(schema);
    }
    out.migration = texts.no_migrate ? StoreOptions::Migration::never : StoreOptions::Migration::at_first_use;
    return out;
}

/// What an action says about its files: memory is empty without them, and a server has its events already.
void check_files(Action action, CommandLine const& line) {
    bool const memory = line.store.kind == StoreKind::memory;
    if (line.files.empty() && action == Action::import) {
        throw UsageError{"FILE is missing: say what to import", line.usage};
    }
    if (line.files.empty() && memory && (action == Action::events || action == Action::balances)) {
        throw UsageError{"FILE is missing: the memory is empty at first, so say what to import", line.usage};
    }
    if (!line.files.empty() && !memory && action != Action::import) {
        throw UsageError{"FILE is for --store memory: Postgres shows what is stored there, so import first",
                         line.usage};
    }
}

void read_schema_action(CommandLine& line, Texts const& texts) {
    using enum CommandLine::SchemaAction;
    line.schema_action = texts.schema_action == "migrate" ? migrate : texts.schema_action == "check" ? check : print;
    if (texts.roles) {
        if (line.schema_action != print) {
            throw UsageError{"--roles is for schema print", line.usage};
        }
        line.role_prefix = texts.role_prefix.value_or("bank");
    }
}

[[nodiscard]] CommandLine to_command_line(Action action, Texts const& texts, std::string usage) {
    CommandLine out{.action = action, .usage = std::move(usage)};
    out.store = to_store(texts, out.usage);
    out.files = texts.files;
    out.import.overdraft_limit =
        texts.overdraft_limit == "unlimited"
            ? std::nullopt
            : std::optional{to_number<Money>(texts.overdraft_limit, "--overdraft-limit", out.usage)};
    out.import.verify = texts.verify ? Verify::each_row : Verify::no;
    out.progress = texts.progress == "auto" ? Progress::Style::automatic : Progress::Style::never;
    out.report = texts.json ? CommandLine::Report::json : CommandLine::Report::summary;
    if (texts.aggregate) {
        out.aggregate = to_aggregate(*texts.aggregate, out.usage);
    }
    out.after = event_sourcing::Position{to_number<std::int64_t>(texts.after, "--after", out.usage)};
    if (texts.limit) {
        out.limit = static_cast<std::size_t>(to_number<std::int64_t>(*texts.limit, "--limit", out.usage));
    }
    check_files(action, out);
    if (texts.from == "read-model") {
        throw UsageError{out.store.kind == StoreKind::memory ? "--from read-model: --store memory has no read model"
                                                             : "--from read-model is not in this version yet",
                         out.usage};
    }
    read_schema_action(out, texts);
    static_cast<void>(to_number<std::uint16_t>(texts.port, "--port", out.usage));
    return out;
}

}  // namespace

CommandLine parse_command_line(int argc, char const* const* argv) {
    Texts texts;
    CLI::App app{"A bank that keeps events: every balance is folded from what happened.", "bank-account"};
    app.set_version_flag("--version", "bank-account " + std::string{program_version});
    app.require_subcommand(1);

    auto* const import = add_action(app, texts, "import", "Send each row of files of transactions as a command");
    add_files(*import, texts);
    import->add_flag("--verify", texts.verify, "Compare the balance after every row with the file's");
    import->add_flag("--json", texts.json, "Report as one JSON object");
    add_database(*import, texts);
    add_no_migrate(*import, texts);

    auto* const events = add_action(app, texts, "events", "Print stored events, one JSON object a line");
    add_files(*events, texts);
    add_text(*events, "--aggregate", texts.aggregate, "Only the history of one")->type_name("TYPE/ID");
    events->add_option("--after", texts.after, "Only events behind this position")->type_name("P");
    add_text(*events, "--limit", texts.limit, "At most so many")->type_name("N");
    add_database(*events, texts);
    add_no_migrate(*events, texts);

    auto* const balances =
        add_action(app, texts, "balances", "Print the balance of every account, one JSON object a line");
    add_files(*balances, texts);
    balances->add_option("--from", texts.from, "Fold the events, or ask the read model")
        ->check(CLI::IsMember({"events", "read-model"}))
        ->capture_default_str();
    add_database(*balances, texts);
    add_no_migrate(*balances, texts);

    auto* const demo = add_action(app, texts, "demo",
                                  "Show event sourcing step by step; on Postgres in a schema of its own, which is "
                                  "dropped at the end");
    add_text(*demo, "--database-url", texts.database_url, "Of Postgres, instead of $DATABASE_URL")->type_name("URL");

    auto* const serve = add_action(app, texts, "serve", "Serve HTTP (not in this version)");
    serve->add_option("--host", texts.host)->capture_default_str();
    serve->add_option("--port", texts.port)->capture_default_str();
    add_stream(*serve, texts);

    auto* const project = add_action(app, texts, "project", "Feed the read model (needs --store postgres)");
    project->add_flag("--until-caught-up", texts.until_caught_up, "Stop where the store ended at the start");
    add_stream(*project, texts);
    auto* const rebuild = add_action(app, texts, "rebuild", "Make the read model anew (needs --store postgres)");
    auto* const schema =
        add_action(app, texts, "schema", "Print, migrate or check the tables (needs --store postgres)");
    schema->add_option("ACTION", texts.schema_action)->check(CLI::IsMember({"print", "migrate", "check"}))->required();
    auto* const roles = schema->add_option_function<std::vector<std::string>>(
        "--roles",
        [&texts](std::vector<std::string> const& prefix) {
            texts.roles = true;
            if (!prefix.empty() && !prefix.front().empty()) {
                texts.role_prefix = prefix.front();
            }
        },
        "Print the rights of the roles PREFIX_writer, PREFIX_reader and PREFIX_replication instead (default: bank)");
    roles->type_name("PREFIX")->expected(0, 1);
    add_database(*schema, texts);
    auto* const parked =
        add_action(app, texts, "parked", "List events set aside by the read model (needs --store postgres)");
    auto* const why_stuck =
        add_action(app, texts, "why-stuck", "Say what holds the read model back (needs --store postgres)");
    why_stuck->add_flag("--json", texts.json, "Report as one JSON object");

    try {
        app.parse(argc, argv);
    } catch (CLI::CallForHelp const&) {
        throw Help{app.help()};
    } catch (CLI::CallForVersion const&) {
        throw Help{app.version() + "\n"};
    } catch (CLI::ParseError const& error) {
        if (auto const unknown = app.remaining(); app.get_subcommands().empty() && !unknown.empty()) {
            throw UsageError{"unknown argument: " + unknown.front(), app.help()};
        }
        throw UsageError{error.what(), app.help()};
    }

    std::pair<CLI::App const*, Action> const actions[] = {
        {import, Action::import}, {events, Action::events},      {balances, Action::balances}, {demo, Action::demo},
        {serve, Action::serve},   {project, Action::project},    {rebuild, Action::rebuild},   {schema, Action::schema},
        {parked, Action::parked}, {why_stuck, Action::why_stuck}};
    for (auto const& [parsed, action] : actions) {
        if (*parsed) {
            return to_command_line(action, texts, app.help());
        }
    }
    throw UsageError{"a command is missing", app.help()};
}

}  // namespace bank
