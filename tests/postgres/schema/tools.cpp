#include "tools.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace postgres_test {
namespace {

namespace fs = std::filesystem;

/// Debian has them by version; elsewhere they are on the path.
std::string path_of(std::string const& tool) {
    int newest = 0;
    if (fs::path const debian{"/usr/lib/postgresql"}; fs::is_directory(debian)) {
        for (auto const& version : fs::directory_iterator{debian}) {
            auto const number = version.path().filename().string();
            if (fs::exists(version.path() / "bin" / tool) &&
                std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; })) {
                newest = std::max(newest, std::stoi(number));
            }
        }
        if (newest != 0) {
            return (debian / std::to_string(newest) / "bin" / tool).string();
        }
    }
    return tool;
}

std::string quoted_for_shell(std::string const& text) {
    std::string out = "'";
    for (char const c : text) {
        out += c == '\'' ? "'\\''" : std::string{c};
    }
    return out + "'";
}

}  // namespace

std::string run_tool(std::string const& tool, std::vector<std::string> const& arguments) {
    auto command = quoted_for_shell(path_of(tool));
    for (auto const& argument : arguments) {
        command += " " + quoted_for_shell(argument);
    }
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{::popen((command + " 2>&1").c_str(), "r"), ::pclose};
    if (!pipe) {
        throw std::runtime_error{"cannot run " + tool};
    }
    std::string output;
    std::array<char, 4096> buffer{};
    while (auto const size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
        output.append(buffer.data(), size);
    }
    if (::pclose(pipe.release()) != 0) {
        throw std::runtime_error{tool + " failed: " + output};
    }
    return output;
}

std::string definition_of(std::string const& url, std::string const& schema) {
    auto const dump = run_tool("pg_dump", {"--schema-only", "--no-owner", "--schema=" + schema, "--dbname=" + url});
    std::string out;
    std::istringstream lines{dump};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("\\restrict") || line.starts_with("\\unrestrict")) {
            continue;  // a random word of newer versions
        }
        for (auto at = line.find(schema); at != std::string::npos; at = line.find(schema, at)) {
            line.replace(at, schema.size(), "SCHEMA");
        }
        out += line + "\n";
    }
    return out;
}

}  // namespace postgres_test
