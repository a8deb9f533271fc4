// SPDX-License-Identifier: Apache-2.0
//
// What the engine itself keeps in every store, described like everything else: the change feed, the
// store's own model lines, and one record about the store. Stores know nothing of their meaning.
// Ids are small numbers of their own (sequences, entity << 16 | field), far below record ids.
#pragma once

#include <array>

#include "kith/core/change.hpp"
#include "kith/core/entity.hpp"

namespace kith::inline v1::system {

/// The format of the store's content. A store with a newer one is refused.
inline constexpr std::int64_t format_version = 1;

/// The one record about the store; its id is 1.
struct store_format {
  static constexpr entity_def about{.id = 1000,
                                    .name = "store_format",
                                    .plural = "store_formats",
                                    .module = "system",
                                    .doc = "What wrote this store.",
                                    .internal = true};
  static constexpr field<store_format, integer> format{1, "format", "Version of the content."};
  static constexpr field<store_format, integer> least_reader{2, "least_reader",
                                                             "The oldest version that may read."};
  static constexpr field<store_format, integer> least_writer{3, "least_writer",
                                                             "The oldest version that may write."};
  static constexpr field<store_format, integer> layout{4, "layout", "Hash of the tables' layout."};
  static constexpr field<store_format, integer> lines{5, "lines",
                                                      "How many model lines there are."};
  static constexpr field<store_format, integer> model_version{
      6, "model_version", "Sequence of the last change of the model lines."};
  static constexpr field<store_format, integer> fold{7, "fold", "Version of the text keys."};
  static constexpr field<store_format, integer> origin_number{8, "origin_number",
                                                              "Part of the ids made here."};
  static constexpr field<store_format, text> made_by{9, "made_by", "The program that made it."};
  static constexpr auto fields = list(format, least_reader, least_writer, layout, lines,
                                      model_version, fold, origin_number, made_by);
};

/// One name that this store numbered, see model_entry.
struct model_line {
  static constexpr entity_def about{.id = 1001,
                                    .name = "model_line",
                                    .plural = "model_lines",
                                    .module = "system",
                                    .doc = "An entity or field that this store numbered.",
                                    .internal = true};
  static constexpr field<model_line, integer> entity{1, "entity", "Its number."};
  static constexpr field<model_line, integer> field_number{2, "field_number", "0: the entity."};
  static constexpr field<model_line, text> name{3, "name", "Its name."};
  static constexpr field<model_line, text> definition{4, "definition", "Its description."};
  static constexpr field<model_line, boolean> retired{5, "retired", "No longer used."};
  static constexpr auto fields = list(entity, field_number, name, definition, retired);
};

/// One commit. Its id is its sequence.
struct change_set_row {
  static constexpr entity_def about{.id = 1002,
                                    .name = "change_set",
                                    .plural = "change_sets",
                                    .module = "system",
                                    .doc = "What one commit changed.",
                                    .append_only = true,
                                    .internal = true};
  static constexpr field<change_set_row, instant> at{1, "at", "When."};
  static constexpr field<change_set_row, text> actor{2, "actor", "Who."};
  static constexpr field<change_set_row, origin> from_origin{3, "from_origin", "What caused it."};
  static constexpr field<change_set_row, text> reason{4, "reason", "Why."};
  static constexpr field<change_set_row, text> operation{5, "operation", unique,
                                                         "Names the work; never repeated."};
  static constexpr field<change_set_row, integer> batch{6, "batch", "The import it belongs to."};
  static constexpr field<change_set_row, integer> undoes{7, "undoes",
                                                         "The sequence it takes back."};
  static constexpr field<change_set_row, integer> last_id{8, "last_id",
                                                          "The largest record id so far."};
  static constexpr field<change_set_row, integer> model_version{
      9, "model_version", "Sequence of the last change of the model."};
  static constexpr field<change_set_row, integer> chunks{10, "chunks",
                                                         "How many chunks come before `changes`."};
  static constexpr field<change_set_row, blob> changes{11, "changes", "The last packed changes."};
  static constexpr field<change_set_row, blob> digest{
      12, "digest", "Of the audit chain: of this set and the digest before it."};
  static constexpr field<change_set_row, blob> seals{
      13, "seals", "Of the audit chain: a digest and a seal for each of `changes`."};
  static constexpr field<change_set_row, blob> cut{
      14, "cut", "Of the oldest set after a trimming: the digest before it, and its proof."};
  static constexpr auto fields = list(at, actor, from_origin, reason, operation, batch, undoes,
                                      last_id, model_version, chunks, changes, digest, seals, cut);
};

/// A piece of a large change set. Its id is sequence << 16 | number of the piece.
struct change_chunk {
  static constexpr entity_def about{.id = 1003,
                                    .name = "change_chunk",
                                    .plural = "change_chunks",
                                    .module = "system",
                                    .doc = "A piece of a large change set.",
                                    .append_only = true,
                                    .internal = true};
  static constexpr field<change_chunk, blob> changes{1, "changes", "Packed changes."};
  static constexpr field<change_chunk, blob> seals{
      2, "seals", "Of the audit chain: a digest and a seal for each of `changes`."};
  static constexpr auto fields = list(changes, seals);
};

/// How far a named reader of the feed has come. Written without an entry in the feed, or readers
/// would run after their own notes; revisions are those of the commit before.
struct feed_consumer {
  static constexpr entity_def about{.id = 1004,
                                    .name = "feed_consumer",
                                    .plural = "feed_consumers",
                                    .module = "system",
                                    .doc = "How far a reader of the change feed has come.",
                                    .internal = true};
  static constexpr field<feed_consumer, text> name{1, "name", required, unique, "Who reads."};
  static constexpr field<feed_consumer, integer> position{2, "position",
                                                          "The last sequence it worked off."};
  static constexpr auto fields = list(name, position);
};

/// A record that may not be erased. Its id is that of the record.
struct legal_hold_row {
  static constexpr entity_def about{.id = 1005,
                                    .name = "legal_hold",
                                    .plural = "legal_holds",
                                    .module = "system",
                                    .doc = "A record that must be kept, whoever asks.",
                                    .internal = true};
  static constexpr field<legal_hold_row, integer> entity{1, "entity", "The record's entity."};
  static constexpr field<legal_hold_row, text> reason{2, "reason", "Why."};
  static constexpr field<legal_hold_row, instant> since{3, "since", "From when on."};
  static constexpr auto fields = list(entity, reason, since);
};

/// What an erasure did, without a value of the person. Its id is the sequence of its change set.
struct erasure_row {
  static constexpr entity_def about{.id = 1006,
                                    .name = "erasure",
                                    .plural = "erasures",
                                    .module = "system",
                                    .doc = "The proof that a person's values were erased.",
                                    .append_only = true,
                                    .internal = true};
  static constexpr field<erasure_row, integer> entity{1, "entity", "The subject's entity."};
  static constexpr field<erasure_row, integer> subject{2, "subject", "The subject's id."};
  static constexpr field<erasure_row, instant> at{3, "at", "When."};
  static constexpr field<erasure_row, text> actor{4, "actor", "Who erased."};
  static constexpr field<erasure_row, text> reason{5, "reason", "Why."};
  static constexpr field<erasure_row, text> legal_basis{6, "legal_basis", "On what basis."};
  static constexpr field<erasure_row, text> categories{
      7, "categories", "A line for each entity: name, erased, emptied, fields."};
  static constexpr field<erasure_row, integer> change_sets{
      8, "change_sets", "How many sets lost values of the person."};
  static constexpr auto fields =
      list(entity, subject, at, actor, reason, legal_basis, categories, change_sets);
};

/// Groups of a live total; its id is made of the total's number and the group's hash, so that the
/// rows of a total lie together (core/totals/total_rows.hpp). Written without entries in the feed:
/// it follows from the records.
struct total_row {
  static constexpr entity_def about{.id = 1007,
                                    .name = "total_row",
                                    .plural = "total_rows",
                                    .module = "system",
                                    .doc = "What a live total says about its groups.",
                                    .internal = true};
  static constexpr field<total_row, blob> groups{1, "groups", "Packed groups of one hash."};
  static constexpr auto fields = list(groups);
};

/// The definition of a live total. Its id is its number.
struct total_line {
  static constexpr entity_def about{.id = 1008,
                                    .name = "total_line",
                                    .plural = "total_lines",
                                    .module = "system",
                                    .doc = "A live total that this store keeps.",
                                    .internal = true};
  static constexpr field<total_line, integer> entity{1, "entity", "Number of the entity."};
  static constexpr field<total_line, text> name{2, "name", "Its name."};
  static constexpr field<total_line, text> condition{3, "condition", "Which records; empty: all."};
  static constexpr field<total_line, text> grouped_by{4, "grouped_by", "The fields of the groups."};
  static constexpr field<total_line, text> measures{5, "measures", "What is kept of a group."};
  static constexpr field<total_line, boolean> retired{6, "retired", "No longer kept."};
  static constexpr field<total_line, boolean> stale{
      7, "stale", "A program that could not keep it has written."};
  static constexpr auto fields =
      list(entity, name, condition, grouped_by, measures, retired, stale);
};

inline constexpr std::array entities{
    describe<store_format>(), describe<model_line>(),    describe<change_set_row>(),
    describe<change_chunk>(), describe<feed_consumer>(), describe<legal_hold_row>(),
    describe<erasure_row>(),  describe<total_row>(),     describe<total_line>()};

}  // namespace kith::inline v1::system
