// SPDX-License-Identifier: Apache-2.0
//
// Every byte of a store becomes another one, one at a time: the store is refused, or verification
// reports it, or nothing that anybody can read is different. The long form takes all bytes.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>

#include "environment.hpp"
#include "kith/storage/memory.hpp"
#include "kith/storage/sqlite.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

/// A small entity of its own, so that the file has few pages without content.
struct card {
  static constexpr entity_def about{.name = "test_card", .plural = "test_cards"};
  static constexpr field<card, text> name{1, "name", required, folded, indexed, "Anything."};
  static constexpr field<card, integer> number{2, "number", unique, "Anything."};
  static constexpr field<card, money> price{3, "price", "Anything."};
  static constexpr field<card, ref<card>> above{4, "above", clear_on_delete, indexed, "A tree."};
  static constexpr field<card, real> ratio{5, "ratio", "Anything."};
  static constexpr field<card, text> note{6, "note", "Long."};
  static constexpr auto fields = list(name, number, price, above, ratio, note);
};

crm_options own_options(bool read_only) {
  crm_options o = options();
  o.entities = {describe<card>(), describe<journal>()};
  o.read_only = read_only;
  return o;
}

void fill(crm& base) {
  session s = open_session(base);
  s.add_field("test_card", {.name = "x_colour"});
  const auto colour = s.model()->field<card, text>("x_colour");
  std::vector<record<card>> all;
  for (int i = 0; i < 120; ++i) {
    draft<card> d;
    d.set(card::name = "Карта " + std::to_string(i), card::number = i, card::price = eur(i),
          card::ratio = i / 7.0, colour = i % 2 == 0 ? "red" : "синий");
    if (i > 3) d.set(card::above = all[static_cast<std::size_t>(i) / 2]);
    if (i % 40 == 7) d.set(card::note = std::string(12'000, 'n'));
    all.push_back(s.add(d));
  }
  for (std::size_t i = 0; i < all.size(); i += 5) {
    s.update(all[i], card::price = eur(1000), card::name = "Другая " + std::to_string(i));
  }
  for (std::size_t i = 60; i < 66; ++i) s.remove(all[i * 2 % all.size()]);
}

std::string printed(const cell& c) {
  if (c.is_null()) return "null";
  if (c.has_bytes()) return "'" + std::string(c.as_bytes()) + "'";
  return c.type() == storage::real ? std::to_string(c.as_real()) : std::to_string(c.as_integer());
}

// All records and all of their history.
std::string everything(crm& base) {
  session s = open_session(base);
  std::string all = contents(s);
  for (const change_set& set : s.changes(0, 1'000'000)) {
    all += std::to_string(set.at.microseconds) + set.reason + std::to_string(set.batch.value);
    for (const record_change& c : set.changes) {
      for (const cell_before& b : c.before) all += " " + printed(b.before);
    }
  }
  return all;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What became of the flips.
struct classes {
  std::uint64_t refused = 0, reported = 0, harmless = 0, unnoticed = 0;
};

class flips : public ::testing::Test {
 protected:
  using opening = std::function<crm(bool read_only)>;

  void flip_all(const std::string& what, const opening& open) {
    std::string whole;
    std::string wanted;
    {
      crm base = open(false);
      fill(base);
      if (base.can().save) base.save();
    }
    whole = bytes_of(path_);
    {
      crm base = open(true);
      const verification v = base.verify();
      ASSERT_TRUE(v.sound()) << v.found.front().what;
      wanted = everything(base);
    }
    const std::size_t step = long_form() ? 1 : sanitized ? 389 : 97;
    for (std::size_t at = 0; at < whole.size(); at += step) {
      std::string other = whole;
      other[at] = static_cast<char>(other[at] ^ (1 << at % 8));
      in_.clear();
      std::ofstream(path_, std::ios::binary) << other;
      one(open, at / step % 2 == 0, at, wanted);
      ASSERT_LT(seen_.unnoticed, 20u);
      if (at % 10'000 == 9'999) print(what, at + 1, whole.size());  // a long run says where it is
    }
    print(what, whole.size(), whole.size());
    EXPECT_EQ(seen_.unnoticed, 0u);
  }

  void print(const std::string& what, std::size_t done, std::size_t all) const {
    std::printf(
        "%s, %zu of %zu bytes: %llu refused, %llu reported, %llu harmless, %llu unnoticed\n",
        what.c_str(), done, all, static_cast<unsigned long long>(seen_.refused),
        static_cast<unsigned long long>(seen_.reported),
        static_cast<unsigned long long>(seen_.harmless),
        static_cast<unsigned long long>(seen_.unnoticed));
    std::fflush(stdout);
  }

  void one(const opening& open, bool read_only, std::size_t at, const std::string& wanted) {
    std::optional<crm> base;
    try {
      base.emplace(open(read_only));
    } catch (const error&) {
      ++seen_.refused;
      return;
    }
    try {
      if (!base->verify().sound()) {
        ++seen_.reported;
        return;
      }
      if (everything(*base) == wanted) {
        ++seen_.harmless;
        return;
      }
      ADD_FAILURE() << "byte " << at << " changed what is read, and nobody noticed";
    } catch (const std::exception& e) {
      ADD_FAILURE() << "byte " << at << ": " << e.what();
    }
    ++seen_.unnoticed;
  }

  const folder in_{"flip"};
  const std::string path_ = in_.file("store");
  classes seen_;
};

TEST_F(flips, of_a_sqlite_file_are_noticed) {
  flip_all("SQLite file", [this](bool read_only) {
    return crm(open_sqlite({.path = path_, .read_only = read_only}), own_options(read_only));
  });
  EXPECT_GT(seen_.reported, seen_.refused);
}

TEST_F(flips, of_a_snapshot_are_refused) {
  flip_all("snapshot", [this](bool read_only) {
    return crm(open_memory({.path = path_, .read_only = read_only}), own_options(read_only));
  });
  EXPECT_EQ(seen_.reported + seen_.harmless, 0u);
}

}  // namespace
}  // namespace kith::faults
