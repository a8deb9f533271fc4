// SPDX-License-Identifier: Apache-2.0
//
// Adding records to their containers, and taking them out.
#include "storage/memory/records.hpp"

namespace kith::inline v1::memory {

record_set::place record_set::prepare(std::int64_t id) {
  place where;
  if (!parts_.empty()) {
    where.in = parts_[part_of(id)].get();
    const bool at_the_end = where.in == parts_.back().get() && !where.in->empty() &&
                            where.in->get<1>().rbegin()->id < id;
    if (where.in->size() < container_records || !at_the_end) return where;
  }
  where.fresh = std::make_unique<container>(pool_allocator<record>(nodes_));
  if (!parts_.empty()) where.fresh->reserve(container_records);
  where.in = where.fresh.get();
  return where;
}

const record& record_set::insert(place where, std::int64_t id, row_ptr r, stamp born) {
  auto& in_order = where.in->get<1>();
  const bool last = in_order.empty() || in_order.rbegin()->id < id;
  const auto hint = last ? in_order.end() : in_order.lower_bound(id);
  const record& made = *in_order.emplace_hint(hint, id, std::move(r), born);
  if (where.fresh) {
    parts_.reserve(parts_.size() + 1);  // when this fails, `fresh` goes and the record with it
    firsts_.push_back(id);
    parts_.push_back(std::move(where.fresh));
  }
  ++size_;
  return made;
}

void record_set::erase(const record& gone) noexcept {
  const std::size_t part = part_of(gone.id);
  container& in = *parts_[part];
  in.erase(in.iterator_to(gone));
  --size_;
  if (!in.empty() || parts_.size() == 1) return;
  parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(part));
  firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(part));
}

}  // namespace kith::inline v1::memory
