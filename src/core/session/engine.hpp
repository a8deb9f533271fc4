// SPDX-License-Identifier: Apache-2.0
//
// What all sessions of one open store share: the store, the newest model, the rules in their order,
// time and chance. Any thread; the mutex is never held while a callback or the store runs.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/audit/chain.hpp"
#include "core/session/subscribers.hpp"
#include "kith/core/crm.hpp"

namespace kith::inline v1 {

/// The newest commit, as far as ids, order and model go.
struct store_head {
  std::int64_t sequence = 0;
  instant at;
  std::int64_t last_id = 0;
  std::int64_t model_version = 0;
};

/// The rules of one entity in the order in which they run.
struct rule_book {
  std::vector<const rule*> complete;
  std::vector<const rule*> check;
  std::vector<const rule*> react;
  std::vector<const rule*> react_to_undo;
};

class engine : public std::enable_shared_from_this<engine> {
 public:
  engine(std::unique_ptr<store> rows, crm_options options);

  store& rows() noexcept { return *store_; }
  const crm_options& options() const noexcept { return options_; }
  const kith::limits& limits() const noexcept { return options_.limits; }
  const rule_book& rules_of(const entity_type& entity) const;
  /// History that rules write themselves, also when a change is taken back.
  bool is_kept_by_rules(const entity_type& history) const {
    return kept_by_rules_.count(history.type) != 0;
  }

  model_ptr model() const;
  void publish(model_ptr now);
  /// Keeps a model as long as the engine: rows, queries and keys point into it.
  void retain(model_ptr made);
  /// Reads the model lines through this connection and publishes the model they make.
  model_ptr reload(connection& through);
  /// The model that the store's lines make now, whatever was read of them before.
  model_ptr stored_model(connection& through, const row& format) {
    return stored_model(through, *model(), format);
  }

  /// An idle connection or a new one; given back when the lease ends, closed when there is no
  /// engine.
  class lease {
   public:
    lease() = default;
    lease(std::shared_ptr<engine> of, std::unique_ptr<connection> c)
        : engine_(std::move(of)), connection_(std::move(c)) {}
    lease(lease&&) noexcept = default;
    lease& operator=(lease&& other) noexcept;
    ~lease() { end(); }
    connection* operator->() const noexcept { return connection_.get(); }
    connection& operator*() const noexcept { return *connection_; }
    explicit operator bool() const noexcept { return connection_ != nullptr; }
    void end() noexcept;

   private:
    std::shared_ptr<engine> engine_;
    std::unique_ptr<connection> connection_;
  };
  lease connect();

  instant now() const { return options_.clock->now(); }
  std::string random_key() const;
  std::uint16_t origin_number() const noexcept { return origin_number_; }

  detail::subscribers& subscribers() noexcept { return subscribers_; }

  // guest.cpp
  /// Everything here may be taken back by a host.
  bool is_guest() const noexcept { return store_->can().guest; }
  /// Keeps a commit's place among those to be told until the host's transaction has lasted.
  void tell_later(detail::subscribers::place told, std::int64_t sequence,
                  const std::string& key) noexcept;
  /// Tells of the commits that have lasted by now, and forgets those that were taken back.
  void tell_lasting(connection& through, bool host_says_so);
  void host_committed();

  static store_head head_of(connection& through, const kith::model& of);

  void write_views();  ///< views.cpp

  // core/audit/keeper.cpp
  /// The key of the audit chain; null for a store without one.
  const detail::audit_key* audit() const noexcept { return audit_.get(); }
  /// The seals of packed changes; empty without a chain.
  std::string seals_of(std::string_view changes) const;
  /// A change set's row with its place in the chain, as it is without a chain.
  row_ptr in_chain(connection& through, const kith::model& of, row_ptr set) const;
  /// In a write transaction behind set `newest`: a chain goes on with its key only,
  /// error_code::denied. Looks once; without a key a store has a chain from its first set or never.
  void require_audit_key(connection& through, const kith::model& of, std::int64_t newest);
  /// Notes, before the sets before this one are trimmed, where the chain then begins.
  void begin_chain_at(connection& through, const kith::model& of, std::int64_t sequence) const;

  /// Writes the model's lines and the format record, as part of a write transaction.
  void write_model(connection& through, const kith::model& now);

 private:
  void open();
  row_ptr found(connection& through, const kith::model& system_model);
  void adopt(connection& through, const kith::model& system_model);
  model_ptr stored_model(connection& through, const kith::model& known, const row& format);
  static bool is_complete(const kith::model& m, const row& format);
  // named_rules.cpp: crm_options::wanted_entities and wanted_fields
  bool has_wanted(const kith::model& m) const;
  model_ptr with_wanted(model_ptr m) const;
  /// With actions and reports, unless they may be of entities that are still to be added.
  model_ptr built(kith::model::source from) const;
  model_ptr with_verbs(const kith::model& m) const;
  void write_format(connection& through, const kith::model& now, row_ptr before);
  void write_lines(connection& through, const kith::model& now);
  void write_total_lines(connection& through, const kith::model& now);
  static std::vector<total_entry> total_lines(connection& through, const kith::model& known);
  void write_own_set(connection& through, const kith::model& now, const store_head& before,
                     std::string_view reason);
  void order_rules();
  std::vector<model_entry> stored_lines(connection& through, const kith::model& known);
  bool is_newest(connection& through, const kith::model& known, const row& format);
  struct untold {
    detail::subscribers::place place;
    std::int64_t sequence = 0;
    std::string operation_key;
  };
  /// A key that is given is that of the store's chain: error_code::denied.
  void check_audit_key(connection& through);

  std::unique_ptr<detail::audit_key> audit_;
  std::atomic<bool> may_write_{false};  // has been looked up
  std::unique_ptr<store> store_;
  crm_options options_;
  std::vector<entity_description> entities_;
  std::uint16_t origin_number_ = 0;
  std::deque<rule> named_rules_;  // with their names looked up
  std::unordered_map<type_id, rule_book> books_;
  std::unordered_map<std::uint16_t, rule_book> untyped_books_;  // of entities without a C++ type
  std::set<type_id> kept_by_rules_;

  mutable std::mutex mutex_;
  model_ptr model_;
  std::vector<model_ptr> retained_;
  std::vector<std::unique_ptr<connection>> idle_;
  detail::subscribers subscribers_;
  // guest.cpp: commits in a host's transaction; and what the store was before it was brought up to
  // this program's model.
  std::deque<untold> untold_;
  std::optional<std::pair<std::int64_t, std::int64_t>> before_adoption_;
};

namespace detail {

/// A row of an internal entity from the values of its fields, in their order.
row_ptr internal_row(const entity_type& entity, const system_cells& system,
                     std::span<const cell> cells);

/// Orders rules so that each runs behind those that write what it reads; error_code::model names
/// the rules of a circle.
std::vector<const rule*> ordered(std::vector<const rule*> rules);

}  // namespace detail
}  // namespace kith::inline v1
