// SPDX-License-Identifier: Apache-2.0
//
// Digests, seals and cuts.
#include "core/audit/chain.hpp"

#include <algorithm>

#include "core/change/packed_entries.hpp"
#include "core/system.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

using system::change_set_row;

constexpr char salted = 0;  // kind of a seal
constexpr char erased = 1;

constexpr std::size_t least_key = 32;

const unsigned char* bytes_of(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

std::string entry_digest(std::string_view salt, std::string_view entry) {
  std::string digest(digest_bytes, '\0');
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, bytes_of(salt), salt.size());
  crypto_hash_sha256_update(&state, bytes_of(entry), entry.size());
  crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// One change's seal.
struct seal {
  std::string_view digest;
  char kind = salted;
  std::string_view rest;

  explicit seal(std::string_view bytes)
      : digest(bytes.substr(0, digest_bytes)),
        kind(bytes[digest_bytes]),
        rest(bytes.substr(digest_bytes + 1, salt_bytes)) {}
};

std::string proof_of_erasure(const audit_key& key, std::int64_t sequence, std::int64_t piece,
                             std::size_t place, std::string_view digest, std::string_view entry) {
  auto mac = key.begin("erased");
  mac.put(sequence).put(piece).put(static_cast<std::int64_t>(place)).put(digest).put(entry);
  return mac.end().substr(0, salt_bytes);
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

audit_key::audit_key(std::string key) {
  const bool long_enough = key.size() >= least_key;
  if (long_enough) crypto_auth_hmacsha256_init(&begun_, bytes_of(key), key.size());
  sodium_memzero(key.data(), key.size());
  if (long_enough) return;
  throw error(error_code::invalid, "the key of the audit chain has at least " +
                                       std::to_string(least_key) +
                                       " bytes; give a longer one, from a good source of chance");
}

audit_key::~audit_key() { sodium_memzero(&begun_, sizeof begun_); }

audit_key::mac& audit_key::mac::put(std::string_view bytes) {
  std::uint8_t size[8];
  for (unsigned i = 0; i < sizeof size; ++i) {
    size[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(bytes.size()) >> (8 * i));
  }
  crypto_auth_hmacsha256_update(&state_, size, sizeof size);
  crypto_auth_hmacsha256_update(&state_, bytes_of(bytes), bytes.size());
  return *this;
}

audit_key::mac& audit_key::mac::put(std::int64_t number) {
  char bytes[8];
  for (unsigned i = 0; i < sizeof bytes; ++i) {
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i));
  }
  return put(std::string_view(bytes, sizeof bytes));
}

std::string audit_key::mac::end() {
  std::string result(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state_, reinterpret_cast<unsigned char*>(result.data()));
  sodium_memzero(&state_, sizeof state_);
  return result;
}

// ------------------------------------------------------------------------------------------- seals

std::string sealed(std::string_view changes, random_source& chance) {
  const std::vector<std::string_view> entries = packed_entries(changes);
  std::string salts(entries.size() * salt_bytes, '\0');
  chance.fill({reinterpret_cast<std::uint8_t*>(salts.data()), salts.size()});
  std::string seals;
  seals.reserve(entries.size() * seal_bytes);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string_view salt = std::string_view(salts).substr(i * salt_bytes, salt_bytes);
    seals += entry_digest(salt, entries[i]);
    seals += salted;
    seals += salt;
  }
  return seals;
}

std::string resealed(const audit_key& key, std::int64_t sequence, const sealed_piece& before,
                     std::string_view after) {
  const auto was = packed_entries(before.changes);
  const auto is = packed_entries(after);
  if (was.size() != is.size() || before.seals.size() != was.size() * seal_bytes) {
    throw error(error_code::damaged, "the seals of change set " + std::to_string(sequence) +
                                         " are not those of its changes; see crm.check_audit()");
  }
  std::string seals(before.seals);
  for (std::size_t i = 0; i < is.size(); ++i) {
    if (is[i] == was[i]) continue;
    const seal old(before.seals.substr(i * seal_bytes, seal_bytes));
    seals[i * seal_bytes + digest_bytes] = erased;
    seals.replace(i * seal_bytes + digest_bytes + 1, salt_bytes,
                  proof_of_erasure(key, sequence, before.number, i, old.digest, is[i]));
  }
  return seals;
}

std::string wrong_seals(const audit_key& key, std::int64_t sequence, const sealed_piece& piece) {
  const auto entries = packed_entries(piece.changes);
  if (piece.seals.size() != entries.size() * seal_bytes) {
    return "it has " + std::to_string(entries.size()) + " changes and seals of " +
           std::to_string(piece.seals.size() / seal_bytes);
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const seal s(piece.seals.substr(i * seal_bytes, seal_bytes));
    const bool whole =
        s.kind == erased
            ? same(s.rest, proof_of_erasure(key, sequence, piece.number, i, s.digest, entries[i]))
            : s.kind == salted && same(s.digest, entry_digest(s.rest, entries[i]));
    if (!whole) return "change " + std::to_string(i + 1) + " of it is not the one that was sealed";
  }
  return {};
}

std::string digest_of_set(const audit_key& key, std::string_view before, const row& set,
                          const std::vector<sealed_piece>& pieces) {
  auto mac = key.begin("set");
  mac.put(before).put(set.id().value);
  for (const field_def* f : change_set_row::fields) {
    if (f->number >= change_set_row::changes.number) break;  // what follows is digested by change
    const slot_number slot = slots_of<change_set_row>[f->number];
    const storage type = parts_of(f->kind, f->options).front().type;
    const cell c = set.at(slot, type);
    mac.put(std::int64_t{c.is_null()});
    if (c.is_null()) continue;
    if (c.has_bytes()) {
      mac.put(c.as_bytes());
    } else {
      mac.put(c.as_integer());
    }
  }
  for (const sealed_piece& p : pieces) {
    mac.put(static_cast<std::int64_t>(p.seals.size()));
    for (std::size_t at = 0; at + seal_bytes <= p.seals.size(); at += seal_bytes) {
      mac.put(p.seals.substr(at, digest_bytes));
    }
  }
  return mac.end();
}

// -------------------------------------------------------------------------------------------- cuts

std::string made_cut(const audit_key& key, std::int64_t sequence, std::string_view before) {
  return std::string(before) + key.begin("cut").put(sequence).put(before).end();
}

std::string digest_before_cut(const audit_key& key, std::int64_t sequence, std::string_view cut) {
  if (cut.size() != 2 * digest_bytes) return {};
  const std::string_view before = cut.substr(0, digest_bytes);
  if (!same(made_cut(key, sequence, before), cut)) return {};
  return std::string(before);
}

}  // namespace kith::inline v1::detail
