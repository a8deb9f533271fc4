// SPDX-License-Identifier: Apache-2.0
//
// Reading what is seen. A store is given the conditions of the visibility and, of those of the
// question, the ones that say the same of its rows as of what is seen; the rest is the core's, on
// the rows as they are shown. What could fail on a hidden row is never given.
#include "core/visibility/seen_rows.hpp"

#include <algorithm>
#include <bit>

#include "core/expression/slots.hpp"

namespace kith::inline v1::detail {
namespace {

class no_rows final : public cursor {
 public:
  std::uint64_t taken() const noexcept override { return 0; }
  bool ordered() const noexcept override { return true; }
  row_ptr next() override { return {}; }
};

class seen_cursor final : public cursor {
 public:
  seen_cursor(seen_connection& of, const scan_request& request)
      : by_(of.by()),
        request_(request),
        sight_(by_->on(*request.entity)),
        look_(of, true),
        reader_(of.base(), *by_->of(), of.zone(), true),
        run_(&reader_, of.zone()),
        decides_(of.past() == nullptr) {
    scan_base(of.base());
  }

  std::uint64_t taken() const noexcept override { return taken_; }
  bool ordered() const noexcept override { return ordered_; }

  row_ptr next() override {
    if (limit_ != 0 && delivered_ == limit_) return {};
    while (const row_ptr r = base_->next()) {
      if (!is_seen(*r)) continue;
      ++delivered_;
      return look_.shown(*request_.entity, r, computed_);
    }
    return {};
  }

 private:
  void scan_base(connection& through) {
    const entity_type& e = *request_.entity;
    scan_request base = request_;
    if (decides_) given_ = sight_.only;
    const std::size_t own = given_.size();
    std::vector<std::size_t> places;  // of the question's conditions that the store is asked for
    for (std::size_t i = 0; i < request_.conditions.size(); ++i) {
      if (!by_->is_plain(e, request_.conditions[i])) continue;
      places.push_back(i);
      given_.push_back(request_.conditions[i]);
    }
    for (const program& p : request_.conditions) {
      if (by_->narrows(e, p)) given_.push_back(p);
    }
    base.conditions = given_;
    const bool whole_order =
        std::all_of(request_.order.begin(), request_.order.end(),
                    [&](const order_term& t) { return by_->is_plain(e, t.key); });
    if (!whole_order) {
      base.order = {};
      base.after = {};
      base.any_order = true;
    }
    const bool all_given = whole_order && places.size() == request_.conditions.size();
    if (!all_given || !decides_) base.limit = 0;
    read_slots(base);
    base_ = through.scan(base);
    for (std::size_t g = 0; g < places.size() && own + g < 64; ++g) {
      const bool took = (base_->taken() >> (own + g) & 1) != 0;
      if (took && places[g] < 64) taken_ |= std::uint64_t{1} << places[g];
    }
    ordered_ = whole_order && base_->ordered();
    const std::size_t conditions = request_.conditions.size();
    const bool all_taken = static_cast<std::size_t>(std::popcount(taken_)) == conditions;
    if (ordered_ && all_taken) limit_ = request_.limit;
  }

  // What is decided, computed and filtered above the store is read with the rest.
  void read_slots(scan_request& base) {
    const entity_type& e = *request_.entity;
    slot_set read(e);
    if (request_.slots.empty()) read.add_whole_record();
    for (const slot_number s : request_.slots) read.add(s);
    read.add(request_.conditions);
    read.add(request_.order);
    read.add(sight_.only);
    for (auto c = sight_.computed.rbegin(); c != sight_.computed.rend(); ++c) {
      if (!wants(read, *c->field)) continue;
      computed_.insert(computed_.begin(), &*c);
      read.add(c->from.parts);
    }
    for (const entity_sight::reference& r : sight_.references) {
      if (r.target == 0) read.add(static_cast<slot_number>(r.slot + 1u));
    }
    slots_ = read.only();
    base.slots = slots_;
  }
  static bool wants(const slot_set& read, const field_type& f) {
    const std::vector<slot_number> all = read.only();
    return std::any_of(all.begin(), all.end(),
                       [&](slot_number s) { return s >= f.slot && s < f.slot + f.parts().size(); });
  }

  bool is_seen(const row& r) {
    if (!decides_) return look_.sees(*request_.entity, r);
    const std::uint64_t taken = base_->taken();
    return passes({given_.data(), sight_.only.size()}, taken, run_, r);
  }

  std::shared_ptr<const sight> by_;
  scan_request request_;
  const entity_sight& sight_;
  onlooker look_;
  connection_reader reader_;  // of everything: for the conditions of the visibility
  evaluator run_;
  bool decides_;  // by the rows that are scanned; else by those of now
  std::vector<program> given_;
  std::vector<slot_number> slots_;
  std::vector<const entity_sight::computed_field*> computed_;
  std::unique_ptr<cursor> base_;
  std::uint64_t taken_ = 0;
  bool ordered_ = false;
  std::uint64_t limit_ = 0;
  std::uint64_t delivered_ = 0;
};

}  // namespace

seen_connection::seen_connection(connection& base, std::shared_ptr<const sight> by,
                                 std::shared_ptr<past_rows> past, time_zone zone)
    : base_(base), sight_(std::move(by)), past_(std::move(past)), zone_(zone) {}

seen_connection::seen_connection(engine::lease base, std::shared_ptr<const sight> by,
                                 std::shared_ptr<past_rows> past, time_zone zone)
    : own_(std::move(base)),
      base_(*own_),
      sight_(std::move(by)),
      past_(std::move(past)),
      zone_(zone) {}

void seen_connection::refuse() {
  throw error(error_code::misuse, "what a session sees is not what it writes to");
}

row_ptr seen_connection::get(const entity_type& entity, record_id id, needed_cells cells) {
  const entity_sight& s = sight_->on(entity);
  if (s.hidden) return {};
  const bool keys = s.restricted() || !s.computed.empty();
  const row_ptr r = base_.get(entity, id, keys ? needed_cells::with_keys : cells);
  if (!r || (!s.restricted() && !s.any_altered)) return r;
  onlooker look(*this, false);
  if (!look.sees(entity, *r)) return {};
  return look.shown(entity, r, all_computed(s));
}

std::unique_ptr<cursor> seen_connection::scan(const scan_request& request) {
  const entity_type& e = *request.entity;
  const entity_sight& s = sight_->on(e);
  if (s.hidden) return std::make_unique<no_rows>();
  const auto plain = [&](const program& p) { return sight_->is_plain(e, p); };
  const bool whole = !s.restricted() && !s.any_altered &&
                     std::all_of(request.conditions.begin(), request.conditions.end(), plain) &&
                     std::all_of(request.order.begin(), request.order.end(),
                                 [&](const order_term& t) { return plain(t.key); });
  if (whole) return base_.scan(request);
  return std::make_unique<seen_cursor>(*this, request);
}

bool seen_connection::takes_whole(const aggregate_request& request) const {
  const entity_type& e = *request.entity;
  const auto plain = [&](const program& p) { return sight_->is_plain(e, p); };
  if (past_ && sight_->on(e).restricted()) return false;
  return std::all_of(request.conditions.begin(), request.conditions.end(), plain) &&
         std::all_of(request.groups.begin(), request.groups.end(), plain) &&
         std::all_of(request.measures.begin(), request.measures.end(),
                     [&](const auto& m) { return plain(m.of); });
}

bool seen_connection::aggregate(const aggregate_request& request, const group_sink& sink) {
  const entity_sight& s = sight_->on(*request.entity);
  if (s.hidden) return true;  // no group
  if (!takes_whole(request)) return false;
  aggregate_request with_rights = request;
  std::vector<program> conditions = s.only;
  conditions.insert(conditions.end(), request.conditions.begin(), request.conditions.end());
  with_rights.conditions = conditions;
  return base_.aggregate(with_rights, sink);
}

}  // namespace kith::inline v1::detail
