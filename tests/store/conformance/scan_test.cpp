// SPDX-License-Identifier: Apache-2.0
//
// Scans without conditions: lifecycles, the order by id in both directions, limits, places behind
// which to go on, and which cells are delivered.
#include "scan_suite.hpp"

namespace kith::conformance {
namespace {

class scans : public scan_suite {
 protected:
  scan_request all(lifecycle of = lifecycle::all) {
    scan_request request = scan_of(samples(), of);
    return request;
  }
  order_term by_id(bool descending) {
    return {load(samples(), id_slot), storage::integer, descending};
  }
};
INSTANTIATE_TEST_SUITE_P(stores, scans, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(scans, deliver_each_lifecycle) {
  for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
    expect_scan(all(of));
    for (const row_ptr& r : rest_of(*rows->scan(all(of)))) {
      if (of != lifecycle::all) {
        EXPECT_EQ(r->live(), of == lifecycle::live);
      }
    }
  }
}

TEST_P(scans, order_by_id_in_both_directions) {
  for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
    for (const bool descending : {false, true}) {
      const order_term term = by_id(descending);
      scan_request request = all(of);
      request.order = {&term, 1};
      expect_scan(request);
      for (const std::uint64_t limit : {1u, 2u, 47u, 48u, 59u, 60u, 61u, 1000u}) {
        request.limit = limit;
        expect_scan(request);
      }
    }
  }
}

TEST_P(scans, count_the_limit_where_nothing_is_left_to_do) {
  for (const std::uint64_t limit : {1u, 2u, 48u, 60u, 61u}) {
    scan_request request = all();
    request.limit = limit;
    EXPECT_EQ(rest_of(*rows->scan(request)).size(), std::min<std::uint64_t>(limit, 60));
  }
}

TEST_P(scans, go_on_behind_an_id) {
  for (const std::int64_t id : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, std::int64_t{5},
                                std::int64_t{30}, std::int64_t{59}, std::int64_t{60}, INT64_MAX}) {
    const cell place[] = {cell::integer(id), cell::integer(id)};
    for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
      scan_request request = all(of);
      request.after = std::span(place).first(1);  // no term: the id alone
      expect_scan(request);
      request.limit = 3;
      expect_scan(request);
      for (const bool descending : {false, true}) {
        const order_term term = by_id(descending);
        request.order = {&term, 1};
        request.after = place;
        request.limit = 0;
        expect_scan(request);
        request.limit = 3;
        expect_scan(request);
      }
    }
  }
}

TEST_P(scans, of_an_empty_entity_find_nothing) {
  scan_request request = scan_of(visits());
  for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
    request.rows = of;
    EXPECT_TRUE(rest_of(*rows->scan(request)).empty());
  }
}

TEST_P(scans, deliver_whole_records_when_no_slots_are_named) {
  const auto cursor = rows->scan(all());
  while (const row_ptr r = cursor->next()) {
    const row_ptr same = rows->get(samples(), r->id());
    EXPECT_EQ(shown(samples(), r), shown(samples(), same));
    EXPECT_EQ(r->system().revision, same->system().revision);
    EXPECT_EQ(r->system().deleted, same->system().deleted);
    EXPECT_EQ(r->system().merged_into, same->system().merged_into);
  }
}

TEST_P(scans, deliver_at_least_the_slots_that_are_named) {
  std::vector<std::vector<slot_number>> wanted;
  for (const slot_number s : every_slot) wanted.push_back({s});
  for (std::size_t i = 1; i < every_slot.size(); i += 2) {
    wanted.push_back({every_slot[i], every_slot[i - 1]});  // not in their order
  }
  wanted.push_back(every_slot);
  wanted.emplace_back(every_slot.rbegin(), every_slot.rend());
  for (const std::vector<slot_number>& slots : wanted) {
    scan_request request = all();
    request.slots = slots;
    const auto cursor = rows->scan(request);
    std::size_t delivered = 0;
    for (const auto& [id, expected] : world.of(samples())) {
      const row_ptr r = cursor->next();
      ASSERT_TRUE(r);
      EXPECT_EQ(r->id().value, id) << "the id is always there";
      for (const slot_number s : slots) {
        const storage type =
            s < samples().columns.size() ? samples().columns[s].type : storage::integer;
        const cell have = r->at(s, type);
        EXPECT_EQ(naive::compare(naive::value_of(have), expected.at(s)), 0)
            << "slot " << s << " of " << id << " is " << shown(have);
        EXPECT_EQ(have.is_null(), naive::is_null(expected.at(s)));
      }
      ++delivered;
    }
    EXPECT_EQ(delivered, static_cast<std::size_t>(sample_count));
    EXPECT_FALSE(cursor->next());
  }
}

TEST_P(scans, test_conditions_on_slots_that_are_not_delivered) {
  const program conditions[] = {call(op::greater, {cell_of(sample::whole), constant(3)}),
                                call(op::is_null, {cell_of(merged_slot)})};
  const order_term term{cell_of(sample::lot), storage::integer, true};
  const slot_number only_exact[] = {sample::exact.slot()};
  scan_request request = all();
  request.conditions = conditions;
  request.order = {&term, 1};
  request.slots = only_exact;
  const auto cursor = rows->scan(request);
  if (cursor->taken() != 0b11 || !cursor->ordered()) {
    GTEST_SKIP() << "who leaves them to the core is asked for their slots";
  }
  std::vector<std::int64_t> found;
  while (const row_ptr r = cursor->next()) {
    found.push_back(r->id().value);
    const naive::value want = world.of(samples()).at(r->id().value).at(sample::exact.slot());
    const cell have = r->at(sample::exact.slot(), storage::text);
    EXPECT_EQ(naive::compare(naive::value_of(have), want), 0);
  }
  EXPECT_EQ(found, world.ordered_ids(request));
}

TEST_P(scans, see_the_writes_of_their_transaction) {
  rows->begin(access::write);
  const auto replace = [&](const row_ptr& written) { world.add(samples(), *written); };
  const auto current = [&](std::int64_t id) {
    return rows->get(samples(), {id}, needed_cells::with_keys);
  };
  replace(version(samples(), 100).set(sample::whole, 7).set(sample::lot, 1).write(*rows));
  replace(version(samples(), current(1)).set(sample::whole, 7).write(*rows));
  replace(version(samples(), current(2)).set(sample::exact, "moved").write(*rows));
  replace(version(samples(), current(3)).remove().write(*rows));
  replace(version(samples(), current(5)).restore().write(*rows));
  rows->erase(samples(), {7});
  world.erase(samples(), 7);
  const auto expect_all = [&] {
    for (const std::string_view text : {"whole = 7", "exact = 'moved'", "lot = 1", "lot is null"}) {
      const std::vector<program> bound = conditions(*model, samples(), text);
      for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
        scan_request request = all(of);
        request.conditions = bound;
        expect_scan(request);
      }
    }
  };
  expect_all();
  rows->commit();
  expect_all();
}

}  // namespace
}  // namespace kith::conformance
