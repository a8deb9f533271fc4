// SPDX-License-Identifier: Apache-2.0
//
// What a model says about persons: which entities stand for one, which fields are about one, and
// how records hang on one. Everything is derived from field options and relations
// (docs/decisions/0018-erasure.md).
//
//   party     has personal fields, owns records, and refers to no other party: client, contact
//   subject   what may be erased as a person: a party, or who has personal fields, is owned by
//             nobody and refers to no party: user
#pragma once

#include <map>
#include <set>
#include <vector>

#include "kith/core/model.hpp"

namespace kith::inline v1::detail {

class persons {
 public:
  explicit persons(const model& of);

  bool is_party(const entity_type& e) const { return parties_.count(e.number) != 0; }
  bool is_subject(const entity_type& e) const { return subjects_.count(e.number) != 0; }
  /// Stored fields about a person, retired ones and those computed from others included.
  const std::vector<const field_type*>& personal(const entity_type& e) const;
  bool is_personal(std::uint16_t entity, std::uint16_t field) const;

  /// How records of an entity that refer through a field belong to what they name.
  enum class bond : std::uint8_t {
    none,   ///< not at all: they stand for persons of their own
    owned,  ///< they go with it
    part,   ///< a relation shows them: they are part of its file and stay, emptied
    near,   ///< they only name it: they stay, emptied
  };
  bond bond_of(const entity_type& named, const referrer& from) const;
  /// Entities whose records belong to the file of a subject.
  std::set<std::uint16_t> reached() const;

 private:
  void find_personal(const model& of);
  void find_subjects(const model& of);

  const model& model_;
  std::map<std::uint16_t, std::vector<const field_type*>> personal_;
  std::set<std::uint16_t> owned_;   // children of an owning relation
  std::set<std::uint16_t> shared_;  // … that another relation shows, too
  std::set<std::uint16_t> parties_;
  std::set<std::uint16_t> subjects_;
};

}  // namespace kith::inline v1::detail
