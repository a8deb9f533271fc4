// SPDX-License-Identifier: Apache-2.0
//
// Whatever is written is read back: every storage class at its ends, in every way of reading.
#include <cfloat>
#include <limits>

#include "core/checksum.hpp"
#include "kith/core/text.hpp"
#include "suite.hpp"

namespace kith::conformance {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::string every_byte() {
  std::string all;
  for (int b = 0; b < 256; ++b) all += static_cast<char>(b);
  return all;
}
std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string all;
  while (all.size() + unit.size() <= bytes) all += unit;
  all.resize(bytes, 'x');
  return all;
}

const std::int64_t whole_numbers[] = {
    0,    1,     -1,       255,        256,
    -129, 32767, -32769,   2147483648, -2147483649,
    most, least, most - 1, least + 1,  (std::int64_t{1} << 53) + 1};
const double real_numbers[] = {
    0.0,     -0.0,   1.0,         -1.0, 3.0,  0.1,  1.0 / 3,    DBL_MAX,  -DBL_MAX,
    DBL_MIN, 5e-324, DBL_EPSILON, 1e15, 1e18, 1e19, -9.2233e18, 123456.5, 9007199254740993.0};

std::vector<std::string> texts() {
  return {"",
          " ",
          "a",
          "0",
          "007",
          "1e5",
          " 12 ",
          "-0.0",
          "null",
          "NULL",
          "'",
          "''",
          "it's",
          "\"",
          "\"quoted\"",
          "`x`",
          "[x]",
          "a'; drop table kith_sample; --",
          "100%",
          "a_b",
          "\\",
          "?",
          ":name",
          "@x",
          "$1",
          "line\nbreak",
          "\r\n",
          "tab\there",
          "\x01\x1f\x7f",
          "Омск",
          "ёжик",
          "ЁЖИК",
          "Straße",
          "e\u0301",
          "\u00e9",
          "\u00a0",
          "\u200b",
          "\ufeff",
          "\ufffd",
          "漢字",
          "\U0001F600",
          "\U0010FFFF",
          "👩‍👩‍👧",
          "مرحبا",
          repeated("щ", 5000),
          repeated("Ёлка 漢 \U0001F600 ", 1 << 20)};
}
std::vector<std::string> blobs() {
  return {"",      std::string(1, '\0'), std::string("\0\0", 2),          "text", "007", "\xff\xfe",
          "\xc3(", every_byte(),         repeated(every_byte(), 64 << 10)};
}

class values : public suite {
 protected:
  void keep(const row_ptr& r) { written.push_back(r); }

  // How a row was asked for decides which of its cells are there.
  enum class asked { for_record, for_rows, for_slots };

  void expect_same(const row_ptr& want, const row_ptr& have, asked what) {
    ASSERT_TRUE(have) << want->id().value;
    const std::string message = shown(samples(), want);
    for (slot_number s = 0; s < samples().columns.size(); ++s) {
      const column& c = samples().columns[s];
      if (c.role == part_role::key && what != asked::for_slots) continue;
      ASSERT_EQ(have->has(s), want->has(s)) << c.name << " of " << message;
      ASSERT_TRUE(have->at(s, c.type) == want->at(s, c.type))
          << c.name << " of " << message << " is " << shown(have->at(s, c.type));
    }
    ASSERT_EQ(have->id(), want->id());
    ASSERT_EQ(have->system().revision, want->system().revision) << message;
    ASSERT_EQ(have->system().deleted, want->system().deleted) << message;
    ASSERT_EQ(have->system().merged_into, want->system().merged_into) << message;
    if (what == asked::for_rows) return;  // a scan without slots promises no more
    ASSERT_EQ(have->system().created, want->system().created) << message;
    ASSERT_EQ(have->system().checksum, want->system().checksum) << message;
    ASSERT_EQ(detail::checksum_of(samples(), *have), want->system().checksum) << message;
  }

  // By every way of reading.
  void expect_all(connection& through) {
    for (const row_ptr& w : written) {
      expect_same(w, through.get(samples(), w->id()), asked::for_record);
      expect_same(w, through.get(samples(), w->id(), needed_cells::with_keys), asked::for_slots);
    }
    std::vector<slot_number> slots = all_slots(samples());
    slots.push_back(checksum_slot);
    for (const asked what : {asked::for_rows, asked::for_slots}) {
      scan_request request = scan_of(samples(), lifecycle::all);
      if (what == asked::for_slots) request.slots = slots;
      const auto cursor = through.scan(request);
      for (const row_ptr& w : written) expect_same(w, cursor->next(), what);
      ASSERT_FALSE(cursor->next());
    }
  }

  void expect_everywhere() {
    expect_all(*rows);  // in the transaction that wrote
    rows->commit();
    expect_all(*rows);
    expect_all(*connect());
    if (!keeps_content()) return;
    reopen();
    expect_all(*rows);
  }

  std::vector<row_ptr> written;
};
INSTANTIATE_TEST_SUITE_P(stores, values, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(values, whole_numbers_to_both_ends) {
  rows->begin(access::write);
  std::int64_t id = 0;
  for (const std::int64_t n : whole_numbers) {
    keep(version(samples(), ++id).set(sample::whole, n).write(*rows));
  }
  expect_everywhere();
}

TEST_P(values, real_numbers_tiny_and_huge) {
  rows->begin(access::write);
  std::int64_t id = 0;
  for (const double x : real_numbers) {
    keep(version(samples(), ++id).set(sample::ratio, x).write(*rows));
  }
  expect_everywhere();
}

TEST_P(values, exact_and_folded_texts) {
  rows->begin(access::write);
  std::int64_t id = 0;
  for (const std::string& t : texts()) {
    ASSERT_FALSE(invalid_utf8(t)) << t;
    keep(version(samples(), ++id).set(sample::exact, t).write(*rows));
    keep(version(samples(), ++id).set(sample::words, t).write(*rows));
  }
  expect_everywhere();
}

TEST_P(values, bytes_of_any_value) {
  rows->begin(access::write);
  std::int64_t id = 0;
  for (const std::string& b : blobs()) {
    keep(version(samples(), ++id).set(sample::bytes, b).write(*rows));
  }
  expect_everywhere();
}

TEST_P(values, null_in_every_column_is_not_empty) {
  rows->begin(access::write);
  std::int64_t id = 0;
  keep(version(samples(), ++id).write(*rows));  // null everywhere
  for (slot_number s = 0; s < samples().columns.size(); ++s) {
    if (samples().columns[s].role == part_role::key) continue;
    version only(samples(), ++id);
    version all_but(samples(), ++id);
    for (slot_number t = 0; t < samples().columns.size(); ++t) {
      const column& c = samples().columns[t];
      if (c.role == part_role::key) continue;
      version& v = s == t ? only : all_but;
      if (c.type == storage::integer) v.set(t, 0);
      if (c.type == storage::real) v.set(t, 0.0);
      if (c.type == storage::text || c.type == storage::blob) v.set(t, "");
    }
    keep(only.write(*rows));
    keep(all_but.write(*rows));
  }
  expect_everywhere();
}

TEST_P(values, ids_and_sequences_to_their_ends) {
  rows->begin(access::write);
  for (const std::int64_t id :
       {std::int64_t{1}, std::int64_t{0x7fff'ffff}, std::int64_t{1} << 40, most - 1, most}) {
    system_cells system{{id}, most - 1, most - 2, 0, {}, 0};
    if (id % 2 == 0) system.deleted = most - 3;
    if (id == most) system.merged_into = {most - 1};
    const std::vector<cell> nulls(samples().columns.size());
    system.checksum = detail::checksum_of(samples(), system, nulls);
    keep(row_ptr::make(system, nulls));
    rows->write({&samples(), {}, written.back(), {}});
  }
  expect_everywhere();
}

TEST_P(values, everything_at_once) {
  rows->begin(access::write);
  keep(version(samples(), 5)
           .set(sample::whole, most)
           .set(sample::ratio, DBL_MIN)
           .set(sample::exact, repeated("a'b\"", 100'000))
           .set(sample::words, repeated("Ёж ", 100'000))
           .set(sample::bytes, repeated(every_byte(), 64 << 10))
           .set_price(sample::price, -1, "KWD")
           .set(sample::home, most)
           .set(sample::lot, least)
           .write(*rows));
  keep(version(samples(), 6).write(*rows));
  expect_everywhere();
}

TEST_P(values, of_absent_records_are_nothing) {
  put(5, 5);
  for (const std::int64_t id : {std::int64_t{0}, std::int64_t{4}, std::int64_t{6}, most}) {
    EXPECT_FALSE(rows->get(samples(), {id})) << id;
    EXPECT_FALSE(rows->get(samples(), {id}, needed_cells::with_keys)) << id;
    EXPECT_FALSE(rows->get(places(), {5}));
  }
}

TEST_P(values, entities_do_not_mix) {
  transaction(*rows, [&] {
    version(samples(), 1).set(sample::whole, 1).write(*rows);
    version(places(), 1).set(place::rank, 2).write(*rows);
    version(badges(), 1).set(badge::number, 3).write(*rows);
  });
  transaction(*rows, [&] { rows->erase(places(), {1}); });
  EXPECT_EQ(shown(samples(), rows->get(samples(), {1})), "1 live {whole=1}");
  EXPECT_EQ(shown(badges(), rows->get(badges(), {1})), "1 live {number=3}");
  EXPECT_FALSE(rows->get(places(), {1}));
}

// More columns than one word of presence bits has.
TEST_P(values, in_a_hundred_columns) {
  constexpr kind_id kinds[] = {kind_id::integer, kind_id::real, kind_id::text, kind_id::email,
                               kind_id::blob};
  model_ptr wide = model_of<card>();
  for (int i = 0; i < 100; ++i) {
    wide = wide->with("cards",
                      custom_field{.name = "x_field_" + std::to_string(i), .kind = kinds[i % 5]});
  }
  const entity_type& cards = wide->entity<card>();
  transaction(*rows, [&] { rows->apply(cards); });
  const std::vector<slot_number> slots = all_slots(cards);
  scan_request request = scan_of(cards);
  request.slots = slots;
  for (std::int64_t id = 1; id <= 3; ++id) {  // full, every other, empty
    version v(cards, id);
    for (slot_number s = 0; s < cards.columns.size() && id < 3; ++s) {
      const column& c = cards.columns[s];
      if (c.role == part_role::key || (id == 2 && s % 2 != 0)) continue;
      const std::string text = "t" + std::to_string(s);
      c.type == storage::integer || c.type == storage::real ? v.set(s, s) : v.set(s, text);
    }
    row_ptr want;
    transaction(*rows, [&] { want = v.write(*rows); });
    EXPECT_EQ(shown(cards, rows->get(cards, {id}, needed_cells::with_keys), true),
              shown(cards, want, true));
    const std::vector<row_ptr> scanned = rest_of(*rows->scan(request));
    ASSERT_EQ(scanned.size(), static_cast<std::size_t>(id));
    EXPECT_EQ(shown(cards, scanned.back(), true), shown(cards, want, true));
  }
}

}  // namespace
}  // namespace kith::conformance
