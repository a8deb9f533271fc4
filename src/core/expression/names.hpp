// SPDX-License-Identifier: Apache-2.0
//
// Walking along a dotted name: from an entity through references to a field, a part of one, a
// system cell or a relation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kith/core/model.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

/// A system cell by the name it has in queries.
struct system_name {
  std::string_view name;
  slot_number slot;
};
inline constexpr system_name system_names[] = {{"id", id_slot},
                                               {"revision", revision_slot},
                                               {"created", created_slot},
                                               {"deleted", deleted_slot}};

class name_walk {
 public:
  /// `source` is the text that complaints show.
  name_walk(const entity_type& from, std::string_view source) : entity_(&from), source_(source) {}

  /// One more name; error_code::query with near names when it leads nowhere.
  void step(std::string_view name, std::size_t at);
  /// One more name, which may be a relation: then it is returned and not part of keys().
  const relation_type* relation_step(std::string_view name, std::size_t at);
  /// The keys so far, each in terms of its entity's number.
  const std::vector<key_ref>& keys() const noexcept { return keys_; }
  /// Where a relation of the next step would be looked for.
  const entity_type& entity() const noexcept { return *entity_; }
  /// An example with a relation of this entity.
  std::string relation_hint() const;

 private:
  void follow(std::size_t at);
  [[noreturn]] void unknown(std::string_view name, std::size_t at, bool relations) const;

  const entity_type* entity_;         // of the next name
  const field_type* last_ = nullptr;  // the field that the last name was
  std::string_view source_;
  std::vector<key_ref> keys_;
};

}  // namespace kith::inline v1::detail
