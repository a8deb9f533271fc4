// SPDX-License-Identifier: Apache-2.0
//
// Transactions, reading and writing through one connection.
#include "storage/memory/connection.hpp"

#include <algorithm>

#include "kith/core/error.hpp"
#include "storage/memory/cursor.hpp"

namespace kith::inline v1::memory {

memory_connection::memory_connection(std::shared_ptr<content> of)
    : line_(std::make_shared<line>(of)), content_(*of) {}

void memory_connection::require_writing() const {
  content_.check();
  if (state_ == state::writing) return;
  if (state_ == state::reading) {
    throw error(error_code::read_only, "this is a read transaction: begin one for writing");
  }
  throw error(error_code::misuse, "nothing is written outside a write transaction");
}

// ------------------------------------------------------------------------------------ transactions

void memory_connection::begin(access mode) {
  content_.check();
  if (state_ != state::idle) throw error(error_code::misuse, "a transaction is open already");
  if (mode == access::read) {
    const latch::shared inside(content_.readers, line_->seat);
    instant_ = content_.published.load(std::memory_order_acquire);
    line_->hold(instant_);
    seen_ = instant_;
    state_ = state::reading;
    return;
  }
  if (content_.options.read_only) {
    throw error(error_code::read_only, "the store was opened for reading");
  }
  done_.emplace_back();
  if (!content_.writers.enter(std::chrono::milliseconds(content_.options.busy_timeout_ms))) {
    done_.clear();
    throw error(error_code::busy, "another writer held the store for more than " +
                                      std::to_string(content_.options.busy_timeout_ms) +
                                      " ms (busy_timeout_ms); nothing was written, try again");
  }
  turn_ = turn(content_.writers);
  seen_ = last_ = content_.published.load(std::memory_order_acquire);
  state_ = state::writing;
}

void memory_connection::commit() {
  content_.check();
  if (state_ == state::idle) throw error(error_code::misuse, "there is no transaction to commit");
  if (state_ == state::writing) {
    content_.publish(done_, last_);
    seen_ = last_;
  }
  end();
}

void memory_connection::rollback() noexcept {
  if (content_.forked()) return turn_.forget();
  if (state_ == state::writing) take_back(0);
  end();
}

void memory_connection::end() noexcept {
  if (state_ == state::idle) return;
  const bool was_reading = state_ == state::reading;
  state_ = state::idle;
  ++line_->serial;
  marks_.clear();
  done_.clear();
  turn_.end();
  if (was_reading) line_->let_go(instant_);
}

void memory_connection::take_back(std::size_t from) noexcept {
  std::vector<step>& steps = done_.front().steps;
  while (steps.size() > from) {
    content_.take_back(steps.back());
    steps.pop_back();
  }
}

void memory_connection::savepoint(int level) {
  content_.check();
  if (state_ == state::idle || level != static_cast<int>(marks_.size()) + 1) {
    throw error(error_code::misuse, "savepoints nest inside a transaction: the next level is " +
                                        std::to_string(marks_.size() + 1));
  }
  marks_.push_back(state_ == state::writing ? done_.front().steps.size() : 0);
}

std::size_t memory_connection::mark_of(int level) const {
  content_.check();
  if (level < 1 || level > static_cast<int>(marks_.size())) {
    throw error(error_code::misuse, "there is no savepoint of level " + std::to_string(level));
  }
  return marks_[static_cast<std::size_t>(level) - 1];
}

void memory_connection::release(int level) {
  mark_of(level);
  marks_.resize(static_cast<std::size_t>(level) - 1);
}

void memory_connection::rollback_to(int level) {
  const std::size_t mark = mark_of(level);
  marks_.resize(static_cast<std::size_t>(level));
  if (state_ != state::writing) return;
  ++line_->serial;
  take_back(mark);
}

// ----------------------------------------------------------------------------------------- reading

// Under the latch, unless we are the writer.
table* memory_connection::find(const entity_type& entity, stamp instant, bool& fits) {
  const std::uint64_t layouts = content_.layouts.load(std::memory_order_acquire);
  remembered& m = found_[entity.number % found_.size()];
  const bool known = m.entity == &entity && m.layouts == layouts &&
                     m.columns == entity.columns.data() && m.count == entity.columns.size();
  if (known) return m.in;
  const layout_found found = content_.find(entity, instant);
  fits = found.fits;
  if (fits && found.in != nullptr) {
    m = {&entity, entity.columns.data(), entity.columns.size(), layouts, found.in};
  }
  return found.in;
}

// Calls `at` with the table, or null, and the instant to be seen.
template <class Look>
auto memory_connection::look(const entity_type& entity, Look&& at) {
  content_.check();
  for (;;) {
    bool fits = true;
    if (state_ == state::writing) {
      table* const in = find(entity, newest, fits);
      if (fits) return at(in, newest);
    } else {
      const latch::shared inside(content_.readers, line_->seat);
      if (state_ == state::idle) instant_ = content_.published.load(std::memory_order_acquire);
      seen_ = instant_;
      table* const in = find(entity, instant_, fits);
      if (fits) return at(in, instant_);
    }
    content_.rearrange(entity, line_->seat, state_ == state::writing);
  }
}

row_ptr memory_connection::get(const entity_type& entity, record_id id, needed_cells) {
  return look(entity, [id](const table* in, stamp instant) {
    const record* const of = in == nullptr ? nullptr : in->records.find(id.value);
    const row_ptr* const r = of == nullptr ? nullptr : of->seen_at(instant);
    return r == nullptr ? row_ptr() : *r;
  });
}

std::unique_ptr<cursor> memory_connection::scan(const scan_request& request) {
  if (request.entity == nullptr) throw error(error_code::misuse, "the scan names no entity");
  if (!request.after.empty() && request.after.size() != request.order.size() + 1) {
    throw error(error_code::misuse, "`after` has a cell for each key of the order, then the id");
  }
  auto made = look(*request.entity, [&](const table* in, stamp instant) {
    return std::make_unique<memory_cursor>(line_, in, request, instant, state_ != state::idle);
  });
  made->settle();
  return made;
}

bool memory_connection::has(const entity_type& entity) {
  return look(entity, [](const table* in, stamp) { return in != nullptr; });
}

// ----------------------------------------------------------------------------------------- writing

table& memory_connection::writable(const entity_type& entity) {
  require_writing();
  table* const in = look(entity, [](table* t, stamp) { return t; });
  if (in != nullptr) return *in;
  throw error(error_code::misuse,
              "the store has no place for " + std::string(entity.plural()) + ": apply() it first");
}

namespace {

// The row with the cells behind its end that the current version has: columns of another model.
row_ptr completed(const table& in, const row_ptr& after, const row& current) {
  std::size_t used = after->slots();
  for (std::size_t slot = used; slot < in.columns.size(); ++slot) {
    if (current.has(static_cast<slot_number>(slot))) used = slot + 1;
  }
  if (used == after->slots()) return after;
  std::vector<cell> cells(used);
  for (std::size_t slot = 0; slot < used; ++slot) {
    const row& from = slot < after->slots() ? *after : current;
    cells[slot] = from.at(static_cast<slot_number>(slot), in.columns[slot].type);
  }
  return row_ptr::make(after->system(), cells);
}

}  // namespace

void memory_connection::write(const row_change& change) {
  if (change.entity == nullptr || !change.after || !change.after->id()) {
    throw error(error_code::misuse, "a write names an entity and a row with an id");
  }
  table& in = writable(*change.entity);
  if (change.after->slots() > in.columns.size()) {
    throw error(error_code::misuse, "the store lacks columns of " + in.name + ": apply() it first");
  }
  row_ptr after = change.after;
  const std::int64_t id = after->id().value;
  if (after->slots() < in.columns.size()) {
    const record* const of = in.records.find(id);
    if (of != nullptr && of->newest.content) after = completed(in, after, *of->newest.content);
  }
  put_version(in, *change.entity, id, std::move(after));
}

void memory_connection::erase(const entity_type& entity, record_id id) {
  table& in = writable(entity);
  const record* const of = in.records.find(id.value);
  if (of != nullptr && of->newest.content) put_version(in, entity, id.value, row_ptr());
}

void memory_connection::put_version(table& in, const entity_type& entity, std::int64_t id,
                                    row_ptr after) {
  std::vector<step>& steps = done_.front().steps;
  make_room(steps);
  const placed p = put(in, entity, id, std::move(after), last_ + 1, content_.readers, effects_);
  ++last_;
  steps.push_back(
      {last_, p.replaced ? step::what::replaced_version : step::what::added_version, &in, p.of});
}

void memory_connection::apply(const entity_type& entity) {
  require_writing();
  look(entity, [](const table*, stamp) { return true; });  // brings its columns into order
  const std::size_t before = done_.front().steps.size();
  try {
    content_.apply(entity, last_, done_.front().steps);
  } catch (...) {
    take_back(before);
    throw;
  }
}

}  // namespace kith::inline v1::memory
