// SPDX-License-Identifier: Apache-2.0
//
// Damage done behind Kith's back in a SQLite file: each sort is named with its entity and its
// record, and with what a person can do.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "kith/storage/sqlite.hpp"
#include "scratch.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class damaged_file : public ::testing::Test {
 protected:
  damaged_file() {
    kith::crm base(opened(), options());
    session s = base.open_session({.actor = "anna"});
    const auto first = s.add(client::name = "Анна Ёлкина", client::city = "Омск");  // set 2
    anna = first.id().value;
    node_1 = s.add(node::name = "trunk").id().value;                                   // set 3
    link_1 = s.add(link::name = "l", link::forgets = ref<node>({node_1})).id().value;  // set 4
    strict_1 = s.add(strict::name = "a", strict::code = "Ёж").id().value;              // set 5
    strict_2 = s.add(strict::name = "b", strict::code = "уж").id().value;              // set 6
    s.update(first, client::city = "Томск");                                           // set 7
    const auto order = s.add(sales_order::number = "1", sales_order::client = first);  // set 8
    order_1 = order.id().value;
    s.add(order_line::sales_order = order, order_line::position = 1,
          order_line::description = "wheel", order_line::quantity = decimal(2),
          order_line::unit_price = eur(10));  // set 9
    transaction tx = s.write();               // set 10, in pieces
    std::vector<draft<client>> many(6000);
    for (std::size_t i = 0; i < many.size(); ++i) {
      many[i].set(client::name = "n" + std::to_string(i));
    }
    s.add_many<client>(many);
    tx.commit();
  }

  std::unique_ptr<store> opened(bool read_only = false) {
    return open_sqlite({.path = in.file("store"), .read_only = read_only});
  }
  static crm_options options(bool read_only = false) {
    return {.entities = all_entities(),
            .clock = std::make_shared<manual_clock>(morning),
            .read_only = read_only};
  }

  // SQLite as another program uses it; `:anna` and others stand for ids.
  void run(std::string sql) {
    const std::pair<const char*, std::int64_t> ids[] = {{":anna", anna},   {":node", node_1},
                                                        {":link", link_1}, {":a", strict_1},
                                                        {":b", strict_2},  {":order", order_1}};
    for (const auto& [name, id] : ids) {
      for (std::size_t at; (at = sql.find(std::string(name) + ";")) != std::string::npos;) {
        sql.replace(at, std::string(name).size() + 1, std::to_string(id));
      }
    }
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(in.file("store").c_str(), &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  // `client anna: what`, one line for each finding, ten of an entity.
  std::string found(bool read_only = false) {
    kith::crm base(opened(read_only), options(read_only));
    const verification v = base.verify();
    std::string text;
    std::map<std::string, int> lines;
    for (const damage& d : v.found) {
      EXPECT_FALSE(d.remedy.empty()) << d.what;
      if (++lines[d.entity] > 10) continue;
      text += d.entity + " " + name_of_id(d.id.value) + ": " + d.what + "\n";
    }
    return text;
  }
  std::string name_of_id(std::int64_t id) const {
    return id == anna       ? "anna"
           : id == node_1   ? "node"
           : id == link_1   ? "link"
           : id == strict_1 ? "a"
           : id == strict_2 ? "b"
           : id == order_1  ? "order"
                            : std::to_string(id);
  }

  scratch_folder in{"damage"};
  std::int64_t anna = 0, node_1 = 0, link_1 = 0, strict_1 = 0, strict_2 = 0, order_1 = 0;
};

TEST_F(damaged_file, is_sound_before) { EXPECT_EQ(found(), ""); }

struct damage_row {
  const char* what;
  const char* sql;
  std::vector<const char*> said;  ///< parts of what is found, each
};

const damage_row rows[] = {
    {"a cell",
     "UPDATE kith_client SET city = 'Тверь' WHERE id = :anna;",
     {"client anna: its values are not those that Kith wrote"}},
    {"a checksum",
     "UPDATE kith_client SET checksum = checksum + 1 WHERE id = :anna;",
     {"client anna: its values are not those that Kith wrote"}},
    {"a key",
     "UPDATE kith_client SET name_key = 'петр' WHERE id = :anna;",
     {"client anna: the key by which 'name' is found does not follow"}},
    {"a key that is gone",
     "UPDATE kith_lab_strict SET code_key = NULL WHERE id = :a;",
     {"lab_strict a: the key by which 'code' is found does not follow"}},
    {"a reference to nothing",
     "UPDATE kith_lab_link SET forgets = 12345 WHERE id = :link;",
     {"lab_link link: 'forgets' names the lab_node 12345, which does not exist",
      "lab_link link: its values are not"}},
    {"a record that is gone",
     "DELETE FROM kith_lab_node WHERE id = :node;",
     {"lab_node node: the record is gone, though change set 3 changed it",
      "lab_link link: 'forgets' names the lab_node", "which does not exist"}},
    {"a record that was deleted behind its references",
     "UPDATE kith_lab_node SET deleted = 3 WHERE id = :node;",
     {"lab_node node: its values are not", "lab_link link: 'forgets' names the lab_node",
      "which is deleted, while this record is not"}},
    {"a change set that is gone",
     "DELETE FROM kith_change_set WHERE id = 5;",
     {"change_set 6: the change set 5 before it is missing",
      "lab_strict a: change set 5, which wrote this version, is missing or does not name it"}},
    {"several change sets that are gone",
     "DELETE FROM kith_change_set WHERE id IN (4, 5);",
     {"change_set 6: the change sets 4 to 5 before it are missing"}},
    {"a change set of another record",
     "UPDATE kith_change_set SET changes = (SELECT changes FROM kith_change_set WHERE id = 6) "
     "WHERE id = 5",
     {"change_set 5: its values are not", "lab_strict a: change set 5, which wrote this version"}},
    {"a cut piece",
     "UPDATE kith_change_chunk SET changes = substr(changes, 1, length(changes) - 3)",
     {"change_chunk 655360: its values are not",
      "change_set 10: its changes cannot be read: a change set is not what Kith wrote"}},
    {"a piece that is gone",
     "DELETE FROM kith_change_chunk",
     {"change_set 10: piece 0 of its changes is missing",
      ": change set 10, which wrote this version, is missing or does not name it"}},
    {"a piece of nobody",
     "INSERT INTO kith_change_chunk(id, revision, created, deleted, merged, checksum, changes) "
     "SELECT 65536, revision, created, deleted, merged, checksum, changes FROM kith_change_chunk "
     "LIMIT 1",
     {"change_chunk 65536: it is a piece of no change set", "change_chunk 65536: its values are"}},
    {"ids that changed places",
     "UPDATE kith_lab_strict SET id = -1 WHERE id = :a;; UPDATE kith_lab_strict SET id = :a; "
     "WHERE id = :b;; UPDATE kith_lab_strict SET id = :b; WHERE id = -1",
     {"lab_strict a: its values are not", "lab_strict b: its values are not",
      "lab_strict b: it is of change set 5, though change set 6 changed it"}},
    {"a unique value twice",
     "DROP INDEX kith_lab_strict_ux_code_key; UPDATE kith_lab_strict SET code = 'Ёж', code_key = "
     "(SELECT code_key FROM kith_lab_strict WHERE id = :a;) WHERE id = :b;",
     {"lab_strict b: has the same code as", "lab_strict b: its values are not"}},
    {"null in a required field",
     "UPDATE kith_lab_strict SET name = NULL WHERE id = :a;",
     {"lab_strict a: its values are not those that Kith wrote: the checksum is another one; 'name' "
      "is required and empty"}},
    {"a computed sum",
     "UPDATE kith_sales_order SET net = 1 WHERE id = :order;",
     {"sales_order order: its values are not"}},
    {"a revision that is yet to come",
     "UPDATE kith_client SET revision = 99 WHERE id = :anna;",
     {"client anna: its version is of change set 99, the newest one is 10"}},
    {"an older version",
     "UPDATE kith_client SET revision = 2 WHERE id = :anna;",
     {"client anna: it is of change set 2, though change set 7 changed it"}},
    {"an id above all",
     "UPDATE kith_client SET id = 9000000000000000000 WHERE id = :anna;",
     {"client 9000000000000000000: its id is above the largest",
      "client anna: the record is gone"}},
    {"the id mark",
     "UPDATE kith_change_set SET last_id = 5 WHERE id = 10",
     {"its id is above the largest that was ever given, 5"}},
    {"a step back in time",
     "UPDATE kith_change_set SET at = 0 WHERE id = 7",
     {"change_set 7: its instant, largest id or model is older"}},
    {"a merge that nobody made",
     "UPDATE kith_client SET merged = 77 WHERE id = :anna;",
     {"client anna: it was merged into 77, but is not deleted"}},
    {"an unknown model line",
     "INSERT INTO kith_model_line(id, revision, created, checksum, entity, field_number, name, "
     "definition, retired) VALUES(77, 1, 1, 0, 900, 0, 'x_new', '', 0)",
     {"model_line 77: its values are not"}},
    {"an index without a record",
     "PRAGMA writable_schema = 1; DELETE FROM sqlite_schema WHERE name "
     "= 'kith_client_ix_name_key'",
     {"integrity check"}},
};

class damage_of : public damaged_file, public ::testing::WithParamInterface<damage_row> {};
void PrintTo(const damage_row& r, std::ostream* out) { *out << r.what; }
INSTANTIATE_TEST_SUITE_P(rows, damage_of, ::testing::ValuesIn(rows));

TEST_P(damage_of, is_named) {
  run(GetParam().sql);
  const std::string all = found();
  for (const char* part : GetParam().said) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\nin\n" << all;
  }
}

TEST_F(damaged_file, of_the_format_record_is_opened_for_reading_only) {
  run("UPDATE kith_store_format SET layout = 0");
  EXPECT_EQ(outcome([&] { found(); }), "damaged");
  EXPECT_NE(found(true).find("store_format 1: its values are not"), std::string::npos);
}

// Whoever watches every change sees it at once, and a file with a trigger is refused at opening.
TEST_F(damaged_file, with_a_trigger_or_view_says_so) {
  kith::crm base(opened(), options());
  run("CREATE TRIGGER spy AFTER INSERT ON kith_client BEGIN DELETE FROM kith_lab_node; END;"
      "CREATE VIEW look AS SELECT * FROM kith_client; CREATE VIEW own AS SELECT 1");
  const verification v = base.verify();
  ASSERT_EQ(v.found.size(), 2u);
  EXPECT_EQ(v.found[0].what, "somebody added the trigger 'spy' to Kith's tables");
  EXPECT_EQ(v.found[1].what, "somebody added the view 'look' to Kith's tables");
}

TEST_F(damaged_file, lists_a_thousand_and_counts_the_rest) {
  run("UPDATE kith_client SET city = 'Тверь'");
  kith::crm base(opened(), options());
  const verification v = base.verify();
  EXPECT_EQ(v.found.size(), 1000u);
  EXPECT_EQ(v.more, 5001u);
}

TEST_F(damaged_file, is_not_copied) {
  run("UPDATE kith_client SET city = 'Тверь' WHERE id = :anna;");
  kith::crm base(opened(), options());
  EXPECT_EQ(outcome([&] { base.backup(in.file("copy")); }), "damaged");
  EXPECT_EQ(in.files().find("copy"), std::string::npos);
}

// Pages in the middle of a table become nonsense: what lies around them is read all the same.
TEST_F(damaged_file, is_read_around_its_holes) {
  std::vector<std::int64_t> pages;
  {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(in.file("store").c_str(), &db), SQLITE_OK);
    const auto add = [](void* to, int, char** cells, char**) {
      static_cast<std::vector<std::int64_t>*>(to)->push_back(std::atoll(cells[0]));
      return 0;
    };
    const int code = sqlite3_exec(
        db, "SELECT pageno FROM dbstat WHERE name = 'kith_client' AND pagetype = 'leaf'", add,
        &pages, nullptr);
    sqlite3_close(db);
    if (code != SQLITE_OK) GTEST_SKIP() << "this SQLite has no dbstat";
  }
  ASSERT_GT(pages.size(), 5u);
  std::fstream file(in.file("store"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp((pages[pages.size() / 2] - 1) * 8192);
  file << std::string(8192, '\x5a');
  file.close();
  kith::crm base(opened(), options());
  const verification v = base.verify();
  EXPECT_GT(v.records, 5500u);
  const bool told = std::any_of(v.found.begin(), v.found.end(), [](const damage& d) {
    return d.entity == "client" && d.what.find("cannot be read") != std::string::npos;
  });
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace kith::lab
