// SPDX-License-Identifier: Apache-2.0
//
// The entities of the model check that are described in C++: a tree, documents with owned lines,
// tags on anything, relations that select, fields that are computed. described.cpp says the same
// once more for the reference model; load.cpp compares the two.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::model_check {
enum class phase { open = 1, closed = 2, paused = 3 };
struct doc;
struct line;
struct tag;
}  // namespace kith::model_check

namespace kith::inline v1 {
template <>
inline constexpr auto choices<kith::model_check::phase> =
    std::array{choice_option{1, "open", "открыто"}, choice_option{2, "closed", "закрыто"},
               choice_option{3, "paused", "пауза"}};
}  // namespace kith::inline v1

namespace kith::model_check {

/// A tree.
struct node {
  static constexpr entity_def about{.id = 911, .name = "node", .plural = "nodes"};
  static constexpr field<node, text> label{1, "label", folded, indexed, "Its name."};
  static constexpr field<node, text> code{2, "code", "Compared by bytes."};
  static constexpr field<node, integer> rank{3, "rank", indexed, "How high."};
  static constexpr field<node, decimal> weight{4, "weight", scale(3), "How heavy."};
  static constexpr field<node, ref<kith::model_check::node>> parent{5, "parent", clear_on_delete,
                                                                    "Above."};
  static constexpr field<node, date> since{6, "since", "From when."};
  static constexpr auto fields = list(label, code, rank, weight, parent, since);
  static constexpr many<node, kith::model_check::node> children{"children", "parent", "Below."};
  static constexpr many<node, kith::model_check::doc> docs{"docs", "node", "Here."};
  static constexpr many<node, kith::model_check::tag> tags{"tags", "subject", "Said of it."};
  static constexpr many<node, kith::model_check::tag> open_tags{
      "open_tags", "subject", only("shade", "open"), "Said of it."};
  static constexpr auto relations = list(children, docs, tags, open_tags);
};

/// A document with every kind of field.
struct doc {
  static constexpr entity_def about{.id = 912, .name = "doc", .plural = "docs"};
  static constexpr field<doc, text> title{1, "title", folded, indexed, "Its title."};
  static constexpr field<doc, text> serial{2, "serial", indexed, "Compared by bytes."};
  static constexpr field<doc, money> total{3, "total", indexed, "In minor units."};
  static constexpr field<doc, money> rate{4, "rate", scale(4), "In four digits."};
  static constexpr field<doc, instant> at{5, "at", indexed, "When."};
  static constexpr field<doc, date> day{6, "day", indexed, "On which day."};
  static constexpr field<doc, duration> span{7, "span", "How long."};
  static constexpr field<doc, phase> state{8, "state", indexed, "How far."};
  static constexpr field<doc, boolean> flag{9, "flag", "Whether."};
  static constexpr field<doc, integer> amount{10, "amount", indexed, "How many."};
  static constexpr field<doc, decimal> factor{11, "factor", scale(2), "How much."};
  static constexpr field<doc, real> ratio{12, "ratio", indexed, "How large."};
  static constexpr field<doc, email> contact{13, "contact", "Who."};
  static constexpr field<doc, ref<kith::model_check::node>> node{14, "node", keep_on_delete,
                                                                 "Where."};
  static constexpr field<doc, ref<kith::model_check::doc>> peer{15, "peer", keep_on_delete,
                                                                "Beside."};
  static constexpr field<doc, integer> twice{16, "twice", computed("amount * 2", on_read),
                                             "Double."};
  static constexpr field<doc, integer> line_count{17, "line_count",
                                                  computed("count(lines)", on_read), "How long."};
  static constexpr field<doc, money> net{18, "net", scale(2), computed("sum(lines.net)", stored),
                                         "Of all lines."};
  static constexpr auto fields =
      list(title, serial, total, rate, at, day, span, state, flag, amount, factor, ratio, contact,
           node, peer, twice, line_count, net);
  static constexpr many<doc, kith::model_check::line> lines{"lines", "doc", owned,
                                                            "What it lists."};
  static constexpr many<doc, kith::model_check::line> open_lines{
      "open_lines", "doc", only("state", "open"), "What is open."};
  static constexpr many<doc, kith::model_check::doc> peers{"peers", "peer", "Beside it."};
  static constexpr many<doc, kith::model_check::tag> tags{"tags", "subject", "Said of it."};
  static constexpr auto relations = list(lines, open_lines, peers, tags);
  static constexpr auto indexes = list(timeline(node, at).shows(title), index(state, day));
};

/// A line that lives and dies with its document.
struct line {
  static constexpr entity_def about{.id = 913, .name = "line", .plural = "lines"};
  static constexpr field<line, ref<kith::model_check::doc>> doc{1, "doc", cascade_delete, indexed,
                                                                "Of what."};
  static constexpr field<line, decimal> quantity{2, "quantity", scale(3), "How many."};
  static constexpr field<line, money> price{3, "price", scale(4), "For one."};
  static constexpr field<line, money> net{
      4, "net", scale(2), computed("round(price * quantity, 2)", stored), "For all."};
  static constexpr field<line, phase> state{5, "state", "How far."};
  static constexpr field<line, real> width{6, "width", "How wide."};
  static constexpr field<line, date> due{7, "due", "By when."};
  static constexpr field<line, instant> made{8, "made", "When."};
  static constexpr field<line, boolean> done{9, "done", "Whether."};
  static constexpr field<line, text> words{10, "words", folded, "What."};
  static constexpr field<line, integer> pieces{11, "pieces", "In how many."};
  static constexpr field<line, duration> effort{12, "effort", "How long."};
  static constexpr auto fields =
      list(doc, quantity, price, net, state, width, due, made, done, words, pieces, effort);
};

/// A word about a node or a document.
struct tag {
  static constexpr entity_def about{.id = 914, .name = "tag", .plural = "tags"};
  static constexpr field<tag, any_ref> subject{1, "subject", cascade_delete, indexed, "Of what."};
  static constexpr field<tag, text> word{2, "word", folded, "Which."};
  static constexpr field<tag, integer> weight{3, "weight", "How much."};
  static constexpr field<tag, phase> shade{4, "shade", "Which sort."};
  static constexpr auto fields = list(subject, word, weight, shade);
};

}  // namespace kith::model_check
