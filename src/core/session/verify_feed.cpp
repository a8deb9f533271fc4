// SPDX-License-Identifier: Apache-2.0
//
// The change feed that is verified: sets without gaps, chunks that unpack, and each record's
// version named by the change set that made it. Every change leads to its record; where fewer
// records were met than are there, those that nobody names are looked for.
#include "core/session/verify.hpp"
#include "core/system.hpp"

namespace kith::inline v1::detail {
namespace {

using system::change_chunk;
using system::change_set_row;

constexpr std::size_t most_names = 4'000'000;  // of change sets that are kept unpacked

constexpr const char* history_ends =
    "records are as they are, but history, as-of and undo do not reach behind this point; restore "
    "the newest backup that verifies if they matter";

std::string set_name(std::int64_t sequence) { return "change set " + std::to_string(sequence); }

}  // namespace

void verifier::feed() {
  const entity_type& sets = state_.model->entity<change_set_row>();
  const stretch read =
      walk(sets, [&](const row_ptr& r) { guarded(sets.name(), r->id(), [&] { change_set(*r); }); });
  chunks_of_nobody();
  missing_records();
  if (read.broken) return;  // which was told when that entity was read
  for (const auto& e : state_.model->entities()) {
    if (e->about->internal) continue;
    const seen& s = seen_[e->number];
    if (s.unreadable || s.confirmed != s.in_feed) unnamed_rows(*e);
  }
}

void verifier::change_set(const row& set) {
  const std::int64_t sequence = set.id().value;
  const auto number = [&](const auto& f) { return set.integer(f.slot()); };
  const auto wrong = [&](std::string what) {
    found_.add("change_set", set.id(), std::move(what), history_ends);
  };
  ++result_.change_sets;
  if (before_.sequence != 0 && sequence != before_.sequence + 1) {
    const bool one = sequence == before_.sequence + 2;
    wrong((one ? "the change set " : "the change sets ") + std::to_string(before_.sequence + 1) +
          (one ? "" : " to " + std::to_string(sequence - 1)) + " before it " +
          (one ? "is" : "are") + " missing");
  }
  if (before_.sequence != 0 && (number(change_set_row::at) < before_.at ||
                                number(change_set_row::last_id) < before_.last_id ||
                                number(change_set_row::model_version) < before_.model_version)) {
    wrong("its instant, largest id or model is older than that of the change set before it");
  }
  before_ = {sequence, number(change_set_row::at), number(change_set_row::last_id),
             number(change_set_row::model_version)};
  named_.clear();
  const entity_type& chunks = state_.model->entity<change_chunk>();
  for (std::int64_t i = 0; i < number(change_set_row::chunks); ++i) {
    const row_ptr chunk = state_.rows().get(chunks, {sequence << 16 | i});
    if (!chunk) {
      wrong("piece " + std::to_string(i) + " of its changes is missing");
      if (i > 0xffff) break;
      continue;
    }
    changes(sequence, chunk->text(change_chunk::changes.slot()));
  }
  changes(sequence, set.text(change_set_row::changes.slot()));
  for (const record_key& k : named_) ++seen_[k.first].confirmed;
}

void verifier::changes(std::int64_t sequence, std::string_view packed) {
  std::vector<record_change> all;
  try {
    all = unpack_changes(packed);
  } catch (const error& e) {
    found_.add("change_set", {sequence}, "its changes cannot be read: " + e.message(),
               history_ends);
    return;
  }
  for (const record_change& c : all) change(sequence, c);
}

void verifier::change(std::int64_t sequence, const record_change& c) {
  const entity_type* const e = state_.model->find(c.entity);
  if (e == nullptr || e->about->internal) return;  // of a program that describes more
  const record_key key{c.entity, c.id.value};
  if (c.what == change_kind::erase) missing_.erase(key);
  seen& s = seen_[c.entity];
  row_ptr r;
  try {
    r = state_.rows().get(*e, c.id);
  } catch (const error& x) {
    if (x.code() == error_code::busy || x.code() == error_code::closed) throw;
    s.unreadable = true;  // told where the entity is read
    return;
  }
  if (!r) {
    if (c.what != change_kind::erase) missing_[key] = sequence;
  } else if (r->system().revision == sequence) {
    named_.insert(key);
  } else if (r->system().revision < sequence) {
    found_.add(e->name(), c.id,
               "it is of " + set_name(r->system().revision) + ", though " + set_name(sequence) +
                   " changed it: an older version came back",
               "restore the newest backup that verifies; the values of before are in its history");
  }
}

void verifier::chunks_of_nobody() {
  const entity_type& chunks = state_.model->entity<change_chunk>();
  const entity_type& sets = state_.model->entity<change_set_row>();
  std::int64_t sequence = 0;
  std::int64_t pieces = 0;
  walk(chunks, [&](const row_ptr& r) {
    if (r->id().value >> 16 != sequence) {
      sequence = r->id().value >> 16;
      const row_ptr set = state_.rows().get(sets, {sequence});
      pieces = set ? set->integer(change_set_row::chunks.slot()) : 0;
    }
    if ((r->id().value & 0xffff) < pieces) return;
    found_.add(chunks.name(), r->id(), "it is a piece of no change set", history_ends);
  });
}

void verifier::missing_records() {
  for (const auto& [key, sequence] : missing_) {
    const entity_type& e = *state_.model->find(key.first);
    found_.add(
        e.name(), {key.second},
        "the record is gone, though " + set_name(sequence) + " changed it and nobody erased it",
        "restore the newest backup that verifies; a record that was added and never "
        "changed cannot be made again from its history");
  }
}

// ------------------------------------------------------------------------------ records, by the
// way

void verifier::unnamed_rows(const entity_type& e) {
  walk(e, [&](const row_ptr& r) {
    const std::int64_t revision = r->system().revision;
    if (revision < oldest_ || revision > head_.sequence) return;
    if (is_named(revision, e, r->id())) return;
    found_.add(e.name(), r->id(),
               set_name(revision) + ", which wrote this version, is missing or does not name it",
               "its history is lost; compare its values with a backup, or restore the newest one "
               "that verifies");
  });
}

bool verifier::is_named(std::int64_t sequence, const entity_type& e, record_id id) {
  auto found = sets_read_.find(sequence);
  if (found == sets_read_.end()) {
    if (names_read_ > most_names) {
      sets_read_.clear();
      names_read_ = 0;
    }
    std::set<record_key> names;
    const auto add = [&](std::string_view packed) {
      try {
        for (const record_change& c : unpack_changes(packed)) names.emplace(c.entity, c.id.value);
      } catch (const error&) {  // was told when the feed was read
      }
    };
    try {
      const row_ptr set = state_.rows().get(state_.model->entity<change_set_row>(), {sequence});
      const entity_type& chunks = state_.model->entity<change_chunk>();
      for (std::int64_t i = 0; set && i < set->integer(change_set_row::chunks.slot()); ++i) {
        const row_ptr chunk = state_.rows().get(chunks, {sequence << 16 | i});
        if (chunk) add(chunk->text(change_chunk::changes.slot()));
      }
      if (set) add(set->text(change_set_row::changes.slot()));
    } catch (const error& x) {
      if (x.code() == error_code::busy || x.code() == error_code::closed) throw;
    }
    names_read_ += names.size() + 1;
    found = sets_read_.emplace(sequence, std::move(names)).first;
  }
  return found->second.contains({e.number, id.value});
}

}  // namespace kith::inline v1::detail
