// SPDX-License-Identifier: Apache-2.0
//
// What the conformance suite keeps in a store: every storage class, null everywhere, keys, money,
// references, every shape of index. Their rules do not matter: stores know no rules.
//
//   model_ptr m = conformance_model();
//   const entity_type& samples = m->entity<sample>();
#pragma once

#include "kith/core/entity.hpp"
#include "kith/core/model.hpp"

namespace kith::conformance {

struct sample;

/// What others refer to, by one and by two steps.
struct place {
  static constexpr entity_def about{.id = 901, .name = "place", .plural = "places"};
  static constexpr field<place, text> name{1, "name", folded, indexed, "What it is called."};
  static constexpr field<place, integer> rank{2, "rank", "How large it is."};
  static constexpr field<place, ref<kith::conformance::place>> within{3, "within", "Around it."};
  static constexpr auto fields = list(name, rank, within);
  static constexpr many<place, kith::conformance::sample> residents{"residents", "home",
                                                                    "At home."};
  static constexpr auto relations = list(residents);
};

/// One column of each storage class, and of each kind that has several cells.
struct sample {
  static constexpr entity_def about{.id = 902, .name = "sample", .plural = "samples"};
  static constexpr field<sample, integer> whole{1, "whole", indexed, "A whole number."};
  static constexpr field<sample, real> ratio{2, "ratio", "A real number."};
  static constexpr field<sample, text> exact{3, "exact", indexed, "Compared by bytes."};
  static constexpr field<sample, text> words{4, "words", folded, indexed, "Compared by its key."};
  static constexpr field<sample, blob> bytes{5, "bytes", "Bytes."};
  static constexpr field<sample, money> price{6, "price", "An amount and its currency."};
  static constexpr field<sample, ref<kith::conformance::place>> home{7, "home", indexed, "Where."};
  static constexpr field<sample, integer> lot{8, "lot", "Few values, many ties."};
  static constexpr auto fields = list(whole, ratio, exact, words, bytes, price, home, lot);
  static constexpr auto indexes = list(index(lot, exact));
};

/// Everything about it is unique, each in another way.
struct badge {
  static constexpr entity_def about{.id = 903, .name = "badge", .plural = "badges"};
  static constexpr field<badge, integer> number{1, "number", unique, "A unique whole number."};
  static constexpr field<badge, text> code{2, "code", unique, "A unique text."};
  static constexpr field<badge, text> nick{3, "nick", folded, unique, "Unique but for its case."};
  static constexpr field<badge, real> weight{4, "weight", unique, "A unique real number."};
  static constexpr field<badge, blob> print{5, "print", unique, "Unique bytes."};
  static constexpr field<badge, money> fee{6, "fee", unique, "Unique in its currency."};
  static constexpr field<badge, text> area{7, "area", folded, "With the seat unique."};
  static constexpr field<badge, integer> seat{8, "seat", "With the area unique."};
  static constexpr field<badge, text> note{9, "note", "As you like."};
  static constexpr auto fields = list(number, code, nick, weight, print, fee, area, seat, note);
  static constexpr auto indexes = list(unique_index(area, seat));
};

/// Read by place, newest first: a timeline that shows only some of its columns.
struct visit {
  static constexpr entity_def about{.id = 904, .name = "visit", .plural = "visits"};
  static constexpr field<visit, ref<kith::conformance::place>> spot{1, "spot", "Where."};
  static constexpr field<visit, instant> at{2, "at", "When."};
  static constexpr field<visit, text> title{3, "title", folded, "What a list shows."};
  static constexpr field<visit, text> remark{4, "remark", "What a list does not show."};
  static constexpr auto fields = list(spot, at, title, remark);
  static constexpr auto indexes = list(timeline(spot, at).shows(title));
};

// ----------------------------------------------------------- one table in the course of its life

inline constexpr entity_def card_about{.id = 905, .name = "card", .plural = "cards"};

struct card {
  static constexpr const entity_def& about = card_about;
  static constexpr field<card, text> title{1, "title", folded, "Its title."};
  static constexpr field<card, integer> points{2, "points", "Its worth."};
  static constexpr auto fields = list(title, points);
};
/// With more columns and an index on one of them.
struct card_with_more {
  static constexpr const entity_def& about = card_about;
  static constexpr field<card_with_more, text> title{1, "title", folded, "Its title."};
  static constexpr field<card_with_more, integer> points{2, "points", "Its worth."};
  static constexpr field<card_with_more, text> colour{3, "colour", folded, indexed, "Its colour."};
  static constexpr field<card_with_more, real> width{4, "width", "Its width."};
  static constexpr field<card_with_more, blob> image{5, "image", "Its picture."};
  static constexpr auto fields = list(title, points, colour, width, image);
};
/// With an index on an old column.
struct card_with_index {
  static constexpr const entity_def& about = card_about;
  static constexpr field<card_with_index, text> title{1, "title", folded, "Its title."};
  static constexpr field<card_with_index, integer> points{2, "points", indexed, "Its worth."};
  static constexpr auto fields = list(title, points);
  static constexpr auto indexes = list(index(title, points));
};
/// With a unique index on an old column.
struct card_with_unique {
  static constexpr const entity_def& about = card_about;
  static constexpr field<card_with_unique, text> title{1, "title", folded, unique, "Its title."};
  static constexpr field<card_with_unique, integer> points{2, "points", "Its worth."};
  static constexpr auto fields = list(title, points);
};
/// With an old column in another class.
struct card_with_contradiction {
  static constexpr const entity_def& about = card_about;
  static constexpr field<card_with_contradiction, text> title{1, "title", folded, "Its title."};
  static constexpr field<card_with_contradiction, text> points{2, "points", "Its worth."};
  static constexpr auto fields = list(title, points);
};

/// The tables that every test has.
inline model_ptr conformance_model() {
  return model::build(
      {{describe<place>(), describe<sample>(), describe<badge>(), describe<visit>()}, {}, 0});
}
/// A model with one entity.
template <class E>
model_ptr model_of() {
  return model::build({{describe<E>()}, {}, 0});
}

}  // namespace kith::conformance
