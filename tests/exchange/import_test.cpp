// SPDX-License-Identifier: Apache-2.0
//
// Rows into records: mapping, finding what a row changes, what belongs to a record, and reports.
#include "lab.hpp"

namespace kith::lab {
namespace {

using import_test = suite;
INSTANTIATE_TEST_SUITE_P(stores, import_test, ::testing::ValuesIn(backends()), name_of_backend);

import_options by_shop_key() {
  import_options o;
  o.entity = "clients";
  o.match = {"@shop"};
  o.columns = {{"id", "@shop"}};
  return o;
}

TEST_P(import_test, a_key_of_another_system_finds_the_record_again) {
  EXPECT_EQ(told(import("id,name,city\n7,Omega,Omsk\n8,Alfa,\n", by_shop_key())),
            "2 rows: 2 inserted");
  EXPECT_EQ(told(import("id,name,city\n7,Omega,Tomsk\n8,Alfa,\n9,Beta,\n", by_shop_key())),
            "3 rows: 1 inserted, 1 updated, 1 unchanged");
  EXPECT_EQ(list("clients", {"name", "city"}), "Omega|Tomsk; Alfa|; Beta|");
  EXPECT_EQ(list("external_refs", {"source", "key"}), "shop|7; shop|8; shop|9");
}

}  // namespace
}  // namespace kith::lab
