// SPDX-License-Identifier: Apache-2.0
//
// Work with a store as one actor: read, write, ask; alone or in transactions.
//
//   session s = crm.open_session({.actor = "anna"});
//   record<client> acme = s.add(client::name = "ООО «Автопарк»", client::city = "Омск");
//   transaction tx = s.write({.reason = "order 17"});
//   s.update(acme, client::status = client_status::existing);
//   tx.commit();                                   // without it, everything is taken back
//
// A session is used by one thread at a time and may move between threads; two at once are answered
// error_code::wrong_thread. Records it returns are free of it. It must not outlive its crm.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/core/change.hpp"
#include "kith/core/erasure.hpp"
#include "kith/core/history.hpp"
#include "kith/core/query.hpp"
#include "kith/core/record.hpp"
#include "kith/core/store.hpp"
#include "kith/core/visibility.hpp"

namespace kith::inline v1 {

class engine;
class transaction;

/// Who works, and where.
struct session_options {
  std::string actor{};   ///< shown in the history; a login, a program's name
  record_id actor_id{};  ///< the actor's user record, for rules; nobody looks it up
  time_zone zone{};      ///< "today" is computed here
  /// What it may see and change; null: everything. Rules of entities run with full rights.
  std::shared_ptr<const visibility> sees{};
};

/// About a write transaction.
struct transaction_options {
  std::string reason{};  ///< kept in the change set
  origin from = origin::user;
  /// Names the work: a second transaction with this key does nothing and says so. Empty: random.
  std::string operation_key{};
  record_id batch{};  ///< the import it belongs to
};

/// What is known about an operation.
enum class outcome : std::uint8_t { absent, committed };

/// How a batch treats records that are refused.
enum class batch_mode : std::uint8_t { all_or_nothing, per_item };

/// One record of a batch: its id, or what is wrong with it.
struct item_result {
  record_id id;
  std::optional<error> refused;
};

class session {
 public:
  session(session&&) noexcept;
  session& operator=(session&&) noexcept;
  ~session();

  // ------------------------------------------------------------------------------------- reading

  /// The record, deleted or not; of a merged one, the survivor. error_code::not_found.
  template <class E>
  record<E> get(ref<E> id) {
    return record<E>(get_row(model()->template entity<E>(), id.id));
  }
  template <class E>
  record<E> get(record_id id) {
    return get(ref<E>{id});
  }
  /// The record, or nothing.
  template <class E>
  std::optional<record<E>> get_if(ref<E> id) {
    if (row_ptr r = find_row(model()->template entity<E>(), id.id)) return record<E>(std::move(r));
    return std::nullopt;
  }
  /// The live records that meet a condition.
  template <class E>
  kith::query<E> find(condition<E> where) {
    query_spec spec;
    spec.entity = &model()->template entity<E>();
    spec.where = std::move(where).tree();
    return kith::query<E>(*this, std::move(spec));
  }
  template <class E>
  kith::query<E> all() {
    query_spec spec;
    spec.entity = &model()->template entity<E>();
    return kith::query<E>(*this, std::move(spec));
  }
  /// The live record with this value of a field, best a unique one; nothing when there is none,
  /// error_code::invalid when there are several: `s.find_one(client::tax_id, "5503012345")`.
  template <detail::single_key K, class V>
  std::optional<record<typename K::owner_type>> find_one(const K& key, const V& value) {
    using E = typename K::owner_type;
    draft<E> d;
    detail::assign(d, key = value);
    if (row_ptr r = find_like(model()->template entity<E>(), key.key(), d)) {
      return record<E>(std::move(r));
    }
    return std::nullopt;
  }
  /// A question in text, about an entity by name: `query("deals", "amount > ?", {eur(1000)})`.
  any_query query(std::string_view entity, std::string_view text, parameters values = {});
  /// The value of any field or path of a record, those computed on read included, as the store is
  /// now: `s.value(d, deal::weighted)`, `s.value(d, deal::client / client::name)`.
  template <class E, detail::queryable X>
    requires std::same_as<detail::owner_of<X>, E>
  value value_of(const record<E>& r, const X& of) {
    return compute(model()->template entity<E>(), r.row(), detail::tree_of(of));
  }
  value compute(const entity_type& entity, const row_ptr& r, const expression& of);
  any_record get(std::string_view entity, record_id id);

  // ------------------------------------------------------------------------------------- writing

  /// Adds a record. error_code::invalid lists every violation; error_code::exists names the other.
  template <class E, class T, class V, class... More>
  record<E> add(const assignment<E, T, V>& first, const More&... more) {
    draft<E> d;
    d.set(first, more...);
    return add(d);
  }
  template <class E>
  record<E> add(draft<E>& d) {
    return record<E>(add_row(model()->template entity<E>(), d));
  }
  /// Changes a record that was read. Fields that others changed meanwhile are kept, unless they are
  /// the same fields: error_code::conflict names the first.
  template <class E, class T, class V, class... More>
  record<E> update(const record<E>& of, const assignment<E, T, V>& first, const More&... more) {
    draft<E> d(of);
    d.set(first, more...);
    return record<E>(update_row(model()->template entity<E>(), of.id(), d));
  }
  /// Changes a record whatever it is now.
  template <class E, class T, class V, class... More>
  record<E> update(ref<E> of, const assignment<E, T, V>& first, const More&... more) {
    draft<E> d;
    d.set(first, more...);
    return record<E>(update_row(model()->template entity<E>(), of.id, d));
  }
  template <class E>
  record<E> update(draft<E>& d) {
    return record<E>(update_row(model()->template entity<E>(), d.base()->id(), d));
  }
  /// Deletes softly; the policies of references decide about others. error_code::invalid names who
  /// still refers to it.
  template <class E>
  void remove(ref<E> of) {
    remove_row(model()->template entity<E>(), of.id);
  }
  template <class E>
  void remove(const record<E>& of) {
    remove(ref<E>(of));
  }
  /// Takes a deletion back. error_code::exists when a unique value was taken meanwhile.
  template <class E>
  record<E> restore(ref<E> of) {
    return record<E>(restore_row(model()->template entity<E>(), of.id));
  }
  /// Adds many records; one result each. An error that ends the batch names its item: item().
  template <class E>
  std::vector<item_result> add_many(std::span<draft<E>> drafts,
                                    batch_mode mode = batch_mode::all_or_nothing) {
    std::vector<any_draft*> plain;
    plain.reserve(drafts.size());
    for (draft<E>& d : drafts) plain.push_back(&d);
    return add_rows(model()->template entity<E>(), plain, mode);
  }

  // The same for entities known at run time.
  row_ptr get_row(const entity_type& entity, record_id id);
  row_ptr find_row(const entity_type& entity, record_id id);
  row_ptr add_row(const entity_type& entity, any_draft& d);
  row_ptr update_row(const entity_type& entity, record_id id, any_draft& d);
  void remove_row(const entity_type& entity, record_id id);
  row_ptr restore_row(const entity_type& entity, record_id id);
  std::vector<item_result> add_rows(const entity_type& entity, std::span<any_draft* const> drafts,
                                    batch_mode mode);
  /// All violations of a draft as if it were added (or its base changed), without writing.
  violation_list check(const entity_type& entity, any_draft& d);
  /// The live record whose natural key (or that of one of its fields) is this text. Nothing when
  /// there is none; error_code::invalid when there are several.
  row_ptr find_natural(const entity_type& entity, std::string_view text);
  /// The live record with this unique or indexed value.
  row_ptr find_by(const entity_type& entity, const field_type& field, std::span<const cell> cells);
  /// A live record with these values, best those of a unique index; none of them null.
  row_ptr find_by(const entity_type& entity, std::span<const std::pair<slot_number, cell>> cells);
  /// The live record that has the value which the draft has in this field.
  row_ptr find_like(const entity_type& entity, const key_ref& field, const any_draft& d);

  // -------------------------------------------------------------------------------- transactions

  /// Begins to write; waits for other writers up to the time-out. Nested: a savepoint.
  transaction write(transaction_options options = {});
  /// Begins to read: everything read until its end is of one instant.
  transaction read();
  bool in_transaction() const noexcept;

  // --------------------------------------------------------------------------------------- model

  /// The model in force here: it changes with this session's own transaction.
  const model_ptr& model() const noexcept;
  /// Adds a field to an entity. O(1) in the number of records, except for its index.
  void add_field(std::string_view entity, const custom_field& field);
  void add_entity(const custom_entity& entity);
  /// Keeps the column for old records and hides the field.
  void retire_field(std::string_view entity, std::string_view field);

  // ---------------------------------------------------------------------------------- change feed

  /// The change sets after a sequence, in order, at most `most`; those of one origin left out.
  /// error_code::not_found when sets after `since` were trimmed: record() is the oldest one kept.
  std::vector<change_set> changes(std::int64_t since, std::size_t most = 1000,
                                  std::optional<origin> except = {});
  /// The sequence of the newest commit.
  std::int64_t sequence();
  /// The newest sequence whose instant is not after this one; 0 before the first.
  /// error_code::not_found when that set was trimmed.
  std::int64_t sequence_at(instant when);
  /// How far a named reader of the feed has come: 0 for one that nobody knows yet.
  std::int64_t consumed(std::string_view consumer);
  /// Notes that a named reader has worked off everything up to a sequence; lasts with the
  /// transaction, so that the work and its note are one. Never moves back, nor beyond the newest
  /// sequence: error_code::misuse; that of the open transaction counts. The note is no change: a
  /// transaction of nothing else leaves no change set, and its operation key is not kept.
  void consume(std::string_view consumer, std::int64_t sequence);
  /// Removes the change sets before an instant, but never the newest one and none that a named
  /// reader still needs: history, as-of and undo end there. Their operation keys go with them: the
  /// work they name may be done once more, and crm.outcome_of() calls it absent. Returns how many.
  std::uint64_t trim(instant before);

  // ------------------------------------------------------------------------------ history
  // (history.hpp)

  /// What happened to a record, newest first, as far back as the feed reaches; what the open
  /// transaction did included. Deleted and merged records have a history of their own;
  /// error_code::not_found for what never was.
  template <class E>
  std::vector<history_entry> history(ref<E> of, std::size_t most = 1000) {
    return history_of(model()->template entity<E>(), of.id, most);
  }
  std::vector<history_entry> history_of(const entity_type& entity, record_id id,
                                        std::size_t most = 1000);
  /// The records that differ between two sequences, each as it was at both, in the order of
  /// entities and ids. error_code::misuse unless `from` < `to` and `to` is there;
  /// error_code::not_found when sets after `from` were trimmed.
  std::vector<record_difference> difference(std::int64_t from, std::int64_t to);
  /// A session that reads the store as it stood at an instant, right after a sequence, in today's
  /// model: fields that were added later are null. It writes nothing (error_code::read_only), sees
  /// what was committed and not what a transaction of this session wrote, and shows nothing that
  /// was erased; what is to come is the newest state. today() and now() stay those of now.
  ///
  /// Opening it reads the change sets since then; it keeps one version in memory for each record
  /// that they changed, and each look-up passes the changed ones of its entity. Where readers keep
  /// their instant it holds one read transaction to its end: drop it soon. error_code::not_found
  /// when the changes since then were trimmed.
  session as_of(instant when);
  session as_of(std::int64_t sequence);
  /// Takes a change set back, as a change set of its own, or, once, as part of the open
  /// transaction: checks run, completions and reactions do not (but rule_builder::also_on_undo). A
  /// field that was changed later, an added record that others changed or name now, and what checks
  /// or constraints refuse, is contested: error_code::conflict lists it. So is an addition to an
  /// entity that only grows (append_only) and declares no way to compensate, unless rules write
  /// it. What is taken back already stays so. error_code::unsupported for a set that changed the
  /// model.
  undo_result undo(std::int64_t sequence, undo_mode mode = undo_mode::all);
  /// The same for all change sets of an import, newest first, in one transaction. Its set names the
  /// newest of them and the batch.
  undo_result undo_batch(record_id batch, undo_mode mode = undo_mode::all);

  // ------------------------------------------------------------------------------ erasure
  // (erasure.hpp)

  /// Removes a person's values for ever: from the records about it, deleted ones included, their
  /// history and the feed, keys and indexes. Amounts, dates and references of the ledger stay. It
  /// leaves a change set (change_kind::erase) that undo refuses to take back. Files still have the
  /// old bytes until crm.compact(). error_code::denied under a legal hold, for a session that does
  /// not see everything, or while a transaction is open; not_found.
  template <class E>
  erasure_report erase(ref<E> subject, erase_options options = {}) {
    return erase_subject(model()->template entity<E>(), subject.id, std::move(options));
  }
  erasure_report erase_subject(const entity_type& entity, record_id subject,
                               erase_options options = {});
  /// The proofs of all erasures, oldest first.
  std::vector<erasure_report> erasures();
  /// All records about a person, the subject's own first.
  std::vector<subject_records> about(const entity_type& entity, record_id subject);
  /// Keeps a record from being erased until it is released.
  void hold(const entity_type& entity, record_id record, std::string_view reason);
  void release(const entity_type& entity, record_id record);
  std::vector<legal_hold> holds();
  /// The subjects that a rule says are due, without those on hold.
  std::vector<record_id> due(const retention_rule& rule);
  /// Erases what is due, each subject in a transaction of its own: what was interrupted is run
  /// again. Returns the proofs of this run.
  std::vector<erasure_report> apply(const retention_rule& rule, std::size_t most = 1000);

  // ------------------------------------------------------------------------------- totals
  // (total.hpp)

  /// A live total, a row for each group that has records, in the order of groups; without groups,
  /// one row. Sums of money are by currency, as in aggregate(). What the open transaction did is in
  /// it; as_of() sessions count anew. error_code::not_found; denied for a session that does not see
  /// every record of the entity.
  table total(std::string_view name);
  /// The row of one group, if it has records. error_code::misuse unless there is a value for each
  /// field that the total is grouped by.
  table total(std::string_view name, std::span<const value> group);
  table total(std::string_view name, std::initializer_list<value> group) {
    return total(name, std::span<const value>(group.begin(), group.size()));
  }
  /// Defines a total and counts what there is, O(n). error_code::exists, invalid, model, query.
  void add_total(const custom_total& total);
  /// error_code::denied for one that the program itself describes.
  void remove_total(std::string_view name);
  /// Counts a total again from the records: after crm.verify() found a difference.
  void rebuild_total(std::string_view name);

  // ------------------------------------------------------------------ actions and reports
  // (action.hpp, report.hpp)

  /// Does an action to a record, in a transaction of its own or a savepoint of the open one; the
  /// record afterwards, or what the action answers. `how` says why (transaction_options::reason).
  /// error_code::invalid lists what is wrong with the arguments; not_found; what the action throws.
  template <class A, class... Assignments>
  any_record call(ref<typename A::on> subject, const Assignments&... arguments) {
    draft<A> d;
    d.set(arguments...);
    return call(model()->action_of(type_id_of<A>, A::about), subject.id, d);
  }
  any_record call(const action_type& action, record_id subject, any_draft& arguments,
                  transaction_options how = {});
  /// The answer of a report, of one instant.
  template <class R, class... Assignments>
  table report(const Assignments&... arguments) {
    draft<R> d;
    d.set(arguments...);
    return report(model()->report_of(type_id_of<R>, R::about), d);
  }
  table report(const report_type& report, any_draft& arguments);

  const session_options& options() const noexcept;
  instant now() const;
  date today() const;
  /// Makes a running query or import of this session stop with error_code::interrupted. The only
  /// call that another thread may make.
  void interrupt() noexcept;

  struct state;
  state& internals() noexcept { return *state_; }

 private:
  friend class crm;
  explicit session(std::shared_ptr<state> s);
  std::shared_ptr<state> state_;
};

/// A transaction of a session, or a savepoint inside one. Ends with commit(), or takes everything
/// back when it is rolled back or leaves its scope.
class transaction {
 public:
  transaction(transaction&&) noexcept;
  transaction& operator=(transaction&&) noexcept;
  ~transaction();

  /// Makes it last. error_code::busy, retry and full: nothing was stored;
  /// error_code::outcome_unknown: ask crm.outcome(operation_key()) after opening the store again.
  void commit();
  void rollback() noexcept;
  bool open() const noexcept;
  /// The work with this operation key was committed before: do nothing and leave.
  bool already_done() const noexcept;
  /// The sequence this transaction's changes will have, or, when already_done(), had.
  std::int64_t sequence() const noexcept;
  const std::string& operation_key() const noexcept;

  /// Runs the host's own statement, on tables that are not Kith's, in this transaction. Values are
  /// bound to `?`; each row is given to the sink. error_code::unsupported on stores without SQL.
  void sql(std::string_view statement, std::span<const value> values = {},
           const host_row_sink& row = {});
  void sql(std::string_view statement, std::initializer_list<value> values,
           const host_row_sink& row = {}) {
    sql(statement, std::span<const value>(values.begin(), values.size()), row);
  }

 private:
  friend class session;
  struct scope;
  explicit transaction(std::unique_ptr<scope> s);
  std::unique_ptr<scope> scope_;
};

}  // namespace kith::inline v1
