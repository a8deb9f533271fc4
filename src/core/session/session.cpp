// SPDX-License-Identifier: Apache-2.0
//
// The way into a session: each call takes the guard and goes to the state.
#include "kith/core/session.hpp"

#include "core/erasure/erase.hpp"
#include "core/session/as_of.hpp"
#include "core/session/state.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

using guard = session::state::guard;

session::session(std::shared_ptr<state> s) : state_(std::move(s)) { state_->self = this; }

session::session(session&& other) noexcept : state_(std::move(other.state_)) {
  if (state_) state_->self = this;
}

session& session::operator=(session&& other) noexcept {
  if (this == &other) return *this;
  if (state_) state_->close();
  state_ = std::move(other.state_);
  if (state_) state_->self = this;
  return *this;
}

session::~session() {
  if (state_) state_->close();
}

void session::state::close() noexcept {
  rollback();
  connection_.end();
  past.reset();
  closed = true;
}

// ---------------------------------------------------------------------------------------- reading

row_ptr session::find_row(const entity_type& entity, record_id id) {
  const guard inside(*state_);
  return state_->read_survivor(state_->here(entity), id);
}

row_ptr session::get_row(const entity_type& entity, record_id id) {
  if (row_ptr r = find_row(entity, id)) return r;
  throw error(error_code::not_found,
              "there is no " + std::string(entity.name()) + " " + std::to_string(id.value),
              {std::string(entity.name()), id.value, {}});
}

any_record session::get(std::string_view entity, record_id id) {
  { const guard looks_at_the_host(*state_); }
  const entity_type& e = model()->entity(entity);
  return any_record(model(), e, get_row(e, id));
}

any_query session::query(std::string_view entity, std::string_view text, parameters values) {
  const guard inside(*state_);
  const auto parsed = [&] {
    return parse_query(*state_->model, state_->model->entity(entity), text);
  };
  query_spec spec;
  try {
    spec = parsed();
  } catch (const error&) {
    if (!state_->refresh_model()) throw;
    spec = parsed();  // the name may have been added meanwhile
  }
  spec.values = std::move(values);
  return any_query(*this, state_->model, std::move(spec));
}

value session::compute(const entity_type& entity, const row_ptr& r, const expression& of) {
  const guard inside(*state_);
  return state_->compute(entity, r, of);
}

row_ptr session::find_natural(const entity_type& entity, std::string_view text) {
  const guard inside(*state_);
  return state_->find_natural(state_->here(entity), text);
}

row_ptr session::find_by(const entity_type& entity, const field_type& field,
                         std::span<const cell> cells) {
  const guard inside(*state_);
  return state_->find_by(state_->here(entity), field, cells);
}

row_ptr session::find_by(const entity_type& entity,
                         std::span<const std::pair<slot_number, cell>> cells) {
  const guard inside(*state_);
  return state_->find_by(state_->here(entity), cells);
}

row_ptr session::find_like(const entity_type& entity, const key_ref& key, const any_draft& d) {
  const guard inside(*state_);
  return state_->find_like(state_->here(entity), key, d);
}

// ---------------------------------------------------------------------------------------- writing

row_ptr session::add_row(const entity_type& entity, any_draft& d) {
  const guard inside(*state_);
  return state_->answered([&] { return state_->add(entity, d); });
}

row_ptr session::update_row(const entity_type& entity, record_id id, any_draft& d) {
  const guard inside(*state_);
  return state_->answered([&] { return state_->update(entity, id, d); });
}

void session::remove_row(const entity_type& entity, record_id id) {
  const guard inside(*state_);
  state_->answered([&] { state_->remove(entity, id); });
}

row_ptr session::restore_row(const entity_type& entity, record_id id) {
  const guard inside(*state_);
  return state_->answered([&] { return state_->restore(entity, id); });
}

std::vector<item_result> session::add_rows(const entity_type& entity,
                                           std::span<any_draft* const> drafts, batch_mode mode) {
  const guard inside(*state_);
  return state_->in_transaction(mode == batch_mode::all_or_nothing, [&] {
    std::vector<item_result> results;
    results.reserve(drafts.size());
    for (std::size_t item = 0; item < drafts.size(); ++item) {
      try {
        any_draft& d = *drafts[item];
        const row_ptr added = state_->answered([&] { return state_->add(entity, d); });
        results.push_back({added->id(), {}});
      } catch (const error& e) {
        const bool of_item = e.code() == error_code::invalid || e.code() == error_code::exists ||
                             e.code() == error_code::denied;
        if (mode == batch_mode::all_or_nothing || !of_item) throw e.of_item(item);
        results.push_back({{}, e});
      }
    }
    return results;
  });
}

violation_list session::check(const entity_type& entity, any_draft& d) {
  const guard inside(*state_);
  state& s = *state_;
  const bool own = s.tx == nullptr;
  if (own) s.begin(access::read, {});
  violation_list found;
  try {
    const entity_type& e = s.newest(entity);
    any_draft trial = d;  // rules may fill it in
    s.keep_unseen(e, trial);
    if (trial.base()) s.drop_unchanged(e, trial);
    found = s.check(e, trial, d.base() ? d.base()->id() : record_id{});
  } catch (...) {
    if (own) s.rollback();
    throw;
  }
  s.unseen = {};
  s.leave_unseen_out(found);
  if (own) s.rollback();
  return found;
}

// ------------------------------------------------------------------------------------------ model

const model_ptr& session::model() const noexcept { return state_->model; }

void session::add_field(std::string_view entity, const custom_field& field) {
  const guard inside(*state_);
  state_->require_full_sight("change the model");
  state_->in_transaction(true, [&] { state_->change_model(state_->model->with(entity, field)); });
}

void session::add_entity(const custom_entity& entity) {
  const guard inside(*state_);
  state_->require_full_sight("change the model");
  state_->in_transaction(true, [&] { state_->change_model(state_->model->with(entity)); });
}

void session::retire_field(std::string_view entity, std::string_view field) {
  const guard inside(*state_);
  state_->require_full_sight("change the model");
  state_->in_transaction(true,
                         [&] { state_->change_model(state_->model->without(entity, field)); });
}

// -------------------------------------------------------------------------------------- the rest

std::vector<change_set> session::changes(std::int64_t since, std::size_t most,
                                         std::optional<origin> except) {
  const guard inside(*state_);
  return state_->changes(since, most, except);
}

std::int64_t session::sequence() {
  const guard inside(*state_);
  return engine::head_of(state_->rows(), *state_->model).sequence;
}

const session_options& session::options() const noexcept { return state_->options; }
instant session::now() const { return state_->eng->now(); }
date session::today() const { return state_->options.zone.date_of(now()); }
void session::interrupt() noexcept { state_->interrupted->store(true); }
bool session::in_transaction() const noexcept { return state_->tx != nullptr; }

}  // namespace kith::inline v1
