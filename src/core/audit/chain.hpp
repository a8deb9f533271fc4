// SPDX-License-Identifier: Apache-2.0
//
// The audit chain (docs/decisions/0019-audit-chain.md). Each change in a set is sealed: its digest,
// SHA-256 over a salt of its own and its packed bytes, and the salt. The set's digest, keyed,
// covers the digest before it, everything about the set and the digests of its changes. An erasure
// puts other bytes in a change's place, keeps its digest and replaces the salt by a keyed proof:
// nobody can guess the values back, and nobody without the key can do the same.
//
//   seals    for each change: digest 32 bytes, kind 1 byte, salt or proof 16 bytes
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/clock.hpp"
#include "kith/core/model.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

inline constexpr std::size_t digest_bytes = 32;
inline constexpr std::size_t salt_bytes = 16;
inline constexpr std::size_t seal_bytes = digest_bytes + 1 + salt_bytes;

/// HMAC-SHA-256 with a key that is wiped at the end. Any thread.
class audit_key {
 public:
  /// error_code::invalid for a key under 32 bytes; the given key is wiped.
  explicit audit_key(std::string key);
  audit_key(const audit_key&) = delete;
  ~audit_key();

  /// Takes parts, each with its length before it.
  class mac {
   public:
    mac& put(std::string_view bytes);
    mac& put(std::int64_t number);
    std::string end();

   private:
    friend class audit_key;
    explicit mac(const crypto_auth_hmacsha256_state& begun) : state_(begun) {}
    crypto_auth_hmacsha256_state state_;
  };
  mac begin(std::string_view purpose) const { return mac(begun_).put(purpose); }

 private:
  crypto_auth_hmacsha256_state begun_;
};

/// One piece of a change set: a chunk, or (number -1) what stands in the set itself.
struct sealed_piece {
  std::int64_t number = -1;
  std::string_view changes;
  std::string_view seals;
};

/// The seals of packed changes, with fresh salts.
std::string sealed(std::string_view changes, random_source& chance);
/// The seals after an erasure put other bytes in the place of some changes.
std::string resealed(const audit_key& key, std::int64_t sequence, const sealed_piece& before,
                     std::string_view after);
/// What is wrong with the changes of a piece; empty: nothing.
std::string wrong_seals(const audit_key& key, std::int64_t sequence, const sealed_piece& piece);

/// The keyed digest of a set: its row, the digest before it, its pieces in their order.
std::string digest_of_set(const audit_key& key, std::string_view before, const row& set,
                          const std::vector<sealed_piece>& pieces);

/// What the oldest set is given when those before it are trimmed: the digest before it and a proof.
std::string made_cut(const audit_key& key, std::int64_t sequence, std::string_view before);
/// The digest before the set, or nothing when the proof is not one.
std::string digest_before_cut(const audit_key& key, std::int64_t sequence, std::string_view cut);

}  // namespace kith::inline v1::detail
