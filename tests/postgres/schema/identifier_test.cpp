#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/database.hpp>
#include <event_sourcing/postgres/schema.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace event_sourcing;

TEST(Identifier, NamesOnTheListAreTaken) {
    for (std::string const& name :
         {std::string{"public"}, std::string{"_"}, std::string{"a1_b2"}, std::string(63, 'x')}) {
        EXPECT_NO_THROW((PostgresDatabase{{.schema = name}})) << name;
        EXPECT_NE(postgres_schema_sql(name).find('"' + name + '"'), std::string::npos);
    }
}

TEST(Identifier, AnyOtherNameIsRefusedBeforeItReachesAServer) {
    for (std::string const& name :
         {std::string{}, std::string(64, 'x'), std::string{"1st"}, std::string{"Events"}, std::string{"a-b"},
          std::string{"a b"}, std::string{"a.b"}, std::string{"a\"b"}, std::string{"a'b"}, std::string{"a;b"},
          std::string{"a\\b"}, std::string{"\"a\""}, std::string{"a\0b", 3}, std::string{"a\n"},
          std::string{"\xC3\xA4"}, std::string{"$user"}, std::string{"x\"; drop schema public cascade; --"}}) {
        EXPECT_THROW((PostgresDatabase{{.schema = name}}), InvalidArgument) << name;
        EXPECT_THROW(static_cast<void>(postgres_schema_sql(name)), InvalidArgument) << name;
        EXPECT_THROW(static_cast<void>(postgres_roles_sql(name, "service")), InvalidArgument) << name;
        if (!name.empty()) {  // then the roles are `_writer` and so on
            EXPECT_THROW(static_cast<void>(postgres_roles_sql("public", name)), InvalidArgument) << name;
        }
    }
}

TEST(Identifier, RolePrefixLeavesRoomForTheLongestRole) {
    auto const longest = 63 - std::string{"_replication"}.size();
    EXPECT_NO_THROW(static_cast<void>(postgres_roles_sql("public", std::string(longest, 'p'))));
    EXPECT_THROW(static_cast<void>(postgres_roles_sql("public", std::string(longest + 1, 'p'))), InvalidArgument);
}

}  // namespace
