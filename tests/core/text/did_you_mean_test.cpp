// SPDX-License-Identifier: Apache-2.0
//
// Which names are offered in place of one that does not exist.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/core/text.hpp"

namespace kith::lab {
namespace {

TEST(did_you_mean, offers_the_nearest) {
  const std::vector<std::string_view> fields = {"name",     "surname", "phone", "email",
                                                "birthday", "балл",    "name",  "named",
                                                "address",  "города",  "город"};
  const std::vector<std::pair<std::string_view, std::string_view>> questions = {
      {"phnoe", "did you mean phone?"},
      {"PHONE", "did you mean phone?"},
      {"emial", "did you mean email?"},
      {"nmae", "did you mean name?"},
      {"nam", "did you mean name or named?"},
      {"nama", "did you mean name?"},
      {"birth", "did you mean birthday?"},
      {"adres", "did you mean address?"},
      {"adress", "did you mean address?"},
      {"бал", "did you mean балл?"},
      {"ГОРОТ", "did you mean город or города?"},
      {"горо", "did you mean город or города?"},
      {"turnover", ""},
      {"x", ""},
      {"", ""},
  };
  for (const auto& [wrong, question] : questions) {
    EXPECT_EQ(did_you_mean(wrong, fields), question) << wrong;
  }
}

TEST(did_you_mean, offers_at_most_three) {
  const std::vector<std::string_view> fields = {"price_net", "price_gross", "price", "prices",
                                                "prize"};
  EXPECT_EQ(did_you_mean("pric", fields), "did you mean price, prices or price_net?");
}

TEST(did_you_mean, takes_nothing_long_for_a_name) {
  const std::string longest(64, 'x');
  const std::string longer(65, 'x');
  const std::vector<std::string_view> names = {longest, longer};
  EXPECT_EQ(did_you_mean(std::string(63, 'x'), names), "did you mean " + longest + "?");
  EXPECT_EQ(did_you_mean(longer, names), "");
  EXPECT_EQ(did_you_mean(std::string(1 << 20, 'x'), names), "");
  EXPECT_EQ(did_you_mean("x", {}), "");
}

}  // namespace
}  // namespace kith::lab
