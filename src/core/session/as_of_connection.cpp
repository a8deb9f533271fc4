// SPDX-License-Identifier: Apache-2.0
//
// Reading the past: rows of the store that were not changed since, merged with the versions of then
// of those that were. The store is given the conditions and orders that read nothing but the row
// itself; what follows references or relations is the core's, so that it is read here, too.
#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "core/expression/slots.hpp"
#include "core/session/as_of.hpp"
#include "core/session/reader.hpp"
#include "core/session/row_order.hpp"

namespace kith::inline v1::detail {
namespace {

bool reads_own_row(const program& p) {
  return std::none_of(p.code.begin(), p.code.end(), [](const instruction& i) {
    return i.code == op::load_path || i.code == op::related;
  });
}
bool read_own_row(std::span<const program> programs) {
  return std::all_of(programs.begin(), programs.end(), reads_own_row);
}
bool read_own_row(std::span<const order_term> order) {
  return std::all_of(order.begin(), order.end(),
                     [](const order_term& t) { return reads_own_row(t.key); });
}

// id <= largest
program up_to(std::int64_t largest) {
  program p = equals(id_slot, storage::integer, cell::integer(largest));
  p.code.back().code = op::less_equal;
  return p;
}

class past_cursor final : public cursor {
 public:
  past_cursor(std::shared_ptr<past_rows> of, const scan_request& request)
      : open_(std::move(of)),
        request_(request),
        changed_(open_->changed(*request.entity)),
        largest_(open_->largest_id(*request.entity)),
        run_(nullptr, open_->zone()) {
    scan_base();
    gather();
  }

  std::uint64_t taken() const noexcept override { return taken_; }
  bool ordered() const noexcept override { return ordered_; }

  row_ptr next() override {
    if (limit_ != 0 && delivered_ == limit_) return {};
    row_ptr r = merged();
    if (r) ++delivered_;
    return r;
  }

 private:
  struct placed_row {
    row_ptr r;
    std::vector<owned_cell> keys;
  };

  void scan_base() {
    scan_request base = request_;
    std::vector<std::size_t> places;  // of the conditions that the store is asked for
    for (std::size_t i = 0; i < request_.conditions.size(); ++i) {
      if (!reads_own_row(request_.conditions[i])) continue;
      places.push_back(i);
      given_.push_back(request_.conditions[i]);
    }
    if (largest_ != std::numeric_limits<std::int64_t>::max()) given_.push_back(up_to(largest_));
    base.conditions = given_;
    const bool whole_order = read_own_row(request_.order);
    if (!whole_order) {
      base.order = {};
      base.after = {};
      base.any_order = true;
    }
    const bool all_given = whole_order && places.size() == request_.conditions.size();
    if (base.limit != 0) base.limit = all_given ? base.limit + changed_.size() : 0;
    read_slots(base);
    base_ = open_->newest().scan(base);
    for (std::size_t g = 0; g < places.size() && g < 64; ++g) {
      const bool took = (base_->taken() >> g & 1) != 0;
      if (took && places[g] < 64) taken_ |= std::uint64_t{1} << places[g];
    }
    ordered_ = whole_order && base_->ordered();
    const std::size_t conditions = request_.conditions.size();
    const bool all_taken = static_cast<std::size_t>(std::popcount(taken_)) == conditions;
    if (ordered_ && all_taken) limit_ = request_.limit;
  }

  // What the store is not asked for is read of its rows here or by the core.
  void read_slots(scan_request& base) {
    slot_set read(*request_.entity);
    if (request_.slots.empty()) read.add_whole_record();
    for (const slot_number s : request_.slots) read.add(s);
    read.add(request_.conditions);
    read.add(request_.order);
    slots_ = read.only();
    base.slots = slots_;
  }

  // The versions of then that belong to the result.
  void gather() {
    for (const auto& [id, r] : changed_) {
      if (!r || !belongs(*r)) continue;
      placed_row row{r, {}};
      if (ordered_) row.keys = keys_of(*r);
      if (ordered_ && !is_behind(row)) continue;
      rows_.push_back(std::move(row));
    }
    if (!ordered_ || request_.any_order) return;
    std::sort(rows_.begin(), rows_.end(), [this](const placed_row& a, const placed_row& b) {
      return comes_before(request_.order, a.keys, a.r->id(), b.keys, b.r->id());
    });
  }
  bool belongs(const row& r) {
    if (request_.rows == lifecycle::live && !r.live()) return false;
    if (request_.rows == lifecycle::deleted && r.live()) return false;
    for (std::size_t i = 0; i < request_.conditions.size() && i < 64; ++i) {
      if ((taken_ >> i & 1) != 0 && !run_.holds(request_.conditions[i], r)) return false;
    }
    return true;
  }
  std::vector<owned_cell> keys_of(const row& r) {
    std::vector<owned_cell> keys;
    for (const order_term& t : request_.order) keys.emplace_back(run_.result(t.key, r));
    return keys;
  }
  bool is_behind(const placed_row& row) const {
    const auto after = request_.after;
    if (after.empty()) return true;
    return comes_before(request_.order, after, {after.back().as_integer()}, row.keys, row.r->id());
  }

  row_ptr next_of_base() {
    while (row_ptr r = base_->next()) {
      if (r->id().value <= largest_ && !changed_.contains(r->id().value)) return r;
    }
    return {};
  }
  row_ptr merged() {
    if (at_ == rows_.size()) return ahead_.r ? std::exchange(ahead_.r, {}) : next_of_base();
    if (!ahead_.r && !base_ended_) {
      ahead_.r = next_of_base();
      base_ended_ = !ahead_.r;
      if (ahead_.r && ordered_) ahead_.keys = keys_of(*ahead_.r);
    }
    if (ahead_.r && comes_first(ahead_, rows_[at_])) return std::exchange(ahead_.r, {});
    return std::move(rows_[at_++].r);
  }
  bool comes_first(const placed_row& a, const placed_row& b) const {
    if (!ordered_) return true;
    return comes_before(request_.order, a.keys, a.r->id(), b.keys, b.r->id());
  }

  past_rows::use open_;  // ends after the store's cursor
  scan_request request_;
  const past_rows::versions& changed_;
  std::int64_t largest_;
  evaluator run_;
  std::vector<program> given_;
  std::vector<slot_number> slots_;
  std::unique_ptr<cursor> base_;
  std::uint64_t taken_ = 0;
  bool ordered_ = false;
  std::uint64_t limit_ = 0;
  std::uint64_t delivered_ = 0;
  std::vector<placed_row> rows_;
  std::size_t at_ = 0;
  placed_row ahead_;  // of the store, not delivered yet
  bool base_ended_ = false;
};

class past_connection final : public connection {
 public:
  explicit past_connection(std::shared_ptr<past_rows> of) : past_(std::move(of)) {}

  void begin(access mode) override {
    if (mode == access::write) refuse();
    if (!open_) open_.emplace(past_);
  }
  void commit() override { open_.reset(); }
  void rollback() noexcept override { open_.reset(); }
  std::uint64_t data_version() override { return 0; }  // nobody changes the past

  row_ptr get(const entity_type& entity, record_id id, needed_cells cells) override {
    const past_rows::use open(past_);
    const past_rows::versions& changed = open->changed(entity);
    const auto then = changed.find(id.value);
    if (then != changed.end()) return then->second;
    if (id.value > open->largest_id(entity)) return {};
    return open->newest().get(entity, id, cells);
  }
  std::unique_ptr<cursor> scan(const scan_request& request) override {
    return std::make_unique<past_cursor>(past_, request);
  }
  bool aggregate(const aggregate_request& request, const group_sink& sink) override {
    const past_rows::use open(past_);
    return is_of_now(*open, request) && open->newest().aggregate(request, sink);
  }
  bool has(const entity_type& entity) override {
    const past_rows::use open(past_);
    return open->newest().has(entity);
  }

  void savepoint(int) override { refuse(); }
  void release(int) override { refuse(); }
  void rollback_to(int) override { refuse(); }
  void write(const row_change&) override { refuse(); }
  void erase(const entity_type&, record_id) override { refuse(); }
  void apply(const entity_type&) override { refuse(); }
  void host_sql(std::string_view, std::span<const cell>, const host_row_sink&) override {
    refuse();
  }

 private:
  [[noreturn]] void refuse() const { refuse_to_write_the_past(past_->sequence()); }

  // Whether the store would answer the same for then.
  static bool is_of_now(const past_rows& past, const aggregate_request& request) {
    if (past.largest_id(*request.entity) != std::numeric_limits<std::int64_t>::max()) return false;
    if (past.unchanged()) return true;
    if (!past.changed(*request.entity).empty()) return false;
    return read_own_row(request.conditions) && read_own_row(request.groups) &&
           std::all_of(request.measures.begin(), request.measures.end(),
                       [](const auto& m) { return reads_own_row(m.of); });
  }

  std::shared_ptr<past_rows> past_;
  std::optional<past_rows::use> open_;
};

}  // namespace

std::unique_ptr<connection> past_rows::connect() {
  return std::make_unique<past_connection>(shared_from_this());
}

}  // namespace kith::inline v1::detail
