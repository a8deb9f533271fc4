// SPDX-License-Identifier: Apache-2.0
//
// The reference model of writing: what each step does to the records, or which error it is. It
// keeps whole copies of the world where Kith keeps logs, savepoints and versions.
//
//   ledger l(make_model(seed));
//   l.apply({.what = act::begin});         // "done", or the code of the error
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model_check/import_file.hpp"
#include "model_check/naive.hpp"

namespace kith::model_check {

enum class act : std::uint8_t {
  begin,
  commit,
  roll_back,
  add,
  change,
  remove,
  restore,
  batch,
  add_field,
  retire_field,
  add_entity,
  look,
  reopen,
  repeat,
  import,
  take,  ///< reads a record for a draft
  save,  ///< the draft, whatever the record is by now
};

/// One thing that is done. Fields go by their name: they come and go.
struct step {
  act what = act::look;
  int entity = 0;
  std::int64_t handle = 0;
  std::vector<std::pair<std::string, datum>> values{};
  std::vector<step> items{};    ///< of a batch: additions
  bool all_or_nothing = false;  ///< of a batch
  std::string key{};            ///< the operation key of begin
  field_plan field{};           ///< of add_field and retire_field
  entity_plan made{};           ///< of add_entity
  bool other = false;           ///< another session does it
  int draft = 0;                ///< of take and save: which
  import_file file{};           ///< of import; `handle` is the first that it may give
};
bool same(const datum& a, const datum& b);
std::string shown(const world& w, const step& s);

class ledger {
 public:
  explicit ledger(world start, std::int64_t sequence = 0);

  /// Whether the step says anything here: its entity is known, and its outcome does not depend on
  /// the order in which a deletion walks.
  bool possible(const step& s) const;
  /// One word: `done` or the error; of a batch, one for each item; of an import, what became of it.
  std::string apply(const step& s);

  const world& now() const { return pages_.back().w; }
  /// As it stood after the last commit but one, and after the last.
  const world& before() const { return before_; }
  const world& committed() const { return pages_.front().w; }
  std::size_t depth() const { return pages_.size() - 1; }
  /// Of the last commit.
  std::int64_t sequence() const { return sequence_; }
  /// The records that the last commit wrote, whatever came out.
  const std::set<std::int64_t>& written() const { return written_; }
  /// What the last import did, and left out.
  const import_outcome& imported() const { return imported_; }
  const std::string& key() const { return key_; }
  const std::vector<std::string>& keys() const { return keys_; }

 private:
  struct page {
    world w;
    bool wrote = false;
    std::set<std::int64_t> touched{};
  };

  // A record as it was read for a draft.
  struct reading {
    int entity = 0;
    std::int64_t handle = 0;
    std::int64_t written_by = 0;
    bool unsure = false;  ///< which commit it is of depends on when it was computed
    std::map<std::string, datum> values{};
  };
  class importing;

  std::string done_or_back(const step& s);
  std::string single(const step& s);
  std::string add(int entity, std::int64_t handle, const step& s);
  std::string change(const step& s);
  std::string take(const step& s);
  std::string save(const step& s);
  std::string import(const step& s);
  bool possible_import(const step& s) const;
  void insert(int entity, record_plan r);
  std::string remove(const step& s);
  std::string restore(const step& s);
  std::string batch(const step& s);
  void finish();
  void touch(std::int64_t handle);
  /// The records that a deletion takes along, itself first.
  std::set<std::int64_t> taken_along(std::int64_t handle) const;
  std::set<int> broken_fields(const entity_plan& e, const record_plan& r,
                              const std::set<int>& fields) const;
  std::string broken(const entity_plan& e, const record_plan& r,
                     const std::set<int>& fields) const {
    return broken_fields(e, r, fields).empty() ? "" : "invalid";
  }
  std::set<int> taken_fields(int entity, const record_plan& r) const;
  bool is_taken(int entity, const record_plan& r) const { return !taken_fields(entity, r).empty(); }

  std::vector<page> pages_;  ///< what is committed, then one for each transaction and savepoint
  world before_;
  std::int64_t sequence_ = 0;
  std::set<std::int64_t> written_;
  std::string key_;
  std::vector<std::string> keys_;
  std::map<int, reading> readings_;  ///< by draft
  import_outcome imported_;
};

/// Random steps that make sense one after another; the same for the same seed.
std::vector<step> make_steps(const world& start, std::uint64_t seed, std::size_t count);
/// The same model as make_model(), with references that refuse and fields that are required.
world make_strict_model(std::uint64_t seed);

}  // namespace kith::model_check
