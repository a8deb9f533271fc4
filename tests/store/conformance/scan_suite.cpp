// SPDX-License-Identifier: Apache-2.0
//
// The content, and the comparison of a scan with what it should find.
#include "scan_suite.hpp"

#include <algorithm>
#include <limits>

#include "kith/core/text.hpp"

namespace kith::conformance {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t first_place = 1001;

std::vector<owned_cell> whole_numbers(std::initializer_list<std::int64_t> numbers) {
  std::vector<owned_cell> cells(1);
  for (const std::int64_t n : numbers) cells.emplace_back(cell::integer(n));
  return cells;
}
std::vector<owned_cell> real_numbers(std::initializer_list<double> numbers) {
  std::vector<owned_cell> cells(1);
  for (const double x : numbers) cells.emplace_back(cell::real(x));
  return cells;
}
std::vector<owned_cell> texts(std::initializer_list<std::string_view> all) {
  std::vector<owned_cell> cells(1);
  for (const std::string_view t : all) cells.emplace_back(cell::text(t));
  return cells;
}
std::vector<owned_cell> blobs(std::initializer_list<std::string_view> all) {
  std::vector<owned_cell> cells(1);
  for (const std::string_view b : all) cells.emplace_back(cell::blob(b));
  return cells;
}

bool begins_with_id(std::span<const order_term> order) {
  return order.empty() || (order[0].key.is_load() && order[0].key.code[0].slot == id_slot);
}

}  // namespace

std::vector<std::vector<owned_cell>> sample_values(const entity_type& samples) {
  using std::string_view_literals::operator""sv;
  std::vector<std::vector<owned_cell>> values(samples.columns.size());
  values[sample::whole.slot()] =
      whole_numbers({-5, 0, 1, 5, 7, 7, 100, std::int64_t{1} << 53, most, least});
  values[sample::ratio.slot()] =
      real_numbers({-1.5, -0.0, 0.0, 0.5, 5.0, 7.0, 1e300, 5e-324, 9007199254740992.0});
  values[sample::exact.slot()] =
      texts({"", "a", "A", "ab", "b", "a%b", "a_b", "a\\b", "axb", "Омск", "омск", "\U0001F600",
             "\u00e9", "e\u0301", "\uffff", "z'z", "100%"});
  values[sample::words.slot()] =
      texts({"", "Ёлка", "елка", "Жук", "APPLE", "apple pie", "100% Хлопок", "Straße", "a_b"});
  for (const owned_cell& w : values[sample::words.slot()]) {
    const cell c = w.view();
    values[sample::words.slot() + 1u].emplace_back(c.is_null() ? c
                                                               : cell::text(fold(c.as_bytes())));
  }
  values[sample::bytes.slot()] = blobs({""sv, "\0"sv, "\0\1"sv, "abc"sv, "\xff\xfe"sv, "z"sv});
  values[sample::price.slot()] = whole_numbers({100, 100, 0, -5, 250, most});
  values[sample::price.slot() + 1u] = texts({"EUR", "USD", "EUR", "EUR", "RUB", "EUR"});
  values[sample::home.slot()] =
      whole_numbers({1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 9999});
  values[sample::lot.slot()] = whole_numbers({0, 1, 2, 3});
  return values;
}

void scan_suite::SetUp() {
  suite::SetUp();
  every_slot = all_slots(samples());
  const auto values = sample_values(samples());
  const auto add = [&](const entity_type& e, version& v) { world.add(e, *v.write(*rows)); };
  transaction(*rows, [&] {
    for (std::int64_t i = 0; i < 8; ++i) {
      version v(places(), first_place + i);
      if (i != 2) v.set(place::name, i % 2 == 0 ? "Омск" : "Тара " + std::to_string(i / 3));
      if (i != 3) v.set(place::rank, i % 3);
      // A chain with an end, a circle, and a reference to nothing.
      if (i < 7 && i != 4) v.set(place::within, first_place + (i == 5 ? 5 : i + 1));
      if (i == 7) v.set(place::within, 9999);
      if (i == 6) v.remove();
      add(places(), v);
    }
    for (std::int64_t i = 1; i <= sample_count; ++i) {
      version v(samples(), i);
      const auto pick = [&](slot_number slot, std::int64_t stride) {
        const auto& all = values[slot];
        const auto n = static_cast<std::size_t>(i * stride % static_cast<std::int64_t>(all.size()));
        v.set(slot, all[n].view());
        return n;
      };
      for (const slot_number s :
           {sample::whole.slot(), sample::ratio.slot(), sample::exact.slot(), sample::words.slot(),
            sample::bytes.slot(), sample::home.slot(), sample::lot.slot()}) {
        pick(s, s % 2 == 0 ? 1 : 3);
      }
      const std::size_t n = pick(sample::price.slot(), 5);
      const auto currency = static_cast<slot_number>(sample::price.slot() + 1);
      v.set(currency, values[currency][n].view());
      if (i % 5 == 0) v.remove();
      if (i % 10 == 0) v.merge_into(i + 1);
      add(samples(), v);
    }
  });
}

std::vector<std::int64_t> scan_suite::remaining(const scan_request& request, cursor& from) {
  residual rest(*rows, *model);
  std::vector<std::int64_t> ids;
  while (const row_ptr r = from.next()) {
    if (rest.passes(request, from.taken(), *r)) ids.push_back(r->id().value);
  }
  return ids;
}

void scan_suite::expect_condition(const program& condition, lifecycle of) {
  scan_request request = scan_of(samples(), of);
  request.conditions = {&condition, 1};
  expect_scan(request);
}

void scan_suite::expect_scan(scan_request request) {
  const std::vector<slot_number> slots = all_slots(*request.entity);
  if (request.slots.empty()) request.slots = slots;
  std::string what;
  for (const program& p : request.conditions) what += " [" + shown(*request.entity, p) + "]";
  for (const order_term& t : request.order) {
    what += (t.descending ? " down by (" : " by (") + shown(*request.entity, t.key) + ")";
  }
  for (const cell& c : request.after) what += " after " + shown(c);
  if (request.limit != 0) what += " limit " + std::to_string(request.limit);
  SCOPED_TRACE(what);

  const auto cursor = rows->scan(request);
  const std::uint64_t taken = cursor->taken();
  const std::size_t conditions = request.conditions.size();
  const std::uint64_t all =
      conditions >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << conditions) - 1;
  EXPECT_EQ(taken & ~all, 0u) << "claims conditions that nobody asked";
  if (!can().conditions) {
    EXPECT_EQ(taken, 0u);
  }
  const bool by_id = begins_with_id(request.order);
  if (by_id && request.order.size() <= 1) {
    EXPECT_TRUE(cursor->ordered()) << "every store can";
  }
  if (!by_id && !can().orders) {
    EXPECT_FALSE(cursor->ordered());
  }
  taken_conditions += taken != 0;
  taken_orders += cursor->ordered() && !by_id;

  std::vector<std::int64_t> found = remaining(request, *cursor);
  if (cursor->ordered()) {
    std::vector<std::int64_t> expected = world.ordered_ids(request);
    const bool counts = request.limit != 0 && taken == all && conditions <= 64;
    if (counts && expected.size() > request.limit) expected.resize(request.limit);
    EXPECT_EQ(found, expected);
  } else {  // then neither `after` nor the limit has been applied
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, world.ids(*request.entity, request.rows, request.conditions));
  }
}

}  // namespace kith::conformance
