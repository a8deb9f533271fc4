// SPDX-License-Identifier: Apache-2.0
//
// Batches, and the conditions that the path does not guarantee.
#include "storage/memory/cursor.hpp"

#include <algorithm>
#include <bit>

#include "core/interruption.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::memory {
namespace {

constexpr std::size_t first_batch = 32;
constexpr std::size_t full_batch = 256;

}  // namespace

memory_cursor::memory_cursor(std::shared_ptr<line> of, const table* in, const scan_request& request,
                             stamp instant, bool in_transaction)
    : line_(std::move(of)),
      in_(in),
      rows_(request.rows),
      instant_(instant),
      in_transaction_(in_transaction),
      serial_(line_->serial),
      arrangement_(in == nullptr ? 0 : in->arrangement),
      conditions_(request.conditions),
      limit_(request.limit) {
  if (in == nullptr) {  // nothing is there in any order
    plan_.taken = ~std::uint64_t{0};
    plan_.best.ordered = true;
    return;
  }
  plan_ = plan_for(*in, request, instant);
  begin_walk();
  const bool few = left_ < first_batch && to_run_ == 0;
  walk_.fetch(few ? static_cast<std::size_t>(left_) : first_batch, batch_);
  if (walk_.ended() || in_transaction_) return;
  line_->hold(instant_);
  holds_ = true;
}

memory_cursor::~memory_cursor() { end(); }

void memory_cursor::end() noexcept {
  if (holds_ && !line_->of->forked()) line_->let_go(instant_);
  holds_ = false;
}

void memory_cursor::begin_walk() {
  walk_ = walk(*in_, plan_.best, rows_, instant_);
  to_run_ = plan_.taken & ~plan_.best.guaranteed;
  count_rows();
}

// The limit counts when nothing is left to the core.
void memory_cursor::count_rows() {
  const std::size_t count = conditions_.size();
  const bool all_taken = count < 64 ? plan_.taken == (std::uint64_t{1} << count) - 1
                                    : count == 64 && plan_.taken == ~std::uint64_t{0};
  left_ = limit_ != 0 && all_taken && plan_.best.ordered ? limit_ : ~std::uint64_t{0};
}

void memory_cursor::settle() {
  if (!plan_.otherwise) return;
  while (!walk_.ended() && batch_.size() <= plan_.worth) fetch();
  const bool by_id = plan_.otherwise->through == nullptr;
  if (batch_.size() > plan_.worth) {
    batch_.clear();
    plan_.best = std::move(*plan_.otherwise);
    begin_walk();
  } else if (by_id) {
    sort_by_id();
    plan_.best.ordered = true;
    count_rows();
  }
}

// All rows are in hand: makes of them what the walk by id would have delivered.
void memory_cursor::sort_by_id() {
  const access_path& wanted = *plan_.otherwise;
  const bool backward = wanted.backward;
  if (wanted.after_id) {
    const std::int64_t mark = *wanted.after_id;
    std::erase_if(batch_, [&](const row_ptr& r) {
      return backward ? r->id().value >= mark : r->id().value <= mark;
    });
  }
  std::sort(batch_.begin(), batch_.end(), [backward](const row_ptr& a, const row_ptr& b) {
    return backward ? b->id() < a->id() : a->id() < b->id();
  });
}

void memory_cursor::check() const {
  if (in_transaction_ && serial_ != line_->serial) {
    throw error(error_code::closed, "the transaction that this cursor belongs to has ended");
  }
  line_->of->check();
}

void memory_cursor::fetch() {
  check();
  if (detail::stop_wanted()) throw error(error_code::interrupted, "the query was interrupted");
  if (instant_ == newest) {  // the writer itself
    walk_.fetch(full_batch, batch_);
  } else {
    const latch::shared inside(line_->of->readers, line_->seat);
    if (arrangement_ != in_->arrangement) {
      throw error(error_code::closed, "the columns of " + in_->name + " have another order now");
    }
    walk_.fetch(full_batch, batch_);
  }
  if (walk_.ended()) end();  // every row is in hand
}

bool memory_cursor::passes(const row& r) {
  for (std::uint64_t rest = to_run_; rest != 0; rest &= rest - 1) {
    if (!run_) run_.emplace(nullptr, time_zone());
    if (!run_->holds(conditions_[static_cast<std::size_t>(std::countr_zero(rest))], r))
      return false;
  }
  return true;
}

row_ptr memory_cursor::next() {
  check();
  while (left_ != 0) {
    if (next_ == batch_.size()) {
      if (walk_.ended()) break;
      batch_.clear();
      next_ = 0;
      fetch();
      continue;
    }
    row_ptr r = std::move(batch_[next_++]);
    if (!passes(*r)) continue;
    --left_;
    return r;
  }
  end();
  return {};
}

}  // namespace kith::inline v1::memory
