// SPDX-License-Identifier: Apache-2.0
//
// Which slots of a row programs read: what must be delivered to whoever evaluates them.
#pragma once

#include <vector>

#include "kith/core/model.hpp"
#include "kith/core/program.hpp"

namespace kith::inline v1::detail {

/// The slots that programs read of the row itself.
class slot_set {
 public:
  explicit slot_set(const entity_type& of) : entity_(of), cells_(of.columns.size()) {}
  void add(slot_number s);
  void add(const program& code);
  void add(std::span<const program> codes) {
    for (const program& p : codes) add(p);
  }
  void add(std::span<const order_term> order) {
    for (const order_term& t : order) add(t.key);
  }
  /// What users see of a record: id, revision, deleted, merged_into and all values.
  void add_whole_record();
  /// Exactly these; the id when there are none.
  std::vector<slot_number> only() const;
  /// Whether nothing was added.
  bool empty() const noexcept;

 private:
  const entity_type& entity_;
  std::vector<bool> cells_;
  std::vector<slot_number> system_;
};

}  // namespace kith::inline v1::detail
