// SPDX-License-Identifier: Apache-2.0
//
// The rules of all entities, by entity and phase, in the order in which they run.
#include <algorithm>

#include "core/session/engine.hpp"
#include "core/session/named_rules.hpp"

namespace kith::inline v1 {

namespace detail {
namespace {

bool reads_what(const rule& a, const rule& b) {  // does a read a field that b writes
  return std::any_of(b.writes.begin(), b.writes.end(), [&](const key_ref& w) {
    return std::any_of(a.reads.begin(), a.reads.end(), [&](const std::vector<key_ref>& path) {
      return !path.empty() && path.front().field == w.field && path.front().owner == w.owner;
    });
  });
}

}  // namespace

std::vector<const rule*> ordered(std::vector<const rule*> rules) {
  std::vector<const rule*> order;
  while (!rules.empty()) {
    // The first rule that waits for no other one.
    const auto next = std::find_if(rules.begin(), rules.end(), [&](const rule* r) {
      return std::none_of(rules.begin(), rules.end(),
                          [&](const rule* other) { return other != r && reads_what(*r, *other); });
    });
    if (next == rules.end()) {
      std::string names;
      for (const rule* r : rules) names += (names.empty() ? "" : ", ") + r->name;
      throw error(error_code::model, "these rules wait for each other: " + names);
    }
    order.push_back(*next);
    rules.erase(next);
  }
  return order;
}

}  // namespace detail

void engine::order_rules() {
  const auto add_to = [&](rule_book& book, const rule& r) {
    if (r.phase == rule_phase::complete) book.complete.push_back(&r);
    if (r.phase == rule_phase::check) book.check.push_back(&r);
    if (r.phase != rule_phase::react) return;
    book.react.push_back(&r);
    if (!r.also_on_undo) return;
    book.react_to_undo.push_back(&r);
    for (const key_ref& w : r.writes) kept_by_rules_.insert(w.owner);
  };
  for (const auto& e : model_->entities()) {
    for (const rule& r : e->rules) add_to(books_[r.entity], r);
  }
  for (const rule& r : options_.rules) {
    if (r.names.entity.empty()) {
      add_to(books_[r.entity], r);
    } else if (!options_.read_only || has_wanted(*model_)) {  // else the store lacks what it reads
      const rule& found = named_rules_.emplace_back(detail::looked_up(*model_, r));
      const std::uint16_t number = model_->entity(r.names.entity).number;
      add_to(found.entity != 0 ? books_[found.entity] : untyped_books_[number], found);
    }
  }
  for (auto& [type, book] : books_) book.complete = detail::ordered(std::move(book.complete));
  for (auto& [number, book] : untyped_books_) {
    book.complete = detail::ordered(std::move(book.complete));
  }
}

const rule_book& engine::rules_of(const entity_type& entity) const {
  static const rule_book no_rules;
  if (entity.type == 0) {
    const auto untyped = untyped_books_.find(entity.number);
    return untyped == untyped_books_.end() ? no_rules : untyped->second;
  }
  const auto found = books_.find(entity.type);
  return found == books_.end() ? no_rules : found->second;
}

}  // namespace kith::inline v1
