// SPDX-License-Identifier: Apache-2.0
//
// Verification: everything in a store is looked at once, in one read transaction, in the order of
// ids. What is found is a list for people. Memory does not grow with the store, but for the largest
// change set, whose records are remembered while it is compared with them.
//
//   verify.cpp         the way through the store, unique values, the model's own lines
//   verify_record.cpp  one record: checksum, system cells, keys, references, computed fields
//   verify_totals.cpp  live totals, compared with the records
//   verify_feed.cpp    change sets, chunks, and that records and change sets know each other
//
// Not looked at: circles in trees, and whether an empty field was required when it was written.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/session/state.hpp"

namespace kith::inline v1::detail {

/// The first thousand findings; the others are counted.
class findings {
 public:
  explicit findings(verification& to) : to_(to) {}
  void add(std::string_view entity, record_id id, std::string what, std::string remedy);

 private:
  verification& to_;
};

/// What a verification may leave out.
struct verify_scope {
  /// Compute stored computed fields and totals again: they depend on the program, not on the file
  /// alone.
  bool computed = true;
};

class verifier {
 public:
  verifier(session::state& through, verification& to, verify_scope scope)
      : state_(through), result_(to), found_(to), scope_(scope) {}

  void run();

 private:
  using visitor = std::function<void(const row_ptr&)>;
  /// What was seen of one entity.
  struct seen {
    std::uint64_t in_feed = 0;    ///< rows whose revision the feed still has
    std::uint64_t confirmed = 0;  ///< rows that the change set of their revision names
    bool unreadable = false;
  };

  // verify.cpp
  void structure();
  void content();
  void entity(const entity_type& e);
  void each_row(const entity_type& e, const visitor& visit);
  /// How far a walk came.
  struct stretch {
    record_id last{};
    bool broken = false;
    std::string why{};
  };
  /// Visits all rows in the order of their ids; backwards those behind `stop`.
  stretch walk(const entity_type& e, const visitor& visit);
  stretch walk_back(const entity_type& e, record_id stop, const visitor& visit);
  stretch walk(const entity_type& e, bool descending, const std::function<bool(const row_ptr&)>&);
  void unique_values(const entity_type& e, const index_type& index);
  void model_lines();
  /// Does a part of the work; an error that tells of damage becomes a finding.
  bool guarded(std::string_view entity, record_id id, const std::function<void()>& work);

  // verify_record.cpp
  void record(const entity_type& e, const row_ptr& r);
  bool checksum(const entity_type& e, const row& r);
  void system_part(const entity_type& e, const row& r);
  void keys(const entity_type& e, const row& r);
  void references(const entity_type& e, const row& r);
  void reference(const entity_type& e, const row& r, const field_type& f);
  bool was_erased(const entity_type& e, record_id id);
  void computed(const entity_type& e, const row_ptr& r);
  enum class presence : std::uint8_t { absent, deleted, live };
  presence presence_of(const entity_type& e, record_id id);

  // verify_totals.cpp
  void totals();
  void total(const total_type& t);

  // verify_feed.cpp
  void feed();
  void change_set(const row& set);
  void chunks_of_nobody();
  void changes(std::int64_t sequence, std::string_view packed);
  void change(std::int64_t sequence, const record_change& c);
  void missing_records();
  void unnamed_rows(const entity_type& e);
  bool is_named(std::int64_t sequence, const entity_type& e, record_id id);

  session::state& state_;
  verification& result_;
  findings found_;
  verify_scope scope_;

  store_head head_;
  std::int64_t oldest_ = 0;  // change set; 0: there is none
  bool older_ = false;       // than the program: opened for reading, it may lack tables
  std::map<std::uint16_t, seen> seen_;
  struct known {
    const entity_type* entity = nullptr;
    record_id id;
    presence is = presence::absent;
  };
  std::array<known, 4096> known_;  // records that references led to

  using record_key = std::pair<std::uint16_t, std::int64_t>;
  struct {
    std::int64_t sequence = 0, at = 0, last_id = 0, model_version = 0;
  } before_;                                    // the change set before
  std::set<record_key> named_;                  // by the change set that is read
  std::map<record_key, std::int64_t> missing_;  // records that a change set names
  std::map<std::int64_t, std::set<record_key>> sets_read_;
  std::size_t names_read_ = 0;
};

/// Verifies through a session that is not in a transaction.
verification verify(session::state& through, verify_scope scope = {});

/// Throws error_code::damaged when a copy of the engine's store does not verify.
void check_copy(const engine& of, std::unique_ptr<store> copy, const std::string& path);

/// A load of one slot, as a key of an order.
order_term by_slot(slot_number slot, storage type, bool descending = false);

}  // namespace kith::inline v1::detail
