// SPDX-License-Identifier: Apache-2.0
//
// Conditions, orders and pages on columns that have indexes: whichever index a store chooses, and
// wherever it enters it, the rows are the same.
#include <random>

#include "scan_suite.hpp"

namespace kith::conformance {
namespace {

class indexes : public scan_suite {
 protected:
  void SetUp() override {
    scan_suite::SetUp();
    values = sample_values(samples());
  }
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(random() % n); }
  slot_number indexed_slot() {
    const slot_number slots[] = {
        sample::whole.slot(), sample::exact.slot(),
        sample::lot.slot(),   sample::lot.slot(),
        sample::home.slot(),  static_cast<slot_number>(sample::words.slot() + 1)};
    return slots[below(std::size(slots))];
  }
  cell value_of(slot_number s) { return values[s][below(values[s].size())].view(); }

  program condition_on(slot_number s) {
    constexpr op comparisons[] = {op::equal, op::equal,   op::less,          op::less_equal,
                                  op::equal, op::greater, op::greater_equal, op::not_equal};
    const std::uint32_t what = below(12);
    if (what == 0) return call(op::is_null, {cell_of(s)});
    if (what == 1) return call(op::not_, {call(op::is_null, {cell_of(s)})});
    if (what < 4) {
      std::vector<program> list{cell_of(s)};
      for (std::uint32_t n = 1 + below(4); n > 0; --n) list.push_back(constant(value_of(s)));
      return call(op::in_list, list);
    }
    return call(comparisons[below(std::size(comparisons))], {cell_of(s), constant(value_of(s))});
  }
  order_term by(slot_number s, bool descending) const {
    const storage type = s == id_slot ? storage::integer : samples().columns[s].type;
    return {load(samples(), s), type, descending};
  }
  // One random question about the content as it is.
  void ask() {
    std::vector<program> conditions;
    const slot_number s = indexed_slot();
    for (std::uint32_t n = below(3); n > 0; --n) {
      conditions.push_back(condition_on(below(2) == 0 ? s : indexed_slot()));
    }
    std::vector<order_term> terms;
    const bool descending = below(2) == 0;
    if (below(3) == 0)
      terms = {by(sample::lot.slot(), descending), by(sample::exact.slot(), descending)};
    if (terms.empty() && below(3) != 0)
      terms = {by(below(2) == 0 ? s : indexed_slot(), descending)};
    if (below(6) == 0) terms.push_back(by(id_slot, below(2) == 0));
    std::vector<owned_cell> place;  // where some record is, or would be
    if (below(2) == 0) {
      for (const order_term& t : terms) {
        const slot_number of = t.key.code[0].slot;
        place.emplace_back(of == id_slot ? cell::integer(below(70)) : value_of(of));
      }
      const bool by_id = !terms.empty() && terms.back().key.code[0].slot == id_slot;
      place.emplace_back(by_id ? place.back().view() : cell::integer(below(70)));
    }
    const std::vector<cell> after(place.begin(), place.end());
    scan_request request = scan_of(samples(), static_cast<lifecycle>(below(8) < 6 ? 0 : below(3)));
    request.conditions = conditions;
    request.order = terms;
    request.after = after;
    request.limit = below(3) == 0 ? 1 + below(6) : 0;
    expect_scan(request);
  }

  std::vector<std::vector<owned_cell>> values;
  std::mt19937 random{4711};
};
INSTANTIATE_TEST_SUITE_P(stores, indexes, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(indexes, answer_as_if_there_were_none) {
  for (int round = 0; round < 800 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ask();
  }
}

TEST_P(indexes, follow_every_write) {
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const naive::world before = world;
    rows->begin(access::write);
    for (int writes = 0; writes < 5; ++writes) {
      const std::int64_t id = 1 + below(70);
      const row_ptr r = rows->get(samples(), {id}, needed_cells::with_keys);
      if (r && below(8) == 0) {
        rows->erase(samples(), {id});
        world.erase(samples(), id);
        continue;
      }
      version v = r ? version(samples(), r) : version(samples(), id);
      slot_number s = indexed_slot();
      if (samples().columns[s].role == part_role::key) --s;
      v.set(s, value_of(s));
      if (r && below(4) == 0) r->live() ? v.remove() : v.restore();
      world.add(samples(), *v.write(*rows));
    }
    for (int questions = 0; questions < 4; ++questions) ask();  // of the writer itself
    const bool kept_changes = below(3) != 0;
    kept_changes ? rows->commit() : rows->rollback();
    if (!kept_changes) world = before;
    for (int questions = 0; questions < 4; ++questions) ask();
  }
}

// Old and new entries of an index are there at once while an old reader reads.
TEST_P(indexes, show_each_reader_its_own_instant) {
  if (!can().parallel_reads) GTEST_SKIP() << "readers keep writers out";
  const auto writer = connect();
  rows->begin(access::read);
  for (std::int64_t id = 1; id <= sample_count; id += 3) {
    transaction(*writer, [&] {
      const row_ptr r = writer->get(samples(), {id}, needed_cells::with_keys);
      version v(samples(), r);
      v.set(sample::whole, id)
          .set(sample::lot, 2)
          .set(sample::exact, "a")
          .set(sample::words, "жук");
      if (id % 2 == 0) r->live() ? v.remove() : v.restore();
      v.write(*writer);
      if (id % 4 == 0) writer->erase(samples(), {id});
    });
    for (int questions = 0; questions < 10; ++questions) ask();  // of the world as it was
  }
  rows->commit();
}

}  // namespace
}  // namespace kith::conformance
