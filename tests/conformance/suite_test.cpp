// The suite about itself: nothing is left out of a run, ids are used once, a healthy store passes, and every case can
// fail.

#include "mutants/all_mutants.hpp"
#include "mutants/judge.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

namespace mutants {
namespace {

TEST(Suite, HealthyStorePassesEveryCase) {
    for (auto const& one : all_cases()) {
        auto const refused = refusal(one, [] { return std::make_unique<Fixture>(); });
        EXPECT_FALSE(refused) << one.id << " " << one.name << ": " << *refused;
    }
}

TEST(Suite, IdsAreWellFormedAndUsedOnce) {
    std::set<std::string_view> seen;
    std::regex const form{"^[A-Z][0-9]{2}$"};
    for (auto const& one : all_cases()) {
        EXPECT_TRUE(std::regex_match(std::string{one.id}, form)) << one.id;
        EXPECT_TRUE(seen.insert(one.id).second) << one.id << " is used twice";
    }
}

TEST(Suite, NamesAreSentencesInPascalCaseAndUsedOnceInAGroup) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    std::regex const form{"^[A-Z][A-Za-z0-9]{7,}$"};
    for (auto const& one : all_cases()) {
        EXPECT_TRUE(std::regex_match(std::string{one.name}, form)) << one.id << " " << one.name;
        EXPECT_TRUE(seen.emplace(one.group, one.name).second) << one.id << " " << one.name << " is used twice";
    }
}

TEST(Suite, EachGroupHasANameALetterAndCases) {
    std::map<char, std::string_view> groups;
    for (auto const& cases : groups_of_cases()) {
        ASSERT_FALSE(cases.empty());
        EXPECT_TRUE(groups.emplace(cases.front().id.front(), cases.front().group).second) << cases.front().group;
        for (auto const& one : cases) {
            EXPECT_EQ(one.group, cases.front().group) << one.id;
            EXPECT_EQ(one.id.front(), cases.front().id.front()) << one.id;
            EXPECT_NE(one.run, nullptr) << one.id;
        }
    }
}

TEST(Suite, IdsRiseWithinAGroup) {
    for (auto const& cases : groups_of_cases()) {
        EXPECT_TRUE(std::ranges::is_sorted(cases, {}, &conformance::Case::id)) << cases.front().group;
    }
}

/// The groups are listed by hand; this finds a header of cases that was forgotten there.
TEST(Suite, EveryHeaderOfCasesIsAGroup) {
    std::size_t headers = 0;
    for (auto const& file : std::filesystem::directory_iterator{CONFORMANCE_HEADERS}) {
        auto const name = file.path().filename().string();
        headers += name.ends_with("_cases.hpp") && name != "event_store_cases.hpp" ? 1U : 0U;
    }
    EXPECT_EQ(groups_of_cases().size(), headers);
}

TEST(Suite, EveryCaseOfEveryGroupIsInTheTotal) {
    std::size_t sum = 0;
    for (auto const& cases : groups_of_cases()) {
        sum += cases.size();
    }
    EXPECT_EQ(all_cases().size(), sum);
}

/// Cases that no mutant can reach, with the reason. Kept empty if at all possible.
std::map<std::string_view, std::string_view> const not_shown_to_fail{};

TEST(Suite, EveryCaseIsShownToFail) {
    std::set<std::string_view> shown;
    std::set<std::string_view> known;
    for (auto const& mutant : all_mutants()) {
        shown.insert(mutant.refused_by.begin(), mutant.refused_by.end());
    }
    for (auto const& one : all_cases()) {
        known.insert(one.id);
        EXPECT_TRUE(shown.contains(one.id) || not_shown_to_fail.contains(one.id))
            << one.id << " " << one.name << ": no mutant is refused by it";
    }
    EXPECT_TRUE(std::ranges::includes(known, shown)) << "a mutant names a case that does not exist";
}

TEST(Suite, MutantsHaveNamesOfTheirOwn) {
    std::set<std::string_view> seen;
    for (auto const& mutant : all_mutants()) {
        EXPECT_TRUE(seen.insert(mutant.name).second) << mutant.name;
    }
}

}  // namespace
}  // namespace mutants
