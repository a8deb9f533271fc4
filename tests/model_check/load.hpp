// SPDX-License-Identifier: Apache-2.0
//
// A world in a store: the same model and records, the same ids and revisions on every store.
//
//   loaded on_memory(backend, w);
//   on_memory.session().query("docs", "amount > 3");
#pragma once

#include <optional>
#include <unordered_map>

#include "kith/core/crm.hpp"
#include "model_check/world.hpp"
#include "store/backends.hpp"

namespace kith::model_check {

class loaded {
 public:
  loaded(const conformance::backend& where, const world& w);

  kith::session& session() { return *session_; }
  kith::crm& crm() { return *crm_; }
  /// Closes the store and opens the same place once more; what is kept only when saved is saved.
  void reopen(const conformance::backend& where);
  /// A record that was added meanwhile, and forgetting those that the world does not have.
  void met(std::int64_t handle, std::int64_t id);
  bool knows(std::int64_t id) const { return handles_.contains(id); }
  void forget_missing();
  /// Puts a value as machines do: cell by cell.
  void put(any_draft& d, const entity_type& e, const field_plan& f, const datum& v) const;
  /// The id of a record; for a handle that no record has, an id in the same place of the order.
  std::int64_t id_of(std::int64_t handle) const;
  /// The handle of an id; 0 for an id that id_of() does not give.
  std::int64_t handle_of(std::int64_t id) const;
  /// Every record as text: what the store says, and what the world says. Revisions included.
  std::vector<std::string> dump() { return dump(*session_, world_); }
  std::vector<std::string> dump(kith::session& through, const world& w) const;
  /// Numbers that this store gave to entities and fields, and revisions, into a world.
  void copy_numbers(world& to);
  /// A result value as the reference model prints it.
  std::string shown(const value& v) const;

 private:
  void open(std::unique_ptr<store> rows);
  void make_model();
  void add_records();
  void set_references();
  void remove_records();

  const world& world_;
  std::optional<kith::crm> crm_;
  std::uint64_t opened_ = 0;
  std::optional<kith::session> session_;
  std::vector<std::int64_t> ids_;
  std::unordered_map<std::int64_t, std::int64_t> handles_;
};

/// What dump() must say of this world.
std::vector<std::string> expected_dump(const world& w);
/// The first lines that differ, for people; nothing when all are equal.
std::string first_difference(const std::vector<std::string>& is,
                             const std::vector<std::string>& want);
/// What a run-time field or entity is made from.
custom_field custom(const world& w, const field_plan& f);
custom_entity custom(const world& w, const entity_plan& e);

}  // namespace kith::model_check
