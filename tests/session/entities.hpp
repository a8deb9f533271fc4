// SPDX-License-Identifier: Apache-2.0
//
// What the tests of sessions keep beside the standard entities: a field of every kind, every
// constraint, every delete policy, and stored computed fields in chains.
//
//   gadget  one field of each kind          folder  sums its files; drawer sums its folders
//   strict  one field of each constraint    dossier reads its order's sum along a path
//   node    what links name                 link    one reference of each delete policy
#pragma once

#include <array>

#include "kith/core/entity.hpp"
#include "kith/domain/parties/client.hpp"
#include "kith/domain/sales/sales_order.hpp"

namespace kith {

namespace lab {
enum class colour : std::int8_t { red = 1, green = 2, blue = 7 };
}
template <>
inline constexpr auto choices<lab::colour> = std::array{
    choice_option{1, "red", "красный"},
    choice_option{2, "green", "зелёный"},
    choice_option{7, "blue", "синий"},
};

namespace lab {

struct gadget {
  static constexpr entity_def about{.name = "lab_gadget", .plural = "lab_gadgets"};
  static constexpr field<gadget, text> exact{1, "exact", "Compared by bytes."};
  static constexpr field<gadget, text> words{2, "words", folded, "Compared without case."};
  static constexpr field<gadget, integer> whole{3, "whole", "A whole number."};
  static constexpr field<gadget, real> ratio{4, "ratio", "A real number."};
  static constexpr field<gadget, decimal> weight{5, "weight", scale(3), "Three digits."};
  static constexpr field<gadget, boolean> flag{6, "flag", "Yes, no or unknown."};
  static constexpr field<gadget, date> day{7, "day", "A day."};
  static constexpr field<gadget, instant> moment{8, "moment", "A moment."};
  static constexpr field<gadget, duration> length{9, "length", "A length of time."};
  static constexpr field<gadget, money> amount{10, "amount", "In minor units."};
  static constexpr field<gadget, money> price{11, "price", scale(4), "Four digits."};
  static constexpr field<gadget, colour> shade{12, "shade", "One of three."};
  static constexpr field<gadget, ref<kith::client>> buyer{13, "buyer", clear_on_delete, indexed,
                                                          "Who has it."};
  static constexpr field<gadget, any_ref> about_what{14, "about_what", keep_on_delete, "Anything."};
  static constexpr field<gadget, email> mail{15, "mail", "An e-mail address."};
  static constexpr field<gadget, phone> number{16, "number", "A telephone number."};
  static constexpr field<gadget, url> site{17, "site", "A web address."};
  static constexpr field<gadget, person_name> maker{18, "maker", "Who made it."};
  static constexpr field<gadget, postal_address> place{19, "place", "Where it is."};
  static constexpr field<gadget, blob> bytes{20, "bytes", "Anything."};
  static constexpr field<gadget, money> tenfold{21, "tenfold", computed("amount * 10", on_read),
                                                "Computed when it is read."};
  static constexpr auto fields =
      list(exact, words, whole, ratio, weight, flag, day, moment, length, amount, price, shade,
           buyer, about_what, mail, number, site, maker, place, bytes, tenfold);
};

struct strict {
  static constexpr entity_def about{.name = "lab_strict", .plural = "lab_stricts"};
  static constexpr field<strict, text> name{1, "name", required, "Must be there."};
  static constexpr field<strict, text> code{2, "code", unique, folded, "One live record has it."};
  static constexpr field<strict, text> brief{3, "brief", max_length(5), "Five characters."};
  static constexpr field<strict, integer> grade{4, "grade", at_least(1), at_most(10), "1 to 10."};
  static constexpr field<strict, decimal> share{5, "share", scale(2), at_least(0), at_most(1),
                                                "0.00 to 1.00."};
  static constexpr field<strict, money> fee{6, "fee", at_least(0), at_most(1000), "0 to 1000."};
  static constexpr field<strict, text> seal{7, "seal", set_once, "Set once."};
  static constexpr field<strict, ref<strict>> parent{8, "parent", acyclic, indexed, "A tree."};
  static constexpr field<strict, ref<kith::client>> buyer{9, "buyer", indexed, "A client."};
  static constexpr field<strict, any_ref> topic{10, "topic", indexed, "Anything."};
  static constexpr field<strict, blob> bytes{11, "bytes", "Up to 64 KiB."};
  static constexpr field<strict, text> row{12, "row", "With seat unique."};
  static constexpr field<strict, integer> seat{13, "seat", "With row unique."};
  static constexpr field<strict, integer> size{14, "size", initially(3), "Three at first."};
  static constexpr field<strict, date> day{15, "day", initially_today, "Today at first."};
  static constexpr field<strict, instant> at{16, "at", initially_now, "Now at first."};
  static constexpr auto fields = list(name, code, brief, grade, share, fee, seal, parent, buyer,
                                      topic, bytes, row, seat, size, day, at);
  static constexpr auto indexes = list(unique_index(row, seat));
};

/// What happened: added, never changed.
struct entry {
  static constexpr entity_def about{
      .name = "lab_entry", .plural = "lab_entries", .append_only = true};
  static constexpr field<entry, text> what{1, "what", required, "What happened."};
  static constexpr auto fields = list(what);
};

// ------------------------------------------------------------------------------- delete policies

struct node {
  static constexpr entity_def about{.name = "lab_node", .plural = "lab_nodes"};
  static constexpr field<node, text> name{1, "name", "Its name."};
  static constexpr field<node, ref<node>> inside{2, "inside", cascade_delete, indexed,
                                                 "Goes with it; circles are allowed."};
  static constexpr auto fields = list(name, inside);
};

struct link {
  static constexpr entity_def about{.name = "lab_link", .plural = "lab_links"};
  static constexpr field<link, text> name{1, "name", "Its name."};
  static constexpr field<link, ref<node>> holds{2, "holds", restrict_delete, indexed, "Holds it."};
  static constexpr field<link, ref<node>> forgets{3, "forgets", clear_on_delete, indexed,
                                                  "Becomes null."};
  static constexpr field<link, ref<node>> follows{4, "follows", cascade_delete, indexed,
                                                  "Goes with it."};
  static constexpr field<link, ref<node>> keeps{5, "keeps", keep_on_delete, "Stays."};
  static constexpr field<link, any_ref> anything{6, "anything", cascade_delete, indexed,
                                                 "Goes with it."};
  static constexpr auto fields = list(name, holds, forgets, follows, keeps, anything);
};

// ------------------------------------------------------------------------ stored computed fields

struct drawer;
struct file;

struct folder {
  static constexpr entity_def about{.name = "lab_folder", .plural = "lab_folders"};
  static constexpr field<folder, ref<kith::lab::drawer>> drawer{1, "drawer", cascade_delete,
                                                                indexed, "Where it lies."};
  static constexpr field<folder, integer> factor{2, "factor", initially(1), "For its files."};
  static constexpr field<folder, integer> total{3, "total", computed("sum(files.size)", stored),
                                                "Of its files."};
  static constexpr field<folder, integer> large{
      4, "large", computed("count(files where pages >= 10)", stored), "How many are long."};
  static constexpr many<folder, kith::lab::file> files{"files", "folder", owned, "Its files."};
  static constexpr auto fields = list(drawer, factor, total, large);
  static constexpr auto relations = list(files);
};

struct file {
  static constexpr entity_def about{.name = "lab_file", .plural = "lab_files"};
  static constexpr field<file, ref<kith::lab::folder>> folder{1, "folder", cascade_delete, indexed,
                                                              "Where it lies."};
  static constexpr field<file, integer> pages{2, "pages", initially(1), "Its pages."};
  static constexpr field<file, integer> size{3, "size", computed("pages * folder.factor", stored),
                                             "Pages times the folder's factor."};
  static constexpr field<file, integer> twice{4, "twice", computed("size * 2", stored),
                                              "From a stored field of its own."};
  static constexpr auto fields = list(folder, pages, size, twice);
};

struct drawer {
  static constexpr entity_def about{.name = "lab_drawer", .plural = "lab_drawers"};
  static constexpr field<drawer, text> name{1, "name", "Its name."};
  static constexpr field<drawer, integer> total{2, "total", computed("sum(folders.total)", stored),
                                                "Of its folders."};
  static constexpr many<drawer, kith::lab::folder> folders{"folders", "drawer", owned,
                                                           "Its folders."};
  static constexpr auto fields = list(name, total);
  static constexpr auto relations = list(folders);
};

/// Of an application, on a standard entity: the end of the chain line, order, dossier.
struct dossier {
  static constexpr entity_def about{.name = "lab_dossier", .plural = "lab_dossiers"};
  static constexpr field<dossier, ref<kith::sales_order>> order{1, "order_of", clear_on_delete,
                                                                indexed, "About which order."};
  static constexpr field<dossier, money> net{2, "net", computed("order_of.net", stored),
                                             "What the order's lines are worth."};
  static constexpr auto fields = list(order, net);
};

inline constexpr std::array own_entities{
    describe<gadget>(), describe<strict>(), describe<entry>(),  describe<node>(),
    describe<link>(),   describe<drawer>(), describe<folder>(), describe<file>(),
    describe<dossier>(),
};

}  // namespace lab
}  // namespace kith
