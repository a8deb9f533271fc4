// SPDX-License-Identifier: Apache-2.0
//
// The life of a record and what differs between two sequences, against tables of text.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class history : public suite {
 protected:
  using lines = std::vector<std::string>;

  static std::string shown(const value& v) { return v.is_null() ? "-" : v.to_string(); }
  static std::string shown(const history_entry& h) {
    constexpr const char* words[] = {"", "add", "update", "remove", "restore", "erase", "merge"};
    std::string line = words[static_cast<int>(h.what)];
    for (const field_change& f : h.fields) {
      line += (line.find(' ') == std::string::npos ? " " : ", ") + std::string(f.field->name()) +
              " " + shown(f.before) + " → " + shown(f.after);
    }
    return line;
  }
  lines life(std::string_view name, record_id id, std::size_t most = 1000) {
    lines found;
    for (const history_entry& h : s->history_of(entity(name), id, most)) found.push_back(shown(h));
    return found;
  }
  // Changes single parts and fields of a gadget.
  void change(record_id id, std::initializer_list<std::pair<const char*, const char*>> values) {
    any_draft d;
    for (const auto& [field, text] : values) put_text(d, entity("lab_gadget"), field, text);
    s->update_row(entity("lab_gadget"), id, d);
  }
  static std::string shown(const any_record& r) { return r ? shown(r["name"]) : "nothing"; }
  lines between(std::int64_t from, std::int64_t to) {
    lines found;
    for (const record_difference& d : s->difference(from, to)) {
      found.push_back(shown(d.before) + " → " + shown(d.after));
    }
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, history, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(history, tells_whole_values_newest_first) {
  const auto g = s->add(gadget::exact = "a", gadget::amount = money("12.50", "EUR"),
                        gadget::maker = person_name{"Иванова", "Анна", "Петровна"});
  s->update(ref<gadget>(g), gadget::amount = money("13.00", "EUR"));
  s->update(ref<gadget>(g), gadget::amount = money("900", "JPY"), gadget::exact = none);
  change(g.id(), {{"maker_first", "Мария"}, {"place_city", "Омск"}, {"place_country", "RU"}});
  s->remove(g);
  s->restore(ref<gadget>(g));
  EXPECT_EQ(life("lab_gadget", g.id()),
            (lines{"restore", "remove",
                   "update maker Иванова Анна Петровна → Иванова Мария Петровна, place - → "
                   "Омск, RU",
                   "update exact a → -, amount 13.00 EUR → 900 JPY",
                   "update amount 12.50 EUR → 13.00 EUR",
                   "add exact - → a, amount - → 12.50 EUR, maker - → Иванова Анна Петровна"}));
  EXPECT_EQ(life("lab_gadget", g.id(), 2), (lines{"restore", "remove"}));
  EXPECT_EQ(life("lab_gadget", g.id(), 0), lines{});
}

}  // namespace
}  // namespace kith::lab
