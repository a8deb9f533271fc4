// SPDX-License-Identifier: Apache-2.0
//
// Rows into records: how a row finds what it changes, and what happens to the rest of the file.
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

import_options by_name() {
  import_options o;
  o.entity = "clients";
  o.match = {"name"};
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

TEST_P(import_test, a_row_is_found_by_one_field_or_several) {
  import("name,city,industry\nOmega,Omsk,food\nOmega,Tomsk,food\n");
  import_options o = by_name();
  o.match = {"name", "city"};
  EXPECT_EQ(told(import("name,city,industry\nOMEGA,tomsk,wood\nOmega,Tara,wood\n", o)),
            "2 rows: 1 inserted, 1 updated");
  EXPECT_EQ(list("clients", {"name", "city", "industry"}),
            "Omega|Omsk|food; OMEGA|tomsk|wood; Omega|Tara|wood");
  o.match = {"name"};
  EXPECT_EQ(told(import("name,industry\nomega,metal\n", o)).substr(0, 60),
            "1 rows: 1 refused\nrow 1 (line 2) name → name 'omega': seve");
  EXPECT_EQ(told(import("name,industry\n,metal\n", o)),
            "1 rows: 1 refused\nrow 1 (line 2) name → name: nothing is given by which the client "
            "could be found; fill in name");
}

TEST_P(import_test, a_row_that_is_found_by_one_to_come_waits_for_it) {
  import("name,city\nOmega,Omsk\nAlfa,Omsk\n");
  import_options o = by_name();
  o.match = {"parent", "city"};
  EXPECT_EQ(told(import("name,parent,city\nGamma,Beta,Omsk\nBeta,,Tara\nDelta,Beta,Omsk\n", o)),
            "3 rows: 2 inserted, 1 updated");
  EXPECT_EQ(list("clients", {"name", "parent.name", "city"}),
            "Omega||Omsk; Alfa||Omsk; Beta||Tara; Gamma|Beta|Omsk");
}

TEST_P(import_test, names_mean_whoever_has_them_when_the_row_comes) {
  EXPECT_EQ(told(import("name,city,parent\nOmega,Omsk,\nAlfa,,Omega\nOmega,Tomsk,\n"
                        "Beta,,Omega\n"))
                .substr(0, 83),
            "4 rows: 3 inserted, 1 refused\nrow 4 (line 5) parent → parent 'Omega': 'Omega' may");
  import_options o = by_name();
  o.match = {"city"};
  EXPECT_EQ(told(import("city,name,parent\nTara,Gamma,Omega\nTara,Delta,\n", o)).substr(0, 30),
            "2 rows: 1 inserted, 1 refused\n");
  EXPECT_EQ(told(import("city,name,parent\nKurgan,Zeta,Delta\nTara,Eta,\nTyumen,Theta,Delta\n", o))
                .substr(0, 41),
            "3 rows: 1 inserted, 1 updated, 1 refused\n");
}

TEST_P(import_test, absent_columns_leave_values_and_empty_cells_do_as_told) {
  import("name,city,industry\nOmega,Omsk,food\n");
  EXPECT_EQ(told(import("name,industry\nOmega,wood\n", by_name())), "1 rows: 1 updated");
  EXPECT_EQ(told(import("name,city,industry\nOmega,,\n", by_name())), "1 rows: 1 unchanged");
  EXPECT_EQ(list("clients", {"name", "city", "industry"}), "Omega|Omsk|wood");
  import_options o = by_name();
  o.empty_clears = true;
  EXPECT_EQ(told(import("name,city\nOmega,\nAlfa,\n", o)), "2 rows: 1 inserted, 1 updated");
  EXPECT_EQ(list("clients", {"name", "city", "industry", "status"}),
            "Omega||wood|potential; Alfa|||potential");
}

TEST_P(import_test, adding_alone_and_changing_alone) {
  import("name\nOmega\n");
  import_options o = by_name();
  o.how = import_options::mode::insert_only;
  const std::string there = told(import("name\nOmega\nAlfa\n", o));
  EXPECT_EQ(there.substr(0, there.find('(')), "2 rows: 1 inserted, 1 refused\nrow 1 ");
  EXPECT_NE(there.find("there is such a client already"), std::string::npos);
  o.how = import_options::mode::update_only;
  EXPECT_EQ(told(import("name,city\nOmega,Omsk\nBeta,Omsk\n", o)),
            "2 rows: 1 updated, 1 refused\nrow 2 (line 3): there is no such client; correct the "
            "key, or import with mode upsert");
}

TEST_P(import_test, a_dry_run_says_the_same_and_keeps_nothing) {
  const std::string file =
      "id,name,parent,email\n7,Omega,,a@x.ru\n8,Alfa,Beta,b@x.ru\n9,Beta,,nowhere\n10,Beta,Omega,"
      "\n";
  import_options o = by_shop_key();
  const std::int64_t before = s->sequence();
  o.dry_run = true;
  o.chunk_rows = 2;
  const import_result trial = import(file, o);
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(count("clients"), 0u);
  EXPECT_FALSE(trial.batch);
  o.dry_run = false;
  const import_result real = import(file, o);
  EXPECT_EQ(told(trial), told(real));
  EXPECT_EQ(real.inserted, 3u) << told(real);
  EXPECT_TRUE(real.batch);
}

TEST_P(import_test, every_change_knows_its_batch) {
  const std::int64_t before = s->sequence();
  import_options o = by_shop_key();
  o.reason = "shop, March";
  o.chunk_rows = 1;
  const import_result r = import("id,name\n7,Omega\n8,\n9,Beta\n", o);
  for (const change_set& set : s->changes(before)) {
    EXPECT_EQ(set.from, origin::import);
    EXPECT_EQ(set.reason, "shop, March");
    if (set.sequence == before + 1) continue;  // the one that adds the batch
    EXPECT_EQ(set.batch, r.batch);
  }
  EXPECT_EQ(list("import_batches", {"format", "entity", "inserted", "updated", "failed"}),
            "csv|client|2|0|1");
  EXPECT_EQ(count("import_batches", "finished is not null"), 1u);
  EXPECT_EQ(s->get<import_batch>(r.batch)[import_batch::inserted], 2);
}

TEST_P(import_test, in_a_transaction_of_the_host_the_host_decides) {
  {
    transaction tx = s->write();
    EXPECT_EQ(told(import("name\nOmega\n")), "1 rows: 1 inserted");
  }
  EXPECT_EQ(count("clients"), 0u);
  transaction tx = s->write();
  import("name\nOmega\n");
  tx.commit();
  EXPECT_EQ(count("clients"), 1u);
}

TEST_P(import_test, progress_is_told_and_may_cancel) {
  std::string seen;
  import_options o;
  o.chunk_rows = 2;
  o.progress = [&](std::uint64_t rows) {
    seen += std::to_string(rows) + " ";
    return rows < 4;
  };
  const import_result r = import("name\na\nb\nc\nd\ne\nf\n", o);
  EXPECT_EQ(seen, "2 4 ");
  EXPECT_EQ(told(r), "4 rows: 4 inserted, cancelled");
  EXPECT_EQ(count("clients"), 4u);
  EXPECT_EQ(count("import_batches", "finished is null"), 1u);
}

TEST_P(import_test, a_hook_may_change_and_refuse) {
  import_options o;
  o.each_row = [](import_row& row) {
    if (row.text("Name") == "bad") throw error(error_code::invalid, "no such word; say good");
    row.set(client::city = std::string(row.text("town hall")) + "!");
  };
  EXPECT_EQ(told(import("name,Town Hall\nOmega,Omsk\nbad,x\n", o)),
            "2 rows: 1 inserted, 1 refused\nrow 2 (line 3): no such word; say good");
  EXPECT_EQ(list("clients", {"name", "city"}), "Omega|Omsk!");
}

TEST_P(import_test, options_that_cannot_be_meant) {
  struct line {
    std::function<void(import_options&)> set;
    const char* says;
  };
  const line table[] = {
      {[](auto& o) { o.entity = "cliens"; }, "not_found: "},
      {[](auto& o) {
         o.columns = {{"nmae", "name"}};
       },
       "not_found: there is no column 'nmae'; did you mean name?"},
      {[](auto& o) {
         o.columns = {{"name", "nmae"}};
       },
       "not_found: 'nmae' is no place of a client; did you mean name?"},
      {[](auto& o) {
         o.columns = {{"name", "name"}, {"city", "name"}};
       },
       "invalid: two columns go to 'name'; leave one out"},
      {[](auto& o) {
         o.columns = {{"name", "deals.title"}};
       },
       "invalid: 'deals.title' is no part of a client: import deals by themselves"},
      {[](auto& o) {
         o.columns = {{"name", "employments"}};
       },
       "invalid: 'employments' has no value of its own; name a field of it, such as "
       "employments.contact"},
      {[](auto& o) { o.match = {"tax_id"}; },
       "invalid: match names 'tax_id', which no column fills; map a column to it"},
      {[](auto& o) { o.match = {"@shop"}; },
       "invalid: match names '@shop', which no column fills; map a column to it"},
      {[](auto& o) { o.how = import_options::mode::update_only; },
       "invalid: to change records an import needs to know by what it finds them: set match"},
      {[](auto& o) {
         o.columns = {{"city", "city", {.times = decimal(2)}}};
       },
       "invalid: 'city' is no number: it cannot be multiplied"},
      {[](auto& o) {
         o.columns = {{"city", "city", {.create_missing = true}}};
       },
       "invalid: 'city' is no reference: nothing can be missing"},
      {[](auto& o) {
         o.constants = {{"@shop", "7"}};
       },
       "invalid: a key is of one record: '@shop' needs a column"},
      {[](auto& o) { o.chunk_rows = 0; }, "misuse: chunk_rows is at least 1"},
  };
  const std::int64_t before = s->sequence();
  for (const line& l : table) {
    import_options o;
    o.entity = "clients";
    l.set(o);
    const std::string said = refusal([&] { import("name,city\nOmega,Omsk\n", o); });
    EXPECT_EQ(said.substr(0, std::string(l.says).size()), l.says) << said;
  }
  EXPECT_EQ(refusal([&] { import(""); }),
            "invalid: the file is empty; its first row names the columns");
  EXPECT_EQ(refusal([&] { import("foo,bar\n1,2\n"); }),
            "invalid: no column is known to be anything of a client; map the columns");
  EXPECT_EQ(refusal([&] { import_csv(*s, "/nowhere/x.csv", {.entity = "clients"}); }),
            "not_found: cannot open /nowhere/x.csv: No such file or directory");
  EXPECT_EQ(s->sequence(), before);
}

}  // namespace
}  // namespace kith::lab
