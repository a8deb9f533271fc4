// SPDX-License-Identifier: Apache-2.0
//
// Random models and records: small domains, so that joins and groups hit; ties, nulls, deleted
// records, empty texts, and now and then the largest numbers there are.
#include <algorithm>

#include "model_check/naive.hpp"
#include "model_check/world.hpp"

namespace kith::model_check {
namespace {

constexpr whole second = 1'000'000;
constexpr whole hour = 3600 * second;
constexpr whole day = 24 * hour;
constexpr whole some_day = 20'513;  // 2026-03-01

const std::vector<std::string>& texts() {
  static const std::vector<std::string> all{"",
                                            "a",
                                            "A",
                                            "b",
                                            "ab",
                                            "aB",
                                            "AB",
                                            "zeta",
                                            "Ель",
                                            "ёлка",
                                            "Ёлка",
                                            "елка",
                                            "ЕЛКА",
                                            "ежа",
                                            "жук",
                                            "Жук",
                                            "ЯМА",
                                            "яма",
                                            "a%b",
                                            "a_b",
                                            "a\\b",
                                            "a*b",
                                            "a?b",
                                            "[x]",
                                            "O'Neil",
                                            " a ",
                                            "10",
                                            "длинный текст с пробелами",
                                            "аб вг",
                                            "😀",
                                            std::string(300, 'q') + "ё"};
  return all;
}
constexpr std::string_view addresses[] = {"anna@x.example", "Anna@X.example", "bob@y.example",
                                          "BOB@y.example",  "c@z.example",    "eve@x.example"};
constexpr std::string_view currencies[] = {"EUR", "EUR", "EUR", "RUB", "RUB", "JPY"};

whole extreme_of(random& dice, const type& of) {
  constexpr std::int64_t numbers[] = {INT64_MAX,        INT64_MIN,     INT64_MAX - 1,
                                      9007199254740993, 4'000'000'000, -9007199254740993};
  switch (of.kind) {
    case kind_id::date: return dice.percent(50) ? -719162 : 2932896;
    case kind_id::instant:
      return dice.percent(50) ? whole{-62135596800} * second : whole{253402300800} * second - 1;
    case kind_id::duration: return dice.percent(50) ? whole{1} << 61 : -(whole{1} << 61);
    case kind_id::money: return dice.percent(50) ? 9'000'000'000'000 : -9'000'000'000'000;
    default: return dice.pick(numbers);
  }
}

whole units_of(random& dice, const type& of) {
  constexpr std::int64_t lengths[] = {0,
                                      1,
                                      1'000'000,
                                      5'400'000'000,
                                      43'200'000'000,
                                      86'400'000'000,
                                      129'600'000'000,
                                      -7'200'000'000,
                                      2'592'000'000'000,
                                      1'500'000};
  switch (of.kind) {
    case kind_id::boolean: return dice.below(2);
    case kind_id::choice: return dice.between(1, 3);
    case kind_id::date: return some_day + dice.between(-40, 40);
    case kind_id::instant:
      return (some_day + dice.between(-3, 3)) * day + dice.between(0, 23) * hour +
             (dice.percent(20) ? dice.between(0, 999'999) : 0);
    case kind_id::duration: return dice.pick(lengths);
    case kind_id::money: {
      const int scale = std::max(of.scale, 0);
      return dice.between(-4, 12) * (dice.percent(50) ? power_of_ten(scale) : 25);
    }
    case kind_id::decimal:
      return dice.between(-6, 9) *
             (dice.percent(50) ? power_of_ten(of.scale) : power_of_ten(of.scale) / 2);
    default: return dice.between(-3, 9);
  }
}

}  // namespace

datum random_datum(random& dice, const type& of, bool extreme) {
  constexpr double reals[] = {0.0, -0.0, 0.5, 1.0, 1.5, -2.25, 0.1, 3.0, 100.0, 2.0, -1.0};
  constexpr double wild[] = {1e300, -1e300, 9007199254740992.0, 5e-324, 9.3e18};
  const bool closed = of.kind == kind_id::boolean || of.kind == kind_id::choice;
  const bool wildly = extreme && !closed && dice.percent(12);
  switch (of.kind) {
    case kind_id::text: return datum::of_text(dice.pick(texts()));
    case kind_id::email: return datum::of_text(std::string(dice.pick(addresses)));
    case kind_id::real: return datum::of_real(wildly ? dice.pick(wild) : dice.pick(reals));
    default: break;
  }
  datum d = datum::of(wildly ? extreme_of(dice, of) : units_of(dice, of));
  if (of.kind == kind_id::money) d.text = dice.pick(currencies);
  return d;
}

field_plan random_field(random& dice, int number, int entities, int choice_list) {
  constexpr std::pair<kind_id, const char*> kinds[] = {
      {kind_id::text, "tx"},  {kind_id::text, "fo"},    {kind_id::integer, "nu"},
      {kind_id::real, "re"},  {kind_id::decimal, "de"}, {kind_id::boolean, "bo"},
      {kind_id::date, "da"},  {kind_id::instant, "mo"}, {kind_id::duration, "du"},
      {kind_id::money, "pr"}, {kind_id::choice, "ch"},  {kind_id::ref, "rf"},
      {kind_id::email, "em"}, {kind_id::ref, "rg"}};
  constexpr int money_scales[] = {-1, -1, 4, 2, 0};
  constexpr int decimal_scales[] = {1, 2, 3, 6};
  const auto& [kind, name] = dice.pick(kinds);
  field_plan f;
  f.name = name + std::to_string(number);
  f.is.kind = kind;
  f.is.folded = std::string_view(name) == "fo";
  if (kind == kind_id::money) f.is.scale = dice.pick(money_scales);
  if (kind == kind_id::decimal) f.is.scale = dice.pick(decimal_scales);
  if (kind == kind_id::choice) f.is.choices = choice_list;
  f.indexed = dice.percent(40);
  f.extreme = dice.percent(20);
  if (kind == kind_id::ref) {
    f.is.target = static_cast<int>(dice.below(static_cast<std::size_t>(entities)));
    f.policy = dice.percent(80)   ? delete_policy::keep
               : dice.percent(50) ? delete_policy::clear
                                  : delete_policy::cascade;
  }
  return f;
}

namespace {

class world_maker {
 public:
  explicit world_maker(std::uint64_t seed) : dice_(seed) { world_.seed = seed; }

  world make() {
    make_entities(static_cast<int>(dice_.between(3, 5)));
    fill();
    compute_stored(world_);
    remove_some();
    return std::move(world_);
  }

  world make_model() {
    make_entities(2);
    world_.records.resize(world_.entities.size());
    return std::move(world_);
  }

 private:
  void make_entities(int own) {
    choose_time();
    world_.entities = described_entities();
    const int all = static_cast<int>(world_.entities.size()) + own;
    for (int i = 0; i < own; ++i) add_entity(i, all);
    for (int e = 0; e < 3; ++e) {  // fields that users gave to described entities
      field_plan f = random_field(90 + e, all);
      f.added = true;
      f.unique = false;
      f.name = "x_" + f.name;
      world_.entities[static_cast<std::size_t>(e)].fields.push_back(f);
    }
  }

  void choose_time() {
    constexpr std::pair<const char*, int> zones[] = {
        {"UTC", 0}, {"Etc/GMT-5", 5}, {"Etc/GMT+3", -3}};
    const auto& [name, ahead] = dice_.pick(zones);
    world_.zone_name = name;
    world_.zone_offset = static_cast<std::int64_t>(ahead * hour);
    world_.now =
        static_cast<std::int64_t>(some_day * day + dice_.between(0, 86'399) * second + 123'456);
  }

  field_plan random_field(int number, int entities) {
    field_plan f = model_check::random_field(dice_, number, entities, choice_lists_ + 1);
    if (f.is.kind == kind_id::choice) ++choice_lists_;
    return f;
  }

  void add_entity(int i, int entities) {
    entity_plan e;
    e.name = "x_" + std::string(1, static_cast<char>('p' + i));
    e.plural = e.name + "s";
    const int fields = static_cast<int>(dice_.between(6, 14));
    for (int f = 0; f < fields; ++f) e.fields.push_back(random_field(f + 1, entities));
    const auto can_be = [](const field_plan& f) {
      return f.is.kind == kind_id::integer || f.is.kind == kind_id::text;
    };
    const auto one = std::find_if(e.fields.begin(), e.fields.end(), can_be);
    if (one != e.fields.end() && dice_.percent(60)) one->unique = true;
    world_.entities.push_back(std::move(e));
  }

  void fill() {
    std::vector<std::int64_t> first, sizes;
    std::int64_t next = 1;
    for (std::size_t e = 0; e < world_.entities.size(); ++e) {
      first.push_back(next);
      sizes.push_back(dice_.percent(6) ? 0 : dice_.between(4, e < 4 ? 30 : 60));
      next += sizes.back();
    }
    for (std::size_t e = 0; e < world_.entities.size(); ++e) {
      std::vector<record_plan>& all = world_.records.emplace_back();
      for (std::int64_t i = 0; i < sizes[e]; ++i) {
        record_plan& r = all.emplace_back();
        r.handle = first[e] + i;
        for (const field_plan& f : world_.entities[e].fields) {
          r.values.push_back(f.computed || dice_.percent(15) ? datum()
                                                             : field_value(f, r, first, sizes));
        }
      }
    }
  }

  datum field_value(const field_plan& f, const record_plan& r,
                    const std::vector<std::int64_t>& first,
                    const std::vector<std::int64_t>& sizes) {
    if (f.unique && f.is.kind == kind_id::integer) return datum::of(r.handle * 3 - 50);
    if (f.unique) return datum::of_text("Ключ " + std::to_string(r.handle));
    if (!is_reference(f.is.kind)) return random_datum(dice_, f.is, f.extreme);
    const auto target =
        f.is.kind == kind_id::any_ref ? dice_.below(2) : static_cast<std::size_t>(f.is.target);
    if (sizes[target] == 0) return {};
    // A few favourites, so that some records have many that refer to them.
    const std::int64_t most =
        dice_.percent(50) ? std::min<std::int64_t>(sizes[target], 4) : sizes[target];
    return datum::of(first[target] + dice_.between(0, most - 1));
  }

  void remove_some() {
    for (std::size_t e = 0; e < world_.records.size(); ++e) {
      for (std::size_t i = 0; i < world_.records[e].size(); ++i) {
        if (!dice_.percent(e == 1 ? 5 : 9)) continue;
        world_.removals.push_back(world_.records[e][i].handle);
        remove_record(world_, static_cast<int>(e), world_.records[e][i].handle);
        compute_stored(world_);
      }
    }
  }

  random dice_;
  world world_;
  int choice_lists_ = 0;
};

}  // namespace

world make_world(std::uint64_t seed) { return world_maker(seed).make(); }
world make_model(std::uint64_t seed) { return world_maker(seed).make_model(); }

}  // namespace kith::model_check
