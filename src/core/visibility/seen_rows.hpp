// SPDX-License-Identifier: Apache-2.0
//
// The store as one session sees it: a connection over another one that leaves hidden records out
// and shows masked cells, and references to hidden records, as null. All reading of a session whose
// options say `sees` goes through it; what the store answers by itself is asked together with the
// conditions of the visibility. It writes nothing.
//
//   seen_connection seen(rows, sight, nullptr, zone);
//   seen.get(client, id);                      // null: there is none to be seen
//
// Of the past (session.as_of()), what is seen is decided by the records as they are now.
#pragma once

#include <memory>
#include <unordered_map>

#include "core/session/as_of.hpp"
#include "core/session/engine.hpp"
#include "core/session/reader.hpp"
#include "core/visibility/sight.hpp"

namespace kith::inline v1::detail {

class seen_connection;

/// Decides about single rows. With `keep`, what was decided is remembered: for one instant.
class onlooker {
 public:
  onlooker(seen_connection& of, bool keep);

  /// Whether this record, as the store has it, is seen. Keys are read with it.
  bool sees(const entity_type& e, const row& r);
  bool sees(std::uint16_t entity, record_id id);
  /// The row with what is not seen as null. `computed`: those that were read with all they need.
  row_ptr shown(const entity_type& e, const row_ptr& r,
                std::span<const entity_sight::computed_field* const> computed);
  /// The same of an earlier version, whose computed fields nobody can compute any more.
  row_ptr shown_then(const entity_type& e, const row_ptr& r);

 private:
  bool meets(const entity_sight& s, const row& r);
  bool decide(const entity_type& e, record_id id);
  row_ptr altered(const entity_type& e, const row_ptr& r, bool computed_too);

  seen_connection& of_;
  bool keep_;
  connection_reader reader_;  // of everything
  evaluator run_;
  std::unordered_map<std::int64_t, bool> known_;
};

class seen_connection final : public connection {
 public:
  /// `base` outlives it; `past` when that is one of the past.
  seen_connection(connection& base, std::shared_ptr<const sight> by,
                  std::shared_ptr<past_rows> past, time_zone zone);
  /// With a base of its own.
  seen_connection(engine::lease base, std::shared_ptr<const sight> by,
                  std::shared_ptr<past_rows> past, time_zone zone);

  void use(std::shared_ptr<const sight> by) { sight_ = std::move(by); }
  const std::shared_ptr<const sight>& by() const noexcept { return sight_; }
  connection& base() const noexcept { return base_; }
  const std::shared_ptr<past_rows>& past() const noexcept { return past_; }
  const time_zone& zone() const noexcept { return zone_; }

  void begin(access mode) override { base_.begin(mode); }
  void commit() override { base_.commit(); }
  void rollback() noexcept override { base_.rollback(); }
  std::uint64_t data_version() override { return base_.data_version(); }
  row_ptr get(const entity_type& entity, record_id id, needed_cells cells) override;
  std::unique_ptr<cursor> scan(const scan_request& request) override;
  bool aggregate(const aggregate_request& request, const group_sink& sink) override;
  bool has(const entity_type& entity) override { return base_.has(entity); }

  void savepoint(int) override { refuse(); }
  void release(int) override { refuse(); }
  void rollback_to(int) override { refuse(); }
  void write(const row_change&) override { refuse(); }
  void erase(const entity_type&, record_id) override { refuse(); }
  void apply(const entity_type&) override { refuse(); }

 private:
  [[noreturn]] static void refuse();
  bool takes_whole(const aggregate_request& request) const;

  engine::lease own_;
  connection& base_;
  std::shared_ptr<const sight> sight_;
  std::shared_ptr<past_rows> past_;
  time_zone zone_;
};

/// All computed fields of an entity that are computed again for the session.
std::vector<const entity_sight::computed_field*> all_computed(const entity_sight& s);

}  // namespace kith::inline v1::detail
