// SPDX-License-Identifier: Apache-2.0
//
// Going back: which records were changed since a sequence, and their versions of then.
#include "core/session/as_of.hpp"

#include <algorithm>
#include <limits>

#include "core/change/feed_reader.hpp"
#include "core/change/rewind.hpp"
#include "core/session/state.hpp"
#include "core/system.hpp"

namespace kith::inline v1 {
namespace detail {

using system::change_chunk;
using system::change_set_row;

void refuse_to_write_the_past(std::int64_t sequence) {
  throw error(error_code::read_only, "this session reads the store as it stood after sequence " +
                                         std::to_string(sequence) +
                                         "; write with a session of crm.open_session()");
}

past_rows::past_rows(std::shared_ptr<engine> of, time_zone zone)
    : engine_(std::move(of)), zone_(zone), base_(engine_->connect()) {
  open_base();
}

// The model that the session goes on with must be of the instant that is read.
void past_rows::open_base() {
  for (int attempt = 0; attempt < 100; ++attempt) {
    enter();
    const bool keeps_instant = engine_->rows().can().parallel_reads;
    model_ = engine_->model();
    const std::int64_t version = engine::head_of(*base_, *model_).model_version;
    if (version != model_->version()) model_ = engine_->reload(*base_);
    const bool of_this_instant = model_->version() == version;
    if (!keeps_instant || !of_this_instant) leave();  // else held to the end
    if (of_this_instant) return;
  }
  throw error(error_code::busy, "the model changes again and again; try later");
}

void past_rows::enter() {
  if (uses_++ > 0) return;
  try {
    base_->begin(access::read);
    if (sequence_ < 0) return;
    if (engine_->is_guest()) return walk_again();
    const std::int64_t now = engine::head_of(*base_, *model_).sequence;
    if (now == newest_) return;
    take_back(newest_);
    newest_ = now;
  } catch (...) {
    leave();
    throw;
  }
}

// A host takes change sets back, and others get their sequences: nothing of the walk before counts.
void past_rows::walk_again() {
  const std::uint64_t version = base_->data_version();
  if (version == walked_) return;
  const model_ptr now = engine_->reload(*base_);
  for (const auto& then : model_->entities()) {
    const entity_type* const e = now->find(then->number);
    if (e != nullptr && has_columns_of(*e, *then)) continue;
    throw error(error_code::stale,
                "the host took a change of the model back since as_of() was opened; open it again",
                {std::string(then->name()), 0, {}});
  }
  changed_.clear();
  newest_ = engine::head_of(*base_, *model_).sequence;
  take_back(sequence_);
  walked_ = version;
}

void past_rows::leave() noexcept {
  if (--uses_ == 0) base_->rollback();
}

std::int64_t past_rows::sequence_at(instant when) {
  const use open(shared_from_this());
  feed_reader feed(*base_, *model_);
  const std::int64_t found = feed.sequence_at(when);
  const std::int64_t oldest = feed.oldest();
  if (oldest > 1 && found < oldest) refuse_trimmed(oldest);
  return found;
}

void past_rows::go_to(std::int64_t sequence) {
  if (sequence < 0) {
    throw error(error_code::misuse,
                "there is no sequence " + std::to_string(sequence) + "; the first one is 1");
  }
  const use open(shared_from_this());
  newest_ = engine::head_of(*base_, *model_).sequence;
  sequence = std::min(sequence, newest_);
  take_back(sequence);
  sequence_ = sequence;
}

void past_rows::refuse_trimmed(std::int64_t oldest) {
  const std::optional<change_set> first = feed_reader(*base_, *model_).at(oldest);
  throw error(error_code::not_found,
              "the changes since then were trimmed; the oldest instant that can be asked for is " +
                  (first ? first->at.to_string() : "that") + ", sequence " +
                  std::to_string(oldest));
}

void past_rows::take_back(std::int64_t since) {
  feed_reader feed(*base_, *model_);
  const std::int64_t oldest = feed.oldest();
  if (oldest > since + 1) refuse_trimmed(oldest);
  all_versions met;
  feed.backward(since, [&](const change_set& set) {
    for (auto c = set.changes.rbegin(); c != set.changes.rend(); ++c) step_back(*c, met);
    return true;
  });
  for (auto& [entity, rows] : met) changed_[entity].merge(rows);
}

// What was erased is gone at every instant; what was emptied is empty at every instant.
void past_rows::step_back(const record_change& change, all_versions& met) {
  const entity_type* const e = model_->find(change.entity);
  if (e == nullptr) return;
  if (change.what == change_kind::erase && !base_->get(*e, change.id)) {
    changed_[e->number][change.id.value] = {};
    return;
  }
  if (changed(*e).contains(change.id.value)) return;  // taken back before
  const auto [at, first] = met[e->number].try_emplace(change.id.value);
  row_ptr& r = at->second;
  if (change.what == change_kind::add) {
    r = {};
    return;
  }
  if (first) r = base_->get(*e, change.id, needed_cells::with_keys);
  if (r) r = rewound(*e, *r, change);
}

const past_rows::versions& past_rows::changed(const entity_type& e) const {
  static const versions none;
  const auto found = changed_.find(e.number);
  return found == changed_.end() ? none : found->second;
}

std::int64_t past_rows::largest_id(const entity_type& e) const {
  if (e.number == model_->entity<change_set_row>().number) return sequence_;
  if (e.number == model_->entity<change_chunk>().number) return sequence_ << 16 | 0xffff;
  return std::numeric_limits<std::int64_t>::max();
}

}  // namespace detail

// ---------------------------------------------------------------------------------- the session

std::shared_ptr<detail::past_rows> session::state::open_past() const {
  eng->rows().check();
  if (tx != nullptr && tx->mode == access::write && !eng->rows().can().parallel_reads) {
    throw error(error_code::misuse,
                "this store has no readers while somebody writes; commit before as_of()");
  }
  return std::make_shared<detail::past_rows>(eng, options.zone);
}

// What is seen at an instant of the past ends there.
std::shared_ptr<session::state> session::state::as_of(std::shared_ptr<detail::past_rows> rows,
                                                      std::int64_t sequence) const {
  rows->go_to(past ? std::min(sequence, past->sequence()) : sequence);
  auto made = std::make_shared<session::state>(eng, options);
  made->model = rows->model();
  made->past = std::move(rows);
  return made;
}

}  // namespace kith::inline v1
