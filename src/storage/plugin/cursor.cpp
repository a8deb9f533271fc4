// SPDX-License-Identifier: Apache-2.0
//
// Scans of a plug-in: rows come in batches, and are what was promised or damaged.
#include <algorithm>
#include <deque>

#include "kith/core/error.hpp"
#include "storage/plugin/connection.hpp"

namespace kith::inline v1::plugin {
namespace {

constexpr std::uint32_t first_batch = 8;
constexpr std::uint32_t largest_batch = 256;

std::int32_t by_id(const scan_request& request) {
  if (request.order.empty()) return KITH_BY_ID_ASCENDING;
  const order_term& first = request.order[0];
  if (!first.key.is_load() || first.key.code[0].slot != id_slot) return KITH_NOT_BY_ID;
  return first.descending ? KITH_BY_ID_DESCENDING : KITH_BY_ID_ASCENDING;
}

// The slots of the row itself that a program reads. Those of related rows are in it, too: slots
// that are not read do no harm.
void add_slots(const program& of, std::size_t columns, std::vector<std::uint16_t>& to) {
  for (const instruction& i : of.code) {
    const bool reads = i.code == op::load || i.code == op::hop;
    if (reads && (i.slot < columns || is_system_slot(i.slot))) to.push_back(i.slot);
  }
}

std::vector<std::uint16_t> needed_slots(const scan_request& request) {
  const auto& columns = request.entity->columns;
  std::vector<std::uint16_t> slots(request.slots.begin(), request.slots.end());
  for (slot_number s = 0; request.slots.empty() && s < columns.size(); ++s) {
    if (columns[s].role == part_role::value) slots.push_back(s);
  }
  for (const program& p : request.conditions) add_slots(p, columns.size(), slots);
  for (const order_term& t : request.order) add_slots(t.key, columns.size(), slots);
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

}  // namespace

class plugin_cursor final : public cursor {
 public:
  plugin_cursor(std::shared_ptr<line> on, const scan_request& request)
      : line_(std::move(on)), layout_(line_->layout_of(*request.entity)), wanted_(request) {
    describe();
    line_->cursors.reserve(line_->cursors.size() + 1);
    answer_.struct_size = sizeof answer_;
    call c(*line_->of, "scan");
    c.tell(line_->of->table.scan, line_->handle, &scan_, &answer_);
    try {
      check_answer();
    } catch (...) {
      end();
      throw;
    }
    line_->cursors.push_back(this);
  }
  plugin_cursor(const plugin_cursor&) = delete;
  plugin_cursor& operator=(const plugin_cursor&) = delete;
  ~plugin_cursor() override { end(); }

  std::uint64_t taken() const noexcept override { return answer_.taken; }
  bool ordered() const noexcept override { return answer_.ordered != 0; }

  row_ptr next() override {
    line_->of->check();
    if (rows_.empty() && !done_) fetch();
    if (rows_.empty()) return {};
    row_ptr r = std::move(rows_.front());
    rows_.pop_front();
    return r;
  }

  // The rows go from under it: what was not read is lost, and that is said.
  void overtake() noexcept {
    if (!done_) overtaken_ = true;
    end();
  }

 private:
  void describe() {
    const site& of = *line_->of;
    scan_.struct_size = sizeof scan_;
    scan_.entity = layout_->get();
    scan_.rows = static_cast<std::uint32_t>(wanted_.rows);
    scan_.by_id = by_id(wanted_);
    scan_.any_order = wanted_.any_order ? 1 : 0;
    scan_.limit = wanted_.limit;
    if (scan_.by_id != KITH_NOT_BY_ID && !wanted_.after.empty()) {
      const std::int64_t least = scan_.by_id == KITH_BY_ID_DESCENDING ? 1 : 0;  // 0: all
      scan_.after_id = std::max(wanted_.after.back().as_integer(), least);
    }
    if (of.can.conditions) conditions_ = code_.add(wanted_.conditions);
    scan_.conditions = conditions_.data();
    scan_.condition_count = conditions_.size();
    if (of.can.orders) {
      for (const order_term& t : wanted_.order) {
        order_.push_back(
            {code_.add(t.key), static_cast<std::uint32_t>(t.type), t.descending ? 1u : 0u});
      }
      for (const cell& c : wanted_.after) after_.push_back(to_c(c));
    }
    scan_.order = order_.data();
    scan_.order_count = order_.size();
    scan_.after = after_.data();
    scan_.after_count = after_.size();
    slots_ = needed_slots(wanted_);
    scan_.slots = slots_.data();
    scan_.slot_count = slots_.size();
  }

  void check_answer() {
    const site& of = *line_->of;
    if (answer_.cursor == nullptr) broken(of.name, "scan", "answered KITH_OK, but gave no cursor");
    const std::size_t asked = conditions_.size();
    if (asked < 64 && answer_.taken >> asked != 0) {
      broken(of.name, "scan", "took conditions that were not there");
    }
    if (scan_.by_id != KITH_NOT_BY_ID) answer_.ordered = 1;
    if (scan_.by_id == KITH_NOT_BY_ID && order_.empty() && answer_.ordered != 0) {
      broken(of.name, "scan", "keeps an order that it was not given");
    }
    const bool all = wanted_.conditions.size() <= 64 &&
                     answer_.taken == (asked == 64 ? ~0ull : (1ull << asked) - 1) &&
                     asked == wanted_.conditions.size();
    if (all && answer_.ordered != 0) most_ = wanted_.limit;
    last_ = scan_.after_id;
  }

  void fetch() {
    if (overtaken_) {
      throw error(error_code::closed, "the cursor ended with its transaction, or with a write");
    }
    std::uint32_t given = 0;
    if (most_ != 0) batch_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(batch_, most_));
    const complaint refuse = complaint_of(*line_->of, "next");
    call c(*line_->of, "next");
    c.rows = [&](const ::kith_store_row& r) {
      if (++given > batch_) refuse("more rows than it was asked for");
      take(r, refuse);
    };
    const kith_status answer = c.ask(line_->of->table.next, answer_.cursor, batch_);
    if (answer != KITH_ROW && answer != KITH_DONE) c.strange(answer);
    if (answer == KITH_ROW && given == 0) refuse("no row, but answered that there are more");
    const bool enough = most_ != 0 && most_ == given;
    if (most_ != 0) most_ -= given;
    batch_ = std::min(batch_ * 4, largest_batch);
    if (answer == KITH_DONE || enough) {
      done_ = true;
      end();
    }
  }

  void take(const ::kith_store_row& r, const complaint& refuse) {
    row_ptr made = from_c(r, *wanted_.entity, refuse);
    if (wanted_.rows != lifecycle::all && made->live() != (wanted_.rows == lifecycle::live)) {
      refuse(std::string(made->live() ? "a live" : "a deleted") + " record, " +
             std::to_string(r.id) + ", where none was asked for");
    }
    const bool behind = scan_.by_id == KITH_BY_ID_DESCENDING ? r.id < last_ : r.id > last_;
    if (scan_.by_id != KITH_NOT_BY_ID && !wanted_.any_order && last_ != 0 && !behind) {
      refuse("the record " + std::to_string(r.id) + " behind " + std::to_string(last_) +
             ", which is not the order of the ids");
    }
    last_ = r.id;
    rows_.push_back(std::move(made));
  }

  void end() noexcept {
    std::erase(line_->cursors, this);
    void* const mine = std::exchange(answer_.cursor, nullptr);
    if (mine == nullptr || line_->of->of_parent()) return;
    try {
      line_->of->table.end_scan(mine);
    } catch (...) {
      line_->of->poisoned = true;
    }
  }

  std::shared_ptr<line> line_;
  layout_ptr layout_;
  scan_request wanted_;
  programs_in_c code_;
  std::vector<::kith_store_program> conditions_;
  std::vector<::kith_store_order> order_;
  std::vector<::kith_cell> after_;
  std::vector<std::uint16_t> slots_;
  ::kith_store_scan scan_{};
  ::kith_store_scan_answer answer_{};

  std::deque<row_ptr> rows_;
  std::uint32_t batch_ = first_batch;
  std::uint64_t most_ = 0;  // rows that are still wanted; 0: all
  std::int64_t last_ = 0;
  bool done_ = false;
  bool overtaken_ = false;
};

std::unique_ptr<cursor> open_cursor(std::shared_ptr<line> on, const scan_request& request) {
  return std::make_unique<plugin_cursor>(std::move(on), request);
}

// -------------------------------------------------------------------------------------------- line

line::line(std::shared_ptr<site> to) : of(std::move(to)) {
  call(*of, "connect").tell(of->table.connect, of->handle, &handle);
  if (handle == nullptr) broken(of->name, "connect", "answered KITH_OK, but gave no connection");
}

line::~line() {
  if (of->of_parent()) return;
  try {
    of->table.disconnect(handle);
  } catch (...) {
    of->poisoned = true;
  }
}

void line::end_cursors() noexcept {
  while (!cursors.empty()) cursors.back()->overtake();
}

layout_ptr line::layout_of(const entity_type& entity) {
  if (layouts.size() > 500) layouts.clear();  // of models that are gone
  layout_ptr& known = layouts[&entity];
  if (!known || !known->shows(entity)) {
    known = std::make_shared<const layout>(entity, of->next_layout());
  }
  return known;
}

}  // namespace kith::inline v1::plugin
