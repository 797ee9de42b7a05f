// Holds check_json against the parser that reads after it, for libFuzzer:
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -I event-sourcing/include
//       tests/fuzz/strict_json_fuzz.cpp -o strict_json_fuzz
//   ./strict_json_fuzz -max_total_time=30
// What check_json accepts, the parser reads; what the parser reads, check_json accepts, unless a rule that is stricter
// than the grammar says otherwise. The reader of members sees the same members as the parser.

#include <event_sourcing/detail/json_members.hpp>
#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/strict_json.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t max_depth = 8;

[[noreturn]] void disagree(std::string_view reason, std::string_view text) {
    std::cerr << reason << ": " << text << '\n';
    std::abort();
}

/// What the parser makes of a text, and whether one of the stricter rules forbids it.
class Observer : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, string_t const&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override {
        keys_.emplace_back();
        return open();
    }
    bool key(string_t& name) override {
        forbidden = !keys_.back().insert(name).second || forbidden;
        return true;
    }
    bool end_object() override {
        keys_.pop_back();
        --depth_;
        return true;
    }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override {
        --depth_;
        return true;
    }
    bool parse_error(std::size_t, std::string const&, nlohmann::json::exception const& e) override {
        out_of_range = e.id == 406;
        return false;
    }

    bool forbidden = false;     ///< A repeated key, or too deep.
    bool out_of_range = false;  ///< A number beyond the range of a double.

private:
    bool open() {
        forbidden = ++depth_ > max_depth || forbidden;
        return true;
    }

    std::size_t depth_ = 0;
    std::vector<std::set<std::string>> keys_;
};

void compare_members(std::string_view text) {
    auto const tree = nlohmann::json::parse(text);
    if (!tree.is_object()) {
        return;
    }
    std::size_t count = 0;
    for (event_sourcing::detail::JsonMembers members{text}; members.next(); ++count) {
        auto const found = tree.find(std::string{members.key()});
        if (found == tree.end() || nlohmann::json::parse(members.value()) != *found) {
            disagree("another member", text);
        }
        if (found->is_string() && event_sourcing::detail::json_string(members.value()) != found->get<std::string>()) {
            disagree("another string", text);
        }
    }
    if (count != tree.size()) {
        disagree("another number of members", text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    bool accepted = true;
    try {
        event_sourcing::check_json(text, {.bytes = 4096, .depth = max_depth});
    } catch (event_sourcing::InvalidArgument const&) {
        accepted = false;
    }
    Observer observer;
    bool const parsed = nlohmann::json::sax_parse(text, &observer);
    if (accepted && !parsed && !observer.out_of_range) {
        disagree("accepted, yet not parsed", text);
    }
    if (accepted && observer.forbidden) {
        disagree("accepted against a stricter rule", text);
    }
    bool const mark = text.starts_with("\xEF\xBB\xBF");          // the parser skips it
    bool const nul = text.find('\0') != std::string_view::npos;  // the parser takes it for the end
    if (!accepted && parsed && !observer.forbidden && !mark && !nul && size <= 4096) {
        disagree("parsed, yet not accepted", text);
    }
    if (accepted && parsed) {
        compare_members(text);
    }
    if (event_sourcing::detail::is_valid_utf8(text)) {
        auto const quoted = event_sourcing::json_quote(text);
        event_sourcing::check_json(quoted, {.bytes = quoted.size()});
        if (event_sourcing::detail::json_string(quoted) != std::string{text}) {
            disagree("quoted to another text", text);
        }
    }
    return 0;
}
