// SPDX-License-Identifier: Apache-2.0
//
// One version after the other: updates of some cells, deletion and restoring, erasure, and the
// keys, which need not be given again when they did not change.
#include "kith/core/text.hpp"
#include "programs.hpp"
#include "suite.hpp"

namespace kith::conformance {
namespace {

class versions : public suite {
 protected:
  void SetUp() override {
    suite::SetUp();
    transaction(*rows, [&] { full(1).write(*rows); });
  }
  version full(std::int64_t id) {
    version v(samples(), id);
    v.set(sample::whole, 5).set(sample::ratio, 2.5).set(sample::exact, "Exact");
    v.set(sample::words, "Words").set(sample::bytes, "bytes").set_price(sample::price, 100, "EUR");
    v.set(sample::home, 77).set(sample::lot, 3);
    return v;
  }
  row_ptr before(needed_cells cells = needed_cells::values) {
    return rows->get(samples(), {1}, cells);
  }
  std::string now(bool keys = true) {
    return shown(samples(), rows->get(samples(), {1}, needed_cells::with_keys), keys);
  }
  // Live records whose key is this.
  std::size_t with_key(std::string_view key) {
    const auto slot = static_cast<slot_number>(sample::words.slot() + 1);
    const program condition = call(op::equal, {load(samples(), slot), constant(key)});
    const std::vector<slot_number> slots = all_slots(samples());
    scan_request request = scan_of(samples());
    request.conditions = {&condition, 1};
    request.slots = slots;
    residual rest(*rows, *model);
    const auto cursor = rows->scan(request);
    std::size_t found = 0;
    while (const row_ptr r = cursor->next()) found += rest.passes(request, cursor->taken(), *r);
    return found;
  }
  const std::string unchanged =
      "1 live {whole=5, ratio=2.5, exact='Exact', words='Words', words_key='words', "
      "bytes=\"bytes\", price=100, price_currency='EUR', home=77, lot=3}";
};
INSTANTIATE_TEST_SUITE_P(stores, versions, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(versions, an_update_changes_what_it_names_and_nothing_else) {
  const auto changed = [&](const std::function<void(version&)>& change, std::string_view from,
                           std::string_view to) {
    for (const needed_cells cells : {needed_cells::values, needed_cells::with_keys}) {
      std::string expected = unchanged;
      expected.replace(expected.find(from), from.size(), to);
      transaction(*rows, [&] {
        version v(samples(), before(cells));
        change(v);
        v.write(*rows);
      });
      EXPECT_EQ(now(), expected);
      transaction(*rows, [&] { rows->erase(samples(), {1}); });
      transaction(*rows, [&] { full(1).write(*rows); });
    }
  };
  changed([](version& v) { v.set(sample::whole, -5); }, "whole=5", "whole=-5");
  changed([](version& v) { v.set(sample::whole, nullptr); }, "whole=5, ", "");
  changed([](version& v) { v.set(sample::ratio, -0.5); }, "ratio=2.5", "ratio=-0.5");
  changed([](version& v) { v.set(sample::exact, "EXACT"); }, "'Exact'", "'EXACT'");
  changed([](version& v) { v.set(sample::exact, ""); }, "'Exact'", "''");
  changed([](version& v) { v.set(sample::words, "Ёж"); }, "'Words', words_key='words'",
          "'Ёж', words_key='" + fold("Ёж") + "'");
  changed([](version& v) { v.set(sample::words, nullptr); }, "words='Words', words_key='words', ",
          "");
  changed([](version& v) { v.set(sample::bytes, "x"); }, "\"bytes\"", "\"x\"");
  changed([](version& v) { v.set_price(sample::price, 100, "RUB"); }, "EUR", "RUB");
  changed([](version& v) { v.set(sample::home, 78); }, "home=77", "home=78");
  changed([](version& v) { v.set(sample::home, nullptr); }, "home=77, ", "");
  changed([](version& v) { v.set(sample::lot, 4); }, "lot=3", "lot=4");
}

TEST_P(versions, a_row_from_a_scan_may_be_the_base_of_an_update) {
  scan_request request = scan_of(samples());
  transaction(*rows, [&] {
    const row_ptr scanned = rest_of(*rows->scan(request)).at(0);
    version(samples(), scanned).set(sample::lot, 4).write(*rows);
  });
  std::string expected = unchanged;
  expected.replace(expected.find("lot=3"), 5, "lot=4");
  EXPECT_EQ(now(), expected);
  EXPECT_EQ(with_key("words"), 1u);
}

TEST_P(versions, an_update_may_replace_everything) {
  transaction(*rows, [&] {
    version v(samples(), before());
    v.set(sample::whole, 6).set(sample::ratio, 3.5).set(sample::exact, "e").set(sample::words, "W");
    v.set(sample::bytes, "b").set_price(sample::price, 1, "JPY").set(sample::home, 7);
    v.set(sample::lot, 8).write(*rows);
  });
  EXPECT_EQ(now(),
            "1 live {whole=6, ratio=3.5, exact='e', words='W', words_key='w', bytes=\"b\", "
            "price=1, price_currency='JPY', home=7, lot=8}");
}

TEST_P(versions, a_text_may_change_while_its_key_does_not) {
  transaction(*rows,
              [&] { version(samples(), before()).set(sample::words, "WORDS").write(*rows); });
  EXPECT_NE(now().find("words='WORDS', words_key='words'"), std::string::npos) << now();
  EXPECT_EQ(with_key("words"), 1u);
}

TEST_P(versions, a_changed_key_is_found_and_the_old_one_is_not) {
  transaction(*rows,
              [&] { version(samples(), before()).set(sample::words, "Other").write(*rows); });
  EXPECT_EQ(with_key("words"), 0u);
  EXPECT_EQ(with_key("other"), 1u);
  transaction(*rows,
              [&] { version(samples(), before()).set(sample::words, nullptr).write(*rows); });
  EXPECT_EQ(with_key("other"), 0u);
}

TEST_P(versions, deletion_and_restoring_change_system_cells_only) {
  for (const needed_cells cells : {needed_cells::values, needed_cells::with_keys}) {
    row_ptr deleted;
    transaction(*rows, [&] { deleted = version(samples(), before(cells)).remove().write(*rows); });
    const row_ptr r = before();
    ASSERT_TRUE(r) << "get() answers deleted records";
    EXPECT_EQ(r->system().deleted, deleted->system().deleted);
    EXPECT_EQ(r->system().revision, deleted->system().revision);
    EXPECT_EQ(r->system().checksum, deleted->system().checksum);
    EXPECT_EQ(now().substr(10), unchanged.substr(7));
    EXPECT_TRUE(all_shown(*rows, samples(), lifecycle::live).empty());
    EXPECT_EQ(all_shown(*rows, samples(), lifecycle::deleted).size(), 1u);
    EXPECT_EQ(all_shown(*rows, samples(), lifecycle::all).size(), 1u);
    EXPECT_EQ(with_key("words"), 0u) << "the condition is about live records";
    transaction(*rows, [&] { version(samples(), before(cells)).restore().write(*rows); });
    EXPECT_EQ(now(), unchanged);
    EXPECT_TRUE(all_shown(*rows, samples(), lifecycle::deleted).empty());
    EXPECT_EQ(with_key("words"), 1u);
  }
}

TEST_P(versions, a_deleted_record_may_be_changed) {
  transaction(*rows, [&] { version(samples(), before()).remove().write(*rows); });
  transaction(*rows,
              [&] { version(samples(), before()).set(sample::words, "Other").write(*rows); });
  EXPECT_FALSE(before()->live());
  transaction(*rows, [&] { version(samples(), before()).restore().write(*rows); });
  EXPECT_EQ(with_key("other"), 1u);
  EXPECT_EQ(with_key("words"), 0u);
}

TEST_P(versions, a_merged_record_names_its_survivor) {
  transaction(*rows, [&] {
    version(samples(), 2).write(*rows);
    version(samples(), before()).remove().merge_into(2).write(*rows);
  });
  EXPECT_EQ(before()->system().merged_into, record_id{2});
  const auto found = all_shown(*rows, samples(), lifecycle::deleted);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].substr(0, 23), "1 deleted merged into 2");
  transaction(*rows, [&] { version(samples(), before()).restore().merge_into(0).write(*rows); });
  EXPECT_EQ(now(), unchanged);
}

TEST_P(versions, an_erased_record_leaves_no_trace) {
  transaction(*rows, [&] { rows->erase(samples(), {1}); });
  EXPECT_FALSE(before());
  EXPECT_TRUE(all_shown(*rows, samples()).empty());
  EXPECT_EQ(with_key("words"), 0u);
  transaction(*rows, [&] { version(samples(), 1).set(sample::words, "New").write(*rows); });
  EXPECT_EQ(now(), "1 live {words='New', words_key='new'}") << "nothing of the old one is left";
}

TEST_P(versions, a_deleted_record_may_be_erased) {
  transaction(*rows, [&] { version(samples(), before()).remove().write(*rows); });
  transaction(*rows, [&] { rows->erase(samples(), {1}); });
  EXPECT_FALSE(before());
  EXPECT_TRUE(all_shown(*rows, samples()).empty());
}

TEST_P(versions, erasing_what_is_not_there_changes_nothing) {
  rows->begin(access::write);
  const std::string result = outcome([&] { rows->erase(samples(), {2}); });
  if (result != "not_found") {
    EXPECT_EQ(result, "done");
  }
  version(samples(), before()).set(sample::lot, 4).write(*rows);
  rows->commit();
  EXPECT_EQ(all_shown(*rows, samples()).size(), 1u);
}

TEST_P(versions, every_revision_is_that_of_its_write) {
  row_ptr last;
  for (int i = 0; i < 100; ++i) {
    transaction(*rows,
                [&] { last = version(samples(), before()).set(sample::lot, i).write(*rows); });
    ASSERT_EQ(before()->system().revision, last->system().revision);
    ASSERT_EQ(before()->system().created, last->system().created);
  }
}

TEST_P(versions, grow_and_shrink) {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{1} << 20, std::size_t{10}}) {
    const std::string text(bytes, 'w');
    transaction(*rows, [&] {
      version(samples(), before()).set(sample::words, text).set(sample::exact, text).write(*rows);
    });
    EXPECT_EQ(before()->text(sample::words.slot()), text);
    EXPECT_EQ(before()->text(sample::exact.slot()), text);
    EXPECT_EQ(with_key(text), 1u);
  }
}

}  // namespace
}  // namespace kith::conformance
