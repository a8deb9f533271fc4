// SPDX-License-Identifier: Apache-2.0
//
// An open store with its model and rules: what a host keeps. Made by kith::open() (kith/kith.hpp).
//
//   kith::crm crm = kith::open("shop.kith");
//   kith::session s = crm.open_session({.actor = "anna"});
//
// Any thread may use a crm. It must outlive its sessions.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/audit.hpp"
#include "kith/core/clock.hpp"
#include "kith/core/limits.hpp"
#include "kith/core/model.hpp"
#include "kith/core/rule.hpp"
#include "kith/core/session.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1 {

struct crm_options;

/// A make of stores that a host brings along: `kith::open("own:file.dat")` asks the one named
/// `own`.
struct store_scheme {
  std::string name;  ///< two or more of a-z, 0-9, `+`, `-`, `.`
  std::function<std::unique_ptr<store>(std::string_view where, const crm_options& options)> open{};
};
/// A field on an entity that somebody else describes.
struct wanted_field {
  std::string entity;
  custom_field field;
};

/// How a store is opened.
struct crm_options {
  std::vector<entity_description>
      entities{};             ///< beside the standard ones: describe<shop::repair>()
  std::vector<rule> rules{};  ///< beside those of the entities
  std::vector<action_description> actions{};  ///< beside the standard ones
  std::vector<report_description> reports{};
  std::shared_ptr<kith::clock> clock{};     ///< null: the computer's
  std::shared_ptr<random_source> random{};  ///< null: the operating system's
  kith::limits limits{};
  bool read_only = false;
  int busy_timeout_ms = 10'000;     ///< how long a writer waits for others
  std::uint16_t origin_number = 0;  ///< 0 to 1023: part of every id made here
  /// Makes the store keep an audit chain from its first change set on; a store that has one is only
  /// written with its key (error_code::denied).
  key_source audit_key{};
  std::vector<store_scheme> stores{};  ///< beside the built-in ones
  /// What a store shall have of run-time descriptions: added when it lacks them and is opened for
  /// writing, there for every program from then on. error_code::model for another kind.
  std::vector<custom_entity> wanted_entities{};
  std::vector<wanted_field> wanted_fields{};
};

class crm {
 public:
  /// Opens a store whose entities are all given; kith::open() adds the standard ones.
  crm(std::unique_ptr<store> rows, crm_options options);
  crm(crm&&) noexcept;
  crm& operator=(crm&&) noexcept;
  ~crm();

  session open_session(session_options options = {});
  /// The newest model.
  model_ptr model() const;
  const capabilities& can() const noexcept;
  /// What became of the transaction with this operation key: never a guess.
  outcome outcome_of(std::string_view operation_key);
  /// Writes a store that keeps its rows in memory to its file.
  void save();
  /// Writes a copy of the store, as it is at one instant, to a new file, while others read and
  /// write; opens the copy and verifies it, and only then gives it its name. A backup is there to
  /// be restored: two stores that both go on writing need a crm_options.origin_number each.
  /// error_code::exists when there is such a file, not_found when there is no such folder, full,
  /// storage, damaged when the copy does not verify, unsupported (capabilities::backup).
  void backup(const std::string& path);
  /// Looks at every record, key, reference and change set, of one instant. Damage is reported,
  /// never thrown. What is in tables and columns that this program does not describe is not looked
  /// at.
  verification verify();
  /// The newest place of the audit chain. error_code::unsupported for a store without one.
  audit_anchor newest_anchor();
  /// Follows the audit chain, up to an anchor that was kept. error_code::denied without its key.
  audit_check check_audit(const audit_anchor& kept = {});
  /// Rewrites the store's files so that nothing erased is left in them. Writers wait meanwhile.
  /// error_code::busy while somebody reads; full, storage.
  void compact();
  /// Writes, or brings up to date, views for reporting: a view `<plural>` per entity, decimals and
  /// dates as such, names beside references, live records only. error_code::unsupported where
  /// capabilities::views is false.
  void write_views();
  /// As a guest in a host's database: its transaction has committed; listeners are told now. Else
  /// they are told at the next call that sees the commit.
  void host_committed();

  /// Calls a listener after each commit made through this crm that begins from now on; after those
  /// of other processes it is not called. The token ends it: drop it, from any thread, even from
  /// inside a callback; a call that has begun elsewhere still ends. Listeners are called one set at
  /// a time in the order of commits, without locks, but inside the committing call: they may use
  /// other sessions, write, and wait for threads that do. Who commits while another thread is
  /// telling listeners leaves its set to that thread and returns. What they throw is swallowed.
  /// A commit whose outcome is unknown is told to nobody.
  [[nodiscard]] std::shared_ptr<void> subscribe(change_listener listener);
  /// The same before each commit, in the committing thread: a kith::error takes the transaction
  /// back and reaches the caller, any other exception as error_code::denied. Writers wait
  /// meanwhile, on stores without parallel reads readers as well: it is quick, and writes nothing.
  [[nodiscard]] std::shared_ptr<void> subscribe_veto(commit_veto veto);

 private:
  std::shared_ptr<engine> engine_;
};

}  // namespace kith::inline v1
