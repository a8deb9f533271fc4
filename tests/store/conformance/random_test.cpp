// SPDX-License-Identifier: Apache-2.0
//
// Two thousand random calls beside a map that cannot be wrong. The seed is shown when they differ;
// KITH_SEED=… runs another one.
#include <algorithm>
#include <random>

#include "environment.hpp"
#include "kith/core/text.hpp"
#include "naive.hpp"
#include "programs.hpp"
#include "suite.hpp"

namespace kith::conformance {
namespace {

using records = std::map<std::int64_t, naive::record>;

// What the store should contain: the committed records, and those of each open savepoint.
struct expectation {
  records committed;
  records now;                 // in the open transaction
  std::vector<records> saved;  // by the savepoints
  bool writing = false;
  bool reading = false;
  bool open() const { return writing || reading; }
};

class random_operations : public suite {
 protected:
  static constexpr int operations = 2000;
  static constexpr std::uint32_t most_ids = 40;

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); }
  std::int64_t any_id() { return 1 + below(most_ids); }
  slot_number any_slot() {
    return static_cast<slot_number>(below(static_cast<std::uint32_t>(badges().columns.size())));
  }
  const records& visible() const { return expected.writing ? expected.now : expected.committed; }

  // A value out of few, so that unique ones collide.
  owned_cell value_for(slot_number slot) {
    if (below(5) == 0) return cell::null();
    constexpr std::string_view texts[] = {"a", "A", "б", "Б", "", "ё", "Ё", "long enough to move"};
    switch (badges().columns[slot].type) {
      case storage::integer: return cell::integer(below(12));
      case storage::real: return cell::real(below(40) / 4.0);
      case storage::text: return cell::text(texts[below(8)]);
      default: return cell::blob(texts[below(8)]);
    }
  }
  void change(version& v, naive::record& r) {
    for (std::uint32_t n = 1 + below(3); n > 0; --n) {
      const slot_number slot = any_slot();
      if (badges().columns[slot].role == part_role::key) continue;
      const owned_cell c = value_for(slot);
      v.set(slot, c.view());
      r.cells[slot] = naive::value_of(c.view());
      const bool keyed =
          slot + 1u < r.cells.size() && badges().columns[slot + 1u].role == part_role::key;
      if (!keyed) continue;
      r.cells[slot + 1u] =
          c.view().is_null() ? naive::value() : naive::value(fold(c.view().as_bytes()));
    }
  }

  // Live records with the same unique values.
  std::vector<std::int64_t> rivals(const naive::record& r, std::int64_t id) {
    std::vector<std::int64_t> found;
    if (r.system.deleted != 0) return found;
    for (const index_type& index : badges().indexes) {
      if (index.as != index_def::shape::exclusive) continue;
      for (const auto& [other_id, other] : expected.now) {
        if (other_id == id || other.system.deleted != 0) continue;
        const bool same =
            std::all_of(index.keys.begin(), index.keys.end(), [&, &o = other](slot_number s) {
              return !naive::is_null(r.at(s)) && naive::compare(r.at(s), o.at(s)) == 0;
            });
        if (same) found.push_back(other_id);
      }
    }
    return found;
  }

  void write(version v, naive::record next, std::int64_t id) {
    const std::vector<std::int64_t> taken_by = rivals(next, id);
    row_ptr written;
    const std::optional<error> e = refusal([&] { written = v.write(*rows); });
    if (taken_by.empty()) {
      ASSERT_FALSE(e) << e->what();
      next.system = written->system();
      expected.now[id] = next;
      return;
    }
    ASSERT_TRUE(e) << "a unique value is taken";
    ASSERT_EQ(e->code(), error_code::exists);
    const auto found = std::find(taken_by.begin(), taken_by.end(), e->record());
    ASSERT_TRUE(found != taken_by.end()) << e->what() << ", but " << taken_by[0] << " has it";
  }

  void write_something() {
    const std::int64_t id = any_id();
    const auto found = expected.now.find(id);
    if (found == expected.now.end()) {
      version v(badges(), id);
      naive::record r{{}, std::vector<naive::value>(badges().columns.size())};
      change(v, r);
      return write(std::move(v), std::move(r), id);
    }
    const bool keys = below(2) == 0;
    version v(badges(),
              rows->get(badges(), {id}, keys ? needed_cells::with_keys : needed_cells::values));
    naive::record next = found->second;
    const bool live = next.system.deleted == 0;
    const std::uint32_t what = below(6);
    if (what == 0) {
      rows->erase(badges(), {id});
      expected.now.erase(id);
      return;
    }
    if (what == 1) live ? v.remove() : v.restore();
    if (what == 1) next.system.deleted = live ? 1 : 0;
    if (what != 1 || below(3) == 0) change(v, next);
    write(std::move(v), std::move(next), id);
  }

  void check_record(const row_ptr& have, const naive::record& want) {
    ASSERT_TRUE(have);
    const naive::record is = naive::record_of(badges(), *have);
    ASSERT_EQ(is.system.id, want.system.id);
    ASSERT_EQ(is.system.revision, want.system.revision);
    ASSERT_EQ(is.system.created, want.system.created);
    ASSERT_EQ(is.system.deleted, want.system.deleted);
    for (slot_number s = 0; s < want.cells.size(); ++s) {
      ASSERT_EQ(naive::compare(is.cells[s], want.cells[s]), 0)
          << badges().columns[s].name << " of " << shown(badges(), have, true);
    }
  }
  void check_one(connection& through, const records& want) {
    const std::int64_t id = any_id();
    const row_ptr have = through.get(badges(), {id}, needed_cells::with_keys);
    const auto found = want.find(id);
    ASSERT_EQ(static_cast<bool>(have), found != want.end()) << id;
    if (have) check_record(have, found->second);
  }
  void check_all(connection& through, const records& want) {
    const std::vector<slot_number> slots = all_slots(badges());
    scan_request request = scan_of(badges(), lifecycle::all);
    request.slots = slots;
    const auto cursor = through.scan(request);
    for (const auto& [id, record] : want) {
      ASSERT_NO_FATAL_FAILURE(check_record(cursor->next(), record));
    }
    ASSERT_FALSE(cursor->next());
  }
  // Live records with some value of some column, which most likely has an index.
  void check_found(connection& through, const records& want) {
    const auto slot = any_slot();
    const owned_cell value = value_for(slot);
    if (value.view().is_null()) return;
    const program condition = call(op::equal, {load(badges(), slot), constant(value.view())});
    const std::vector<slot_number> slots = all_slots(badges());
    scan_request request = scan_of(badges());
    request.conditions = {&condition, 1};
    request.slots = slots;
    std::vector<std::int64_t> expected_ids;
    for (const auto& [id, record] : want) {
      const bool same = naive::compare(record.at(slot), naive::value_of(value.view())) == 0;
      if (same && record.system.deleted == 0) expected_ids.push_back(id);
    }
    residual rest(through, *model);
    const auto cursor = through.scan(request);
    std::vector<std::int64_t> ids;
    while (const row_ptr r = cursor->next()) {
      if (rest.passes(request, cursor->taken(), *r)) ids.push_back(r->id().value);
    }
    ASSERT_EQ(ids, expected_ids) << badges().columns[slot].name << " = " << shown(value.view());
  }
  void check_something(connection& through, const records& want) {
    const std::uint32_t what = below(5);
    if (what == 0) return check_all(through, want);
    if (what < 3) return check_one(through, want);
    check_found(through, want);
  }
  void check() { check_something(*rows, visible()); }

  // Another connection that keeps an instant for a while.
  void observe() {
    if (!can().parallel_reads) return;
    if (!observer) {
      observer = connect();
      observer->begin(access::read);
      observed = expected.committed;
    } else if (below(4) == 0) {
      observer.reset();
    } else {
      check_something(*observer, observed);
    }
  }

  void savepoints() {
    const int depth = static_cast<int>(expected.saved.size());
    const std::uint32_t what = below(3);
    if (what == 0 && depth < 5) {
      rows->savepoint(depth + 1);
      expected.saved.push_back(expected.now);
    } else if (depth > 0) {
      const int level = 1 + static_cast<int>(below(static_cast<std::uint32_t>(depth)));
      if (what == 1) {
        rows->release(level);
        expected.saved.resize(static_cast<std::size_t>(level) - 1);
      } else {
        rows->rollback_to(level);
        expected.saved.resize(static_cast<std::size_t>(level));
        expected.now = expected.saved.back();
      }
    }
  }
  void end() {
    if (below(4) == 0) {
      rows->rollback();
    } else {
      rows->commit();
      if (expected.writing) expected.committed = expected.now;
    }
    expected.writing = expected.reading = false;
    expected.saved.clear();
    check_all(*rows, visible());
  }
  void begin() {
    const std::uint32_t what = below(10);
    if (what == 0 && keeps_content()) {
      observer.reset();
      return reopen();
    }
    expected.reading = what <= 1;
    expected.writing = what > 1;
    rows->begin(expected.writing ? access::write : access::read);
    expected.now = expected.committed;
  }

  void one_operation() {
    const std::uint32_t what = below(24);
    if (what < 2) return observe();
    if (!expected.open() && what < 14) return begin();
    if (what < 6 || !expected.open()) return check();
    if (what < 7 || (expected.reading && what < 12)) return end();
    if (expected.reading) return check();
    if (what < 11) return savepoints();
    write_something();
  }

  std::mt19937 random;
  expectation expected;
  std::unique_ptr<connection> observer;
  records observed;
};
INSTANTIATE_TEST_SUITE_P(stores, random_operations, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(random_operations, leave_what_a_map_would_contain) {
  const auto seed = static_cast<unsigned>(number_in("KITH_SEED", 42));
  random.seed(seed);
  std::size_t most = 0;
  for (int n = 0; n < operations; ++n) {
    SCOPED_TRACE("KITH_SEED=" + std::to_string(seed) + ", operation " + std::to_string(n));
    ASSERT_NO_FATAL_FAILURE(one_operation());
    if (HasFailure()) return;
    most = std::max(most, expected.committed.size());
  }
  rows->rollback();
  expected.writing = expected.reading = false;
  check_all(*rows, visible());
  EXPECT_GT(most, 5u) << "the operations did too little";
}

}  // namespace
}  // namespace kith::conformance
