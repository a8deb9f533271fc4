// SPDX-License-Identifier: Apache-2.0
//
// The way into what the change feed is good for: the past, its readers, undo, totals, erasure.
#include "core/erasure/erase.hpp"
#include "core/session/as_of.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1 {

using guard = session::state::guard;

session session::as_of(instant when) {
  const guard inside(*state_);
  auto past = state_->open_past();
  const std::int64_t sequence = past->sequence_at(when);
  return session(state_->as_of(std::move(past), sequence));
}

session session::as_of(std::int64_t sequence) {
  const guard inside(*state_);
  return session(state_->as_of(state_->open_past(), sequence));
}

// ------------------------------------------------------------------------- the feed and its
// readers

std::int64_t session::sequence_at(instant when) {
  const guard inside(*state_);
  return state_->sequence_at(when);
}

std::int64_t session::consumed(std::string_view consumer) {
  const guard inside(*state_);
  return state_->consumed(consumer);
}

void session::consume(std::string_view consumer, std::int64_t sequence) {
  const guard inside(*state_);
  state_->require_full_sight("note how far a reader of the feed has come");
  state_->consume(consumer, sequence);
}

std::uint64_t session::trim(instant before) {
  const guard inside(*state_);
  state_->require_full_sight("trim the feed");
  return state_->trim(before);
}

std::vector<history_entry> session::history_of(const entity_type& entity, record_id id,
                                               std::size_t most) {
  const guard inside(*state_);
  return state_->history(state_->here(entity), id, most);
}

std::vector<record_difference> session::difference(std::int64_t from, std::int64_t to) {
  const guard inside(*state_);
  return state_->difference(from, to);
}

// --------------------------------------------------------------------------------------- undo

undo_result session::undo(std::int64_t sequence, undo_mode mode) {
  const guard inside(*state_);
  state_->require_full_sight("take changes back");
  return state_->undo(sequence, mode);
}

undo_result session::undo_batch(record_id batch, undo_mode mode) {
  const guard inside(*state_);
  state_->require_full_sight("take changes back");
  return state_->undo_batch(batch, mode);
}

// -------------------------------------------------------------------------------------- totals

table session::total(std::string_view name) {
  const guard inside(*state_);
  return state_->total(name, {});
}

table session::total(std::string_view name, std::span<const value> group) {
  const guard inside(*state_);
  return state_->total(name, group);
}

void session::add_total(const custom_total& total) {
  const guard inside(*state_);
  state_->add_total(total);
}

void session::remove_total(std::string_view name) {
  const guard inside(*state_);
  state_->remove_total(name);
}

void session::rebuild_total(std::string_view name) {
  const guard inside(*state_);
  state_->rebuild_total(name);
}

// -------------------------------------------------------------------------------------- erasure

erasure_report session::erase_subject(const entity_type& entity, record_id subject,
                                      erase_options options) {
  const guard inside(*state_);
  return detail::erase_subject(*state_, entity, subject, std::move(options));
}

std::vector<erasure_report> session::erasures() {
  const guard inside(*state_);
  state_->require_full_sight("read the proofs of erasures");
  return detail::proofs(*state_);
}

std::vector<subject_records> session::about(const entity_type& entity, record_id subject) {
  const guard inside(*state_);
  return detail::about(*state_, entity, subject);
}

void session::hold(const entity_type& entity, record_id record, std::string_view reason) {
  const guard inside(*state_);
  detail::hold(*state_, entity, record, reason);
}

void session::release(const entity_type& entity, record_id record) {
  const guard inside(*state_);
  detail::release(*state_, entity, record);
}

std::vector<legal_hold> session::holds() {
  const guard inside(*state_);
  state_->require_full_sight("read the legal holds");
  return detail::holds(*state_);
}

std::vector<record_id> session::due(const retention_rule& rule) {
  const guard inside(*state_);
  return detail::due(*state_, rule);
}

std::vector<erasure_report> session::apply(const retention_rule& rule, std::size_t most) {
  const guard inside(*state_);
  return detail::apply(*state_, rule, most);
}

}  // namespace kith::inline v1
