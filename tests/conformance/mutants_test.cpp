// A broken store must be refused: each mutant runs through the whole suite, and the cases that it names must refuse it.

#include "mutants/all_mutants.hpp"
#include "mutants/judge.hpp"

#include <cstdio>
#include <set>

namespace mutants {
namespace {

class MutantTest : public ::testing::Test {
public:
    explicit MutantTest(Mutant mutant) : mutant_{std::move(mutant)} {}

    void TestBody() override {
        std::set<std::string_view> refusing;
        std::string line = std::string{mutant_.name} + ": " + std::string{mutant_.what} + "; refused by";
        for (auto const& one : all_cases()) {
            if (refusal(one, mutant_.make)) {
                refusing.insert(one.id);
                line.append(" ").append(one.id);
            }
        }
        std::printf("%s\n", line.c_str());
        ASSERT_FALSE(mutant_.refused_by.empty());
        for (auto const& id : mutant_.refused_by) {
            EXPECT_TRUE(refusing.contains(id)) << id << " passes a store that " << mutant_.what;
        }
    }

private:
    Mutant mutant_;
};

}  // namespace
}  // namespace mutants

int main(int argc, char** argv) {
    for (auto const& mutant : mutants::all_mutants()) {
        auto const name = std::string{mutant.name} + "IsRefused";
        ::testing::RegisterTest("Mutants", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                [mutant] { return new mutants::MutantTest{mutant}; });
    }
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
