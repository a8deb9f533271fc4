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
        const bool correctable = e.code() == error_code::invalid || e.code() == error_code::exists;
        if (mode == batch_mode::all_or_nothing || !correctable) throw e.of_item(item);
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

// ------------------------------------------------------------------------------------ transactions

struct transaction::scope {
  std::shared_ptr<session::state> of;
  std::uint64_t serial = 0;  // of the transaction
  std::uint64_t mark = 0;    // of the savepoint; 0: the whole transaction
  std::size_t level = 0;
  std::int64_t sequence = 0;
  bool already_done = false;
  std::string operation_key;

  bool open() const noexcept {
    const open_transaction* tx = of->tx.get();
    if (tx == nullptr || tx->serial != serial) return false;
    return mark == 0 || (tx->marks.size() >= level && tx->marks[level - 1].serial == mark);
  }
  /// A statement is running inside.
  bool kept() const noexcept { return static_cast<std::ptrdiff_t>(level) <= of->innermost_kept; }
  void require_innermost() const {
    if (!open()) throw error(error_code::closed, "the transaction has ended");
    if (of->tx->marks.size() != level) {
      throw error(error_code::misuse, "end the savepoints inside this transaction first");
    }
  }
};

transaction::transaction(std::unique_ptr<scope> s) : scope_(std::move(s)) {}
transaction::transaction(transaction&&) noexcept = default;

transaction& transaction::operator=(transaction&& other) noexcept {
  rollback();
  scope_ = std::move(other.scope_);
  return *this;
}

transaction::~transaction() { rollback(); }

transaction session::write(transaction_options given) {
  const guard inside(*state_);
  state& s = *state_;
  auto scope = std::make_unique<transaction::scope>();
  scope->of = state_;
  if (s.tx == nullptr) {
    s.begin(access::write, std::move(given));
  } else {
    s.require_writing();
    if (!given.operation_key.empty()) {
      throw error(error_code::misuse,
                  "a savepoint has no operation key of its own; give it to the outermost write()");
    }
    s.savepoint();
    scope->level = s.tx->marks.size();
    scope->mark = s.tx->marks.back().serial;
  }
  scope->serial = s.tx->serial;
  scope->sequence = s.tx->sequence;
  scope->already_done = s.tx->already_done;
  transaction made(std::move(scope));  // from here on it takes back what was begun
  made.scope_->operation_key = s.tx->options.operation_key;
  return made;
}

transaction session::read() {
  const guard inside(*state_);
  if (state_->tx != nullptr) {
    throw error(error_code::misuse, "the session is in a transaction already");
  }
  state_->begin(access::read, {});
  auto scope = std::make_unique<transaction::scope>();
  scope->of = state_;
  scope->serial = state_->tx->serial;
  return transaction(std::move(scope));
}

void transaction::commit() {
  if (!scope_) throw error(error_code::closed, "the transaction has ended");
  const guard inside(*scope_->of);
  scope_->require_innermost();
  if (scope_->kept()) {
    throw error(error_code::reentrant,
                "a rule may not end the transaction that it runs in; only savepoints of its own");
  }
  session::state& s = *scope_->of;
  s.answered([&] { return scope_->mark != 0 ? s.release() : s.commit(); });
}

void transaction::rollback() noexcept {
  if (!scope_ || !scope_->open() || scope_->kept()) return;
  session::state& s = *scope_->of;
  if (scope_->mark == 0) {
    s.rollback();
    return;
  }
  while (s.tx != nullptr && s.tx->marks.size() >= scope_->level) s.rollback_to_savepoint();
}

bool transaction::open() const noexcept { return scope_ && scope_->open(); }
bool transaction::already_done() const noexcept { return scope_ && scope_->already_done; }
std::int64_t transaction::sequence() const noexcept { return scope_ ? scope_->sequence : 0; }

const std::string& transaction::operation_key() const noexcept {
  static const std::string none_given;
  return scope_ ? scope_->operation_key : none_given;
}

void transaction::sql(std::string_view statement, std::span<const value> values,
                      const host_row_sink& row) {
  if (!scope_) throw error(error_code::closed, "the transaction has ended");
  const guard inside(*scope_->of);
  if (!scope_->open()) throw error(error_code::closed, "the transaction has ended");
  if (scope_->already_done) scope_->of->require_writing();
  std::vector<cell> cells;
  for (const value& v : values) {
    if (v.cells().size() > 1) {
      throw error(error_code::misuse, "'" + shortened(v.to_string()) +
                                          "' has several cells; bind its parts one by one");
    }
    cells.push_back(v.is_null() ? cell::null() : v.cells()[0].view());
  }
  scope_->of->settle();
  scope_->of->rows().host_sql(statement, cells, row);
  // Nobody but the store knows what it wrote: the commit must happen.
  if (scope_->of->tx != nullptr && scope_->of->tx->mode == access::write)
    scope_->of->tx->wrote = true;
}

// ------------------------------------------------------------------------------------------ as of

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
