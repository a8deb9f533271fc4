// SPDX-License-Identifier: Apache-2.0
//
// How each kind reads what people write, what it prints, and why it refuses the rest.
#include "kith/core/kind.hpp"

#include <gtest/gtest.h>

#include <array>

namespace kith {
namespace {

class kept_cells final : public cell_sink {
 public:
  void put(unsigned part, cell c) override { cells[part] = owned_cell(c); }
  std::array<owned_cell, max_parts> cells;
};

constexpr choice_option sizes[] = {{1, "small", "малый"}, {2, "large", "большой"}};

kind_options options(int scale = 0, std::optional<std::int64_t> least = {},
                     std::optional<std::int64_t> most = {}) {
  kind_options o;
  o.scale = static_cast<std::int8_t>(scale);
  o.least = least;
  o.most = most;
  o.choices = sizes;
  return o;
}

text_format russian() {
  text_format f;
  f.decimal_point = ',';
  f.dates = text_format::date_order::dmy;
  f.currency = currency_code("RUB");
  f.zone = time_zone::named("Asia/Omsk");
  return f;
}

/// What became of the text: as printed (with a point and in UTC), or why it is refused.
std::string read(kind_id id, const kind_options& o, std::string_view text, const text_format& f) {
  const kind& k = kind_of(id);
  kept_cells kept;
  if (const auto why = k.parse(o, text, f, kept)) return "! " + *why;
  std::array<cell, max_parts> cells;
  const auto view = [&] {
    for (unsigned i = 0; i < max_parts; ++i) cells[i] = kept.cells[i].view();
  };
  view();
  if (k.derive != nullptr) k.derive(o, cells.data(), kept);
  view();
  if (const auto why = k.problem(o, cells.data())) return "! " + *why;
  std::string out;
  k.print(o, cells.data(), {}, out);
  return out;
}

struct row {
  kind_id kind;
  kind_options options;
  const char* text;
  const char* result;
};

const row plain[] = {
    {kind_id::text, {}, "Ёлка", "Ёлка"},
    {kind_id::integer, {}, "42", "42"},
    {kind_id::integer, {}, "-9223372036854775808", "-9223372036854775808"},
    {kind_id::integer, {}, "4.0", "4"},
    {kind_id::integer, {}, "4.5", "! "},
    {kind_id::integer, {}, "four", "! "},
    {kind_id::integer, {}, "9223372036854775808", "! "},
    {kind_id::integer, options(0, 0, 10), "11", "! is more than 10"},
    {kind_id::integer, options(0, 0, 10), "-1", "! is less than 0"},
    {kind_id::real, {}, "2.5e3", "2500"},
    {kind_id::real, {}, "inf", "! is not a number"},
    {kind_id::real, {}, "1,5", "! is not a number"},
    {kind_id::real, options(0, 0, 1), "1.5", "! is more than 1"},
    {kind_id::real, options(0, 0, 1), "-0.5", "! is less than 0"},
    {kind_id::decimal, options(2), "12.5", "12.50"},
    {kind_id::decimal, options(2), "1 234.50", "1234.50"},
    {kind_id::decimal, options(2), "12.505", "! has more than 2 digits"},
    {kind_id::decimal, options(2), "x", "! is not a number"},
    {kind_id::decimal, options(4), "999999999999999999", "! is too large"},
    {kind_id::boolean, {}, "true", "true"},
    {kind_id::boolean, {}, "нет", "false"},
    {kind_id::boolean, {}, "perhaps", "! "},
    {kind_id::date, {}, "2026-03-31", "2026-03-31"},
    {kind_id::date, {}, "2026-02-31", "! "},
    {kind_id::date, {}, "31.03.2026", "! "},
    {kind_id::instant, {}, "2026-03-31T15:00:00+06:00", "2026-03-31T09:00:00Z"},
    {kind_id::instant, {}, "noon", "! "},
    {kind_id::duration, {}, "1h 30min", "1h 30min"},
    {kind_id::duration, {}, "soon", "! "},
    {kind_id::money, options(currency_scale), "9.99 EUR", "9.99 EUR"},
    {kind_id::money, options(currency_scale), "EUR 9.9", "9.90 EUR"},
    {kind_id::money, options(currency_scale), "$5", "5.00 USD"},
    {kind_id::money, options(currency_scale), "5 ₽", "5.00 RUB"},
    {kind_id::money, options(currency_scale), "12 JPY", "12 JPY"},
    {kind_id::money, options(currency_scale), "12.5 JPY", "! has more than 0 digits"},
    {kind_id::money, options(currency_scale), "1.234 KWD", "1.234 KWD"},
    {kind_id::money, options(4), "0.1234 EUR", "0.1234 EUR"},
    {kind_id::money, options(currency_scale), "12", "! has no currency"},
    {kind_id::money, options(currency_scale), "many EUR", "! is not an amount"},
    {kind_id::money, options(currency_scale), "999999999999999999999 EUR", "! "},
    {kind_id::money, options(currency_scale, 0), "-1 EUR", "! is less than 0"},
    {kind_id::choice, options(), "small", "small"},
    {kind_id::choice, options(), "Большой", "large"},
    {kind_id::choice, options(), "huge", "! "},
    {kind_id::ref, {}, "42", "42"},
    {kind_id::ref, {}, "-1", "! is not the id"},
    {kind_id::ref, {}, "4x", "! is not the id"},
    {kind_id::any_ref, {}, "10:42", "10:42"},
    {kind_id::any_ref, {}, "42", "! is not an entity's number and an id"},
    {kind_id::any_ref, {}, "70000:42", "! is not an entity's number and an id"},
    {kind_id::any_ref, {}, "10:0", "! is not an entity's number and an id"},
    {kind_id::email, {}, " Anna@Example.COM ", "Anna@Example.COM"},
    {kind_id::email, {}, "anna", "! "},
    {kind_id::email, {}, "почта@пример.рф", "почта@пример.рф"},
    {kind_id::email, {}, "o'neil+\"x\"@example.org", "o'neil+\"x\"@example.org"},
    {kind_id::email, {}, "anna@exa\"mple.org", "! "},
    {kind_id::email, {}, "an na@example.org", "! "},
    {kind_id::email, {}, "anna\x7f@example.org", "! "},
    {kind_id::email, {}, "anna@bob@example.org", "! "},
    {kind_id::email, {}, "anna@exam[ple.org", "! "},
    {kind_id::email, {}, "an\\na@example.org", "! "},
    {kind_id::email, {}, "anna@example..org", "! "},
    {kind_id::email, {}, "anna@example.org.", "! "},
    {kind_id::email, {}, "@example.org", "! "},
    {kind_id::phone, {}, "8 (3812) 55-01-10", "8 (3812) 55-01-10"},
    {kind_id::phone, {}, "call me", "! "},
    {kind_id::url, {}, "https://example.org/a", "https://example.org/a"},
    {kind_id::url, {}, "not a url", "! "},
    {kind_id::person_name, {}, "Ёлкин Пётр Савельевич", "Ёлкин Пётр Савельевич"},
    {kind_id::postal_address, {}, "ул. Мира, 1, Омск", "ул. Мира, 1, Омск"},
};

TEST(kinds, read_what_people_write) {
  for (const row& r : plain) {
    const std::string got = read(r.kind, r.options, r.text, {});
    const std::string want = r.result;
    const bool refused = want.starts_with("! ");
    EXPECT_TRUE(refused ? got.starts_with(want) : got == want)
        << kind_of(r.kind).name << " '" << r.text << "': " << got << ", not " << want;
  }
}

const row in_russian[] = {
    {kind_id::real, {}, "2,5", "2.5"},
    {kind_id::decimal, options(2), "1 234,50", "1234.50"},
    {kind_id::money, options(currency_scale), "1 960 000,00", "1960000.00 RUB"},
    {kind_id::money, options(currency_scale), "99,90 руб.", "99.90 RUB"},
    {kind_id::date, {}, "31.03.2026", "2026-03-31"},
    {kind_id::date, {}, "31/3/2026", "2026-03-31"},
    {kind_id::date, {}, "2026-03-31", "2026-03-31"},
    {kind_id::date, {}, "31.13.2026", "! "},
    {kind_id::date, {}, "31.03-2026", "! "},
    {kind_id::date, {}, "31.03.26", "! "},
    {kind_id::instant, {}, "31.03.2026 15:00", "2026-03-31T09:00:00Z"},
    {kind_id::instant, {}, "31.03.2026", "2026-03-30T18:00:00Z"},
    {kind_id::instant, {}, "31.03.2026 25:00", "! "},
};

TEST(kinds, read_the_russian_way) {
  for (const row& r : in_russian) {
    const std::string got = read(r.kind, r.options, r.text, russian());
    const std::string want = r.result;
    const bool refused = want.starts_with("! ");
    EXPECT_TRUE(refused ? got.starts_with(want) : got == want)
        << kind_of(r.kind).name << " '" << r.text << "': " << got << ", not " << want;
  }
}

TEST(kinds, read_back_what_they_print_the_russian_way) {
  const text_format f = russian();
  for (const row& r : plain) {
    const kind& k = kind_of(r.kind);
    kept_cells first, second;
    if (k.parse(r.options, r.text, {}, first)) continue;
    std::array<cell, max_parts> cells;
    for (unsigned i = 0; i < max_parts; ++i) cells[i] = first.cells[i].view();
    if (k.problem(r.options, cells.data())) continue;
    std::string printed;
    k.print(r.options, cells.data(), f, printed);
    EXPECT_FALSE(k.parse(r.options, printed, f, second)) << k.name << " " << printed;
    for (unsigned i = 0; i < max_parts; ++i) {
      EXPECT_EQ(first.cells[i], second.cells[i]) << k.name << " " << printed;
    }
  }
}

TEST(kinds, are_found_by_name_and_number) {
  EXPECT_EQ(kinds().size(), 18u);
  for (const kind* k : kinds()) {
    EXPECT_EQ(find_kind(k->name), k);
    EXPECT_EQ(&kind_of(k->id), k);
    EXPECT_FALSE(k->summary.empty());
  }
  EXPECT_EQ(find_kind("colour"), nullptr);
}

}  // namespace
}  // namespace kith
