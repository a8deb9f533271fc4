// SPDX-License-Identifier: Apache-2.0
//
// The store as it stood right after a sequence, for session.as_of(): the newest rows through a
// connection of its own, and over them, for each record that was changed since, the version of
// then. To the session it is a connection like any other, one that refuses to write.
//
//   auto past = std::make_shared<past_rows>(engine, zone);
//   past->go_to(17);
//   past->connect()->scan(request);       // and get(); the feed ends with 17, too
//
// Where readers keep their instant while others write, one read transaction lasts as long as this.
// Elsewhere each call reads in a transaction of its own, so that writers are not kept out, and
// takes back first what was committed meanwhile.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "core/session/engine.hpp"
#include "kith/core/value/time.hpp"

namespace kith::inline v1::detail {

class past_rows : public std::enable_shared_from_this<past_rows> {
 public:
  past_rows(std::shared_ptr<engine> of, time_zone zone);

  /// The newest sequence whose instant is not after this one; error_code::not_found when that was
  /// trimmed.
  std::int64_t sequence_at(instant when);
  /// Walks the feed back. Once.
  void go_to(std::int64_t sequence);
  std::int64_t sequence() const noexcept { return sequence_; }
  const model_ptr& model() const noexcept { return model_; }

  /// What a session reads through. All of them share the one of the store.
  std::unique_ptr<connection> connect();

  /// Held while the store is read: one instant.
  class use {
   public:
    explicit use(std::shared_ptr<past_rows> of) : of_(std::move(of)) { of_->enter(); }
    ~use() { of_->leave(); }
    use(const use&) = delete;
    past_rows& operator*() const noexcept { return *of_; }
    past_rows* operator->() const noexcept { return of_.get(); }

   private:
    std::shared_ptr<past_rows> of_;
  };

  // While it is used:
  connection& newest() const noexcept { return *base_; }
  /// The versions of then of the records that were changed since, by id; null: there was none.
  using versions = std::map<std::int64_t, row_ptr>;
  const versions& changed(const entity_type& e) const;
  bool unchanged() const noexcept { return changed_.empty(); }
  /// Ids beyond this one did not exist: of the feed's own entities.
  std::int64_t largest_id(const entity_type& e) const;
  const time_zone& zone() const noexcept { return zone_; }

 private:
  using all_versions = std::unordered_map<std::uint16_t, versions>;
  void enter();
  void leave() noexcept;
  void open_base();
  void take_back(std::int64_t since);
  void walk_again();
  void step_back(const record_change& change, all_versions& met);
  [[noreturn]] void refuse_trimmed(std::int64_t oldest);

  std::shared_ptr<engine> engine_;
  time_zone zone_;
  engine::lease base_;
  int uses_ = 0;
  model_ptr model_;
  std::int64_t sequence_ = -1;  ///< not known yet
  std::int64_t newest_ = 0;     ///< of the base, up to here the feed was taken back
  std::uint64_t walked_ = 0;    ///< data version of the base, in a host's database
  all_versions changed_;
};

/// Whether the entity has all columns, in their places, that it had then (guest.cpp).
bool has_columns_of(const entity_type& now, const entity_type& then);

/// error_code::read_only, with what to do.
[[noreturn]] void refuse_to_write_the_past(std::int64_t sequence);

}  // namespace kith::inline v1::detail
