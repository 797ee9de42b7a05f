#include <event_sourcing/detail/base64.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace {

using event_sourcing::detail::base64_decode;
using event_sourcing::detail::base64_encode;

TEST(Base64, MatchesTheVectorsOfTheRfc) {
    std::array<std::pair<std::string, std::string>, 7> const vectors{{{"", ""},
                                                                      {"f", "Zg=="},
                                                                      {"fo", "Zm8="},
                                                                      {"foo", "Zm9v"},
                                                                      {"foob", "Zm9vYg=="},
                                                                      {"fooba", "Zm9vYmE="},
                                                                      {"foobar", "Zm9vYmFy"}}};
    for (auto const& [bytes, text] : vectors) {
        EXPECT_EQ(base64_encode(bytes), text);
        EXPECT_EQ(base64_decode(text), bytes);
    }
    EXPECT_EQ(base64_encode("\xFB\xFF\xFE"), "+//+");
}

TEST(Base64, RoundTripsEveryByteAtEveryLength) {
    std::string bytes;
    for (int i = 0; i < 600; ++i) {
        ASSERT_EQ(base64_decode(base64_encode(bytes)), bytes);
        bytes += static_cast<char>(static_cast<unsigned char>(i * 7 + i / 256));
    }
}

TEST(Base64, RefusesEveryOtherText) {
    for (std::string const text : {"Z", "Zg", "Zg=", "Zg===", "Zg==\n", "Zm9v\n", " Zm9", "Z===", "====", "==",
                                   "Zg==Zg==", "Zm9=v", "-__-", "Zh==", "Zm9=", "Zm9/Zm9=", "Zm\xC3\xA9"}) {
        EXPECT_EQ(base64_decode(text), std::nullopt) << text;
    }
    EXPECT_EQ(base64_decode(std::string("Zm9\0", 4)), std::nullopt);
}

}  // namespace
