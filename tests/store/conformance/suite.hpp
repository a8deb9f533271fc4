// SPDX-License-Identifier: Apache-2.0
//
// What the tests of all stores share: a store with the tables of entities.hpp, a short way to
// write a version of a record, and readable answers.
//
//   transaction(*rows, [&] { version(samples(), 7).set(sample::whole, 5).write(*rows); });
//   EXPECT_EQ(shown(samples(), rows->get(samples(), {7})), "7 live {whole=5}");
//   EXPECT_EQ(outcome([&] { rows->commit(); }), "misuse");
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "../backends.hpp"
#include "entities.hpp"
#include "kith/core/error.hpp"
#include "kith/core/store.hpp"
#include "refusal.hpp"

namespace kith::conformance {

// ------------------------------------------------------------------------------------------
// writing

/// The next version of a record: the one before it and what is to differ.
class version {
 public:
  version(const entity_type& entity, std::int64_t id);
  version(const entity_type& entity, row_ptr before);

  /// Sets a cell, and the key that follows from it.
  version& set(slot_number slot, const cell& c);
  /// `set(sample::whole, 5)`, `set(sample::exact, "five")`, `set(sample::ratio, nullptr)`.
  template <class Field, class V>
  version& set(const Field& field, const V& value) {
    return set(field.slot(), value);
  }
  template <class V>
  version& set(slot_number slot, const V& value) {
    if constexpr (std::is_null_pointer_v<V>) {
      return set(slot, cell::null());
    } else if constexpr (std::is_arithmetic_v<V>) {
      const bool real = entity_->columns[slot].type == storage::real;
      return set(slot, real ? cell::real(static_cast<double>(value))
                            : cell::integer(static_cast<std::int64_t>(value)));
    } else {
      const bool is_blob = entity_->columns[slot].type == storage::blob;
      return set(slot, is_blob ? cell::blob(value) : cell::text(value));
    }
  }
  version& set_price(const field<sample, money>& field, std::int64_t amount, std::string_view code);
  version& remove() { return set_deleted(next_sequence()); }
  version& restore() { return set_deleted(0); }
  version& merge_into(std::int64_t survivor);

  /// Writes it inside the open transaction; the row that was written.
  row_ptr write(connection& through);

 private:
  version& set_deleted(std::int64_t sequence);
  static std::int64_t next_sequence();

  const entity_type* entity_;
  row_ptr before_;
  system_cells system_;
  std::vector<owned_cell> cells_;
  std::vector<slot_number> changed_;
};

/// A request for all of an entity's rows.
scan_request scan_of(const entity_type& entity, lifecycle rows = lifecycle::live);

/// A write transaction around the call; rolled back when it throws.
void transaction(connection& through, const std::function<void()>& work);

// ------------------------------------------------------------------------------------------
// reading

/// A cell as text: `5`, `'a'`, null.
std::string shown(const cell& c);
/// A row as text: `7 live {whole=5, exact='a'}`; nulls are left out, keys are shown when asked for.
std::string shown(const entity_type& entity, const row_ptr& r, bool keys = false);
/// All rows that a cursor still has.
std::vector<row_ptr> rest_of(cursor& rows);
std::vector<std::int64_t> ids_of(const std::vector<row_ptr>& rows);
/// The rows of an entity as text, by id.
std::vector<std::string> all_shown(connection& through, const entity_type& entity,
                                   lifecycle rows = lifecycle::all);
/// All slots of an entity, keys and system slots included.
std::vector<slot_number> all_slots(const entity_type& entity);

/// `done`, or the name of the code of the error that the call throws.
std::string outcome(const std::function<void()>& call);

// ---------------------------------------------------------------------------------------- the
// suite

/// A store under test with the tables of conformance_model(), and one connection to it.
class suite : public ::testing::TestWithParam<backend> {
 protected:
  void SetUp() override;

  /// How to get the store under test.
  const backend& of() const { return in_turn(GetParam()); }
  const capabilities& can() const { return kept->can(); }
  std::unique_ptr<connection> connect() { return kept->connect(); }
  const entity_type& places() const { return model->entity<place>(); }
  const entity_type& samples() const { return model->entity<sample>(); }
  const entity_type& badges() const { return model->entity<badge>(); }
  const entity_type& visits() const { return model->entity<visit>(); }

  /// Commits a sample with this whole number.
  void put(std::int64_t id, std::int64_t whole) { put(*rows, id, whole); }
  void put(connection& through, std::int64_t id, std::int64_t whole);
  /// The whole number of a sample, or nothing when there is no such record.
  std::optional<std::int64_t> whole_of(connection& through, std::int64_t id);
  /// Closes the store and opens its place again, after save() where that is offered.
  void reopen();
  /// Whether what is committed, and saved where that is offered, is there after reopen().
  bool keeps_content() const;

  model_ptr model = conformance_model();
  std::unique_ptr<store> kept;
  std::unique_ptr<connection> rows;
};

}  // namespace kith::conformance
