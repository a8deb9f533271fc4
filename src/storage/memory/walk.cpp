// SPDX-License-Identifier: Apache-2.0
//
// Walking by id and through an index, in both directions, from where it was left.
#include "storage/memory/cursor.hpp"

namespace kith::inline v1::memory {

void walk::deliver(const record& of, std::vector<row_ptr>& to) const {
  const row_ptr* const r = of.seen_at(instant_);
  if (r == nullptr) return;
  if (rows_ == lifecycle::all || (*r)->live() == (rows_ == lifecycle::live)) to.push_back(*r);
}

void walk::fetch(std::size_t most, std::vector<row_ptr>& to) {
  if (ended_) return;
  if (path_->through != nullptr) {
    fetch_through(most, to);
  } else if (!path_->ids.empty()) {
    fetch_ids(most, to);
  } else {
    fetch_range(most, to);
  }
}

// ------------------------------------------------------------------------------------------- by id

void walk::fetch_ids(std::size_t most, std::vector<row_ptr>& to) {
  const std::vector<std::int64_t>& ids = path_->ids;
  for (; alternative_ < ids.size() && most > 0; ++alternative_, --most) {
    const std::int64_t id = ids[path_->backward ? ids.size() - 1 - alternative_ : alternative_];
    if (id < path_->from || id > path_->to) continue;
    if (path_->after_id && (path_->backward ? id >= *path_->after_id : id <= *path_->after_id)) {
      continue;
    }
    if (const record* const of = in_->records.find(id)) deliver(*of, to);
  }
  ended_ = alternative_ == ids.size();
}

void walk::fetch_range(std::size_t most, std::vector<row_ptr>& to) {
  std::int64_t from = path_->from;
  std::int64_t up_to = path_->to;
  if (const auto behind = last_id_ ? last_id_ : path_->after_id) {
    ended_ = path_->backward ? *behind <= from : *behind >= up_to;
    if (ended_) return;
    if (path_->backward) {
      up_to = std::min(up_to, *behind - 1);
    } else {
      from = std::max(from, *behind + 1);
    }
  }
  ended_ = true;
  const auto visit = [&](const record& of) {
    if (path_->backward ? of.id < from : of.id > up_to) return false;
    if (most-- == 0) {
      ended_ = false;
      return false;
    }
    last_id_ = of.id;
    deliver(of, to);
    return true;
  };
  if (from == up_to) {
    if (const record* const of = in_->records.find(from)) deliver(*of, to);
  } else if (path_->backward) {
    in_->records.backward(up_to, visit);
  } else {
    in_->records.forward(from, visit);
  }
}

// --------------------------------------------------------------------------------- through an index

bool walk::next_alternative() {
  last_key_ = row_ptr();
  return ++alternative_ < path_->list.size();
}

// The cells that are bound, the alternative of a list, and one more.
std::span<const cell> walk::key_of(const std::optional<access_path::bound>& last) {
  cells_ = path_->equal;
  if (!path_->list.empty()) {
    const std::size_t count = path_->list.size();
    cells_.push_back(path_->list[path_->backward ? count - 1 - alternative_ : alternative_]);
  }
  if (last) cells_.push_back(last->value);
  return cells_;
}

index::container::iterator walk::start() {
  const index& in = *path_->through;
  const bool backward = path_->backward;
  if (last_key_) {
    row_place p = in.place_of(*last_key_);
    p.id = &*last_id_;
    p.born = &last_born_;
    return backward ? in.first_not_before(p) : in.first_behind(p);
  }
  if (path_->after_id && alternative_ == 0) {
    key_of({});
    cells_.insert(cells_.end(), path_->after.begin(), path_->after.end());
    const cell_place p{cells_, &*path_->after_id};
    return backward ? in.first_not_before(p) : in.first_behind(p);
  }
  const auto& border = backward ? path_->high : path_->low;
  const cell_place p{key_of(border)};
  if (p.cells.empty()) return backward ? in.entries.end() : in.entries.begin();
  const bool behind = border ? border->inclusive == backward : backward;
  return behind ? in.first_behind(p) : in.first_not_before(p);
}

// Whether an entry on the way is still in the range: the border where the walk began is no question.
bool walk::inside(const entry& e) const {
  const auto& border = path_->backward ? path_->low : path_->high;
  const std::size_t bound = path_->equal.size() + (path_->list.empty() ? 0 : 1);
  if (bound == 0 && !border) return true;
  const key_columns& key = path_->through->key;
  const row& r = e.key();
  for (std::size_t i = 0; i < bound; ++i) {
    if (compare_cells(r, cells_[i], key[i]) != 0) return false;
  }
  if (!border) return true;
  const auto order = compare_cells(r, border->value, key[bound]);
  if (order == 0) return border->inclusive;
  return path_->backward ? order > 0 : order < 0;
}

void walk::fetch_through(std::size_t most, std::vector<row_ptr>& to) {
  const auto& entries = path_->through->entries;
  do {
    auto at = start();
    key_of({});
    const entry* last = nullptr;
    for (;;) {
      const bool none_left = at == (path_->backward ? entries.begin() : entries.end());
      const auto here = path_->backward && !none_left ? std::prev(at) : at;
      if (none_left || !inside(*here)) break;
      if (most == 0) {
        if (last == nullptr) return;  // the next batch begins here again
        last_key_ = last->version_of_key();
        last_id_ = last->of->id;
        last_born_ = last->born;
        return;
      }
      --most;
      last = &*here;
      if (here->seen_at(instant_)) deliver(*here->of, to);
      at = path_->backward ? here : std::next(here);
    }
  } while (next_alternative());
  ended_ = true;
}

}  // namespace kith::inline v1::memory
