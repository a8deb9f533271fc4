// SPDX-License-Identifier: Apache-2.0
//
// A visibility read against a model: for each entity which of its records are seen, which cells are
// not, and which programs a store may therefore answer by itself. Made once for a model; any
// thread (docs/decisions/0017-visibility.md).
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "core/expression/bind.hpp"
#include "kith/core/visibility.hpp"

namespace kith::inline v1::detail {

/// What is seen of one entity.
struct entity_sight {
  bool hidden = false;        ///< no record is seen
  bool read_only = false;     ///< and none may be written
  std::vector<program> only;  ///< what a record must meet, as it is, to be seen
  std::vector<bool> masked;   ///< by index of the field

  /// A reference whose record may be hidden: it reads null then.
  struct reference {
    slot_number slot = no_slot;
    std::uint16_t target = 0;  ///< 0: the number is in the next cell
  };
  std::vector<reference> references;
  /// A stored field that is computed from what may be hidden: computed again from what is seen.
  struct computed_field {
    const field_type* field = nullptr;
    bound_value from;
    /// What that reads, of whichever entity: no more is computed on the way, or a sum of the parts
    /// of a whole would ask for the whole.
    std::vector<std::pair<std::uint16_t, slot_number>> reads{};
    bool reads_any_of(std::uint16_t entity, const field_type& f) const;
  };
  std::vector<computed_field> computed;
  std::vector<bool> altered;  ///< by slot: what is read may be another cell than the store's

  /// Whether some records may be hidden.
  bool restricted() const noexcept { return hidden || !only.empty(); }
  bool alters(slot_number s) const noexcept { return s < altered.size() && altered[s]; }
  bool alters_any() const noexcept { return any_altered; }
  bool any_altered = false;
};

class sight final : public masked_fields {
 public:
  /// error_code::not_found, query, model for rules that do not fit the model.
  sight(model_ptr of, const visibility& rights, instant now, time_zone zone);
  sight(const sight&) = delete;

  const model_ptr& of() const noexcept { return model_; }
  /// Whether it still says the same: rules that ask for the time are read anew each second.
  bool lasts(instant now) const noexcept {
    return !timely_ || (now >= now_ && now.microseconds - now_.microseconds < 1'000'000);
  }
  /// What this model does not know, and what the engine keeps for itself, is hidden.
  const entity_sight& on(const entity_type& e) const { return on(e.number); }
  const entity_sight& on(std::uint16_t entity) const;
  bool masks(const entity_type& entity, const field_type& f) const override;

  /// Whether the program says the same of the store's rows as of those that are seen.
  bool is_plain(const entity_type& e, const program& p) const;
  /// Whether it compares a reference, which may be hidden, with a value: what it finds among the
  /// store's rows is at least what is seen.
  bool narrows(const entity_type& e, const program& p) const;

 private:
  friend class sight_builder;
  bool is_plain(const entity_type& e, std::span<const instruction> code) const;

  model_ptr model_;
  instant now_;
  bool timely_ = false;  ///< a rule asks for the time
  std::vector<std::shared_ptr<const constant_pool>> constants_;
  std::unordered_map<std::uint16_t, entity_sight> entities_;
};

}  // namespace kith::inline v1::detail
