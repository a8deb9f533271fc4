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
  /// The id of a record; for a handle that no record has, an id in the same place of the order.
  std::int64_t id_of(std::int64_t handle) const;
  /// 0 for an id that no record of the world has.
  std::int64_t handle_of(std::int64_t id) const;
  /// Every record as text: what the store says, and what the world says. Revisions included.
  std::vector<std::string> dump();
  std::vector<std::string> expected_dump() const;
  /// Numbers that this store gave to entities and fields, and revisions, into a world.
  void copy_numbers(world& to);
  /// A result value as the reference model prints it.
  std::string shown(const value& v) const;

 private:
  void make_model();
  void add_records();
  void set_references();
  void remove_records();
  void put(any_draft& d, const entity_type& e, const field_plan& f, const datum& v) const;

  const world& world_;
  std::optional<crm> crm_;
  std::optional<kith::session> session_;
  std::vector<std::int64_t> ids_;
  std::unordered_map<std::int64_t, std::int64_t> handles_;
};

}  // namespace kith::model_check
