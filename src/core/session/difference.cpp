// SPDX-License-Identifier: Apache-2.0
//
// Which records differ between two sequences, and how they were at both: two passes over the feed,
// however many records there are. First which were touched in between, then back from what is there
// now.
#include <map>

#include "core/change/feed_reader.hpp"
#include "core/change/rewind.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1 {
namespace {

// Keys follow from values, and system cells say when, not what.
bool same_values(const entity_type& e, const row& a, const row& b) {
  for (slot_number s = 0; s < e.columns.size(); ++s) {
    const column& c = e.columns[s];
    if (c.role == part_role::value && !(a.at(s, c.type) == b.at(s, c.type))) return false;
  }
  return true;
}

class comparison {
 public:
  comparison(connection& through, model_ptr of, std::int64_t to)
      : connection_(through), model_(std::move(of)), to_(to) {}

  void note(const change_set& set) {
    if (set.sequence > to_) return;
    for (const record_change& c : set.changes) {
      const entity_type* e = model_->find(c.entity);
      if (e != nullptr && !e->about->internal) touched_[{c.entity, c.id.value}];
    }
  }

  // Newest set first.
  void go_back(const change_set& set) {
    for (auto c = set.changes.rbegin(); c != set.changes.rend(); ++c) {
      const auto found = touched_.find({c->entity, c->id.value});
      if (found == touched_.end()) continue;
      const entity_type& e = *model_->find(c->entity);
      versions& v = found->second;
      if (!std::exchange(v.begun, true)) v.now = connection_.get(e, c->id);
      if (set.sequence <= to_ && !std::exchange(v.passed, true)) v.after = v.now;
      if (v.now) v.now = detail::rewound(e, *v.now, *c);
    }
  }

  std::vector<record_difference> found(session::state& shown_to) const {
    std::vector<record_difference> all;
    for (const auto& [key, v] : touched_) {
      const entity_type& e = *model_->find(key.first);
      if (!shown_to.may_see(e, {key.second})) continue;
      const row_ptr then = shown_to.as_shown_then(e, v.now);
      const row_ptr after = shown_to.as_shown_then(e, v.after);
      const bool was = then && then->live();
      const bool is = after && after->live();
      if (was == is && (!is || same_values(e, *then, *after))) continue;
      record_difference& d = all.emplace_back();
      if (was) d.before = any_record(model_, e, then);
      if (is) d.after = any_record(model_, e, after);
    }
    return all;
  }

 private:
  struct versions {
    bool begun = false;
    bool passed = false;  // `to_` lies behind
    row_ptr now;
    row_ptr after;
  };
  connection& connection_;
  model_ptr model_;
  std::int64_t to_;
  std::map<std::pair<std::uint16_t, std::int64_t>, versions> touched_;
};

}  // namespace

std::vector<record_difference> session::state::difference(std::int64_t from, std::int64_t to) {
  return at_one_instant([&] {
    const std::int64_t newest = newest_sequence();
    if (from < 0 || from >= to || to > newest) {
      throw error(error_code::misuse, "a difference goes from one sequence to a later one, up to " +
                                          std::to_string(newest) + "; not from " +
                                          std::to_string(from) + " to " + std::to_string(to));
    }
    detail::feed_reader feed(rows(), *model);
    feed.require_after(from);
    std::optional<change_set> own;
    if (tx != nullptr && tx->mode == access::write && tx->wrote) own = pending_set();
    comparison between(rows(), model, to);
    feed.forward(from, 0, [&](const change_set& set) {
      between.note(set);
      return set.sequence < to;
    });
    if (own) between.note(*own);
    if (own) between.go_back(*own);
    feed.backward(from, [&](const change_set& set) {
      between.go_back(set);
      return true;
    });
    return between.found(*this);
  });
}

}  // namespace kith::inline v1
