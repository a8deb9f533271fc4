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
  if (const auto behind = begun_ ? std::optional(last_id_) : path_->after_id) {
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
    begun_ = true;
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

// --------------------------------------------------------------------------------- through an
// index

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
  const auto found = [&](const auto& p, bool behind) {
    return behind ? in.first_behind(p) : in.first_not_before(p);
  };
  if (last_key_) {
    return found(entry_place{key_place(*last_key_, in.key, last_id_), last_born_}, !backward);
  }
  if (path_->after_id && alternative_ == 0) {
    key_of({});
    cells_.insert(cells_.end(), path_->after.begin(), path_->after.end());
    return found(key_place(cells_, *path_->after_id), !backward);
  }
  const auto& border = backward ? path_->high : path_->low;
  key_of(border);
  if (cells_.empty()) return backward ? in.entries.end() : in.entries.begin();
  return found(key_place(cells_), border ? border->inclusive == backward : backward);
}

void walk::fetch_through(std::size_t most, std::vector<row_ptr>& to) {
  const index& in = *path_->through;
  const entry_order order(in.key);
  const bool backward = path_->backward;
  do {
    auto at = start();
    const auto end = backward ? in.entries.begin() : in.entries.end();
    // Where the range ends: behind the bound cells, or at the border of the cell that follows.
    const auto& border = backward ? path_->low : path_->high;
    key_of({});
    const key_place bound(cells_);
    const std::size_t bound_cells = cells_.size();
    if (border) cells_.push_back(border->value);
    const key_place last(cells_);
    const auto inside = [&](const entry& e) {
      if (bound_cells != 0 && border && order.against(e, bound) != 0) return false;
      if (cells_.empty()) return true;
      const auto o = order.against(e, last);
      if (o == 0 || !border) return o == 0 && (!border || border->inclusive);
      return backward ? o > 0 : o < 0;
    };
    const entry* latest = nullptr;
    for (; at != end; --most) {
      const auto here = backward ? std::prev(at) : at;
      if (!inside(*here)) break;
      if (most == 0) {
        if (latest == nullptr) return;  // the next batch begins here again
        last_key_ = latest->version_of_key();
        last_id_ = latest->of->id;
        last_born_ = latest->born;
        return;
      }
      latest = &*here;
      if (here->seen_at(instant_)) deliver(*here->of, to);
      at = backward ? here : std::next(here);
    }
  } while (next_alternative());
  ended_ = true;
}

}  // namespace kith::inline v1::memory
