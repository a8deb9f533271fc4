// SPDX-License-Identifier: Apache-2.0
//
// The right to be forgotten: what an erasure did, who may not be erased yet, what is due.
//
//   const erasure_report r = s.erase(ref<client>(id), {.reason = "request of 2 May"});
//   base.compact();                        // now no byte of the person is in any file of the store
//
// Personal fields (field option `personal`) are emptied, or replaced where they are required; what
// the person owns goes altogether; the ledger (orders, amounts, stages) stays
// (docs/decisions/0018-erasure.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kith/core/value.hpp"

namespace kith::inline v1 {

/// Why a person's values are erased; kept with the proof, so it names no person.
struct erase_options {
  std::string reason{};
  std::string legal_basis{};  ///< such as `GDPR 17(1)(a)`, `152-FZ 21`
};

/// What an erasure touched in one entity.
struct erased_category {
  std::string entity;
  std::uint64_t erased = 0;         ///< records that are gone
  std::uint64_t emptied = 0;        ///< records that stay without their personal values
  std::vector<std::string> fields;  ///< the personal fields that had a value
};

/// The proof: who, what categories, why, when; without a value of the person.
struct erasure_report {
  std::int64_t sequence = 0;  ///< of the change set that erased
  instant at;
  std::string actor;
  std::string reason;
  std::string legal_basis;
  std::string entity;
  record_id subject;
  std::vector<erased_category> categories;
  std::uint64_t change_sets = 0;  ///< whose entries lost values of the person
};

/// A record that must be kept, whoever asks; the erasure of anybody whom it is about is refused
/// (error_code::denied) and says so.
struct legal_hold {
  std::string entity;
  record_id record;
  std::string reason;
  instant since;
};

/// How long records of an entity are kept: those that meet the condition are due, deleted ones
/// included. Of a record that is no person, such as an interaction, only it itself is emptied.
struct retention_rule {
  std::string entity;     ///< by name
  std::string condition;  ///< query language: `created < today() - 1095d`
  std::string reason;
  std::string legal_basis{};
};

/// The records about one person, an entity after the other: what an access export shows and what
/// an erasure empties or removes.
struct subject_records {
  std::string entity;
  std::vector<record_id> records;
  bool owned = false;  ///< goes with the person; else it stays without its personal values
};

class session;

/// Erases once more those of these subjects that are there again: what a restored backup of before
/// their erasure needs before it is used. The list is what session.erasures() gave, kept outside of
/// the store. Returns the proofs of this run.
std::vector<erasure_report> reapply(session& in, std::span<const erasure_report> erased);

}  // namespace kith::inline v1
