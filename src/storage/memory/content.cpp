// SPDX-License-Identifier: Apache-2.0
//
// Publishing, taking back and forgetting; the list of tables.
#include "storage/memory/content.hpp"

#include <algorithm>
#include <limits>

#include "kith/core/error.hpp"

namespace kith::inline v1::memory {
namespace {

// How much a reader that ends forgets for others.
constexpr std::size_t forget_at_once = 1000;

capabilities what_is_possible(const memory_options& options) {
  const bool in_file = !options.path.empty();
  capabilities can;
  can.name = "memory";
  can.durable = in_file ? capabilities::durability::on_save : capabilities::durability::in_process;
  can.parallel_reads = true;
  can.read_only_open = in_file;
  can.save = in_file && !options.read_only;
  can.backup = can.compact = true;
  can.conditions = true;
  can.orders = true;
  return can;
}

}  // namespace

content::content(memory_options given)
    : options(std::move(given)), can(what_is_possible(options)) {}

void content::check() const {
  if (forked()) {
    throw error(error_code::forked, "the store was opened by the parent process; open one here");
  }
  if (closed.load(std::memory_order_relaxed)) {
    throw error(error_code::closed, "the store is closed");
  }
}

layout_found content::find(const entity_type& entity, stamp instant) const {
  const auto found = tables_.find(entity.number);
  if (found == tables_.end() || found->second->born > instant) return {};
  table& in = *found->second;
  if (in.name != entity.name()) {
    throw error(error_code::model, "the store keeps records of " + in.name +
                                       " under the number of " + std::string(entity.name()));
  }
  layout_found result{&in, true};
  const std::size_t known = std::min(in.columns.size(), entity.columns.size());
  for (std::size_t slot = 0; slot < known && result.fits; ++slot) {
    result.fits = in.columns[slot].name == entity.columns[slot].name;
    if (!result.fits || in.columns[slot].type == entity.columns[slot].type) continue;
    throw error(error_code::model, "the column " + in.columns[slot].name + " of " + in.name +
                                       " exists with another class of values");
  }
  return result;
}

std::vector<const table*> content::tables_at(stamp instant) const {
  std::vector<const table*> all;
  for (const auto& [number, t] : tables_) {
    if (t->born <= instant) all.push_back(t.get());
  }
  std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return a->number < b->number; });
  return all;
}

void content::take_back(const step& s) noexcept {
  switch (s.done) {
    case step::what::added_version:
    case step::what::replaced_version: return memory::take_back(*s.in, *s.of, s.at, readers);
    default: break;
  }
  std::unique_ptr<table> table_gone;  // destroyed without the latch
  std::unique_ptr<index> index_gone;
  const latch::exclusive alone(readers);
  layouts.fetch_add(1, std::memory_order_release);
  if (s.done == step::what::made_columns) {
    while (!s.in->columns.empty() && s.in->columns.back().born == s.at) s.in->columns.pop_back();
  } else if (s.done == step::what::made_index) {
    index_gone = std::move(s.in->indexes.back());
    s.in->indexes.pop_back();
  } else if (s.done == step::what::released_index) {
    for (const auto& i : s.in->indexes) {
      if (i->released == s.at) i->released = never;
    }
  } else {
    const auto made = tables_.find(s.in->number);
    table_gone = std::move(made->second);
    tables_.erase(made);
  }
}

void content::publish(std::list<step_list>& transaction, stamp at) noexcept {
  step_list& done = transaction.front();
  std::erase_if(done.steps, [](const step& s) { return s.done != step::what::replaced_version; });
  const std::size_t work = done.steps.size();
  if (work != 0) {
    done.published = at;
    past_.splice(past_.end(), transaction);
    waiting_.store(true, std::memory_order_relaxed);
  }
  published.store(at, std::memory_order_release);
  forget(forget_at_once + 2 * work);
}

void content::forget(std::size_t most) noexcept {
  if (past_.empty()) return;
  stamp oldest = published.load(std::memory_order_relaxed);
  {
    // Alone, so that nobody is between choosing an instant and showing it.
    const latch::exclusive alone(readers);
    oldest = std::min(oldest, alone.oldest());
  }
  while (!past_.empty() && past_.front().published <= oldest && most > 0) {
    step_list& list = past_.front();
    for (; list.forgotten < list.steps.size() && most > 0; --most) {
      const step& s = list.steps[list.forgotten++];
      forget_replaced(*s.in, *s.of, s.at, readers);
    }
    if (list.forgotten == list.steps.size()) past_.pop_front();
  }
  waiting_.store(!past_.empty(), std::memory_order_relaxed);
}

void content::compact() {
  if (!writers.enter(std::chrono::milliseconds(options.busy_timeout_ms))) {
    throw error(error_code::busy, "another writer held the store for more than " +
                                      std::to_string(options.busy_timeout_ms) +
                                      " ms (busy_timeout_ms); nothing was done, try again");
  }
  const turn mine(writers);
  forget(std::numeric_limits<std::size_t>::max());
  if (past_.empty()) return;
  throw error(error_code::busy,
              "somebody still reads versions of before; end that transaction and compact again");
}

line::line(std::shared_ptr<content> in) : of(std::move(in)) {
  held_.reserve(8);
  of->readers.add(seat);
}

void line::let_go(stamp instant) noexcept {
  held_.erase(std::find(held_.begin(), held_.end(), instant));
  show_oldest();
  if (!of->has_forgettable() || !of->writers.try_enter()) return;
  const turn mine(of->writers);
  of->forget(forget_at_once);
}

held_instant::held_instant(std::shared_ptr<content> of) : reader(std::move(of)) {
  const latch::shared inside(reader.of->readers, reader.seat);
  at = reader.of->published.load(std::memory_order_acquire);
  reader.hold(at);
}

}  // namespace kith::inline v1::memory
