// SPDX-License-Identifier: Apache-2.0
//
// Names and addresses as one line, whatever part is missing.
#include <gtest/gtest.h>

#include "kith/core/value/person_name.hpp"
#include "kith/core/value/postal_address.hpp"
#include "text_table.hpp"

namespace kith {
namespace {

TEST(person_name, is_its_parts_with_the_family_name_first) {
  for (const auto& [last, first, patronymic, expected] : text_table<4>(R"(
      Иванова | Анна | Сергеевна | Иванова Анна Сергеевна
      Иванова | Анна |           | Иванова Анна
              | Анна | Сергеевна | Анна Сергеевна
      Иванова |      | Сергеевна | Иванова Сергеевна
              | Cher |           | Cher
              |      |           | )")) {
    const person_name name{last, first, patronymic};
    EXPECT_EQ(name.to_string(), expected);
    EXPECT_EQ(name.empty(), expected.empty());
  }
}

TEST(postal_address, is_its_parts_in_the_order_of_the_post) {
  for (const auto& [street, city, region, code, country, expected] : text_table<6>(R"(
      ул. Мира, 1 | Омск | Омская обл. | 644000 | РФ | ул. Мира, 1, Омск, Омская обл., 644000, РФ
                  | Омск |             |        | РФ | Омск, РФ
                  |      |             | 01234  |    | 01234
                  |      |             |        |    | )")) {
    const postal_address address{street, city, region, code, country};
    EXPECT_EQ(address.to_string(), expected);
    EXPECT_EQ(address.empty(), expected.empty());
  }
}

TEST(postal_address, puts_the_lines_of_a_street_on_one) {
  EXPECT_EQ((postal_address{"c/o Weber\r\nHauptstr. 5\n\n", "Ulm", "", "", ""}).to_string(),
            "c/o Weber, Hauptstr. 5, Ulm");
  EXPECT_EQ((postal_address{"\n", "Ulm", "", "", ""}).to_string(), "Ulm");
}

TEST(name_and_address, are_equal_when_every_part_is) {
  EXPECT_EQ((person_name{"A", "B", ""}), (person_name{"A", "B", ""}));
  EXPECT_NE((person_name{"A", "B", ""}), (person_name{"A", "", "B"}));
  EXPECT_NE((postal_address{"", "Ulm", "", "", ""}), postal_address{});
}

}  // namespace
}  // namespace kith
