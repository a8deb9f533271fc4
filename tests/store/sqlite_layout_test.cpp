// SPDX-License-Identifier: Apache-2.0
//
// Tables as SQLite sees them: strict, with indexes that look-ups use; columns that are added
// without touching a row; and files that are not what they were.
#include "conformance/programs.hpp"
#include "sqlite_suite.hpp"

namespace kith::conformance {
namespace {

class sqlite_layout : public sqlite_files {
 protected:
  std::string schema_of(const std::string& name) const {
    return tool(file()).ask("SELECT sql FROM sqlite_schema WHERE name = '" + name + "'");
  }
  std::uint64_t log() const { return size_of(file() + "-wal"); }
};

TEST_F(sqlite_layout, tables_are_strict) {
  write(*open(), 1, 3);
  EXPECT_TRUE(schema_of("kith_sample").ends_with(" STRICT")) << schema_of("kith_sample");
  const tool t(file());
  EXPECT_THROW(t.ask("UPDATE kith_sample SET whole = 'text'"), std::runtime_error);
  EXPECT_EQ(t.ask("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'kith_%' "
                  "AND sql NOT LIKE '%STRICT'"),
            "0");
}

TEST_F(sqlite_layout, indexes_hold_live_rows_only) {
  write(*open(), 1, 3);
  EXPECT_EQ(tool(file()).ask("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql NOT "
                             "LIKE '%WHERE deleted IS NULL'"),
            "0");
}

// The new column is a line in the schema: what is written does not grow with the table.
TEST_F(sqlite_layout, adding_a_column_touches_no_row) {
  const model_ptr small = model_of<card>();
  const auto kept = open();
  const auto rows = kept->connect();
  transaction(*rows, [&] {
    rows->apply(small->entity<card>());
    for (int id = 1; id <= 3000; ++id) {
      version(small->entity<card>(), id).set(card::title, std::string(300, 'x')).write(*rows);
    }
  });
  const model_ptr wide = small->with("cards", {.name = "x_extra", .kind = kind_id::text});
  const entity_type& cards = wide->entity<card>();
  transaction(*rows, [&] { version(small->entity<card>(), 5000).write(*rows); });
  const std::string before = tool(file()).ask("PRAGMA page_count");
  const std::uint64_t log_before = log();
  transaction(*rows, [&] { rows->apply(cards); });
  EXPECT_EQ(tool(file()).ask("PRAGMA page_count"), before);
  EXPECT_LE(log(), log_before + 4 * 8192 + 1024) << "some pages of the schema";
  const slot_number extra = cards.field("x_extra").field->slot;
  const row_ptr old = rows->get(cards, {7});
  EXPECT_FALSE(old->has(extra));
  EXPECT_EQ(old->text(card::title.slot()).size(), 300u);
  transaction(*rows, [&] { version(cards, old).set(extra, "new").write(*rows); });
  EXPECT_EQ(rows->get(cards, {7})->text(extra), "new");
}

TEST_F(sqlite_layout, entities_and_indexes_come_with_the_model_and_keep_the_rows) {
  {
    const model_ptr small = model_of<card>();
    const auto kept = open();
    const auto rows = kept->connect();
    transaction(*rows, [&] {
      rows->apply(small->entity<card>());
      for (int id = 1; id <= 50; ++id) {
        version(small->entity<card>(), id)
            .set(card::title, "t" + std::to_string(id))
            .set(card::points, id % 7)
            .write(*rows);
      }
    });
  }
  const model_ptr larger = model_of<card_with_index>();
  const auto kept = open();
  const auto rows = kept->connect();
  transaction(*rows, [&] {
    rows->apply(larger->entity<card_with_index>());
    for (const auto& e : model->entities()) rows->apply(*e);  // more entities, too
  });
  EXPECT_EQ(all_shown(*rows, larger->entity<card_with_index>()).size(), 50u);
  const tool t(file());
  EXPECT_EQ(t.ask("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = "
                  "'kith_card'"),
            "2");
  EXPECT_EQ(t.ask("PRAGMA integrity_check"), "ok");
}

// A file that is older than the program and may not be changed.
TEST_F(sqlite_layout, an_older_file_opened_for_reading_shows_null_for_new_fields) {
  const model_ptr small = model_of<card>();
  {
    const auto kept = open();
    const auto rows = kept->connect();
    transaction(*rows, [&] {
      rows->apply(small->entity<card>());
      version(small->entity<card>(), 1).set(card::title, "a").write(*rows);
    });
  }
  const model_ptr larger = model_of<card_with_more>();
  const entity_type& cards = larger->entity<card_with_more>();
  const auto kept = open(true);
  const auto rows = kept->connect();
  EXPECT_EQ(shown(cards, rows->get(cards, {1})), "1 live {title='a'}");
  EXPECT_EQ(all_shown(*rows, cards), std::vector<std::string>{"1 live {title='a'}"});
  EXPECT_TRUE(rows->has(cards));
  EXPECT_FALSE(rows->has(samples()));
}

// --------------------------------------------------------------------------------------- the plans

// Every statement that connections run from now on.
class watched_statements {
 public:
  watched_statements() {
    texts().clear();
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch));
  }
  ~watched_statements() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&watch)); }
  static std::vector<std::string>& texts() {
    static std::vector<std::string> all;
    return all;
  }

 private:
  static int watch(sqlite3* on, char**, const void*) {
    return sqlite3_trace_v2(on, SQLITE_TRACE_STMT, note, nullptr);
  }
  static int note(unsigned, void*, void* statement, void*) {
    char* const text = sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement));
    if (text != nullptr) texts().emplace_back(text);
    sqlite3_free(text);
    return 0;
  }
};

class sqlite_plans : public sqlite_files {
 protected:
  void SetUp() override {
    kept = open();
    write(*kept, 1, 50);
    rows = kept->connect();
  }
  // How SQLite finds what the call asks for.
  std::string plan_of(const std::function<void()>& call) {
    watched_statements::texts().clear();
    call();
    if (watched_statements::texts().empty()) return "no statement";
    return tool(file()).ask("EXPLAIN QUERY PLAN " + watched_statements::texts().back(), 3);
  }
  std::string plan_of(const entity_type& entity, std::string_view condition,
                      std::vector<order_term> order = {}) {
    return plan_of([&] {
      const std::vector<program> bound = conditions(*model, entity, condition);
      scan_request request = scan_of(entity);
      request.conditions = bound;
      request.order = order;
      rest_of(*rows->scan(request));
    });
  }
  watched_statements watched;
  std::unique_ptr<store> kept;
  std::unique_ptr<connection> rows;
};

TEST_F(sqlite_plans, look_ups_use_the_index_of_their_field) {
  struct {
    const entity_type& entity;
    std::string_view condition, index;
  } const questions[] = {
      {samples(), "whole = 7", "kith_sample"},
      {samples(), "whole > 7 and whole < 20", "kith_sample"},
      {samples(), "exact = 'a'", "kith_sample"},
      {samples(), "words = 'слово'", "kith_sample"},
      {samples(), "lot = 1 and exact = 'a'", "kith_sample"},
      {model->entity<badge>(), "number = 5", "kith_badge"},
      {model->entity<badge>(), "code = 'x'", "kith_badge"},
      {model->entity<badge>(), "nick = 'X'", "kith_badge"},
      {model->entity<badge>(), "area = 'a' and seat = 1", "kith_badge"},
  };
  for (const auto& q : questions) {
    const std::string plan = plan_of(q.entity, q.condition);
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << q.condition << ": " << plan;
    EXPECT_NE(plan.find("INDEX " + std::string(q.index)), std::string::npos)
        << q.condition << ": " << plan;
  }
}

TEST_F(sqlite_plans, records_are_found_by_id) {
  const std::string plan = plan_of([&] { rows->get(samples(), {7}); });
  EXPECT_NE(plan.find("SEARCH kith_sample USING INTEGER PRIMARY KEY"), std::string::npos) << plan;
}

TEST_F(sqlite_plans, a_timeline_is_read_in_order) {
  const entity_type& visits = model->entity<visit>();
  const std::string plan =
      plan_of(visits, "spot = 5", {{load(visits, visit::at.slot()), storage::integer, true}});
  EXPECT_NE(plan.find("SEARCH"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

TEST_F(sqlite_plans, an_order_by_an_indexed_field_sorts_nothing) {
  for (const bool down : {false, true}) {
    const std::string plan = plan_of(
        samples(), "true", {{load(samples(), sample::whole.slot()), storage::integer, down}});
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
  }
}

// ---------------------------------------------------------------------------------- damaged files

class sqlite_damage : public sqlite_files {
 protected:
  void SetUp() override {
    write(*open(), 1, 400);
    good = bytes_of(file());
    ASSERT_GT(good.size(), 8u * 8192);
  }
  // What comes of reading everything, and of a write.
  std::string reading() {
    return outcome([&] {
      const auto kept = open();
      const auto rows = kept->connect();
      for (const auto& e : model->entities()) {
        for (const lifecycle of : {lifecycle::live, lifecycle::all}) {
          const auto found = rows->scan(scan_of(*e, of));
          while (found->next()) {
          }
        }
      }
      for (int id = 1; id <= 400; id += 17) rows->get(samples(), {id});
      const std::vector<program> look_up = conditions(*model, samples(), "whole > 100");
      scan_request request = scan_of(samples());
      request.conditions = look_up;
      rest_of(*rows->scan(request));
      rows->begin(access::write);
      version(samples(), 1000).set(sample::whole, 5).write(*rows);
      rows->rollback();
    });
  }
  void expect_typed(const std::string& result, const std::string& what) {
    static const std::vector<std::string> typed{"done",    "damaged", "foreign", "newer",
                                                "storage", "exists",  "full",    "read_only"};
    EXPECT_NE(std::find(typed.begin(), typed.end(), result), typed.end()) << what << ": " << result;
  }
  void write_bytes(const std::string& bytes) {
    std::filesystem::remove(file() + "-wal");
    std::filesystem::remove(file() + "-shm");
    put_bytes(file(), bytes);
  }
  std::string good;
};

TEST_F(sqlite_damage, a_changed_header_is_a_typed_error_or_harmless) {
  int refused = 0;
  for (std::size_t at = 0; at < 100; ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    write_bytes(bad);
    const std::string result = reading();
    expect_typed(result, "byte " + std::to_string(at));
    refused += result != "done";
  }
  EXPECT_GT(refused, 20);
}

TEST_F(sqlite_damage, a_wrong_page_is_a_typed_error_where_it_is_read) {
  int refused = 0;
  for (std::size_t page = 0; page < good.size() / 8192; ++page) {
    for (const char with : {'\xff', '\0', 'x'}) {
      std::string bad = good;
      bad.replace(page * 8192, 8192, 8192, with);
      write_bytes(bad);
      const std::string result = reading();
      expect_typed(result, "page " + std::to_string(page));
      refused += result == "damaged";
    }
  }
  EXPECT_GT(refused, 5);
}

TEST_F(sqlite_damage, a_file_that_is_cut_off_is_a_typed_error) {
  for (const std::size_t size : {good.size() - 8192, good.size() / 2, std::size_t{8192 * 2},
                                 std::size_t{8192}, std::size_t{5000}, std::size_t{50}}) {
    write_bytes(good.substr(0, size));
    const std::string result = reading();
    expect_typed(result, "cut to " + std::to_string(size));
    EXPECT_NE(result, "done") << "cut to " << size;
  }
}

TEST_F(sqlite_damage, says_which_file_and_what_to_do) {
  std::string bad = good;
  bad.replace(8192, 8192 * 4, 8192 * 4, '\xff');
  write_bytes(bad);
  const std::optional<error> e = refusal([&] { number_of_samples(); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::damaged);
  EXPECT_NE(e->message().find("backup"), std::string::npos) << e->message();
}

}  // namespace
}  // namespace kith::conformance
