// SPDX-License-Identifier: Apache-2.0
//
// How a model is put together: described entities, then what the store added, then everything that
// follows from it. Each step assumes the ones before it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kith/core/model.hpp"

namespace kith::inline v1 {

/// Makes one model; see model::build().
class model_builder {
 public:
  explicit model_builder(model::source from);
  std::shared_ptr<const model> build();

 private:
  // In this order; in build.cpp but for those with a file named.
  void add_described_entities();
  void add_custom_entities();
  void add_custom_fields();
  void sort_entities();
  void place_cells();
  void check_names();
  void resolve_references();  // references.cpp
  void resolve_relations();   // references.cpp
  void make_indexes();        // indexes.cpp
  void parse_computed();      // computed.cpp
  void find_dependents();     // dependents.cpp
  void number_totals();       // totals.cpp
  void place_totals();        // totals.cpp
  void add_actions();         // verbs.cpp
  void add_reports();         // verbs.cpp
  void hash_layout();

  entity_type& add_entity(const entity_def& about, std::uint16_t number, type_id type);
  void add_field(entity_type& e, const field_def& def, bool custom, bool retired);
  static void place_cells(entity_type& e);  // columns and slots
  static void check_columns(const entity_type& e);
  const entity_type& target_of(const entity_type& e, const field_type& f) const;  // references.cpp
  void describe_arguments(entity_type& of, std::string name, std::uint16_t number,
                          std::string_view doc, std::span<const field_def* const> fields);
  const entity_type& subject_of(const action_description& d) const;
  static index_type index_of(const entity_type& e, const index_def& def);
  void add_index(entity_type& e, const index_def& def);
  void add_field_index(entity_type& e, const field_type& f);
  std::uint16_t number_for(const entity_description& d);
  entity_type* find(std::uint16_t number);

  std::shared_ptr<model> model_;
  model::source& source_;
};

/// error_code::model: the descriptions contradict each other.
[[noreturn]] void contradiction(const std::string& what);
/// `client.name`.
std::string name_of(const entity_type& e, std::string_view field);

namespace detail {

/// The words that names of entities, fields and actions may not be: of C++, C, SQL and Python, the
/// kinds, and the methods that records and collections have.
bool is_reserved_name(std::string_view name) noexcept;
/// The same for actions, which are methods of collections, and for reports and arguments: not part
/// of SQL, so that `by` and `limit` are free.
bool is_reserved_action(std::string_view name) noexcept;
bool is_reserved_argument(std::string_view name) noexcept;
bool is_reserved_report(std::string_view name) noexcept;

/// A run-time description as one text of the model table, and back; error_code::damaged.
std::string encode(const custom_field& field);
std::string encode(const custom_entity& entity);
custom_field decode_field(std::string_view name, std::string_view definition);
custom_entity decode_entity(std::string_view name, std::string_view definition);

}  // namespace detail
}  // namespace kith::inline v1
