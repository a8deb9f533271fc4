// SPDX-License-Identifier: Apache-2.0
//
// What an error says and how it is carried.
#include "kith/core/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <utility>

namespace kith {
namespace {

static_assert(std::is_nothrow_copy_constructible_v<error>);
static_assert(std::is_nothrow_copy_assignable_v<error>);
static_assert(std::is_base_of_v<std::exception, error>);

violation missing(std::string entity, std::string field, std::string message) {
  return {std::move(entity), std::move(field), "required", "", std::move(message)};
}

TEST(error_code_table, has_every_number_once_and_in_order) {
  std::int32_t number = 0;
  for (const error_code_row& row : error_codes()) {
    EXPECT_EQ(static_cast<std::int32_t>(row.code), ++number);
  }
  EXPECT_EQ(number, static_cast<std::int32_t>(error_code::model));
}

TEST(error_code_table, names_differ_and_meanings_are_one_sentence) {
  std::set<std::string_view> names;
  for (const error_code_row& row : error_codes()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(name_of(row.code), row.name);
    EXPECT_EQ(row.meaning.find('.'), row.meaning.size() - 1) << row.name;
  }
}

TEST(error_code_table, names_are_the_enumerators) {
  EXPECT_EQ(name_of(error_code::not_found), "not_found");
  EXPECT_EQ(name_of(error_code::outcome_unknown), "outcome_unknown");
  EXPECT_EQ(name_of(error_code::model), "model");
}

TEST(error_code_table, an_unknown_number_has_a_name_too) {
  for (const int number : {0, -1, 27, 1'000'000}) {
    EXPECT_EQ(name_of(static_cast<error_code>(number)), "unknown") << number;
  }
}

TEST(error, what_is_code_and_message) {
  const error e(error_code::not_found, "there is no client 7", {"client", 7, "name"});
  EXPECT_STREQ(e.what(), "not_found: there is no client 7");
  EXPECT_EQ(e.code(), error_code::not_found);
  EXPECT_EQ(e.message(), "there is no client 7");
  EXPECT_EQ(e.entity(), "client");
  EXPECT_EQ(e.record(), 7);
  EXPECT_EQ(e.field(), "name");
  EXPECT_TRUE(e.violations().empty());
}

TEST(error, need_not_be_about_anything) {
  const error e(error_code::full, "the disk is full");
  EXPECT_EQ(e.entity(), "");
  EXPECT_EQ(e.record(), 0);
  EXPECT_EQ(e.field(), "");
}

TEST(error, copies_share_their_content) {
  const error original(error_code::busy, "another writer holds the store");
  const error copy = original;
  EXPECT_EQ(&copy.message(), &original.message());
  EXPECT_EQ(copy.what(), original.what());
}

TEST(error, says_the_same_after_being_moved_from) {
  error original(error_code::busy, "another writer holds the store");
  const error target = std::move(original);
  EXPECT_STREQ(original.what(), target.what());  // NOLINT: that is the test
}

TEST(error, of_violations_lists_them_all) {
  const struct {
    violation_list violations;
    std::string_view expected;
  } rows[] = {
      {{missing("client", "name", "required: write a name.")},
       "client.name: required: write a name."},
      {{missing("client", "name", "required: write a name."),
        missing("client", "kind", "choose one of person, company.")},
       "client.name: required: write a name; client.kind: choose one of person, company."},
      {{missing("deal", "", "the end is before the start")}, "deal: the end is before the start"},
      {{missing("", "name", "too long")}, "name: too long"},
      {{missing("", "", "nothing to store")}, "nothing to store"},
      {{missing("client", "name", "")}, "client.name: required"},
      {{}, "the input breaks a rule"},
  };
  for (const auto& row : rows) {
    const error e(row.violations, 12);
    EXPECT_EQ(e.code(), error_code::invalid);
    EXPECT_EQ(e.message(), row.expected);
    EXPECT_EQ(e.what(), "invalid: " + std::string(row.expected));
    EXPECT_EQ(e.record(), 12);
    EXPECT_EQ(e.violations().size(), row.violations.size());
  }
}

TEST(error, of_violations_is_about_the_first_of_them) {
  const error e({missing("client", "name", "a"), missing("deal", "price", "b")});
  EXPECT_EQ(e.entity(), "client");
  EXPECT_EQ(e.field(), "name");
  EXPECT_EQ(e.record(), 0);
  EXPECT_EQ(e.violations()[1].field, "price");
}

}  // namespace
}  // namespace kith
