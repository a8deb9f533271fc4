// SPDX-License-Identifier: Apache-2.0
//
// Transactions and savepoints: numbers are drawn when a write begins, the change set is written
// last, and what was collected goes back with the savepoint it was collected in.
#include <algorithm>

#include "core/ids.hpp"
#include "core/session/as_of.hpp"
#include "core/session/state.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

[[noreturn]] void half_done() {
  throw error(error_code::retry,
              "an earlier error left the transaction half done: take it back and run it again");
}

}  // namespace

void session::state::check_words(std::string_view what, std::string_view text) {
  if (!invalid_utf8(text) && text.find('\0') == std::string_view::npos &&
      text.size() <= limits{}.text_bytes) {
    return;
  }
  throw error(error_code::invalid,
              "the " + std::string(what) +
                  " of a transaction is UTF-8 text without NUL of at most " +
                  std::to_string(limits{}.text_bytes) + " bytes; give other words",
              {"transaction", 0, std::string(what)});
}

void session::state::begin(access mode, transaction_options given) {
  if (mode == access::write && eng->options().read_only) {
    throw error(error_code::read_only, "the store was opened for reading");
  }
  if (mode == access::write && past) detail::refuse_to_write_the_past(past->sequence());
  if (mode == access::write) {
    check_words("actor", options.actor);
    check_words("reason", given.reason);
  }
  auto next = std::make_unique<open_transaction>();
  next->serial = ++serial;
  next->mode = mode;
  next->options = std::move(given);
  connection& c = rows();
  eng->rows().check();
  c.begin(mode);
  try {
    saw_new_data();
    next->at = eng->now();
    if (mode == access::write) {
      head_known_ = false;  // read inside the transaction: nobody else can take the numbers
      const store_head now = head();
      eng->require_audit_key(c, *model, now.sequence);
      next->sequence = now.sequence + 1;
      next->at = std::max(next->at, now.at);
      next->last_id = now.last_id;
      if (next->options.operation_key.empty()) {
        next->options.operation_key = eng->random_key();
      } else if (const auto before = sequence_of(next->options.operation_key)) {
        next->already_done = true;
        next->sequence = *before;
      }
    }
  } catch (...) {
    c.rollback();
    throw;
  }
  tx = std::move(next);
}

void session::state::commit() {
  if (tx->mode == access::read || tx->already_done) {
    rollback();
    return;
  }
  if (tx->broken) {
    rollback();
    half_done();
  }
  settle();
  if (!tx->wrote && !tx->noted) {
    rollback();  // nothing happened: no change set, no number used
    return;
  }
  detail::subscribers::place told;  // when it goes, listeners are called
  try {
    if (tx->wrote) {
      write_totals();
      told = ask_and_announce();
      write_change_set();
    } else {
      give_back_own_sequence();
    }
    tx->close_streams();
    rows().commit();
  } catch (...) {
    rollback();
    throw;
  }
  if (rows().provisional()) {
    eng->tell_later(std::move(told), tx->sequence, tx->options.operation_key);
  } else {
    told.lasts();
  }
  const model_ptr changed_model = tx->model_before != nullptr ? model : nullptr;
  if (tx->wrote) head_ = {tx->sequence, tx->at, tx->last_id, model->version()};
  head_known_ = true;
  data_version_ = rows().data_version();
  tx.reset();
  if (changed_model) eng->publish(changed_model);
}

void session::state::rollback() noexcept {
  if (tx == nullptr) return;
  tx->close_streams();
  if (tx->model_before != nullptr) model = tx->model_before;
  tx.reset();
  if (connection_) connection_->rollback();
  head_known_ = false;
}

void session::state::require_writing() const {
  if (past) detail::refuse_to_write_the_past(past->sequence());
  if (tx == nullptr || tx->mode != access::write) {
    throw error(error_code::read_only,
                "this is a read transaction; begin a write transaction with session.write()");
  }
  if (tx->already_done) {
    throw error(error_code::exists, "the work with the operation key '" +
                                        tx->options.operation_key +
                                        "' is done already; check already_done() and leave");
  }
  require_whole();
}

void session::state::require_whole() const {
  if (tx->broken) half_done();
}

void session::state::savepoint() {
  require_whole();
  settle();
  tx->marks.reserve(tx->marks.size() + 1);
  rows().savepoint(static_cast<int>(tx->marks.size()) + 1);
  tx->marks.push_back({tx->pending.size(),
                       tx->chunks,
                       {},
                       tx->wrote,
                       model,
                       ++serial,
                       tx->noted,
                       tx->undoes,
                       tx->totals.size()});
}

void session::state::release() {
  require_whole();
  settle();
  rows().release(static_cast<int>(tx->marks.size()));
  const std::size_t from = tx->marks.back().totals;
  tx->marks.pop_back();
  tx->totals.release(*model, from, tx->marks.empty() ? 0 : tx->marks.back().totals);
}

void session::state::rollback_to_savepoint() noexcept {
  if (tx == nullptr || tx->marks.empty()) return;  // went with the whole transaction
  const open_transaction::mark mark = std::move(tx->marks.back());
  const int level = static_cast<int>(tx->marks.size());
  tx->marks.pop_back();
  if (tx->gone) return;
  try {
    rows().rollback_to(level);
    rows().release(level);
    if (mark.prefix) {
      tx->pending.replace(*mark.prefix);
    } else {
      tx->pending.cut(mark.pending);
    }
  } catch (...) {
    // Nothing of the transaction stays. It is still open for whoever is inside: what is done next
    // must not become a transaction of its own.
    tx->broken = tx->gone = true;
    tx->close_streams();
    tx->dirty.clear();
    tx->known_live.clear();
    tx->totals.cut(0);
    connection_->rollback();
    if (tx->model_before != nullptr) model = tx->model_before;
    return;
  }
  tx->broken = false;
  tx->chunks = mark.chunks;
  tx->wrote = mark.wrote;
  tx->noted = mark.noted;
  tx->undoes = mark.undoes;
  tx->totals.cut(mark.totals);
  tx->dirty.clear();  // settled when the savepoint was made
  tx->known_live.clear();
  model = mark.model;
}

// Time-ordered and unique in the store: never below the largest id there ever was.
record_id session::state::next_id() {
  const std::int64_t ms =
      std::max<std::int64_t>(tx->at.microseconds / 1000 - detail::id_epoch_ms, 1);
  const std::int64_t by_clock = ms << detail::id_counter_bits;
  const std::int64_t by_last = (tx->last_id >> detail::id_origin_bits) + 1;
  const std::int64_t next = std::max(by_clock, by_last);
  if (next >= std::int64_t{1} << (63 - detail::id_origin_bits)) {
    throw error(error_code::limit, "there are no record ids left: the clock is beyond 2089");
  }
  tx->last_id = next << detail::id_origin_bits | eng->origin_number();
  return {tx->last_id};
}

void session::state::change_model(model_ptr next) {
  next = next->at_version(tx->sequence);
  for (const auto& e : next->entities()) {
    if (e->fields.size() <= eng->limits().fields_per_entity) continue;
    throw error(error_code::limit,
                std::string(e->name()) + " would have more than " +
                    std::to_string(eng->limits().fields_per_entity) + " fields",
                {std::string(e->name()), 0, {}});
  }
  for (const auto& e : next->entities()) {
    const entity_type* before = model->find(e->number);
    const bool same = before != nullptr && before->columns.size() == e->columns.size() &&
                      before->indexes.size() == e->indexes.size();
    if (!same) rows().apply(*e);
  }
  eng->write_model(rows(), *next);
  eng->retain(next);
  if (tx->model_before == nullptr) tx->model_before = model;
  model = std::move(next);
  tx->wrote = true;
}

}  // namespace kith::inline v1
