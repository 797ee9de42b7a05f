// For the tests in shell, on the server of DATABASE_URL:
//   sql_tool sql STATEMENT        prints the rows, values apart by |
//   sql_tool url NAME=VALUE...    prints the address with some settings replaced
#include "server.hpp"
#include "sql.hpp"

#include <cstdlib>
#include <iostream>
#include <string>

int main(int argc, char** argv) try {
    auto const* const url = std::getenv("DATABASE_URL");
    std::string const action = argc > 1 ? argv[1] : "";
    if (url == nullptr || argc < 3) {
        std::cerr << "usage: DATABASE_URL=... sql_tool sql STATEMENT | url NAME=VALUE...\n";
        return 2;
    }
    if (action == "sql") {
        for (auto const& row : postgres_test::Sql{url}.run(argv[2])) {
            std::string line;
            for (auto const& value : row) {
                line.append(line.empty() ? "" : "|").append(value);
            }
            std::cout << line << '\n';
        }
        return 0;
    }
    std::string address = url;
    for (int i = 2; i < argc; ++i) {
        std::string const setting = argv[i];
        auto const equals = setting.find('=');
        address = postgres_test::with_settings(address, {{setting.substr(0, equals), setting.substr(equals + 1)}});
    }
    std::cout << address << '\n';
} catch (std::exception const& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
