// SPDX-License-Identifier: Apache-2.0
//
// Orders: nulls first ascending, ties by id ascending, and pages that together are the whole list.
#include "scan_suite.hpp"

namespace kith::conformance {
namespace {

class orders : public scan_suite {
 protected:
  order_term by(slot_number slot, bool descending) const {
    const storage type = is_system_slot(slot) ? storage::integer : samples().columns[slot].type;
    return {load(samples(), slot), type, descending};
  }
  scan_request request_of(std::span<const order_term> terms, lifecycle of = lifecycle::live) {
    scan_request request = scan_of(samples(), of);
    request.order = terms;
    request.slots = every_slot;
    return request;
  }

  // Reads the list page by page, as the core does.
  std::vector<std::int64_t> paged(scan_request request, std::uint64_t size) {
    std::vector<std::int64_t> list;
    std::vector<owned_cell> mark;
    request.limit = size;
    for (int pages = 0; pages < 200; ++pages) {
      const std::vector<cell> after(mark.begin(), mark.end());
      request.after = after;
      const auto cursor = rows->scan(request);
      std::vector<std::int64_t> page = remaining(request, *cursor);
      if (!cursor->ordered()) {  // each page may be done in another way
        expect_scan(request);
        page = world.ordered_ids(request);
      }
      if (page.size() > size) page.resize(size);  // the core had something left to do
      list.insert(list.end(), page.begin(), page.end());
      if (page.size() < size) break;
      mark.clear();
      for (const naive::value& v : world.place_of(request, page.back()))
        mark.push_back(cell_for(v));
    }
    return list;
  }
  void expect_pages(const scan_request& request) {
    expect_scan(request);
    if (!rows->scan(request)->ordered()) return;  // the core sorts, and cuts pages itself
    for (const std::uint64_t size : {1u, 2u, 7u, 1000u}) {
      EXPECT_EQ(paged(request, size), world.ordered_ids(request)) << "pages of " << size;
    }
  }
  static owned_cell cell_for(const naive::value& v) {
    if (const auto* n = std::get_if<std::int64_t>(&v)) return cell::integer(*n);
    if (const auto* x = std::get_if<double>(&v)) return cell::real(*x);
    if (const auto* t = std::get_if<std::string>(&v)) return cell::text(*t);
    if (const auto* b = std::get_if<naive::bytes>(&v)) return cell::blob(b->all);
    return cell::null();
  }
};
INSTANTIATE_TEST_SUITE_P(stores, orders, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(orders, by_one_slot_in_both_directions) {
  for (const slot_number slot : every_slot) {
    for (const bool descending : {false, true}) {
      const order_term term = by(slot, descending);
      for (const lifecycle of : {lifecycle::live, lifecycle::all}) {
        SCOPED_TRACE("slot " + std::to_string(slot) + (descending ? " down" : " up"));
        expect_pages(request_of({&term, 1}, of));
      }
    }
  }
  if (can().orders) {
    EXPECT_GT(taken_orders, 0u) << "declared, but never done";
  }
}

TEST_P(orders, by_two_slots_in_all_directions) {
  const slot_number lot = sample::lot.slot();
  for (const slot_number second : {sample::exact.slot(), sample::whole.slot(), sample::ratio.slot(),
                                   sample::home.slot(), id_slot, revision_slot}) {
    for (const bool first_down : {false, true}) {
      for (const bool second_down : {false, true}) {
        const order_term terms[] = {by(lot, first_down), by(second, second_down)};
        SCOPED_TRACE("second slot " + std::to_string(second));
        expect_pages(request_of(terms));
      }
    }
  }
}

TEST_P(orders, by_more_than_is_needed) {
  const order_term terms[] = {by(sample::lot.slot(), true), by(sample::lot.slot(), false),
                              by(id_slot, true), by(sample::whole.slot(), false)};
  for (std::size_t n = 1; n <= std::size(terms); ++n) {
    expect_pages(request_of(std::span(terms).first(n)));
  }
  const order_term id_first[] = {by(id_slot, true), by(sample::whole.slot(), false)};
  scan_request request = request_of(id_first);
  expect_scan(request);
}

TEST_P(orders, bound_from_text) {
  for (const std::string_view text :
       {"lot, whole desc", "words", "words desc", "price", "price desc", "home, lot desc, exact",
        "bytes desc", "coalesce(lot, 9) desc", "ratio desc, words", "revision desc"}) {
    SCOPED_TRACE(std::string(text));
    const std::vector<order_term> terms = order(*model, samples(), text);
    expect_pages(request_of(terms, lifecycle::all));
  }
}

TEST_P(orders, with_conditions_page_what_passes) {
  for (const std::string_view condition :
       {"lot = 1", "lot in (1, 2) and whole is not null", "exact like '%a%'",
        "whole > 1000000000000", "lot = 77"}) {
    const std::vector<program> bound = conditions(*model, samples(), condition);
    for (const std::string_view text :
         {"whole desc", "exact", "lot desc, exact desc", "lot, exact"}) {
      SCOPED_TRACE(std::string(condition) + " order by " + std::string(text));
      const std::vector<order_term> terms = order(*model, samples(), text);
      scan_request request = request_of(terms);
      request.conditions = bound;
      expect_pages(request);
    }
  }
}

TEST_P(orders, go_on_behind_places_where_no_record_is) {
  const cell lots[] = {cell::null(), cell::integer(-1), cell::integer(1), cell::integer(99)};
  for (const cell& lot : lots) {
    for (const std::int64_t id : {std::int64_t{0}, std::int64_t{17}, INT64_MAX}) {
      for (const bool descending : {false, true}) {
        const order_term term = by(sample::lot.slot(), descending);
        const cell after[] = {lot, cell::integer(id)};
        scan_request request = request_of({&term, 1});
        request.after = after;
        expect_scan(request);
        request.limit = 4;
        expect_scan(request);
      }
    }
  }
}

TEST_P(orders, and_lifecycles_go_together) {
  const order_term terms[] = {by(deleted_slot, true), by(sample::whole.slot(), false)};
  for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
    expect_pages(request_of(terms, of));
  }
}

// ------------------------------------------------------------------------------------- the
// timeline

class timelines : public orders {
 protected:
  void SetUp() override {
    suite::SetUp();
    transaction(*rows, [&] {
      for (std::int64_t id = 1; id <= 40; ++id) {
        version v(visits(), id);
        if (id % 9 != 0) v.set(visit::spot, 1 + id % 3);
        if (id % 7 != 0) v.set(visit::at, 1'000'000 * (id % 5));
        if (id % 4 != 0) v.set(visit::title, "Title " + std::to_string(id % 6));
        v.set(visit::remark, "Remark");
        if (id % 10 == 0) v.remove();
        world.add(visits(), *v.write(*rows));
      }
    });
  }
  // The newest visits of each place with what the timeline shows, page by page.
  void expect_timelines() {
    const std::vector<order_term> newest = order(*model, visits(), "at desc");
    const slot_number shown_slots[] = {visit::spot.slot(), visit::at.slot(), visit::title.slot()};
    const std::vector<slot_number> every = all_slots(visits());
    for (const std::string_view text :
         {"spot = 1", "spot = 2", "spot = 3", "spot = 4",
          "spot = 1 and at >= '1970-01-01T00:00:02Z'", "spot = 2 and title = 'title 1'"}) {
      const std::vector<program> bound = conditions(*model, visits(), text);
      scan_request request = scan_of(visits());
      request.conditions = bound;
      request.order = newest;
      request.slots = every;
      SCOPED_TRACE(std::string(text));
      expect_pages(request);
      request.slots = shown_slots;
      const auto cursor = rows->scan(request);
      while (const row_ptr r = cursor->next()) {
        const naive::record& want = world.of(visits()).at(r->id().value);
        for (const slot_number s : shown_slots) {
          const cell have = r->at(s, visits().columns[s].type);
          EXPECT_EQ(naive::compare(naive::value_of(have), want.at(s)), 0) << shown(have);
        }
      }
    }
  }
  void change(std::int64_t id, const std::function<void(version&)>& what) {
    transaction(*rows, [&] {
      version v(visits(), rows->get(visits(), {id}));
      what(v);
      v.write(*rows);
      world.add(visits(), *rows->get(visits(), {id}, needed_cells::with_keys));
    });
  }
};
INSTANTIATE_TEST_SUITE_P(stores, timelines, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(timelines, are_read_newest_first) { expect_timelines(); }

TEST_P(timelines, follow_every_change_of_their_records) {
  change(1, [](version& v) { v.set(visit::title, "Changed"); });
  change(2, [](version& v) { v.set(visit::spot, 1); });
  change(3, [](version& v) { v.set(visit::at, 9'000'000); });
  change(4, [](version& v) { v.set(visit::remark, "Changed"); });
  change(5, [](version& v) { v.remove(); });
  change(10, [](version& v) { v.restore(); });
  change(11, [](version& v) { v.set(visit::spot, nullptr); });
  change(9, [](version& v) { v.set(visit::spot, 2); });
  change(13, [](version& v) { v.set(visit::at, nullptr).set(visit::title, nullptr); });
  transaction(*rows, [&] { rows->erase(visits(), {14}); });
  world.erase(visits(), 14);
  expect_timelines();
}

}  // namespace
}  // namespace kith::conformance
