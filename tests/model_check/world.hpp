// SPDX-License-Identifier: Apache-2.0
//
// A small business as the reference model sees it: entities, fields and records as plain structs.
// References are handles: the place of a record in the order in which records are added, which is
// the order of their ids, too. Nothing here knows how Kith stores or evaluates anything.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kith/core/kind.hpp"
#include "kith/core/query.hpp"
#include "model_check/random.hpp"

namespace kith::model_check {

__extension__ typedef __int128 whole;

/// One value; not known is null.
struct datum {
  bool known = false;
  whole units = 0;  ///< exact numbers, days, microseconds, truths, choices, handles
  double real = 0;
  std::string text;  ///< of texts; of money, the currency

  static datum of(whole n) { return {true, n, 0, {}}; }
  static datum of_real(double x) { return {true, 0, x, {}}; }
  static datum of_text(std::string t) { return {true, 0, 0, std::move(t)}; }
  static datum of_money(whole n, std::string currency) { return {true, n, 0, std::move(currency)}; }
};

/// What kind of value, while nothing is computed yet.
struct type {
  kind_id kind = kind_id::integer;
  int scale = 0;        ///< digits of decimals and money; money below 0: the currency's and more
  bool folded = false;  ///< text compared by its key
  int target = -1;      ///< of a reference: the entity
  int choices = -1;     ///< of a choice: whose list; lists do not mix
};
inline bool is_exact(kind_id k) { return k == kind_id::integer || k == kind_id::decimal; }
inline bool is_texty(kind_id k) { return k == kind_id::text || k == kind_id::email; }
inline bool is_reference(kind_id k) { return k == kind_id::ref || k == kind_id::any_ref; }

struct tree;
using tree_ptr = std::shared_ptr<const tree>;

struct field_plan {
  std::string name;
  type is;
  bool indexed = false;
  bool unique = false;
  bool extreme = false;  ///< now and then the largest and smallest values there are
  delete_policy policy = delete_policy::keep;
  tree_ptr computed{};
  bool on_read = false;  ///< computed whenever it is asked for
  bool added = false;    ///< to an entity described in C++, at run time
  bool required = false;
  std::uint16_t number = 0;
};

struct relation_plan {
  std::string name;
  int child = 0;  ///< entity
  int by = 0;     ///< its reference
  int only = -1;  ///< its choice field that selects, with this value
  int only_value = 0;
};

struct entity_plan {
  std::string name, plural;
  bool described = false;  ///< in C++; else made at run time
  std::vector<field_plan> fields;
  std::vector<relation_plan> relations;
  std::uint16_t number = 0;
  type_id described_as = 0;

  int field(std::string_view wanted) const;
};

struct record_plan {
  std::int64_t handle = 0;
  bool deleted = false;
  std::vector<datum> values;  ///< by field; of fields computed on read, nothing
  std::int64_t id = 0;        ///< given by the store
  std::int64_t revision = 0;
  std::int64_t deleted_by = 0;  ///< the sequence; told apart by writes only
  std::int64_t written_by = 0;  ///< … and so are these
};

/// The choices of every choice field, from 1.
inline constexpr std::string_view choice_names[] = {"open", "closed", "paused"};

struct world {
  std::vector<entity_plan> entities;
  std::vector<std::vector<record_plan>> records;  ///< by entity, in the order of handles
  std::int64_t now = 0;                           ///< microseconds
  std::string zone_name = "UTC";
  std::int64_t zone_offset = 0;        ///< microseconds ahead of UTC, all the year
  std::vector<std::int64_t> removals;  ///< what was deleted, in this order
  std::uint64_t seed = 0;

  /// The record of this handle, or null.
  const record_plan* find(int entity, std::int64_t handle) const;
  record_plan* find(int entity, std::int64_t handle) {
    return const_cast<record_plan*>(static_cast<const world*>(this)->find(entity, handle));
  }
  /// The record of this handle in any entity, or null; which entity.
  const record_plan* find_anywhere(std::int64_t handle, int* entity = nullptr) const;
};

/// A random model with random records; the same for the same seed.
world make_world(std::uint64_t seed);
/// A random model without records.
world make_model(std::uint64_t seed);
/// A random field with this number in its name; references lead to one of so many entities.
field_plan random_field(random& dice, int number, int entities, int choice_list);
/// The entities that are described in C++, with their computed fields (entities.hpp).
std::vector<entity_plan> described_entities();
/// A random value that a field of this type may hold.
datum random_datum(random& dice, const type& of, bool extreme);
/// Deletes a record with what its references' policies take along.
void remove_record(world& w, int entity, std::int64_t handle);
/// Fills in the stored computed fields.
void compute_stored(world& w);
/// A world without one record: references to it are null.
world without(const world& w, std::int64_t handle);

/// The digits of a currency's minor unit.
int exponent_of(const std::string& currency);
/// The digits behind the point of an amount.
inline int money_digits(int scale, const std::string& currency) {
  return scale >= 0 ? scale : exponent_of(currency) - 1 - scale;
}

}  // namespace kith::model_check
