// SPDX-License-Identifier: Apache-2.0
//
// The audit chain: every change set carries a keyed digest (HMAC-SHA-256) over itself and the
// digest before it. Who does not have the key cannot edit, remove, swap or add a set unnoticed; who
// keeps an anchor outside notices a cut of the newest ones, too. Erasures leave the chain whole.
//
//   const audit_anchor kept = base.newest_anchor();   // keep it elsewhere, print it
//   base.check_audit(kept)                            // later: sound(), or what is wrong where
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kith/core/history.hpp"

namespace kith::inline v1 {

/// Gives the key of the audit chain, at least 32 bytes (error_code::invalid). Asked once, when the
/// store is opened; the key is never stored, logged or part of an error, and what is computed from
/// it is wiped when the store is closed.
using key_source = std::function<std::string()>;

/// A place in the chain, to be kept outside of the store.
struct audit_anchor {
  std::int64_t count = 0;  ///< the sequence of the newest set
  std::string head;        ///< its digest, 32 bytes
};

/// What a check of the chain found.
struct audit_check {
  std::uint64_t sets = 0;     ///< looked at
  std::int64_t first = 0;     ///< the oldest set kept: trim() cuts from there
  std::vector<damage> found;  ///< the first thousand
  bool sound() const noexcept { return found.empty(); }
};

}  // namespace kith::inline v1
