// SPDX-License-Identifier: Apache-2.0
//
// The log of a transaction's differences.
#include "core/totals/total_log.hpp"

#include <algorithm>

namespace kith::inline v1::detail {

tally& total_log::at(std::uint16_t number, std::string_view group, std::size_t floor) {
  std::string key{static_cast<char>(number & 0xff), static_cast<char>(number >> 8)};
  key += group;
  const auto [place, is_new] = newest_.try_emplace(key, none);
  if (!is_new && place->second != none && place->second >= floor) {
    return entries_[place->second].difference;
  }
  entries_.push_back({std::move(key), {}, place->second});
  place->second = entries_.size() - 1;
  return entries_.back().difference;
}

void total_log::cut(std::size_t size) noexcept {
  while (entries_.size() > size) {
    newest_.find(entries_.back().key)->second = entries_.back().before;
    entries_.pop_back();
  }
}

// Each group occurs once behind `from`, and what is before it is below `from`.
void total_log::release(const model& of, std::size_t from, std::size_t floor) {
  std::size_t to = from;
  for (std::size_t i = from; i < entries_.size(); ++i) {
    entry& e = entries_[i];
    std::size_t& newest = newest_.find(e.key)->second;
    if (e.before == none || e.before < floor) {
      newest = to;
      if (to != i) entries_[to] = std::move(e);
      ++to;
      continue;
    }
    newest = e.before;
    const total_type* const t = kept_total(of, e.number());
    if (t != nullptr) merge(entries_[e.before].difference, *t, e.difference);
  }
  entries_.resize(to);
}

group_map total_log::of(const total_type& t, const std::string* only) const {
  group_map differences;
  for (const entry& e : entries_) {
    if (e.number() != t.line.number || (only != nullptr && e.group() != *only)) continue;
    merge(differences[std::string(e.group())], t, e.difference);
  }
  return differences;
}

const total_type* kept_total(const model& of, std::uint16_t number) {
  for (const auto& e : of.entities()) {
    if (e->totals == nullptr) continue;
    if (const total_type* const t = e->totals->find(number)) return t->kept ? t : nullptr;
  }
  return nullptr;
}

}  // namespace kith::inline v1::detail
