// SPDX-License-Identifier: Apache-2.0
//
// Conditions and orders about the records that references lead to, and about records that refer
// back. Deleted records are followed, erased ones are null.
#include <algorithm>

#include "scan_suite.hpp"

namespace kith::conformance {
namespace {

class paths : public scan_suite {
 protected:
  static std::vector<std::string_view> texts() {
    return {"home.rank = 1",
            "home.rank is null",
            "home.name = 'ОМСК'",
            "home.name like 'т%'",
            "not home.name = 'омск'",
            "home.within.rank > 0",
            "home.within is null",
            "home.within.within.name is not null",
            "home.rank = lot",
            "home.rank = home.within.rank",
            "home.within = home",
            "home.rank in (0, 2)",
            "home.deleted",
            "not home.deleted",
            "home.rank + 1 = 2",
            "coalesce(home.rank, 5) = 5",
            "home.rank = 1 and whole > 3 and not home.name is null"};
  }
  // The arithmetic one is compared through its plain twin.
  static std::string_view plain(std::string_view text) {
    return text == "home.rank + 1 = 2" ? "home.rank = 1" : text;
  }
  scan_request request_of(const std::vector<program>& bound) {
    scan_request request = scan_of(samples());
    request.conditions = bound;
    request.slots = every_slot;
    return request;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, paths, ::testing::ValuesIn(backends()), name_of_backend);

bool follows(const program& p) {
  return std::any_of(p.code.begin(), p.code.end(),
                     [](const instruction& i) { return i.code == op::load_path; });
}

TEST_P(paths, in_conditions_mean_what_they_say) {
  bool some_taken = false;
  for (const std::string_view text : texts()) {
    const std::vector<program> bound = conditions(*model, samples(), text);
    const scan_request request = request_of(bound);
    const auto cursor = rows->scan(request);
    for (std::size_t i = 0; i < bound.size(); ++i) {
      const bool taken = (cursor->taken() >> i & 1) != 0;
      if (!can().paths && follows(bound[i])) {
        EXPECT_FALSE(taken) << text;
      }
      some_taken = some_taken || (taken && follows(bound[i]));
    }
    EXPECT_EQ(remaining(request, *cursor),
              world.ids(samples(), lifecycle::live, conditions(*model, samples(), plain(text))))
        << text;
  }
  if (can().paths) {
    EXPECT_TRUE(some_taken) << "declared, but never done";
  }
}

TEST_P(paths, to_an_erased_record_are_null) {
  transaction(*rows, [&] { rows->erase(places(), {1001}); });
  naive::world after = world;
  after.erase(places(), 1001);
  for (const std::string_view text : texts()) {
    const std::vector<program> bound = conditions(*model, samples(), text);
    const scan_request request = request_of(bound);
    const auto cursor = rows->scan(request);
    EXPECT_EQ(remaining(request, *cursor),
              after.ids(samples(), lifecycle::live, conditions(*model, samples(), plain(text))))
        << text;
  }
}

TEST_P(paths, show_what_the_same_transaction_has_changed) {
  const std::vector<program> bound = conditions(*model, samples(), "home.rank = 77");
  const scan_request request = request_of(bound);
  rows->begin(access::write);
  const row_ptr home = rows->get(places(), {1001}, needed_cells::with_keys);
  world.add(places(), *version(places(), home).set(place::rank, 77).write(*rows));
  auto cursor = rows->scan(request);
  const std::vector<std::int64_t> expected = world.ids(samples(), lifecycle::live, bound);
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(remaining(request, *cursor), expected);
  cursor.reset();
  rows->rollback();
  cursor = rows->scan(request);
  EXPECT_TRUE(remaining(request, *cursor).empty());
}

TEST_P(paths, in_orders_are_followed) {
  bool some_taken = false;
  for (const std::string_view text :
       {"home.rank", "home.rank desc", "home.name, whole desc", "home.within.rank desc, home.name",
        "lot, home.rank desc", "home.within.name"}) {
    const std::vector<order_term> terms = order(*model, samples(), text);
    scan_request request = scan_of(samples());
    request.order = terms;
    if (!can().paths) {
      request.slots = every_slot;
      EXPECT_FALSE(rows->scan(request)->ordered()) << text;
      continue;
    }
    expect_scan(request);
    request.limit = 7;
    expect_scan(request);
    some_taken = taken_orders != 0;
  }
  if (can().paths && can().orders) {
    EXPECT_TRUE(some_taken) << "declared, but never done";
  }
}

// Whether a store takes these is its own business.
TEST_P(paths, back_to_this_record_count_live_ones) {
  struct row {
    std::string_view text;
    std::function<bool(const std::vector<const naive::record*>&)> holds;
  };
  const auto number = [](const naive::record& r, slot_number slot) {
    const naive::value v = r.at(slot);
    return naive::is_null(v) ? std::optional<std::int64_t>() : std::get<std::int64_t>(v);
  };
  const auto with_lot = [=](const auto& all, std::int64_t lot) {
    return std::count_if(all.begin(), all.end(), [&](const naive::record* r) {
      return number(*r, sample::lot.slot()) == lot;
    });
  };
  const row table[] = {
      {"exists(residents)", [](const auto& all) { return !all.empty(); }},
      {"not exists(residents)", [](const auto& all) { return all.empty(); }},
      {"exists(residents where lot = 1)", [=](const auto& all) { return with_lot(all, 1) > 0; }},
      {"count(residents) >= 6", [](const auto& all) { return all.size() >= 6; }},
      {"count(residents where lot = 2) = 1",
       [=](const auto& all) { return with_lot(all, 2) == 1; }},
      {"max(residents.lot) = 3", [=](const auto& all) { return with_lot(all, 3) > 0; }},
      {"sum(residents.lot) is null",
       [=](const auto& all) {
         return std::all_of(all.begin(), all.end(), [=](const naive::record* r) {
           return !number(*r, sample::lot.slot());
         });
       }},
  };
  for (const row& r : table) {
    const std::vector<program> bound = conditions(*model, places(), r.text);
    const std::vector<slot_number> slots = all_slots(places());
    scan_request request = scan_of(places());
    request.conditions = bound;
    request.slots = slots;
    std::vector<std::int64_t> expected;
    for (const std::int64_t id : world.ids(places(), lifecycle::live, {})) {
      std::vector<const naive::record*> residents;
      for (const auto& [resident_id, resident] : world.of(samples())) {
        const bool lives_here = number(resident, sample::home.slot()) == id;
        if (resident.system.deleted == 0 && lives_here) residents.push_back(&resident);
      }
      if (r.holds(residents)) expected.push_back(id);
    }
    const auto cursor = rows->scan(request);
    if (!can().conditions) {
      EXPECT_EQ(cursor->taken(), 0u);
    }
    EXPECT_EQ(remaining(request, *cursor), expected) << r.text;
  }
}

}  // namespace
}  // namespace kith::conformance
