// SPDX-License-Identifier: Apache-2.0
//
// Rows of one instant along a path. They are fetched in batches under the latch; between batches
// nothing is held but the instant, and the next batch begins behind the key of the last entry that
// was looked at. Conditions run on fetched rows, without the latch.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/expression/evaluate.hpp"
#include "storage/memory/plan.hpp"

namespace kith::inline v1::memory {

/// The place in an access path: fetches what comes next.
class walk {
 public:
  walk() = default;
  walk(const table& in, const access_path& path, lifecycle rows, stamp instant)
      : in_(&in), path_(&path), rows_(rows), instant_(instant), ended_(path.nothing) {}

  bool ended() const noexcept { return ended_; }
  /// Under the latch: looks at so many entries and appends the rows that are seen.
  void fetch(std::size_t most, std::vector<row_ptr>& to);

 private:
  void fetch_ids(std::size_t most, std::vector<row_ptr>& to);
  void fetch_range(std::size_t most, std::vector<row_ptr>& to);
  void fetch_through(std::size_t most, std::vector<row_ptr>& to);
  index::container::iterator start();
  bool next_alternative();
  std::span<const cell> key_of(const std::optional<access_path::bound>& last);
  void deliver(const record& of, std::vector<row_ptr>& to) const;

  const table* in_ = nullptr;
  const access_path* path_ = nullptr;
  lifecycle rows_ = lifecycle::live;
  stamp instant_ = 0;
  bool ended_ = true;

  std::size_t alternative_ = 0;  // of a list
  bool begun_ = false;           // by id: last_id_ was looked at last
  std::int64_t last_id_ = 0;
  row_ptr last_key_;  // through an index: what was looked at last, with last_id_
  stamp last_born_ = 0;
  std::vector<cell> cells_;  // of a place that is looked up
};

class memory_cursor final : public cursor {
 public:
  /// Under the latch, unless it is the writer's own. `in` may be null: then there are no rows.
  memory_cursor(std::shared_ptr<line> of, const table* in, const scan_request& request,
                stamp instant, bool in_transaction);
  ~memory_cursor() override;

  /// Without the latch: takes the other path when too many rows would have to be sorted.
  void settle();

  std::uint64_t taken() const noexcept override { return plan_.taken; }
  bool ordered() const noexcept override { return plan_.best.ordered; }
  row_ptr next() override;

 private:
  void begin_walk();
  void count_rows();
  void sort_by_id();
  void fetch();
  void check() const;
  bool passes(const row& r);
  void end() noexcept;

  std::shared_ptr<line> line_;
  const table* in_;
  lifecycle rows_;
  stamp instant_;
  bool in_transaction_;
  bool holds_ = false;  // the instant, on its own
  std::uint64_t serial_;
  std::uint64_t arrangement_;

  plan plan_;
  walk walk_;
  std::vector<row_ptr> batch_;
  std::size_t next_ = 0;
  std::uint64_t left_;  // rows that may still be delivered

  std::span<const program> conditions_;
  std::uint64_t limit_;
  std::uint64_t to_run_ = 0;  // conditions that rows must still be tried against
  std::optional<detail::evaluator> run_;
};

}  // namespace kith::inline v1::memory
