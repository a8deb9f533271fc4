// SPDX-License-Identifier: Apache-2.0
//
// The inside of a session. One file for each job: read.cpp, plan.cpp, aggregate.cpp, write.cpp,
// constraints.cpp, rules.cpp, computed.cpp, transaction.cpp, feed.cpp, history.cpp, consumers.cpp,
// as_of.cpp, verbs.cpp; session*.cpp are the way in.
//
// (write.cpp also deletes and restores.) Everything runs under the session's guard: one thread, no
// re-entry but from rules.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/expression/bind.hpp"
#include "core/expression/evaluate.hpp"
#include "core/session/engine.hpp"
#include "core/session/reader.hpp"
#include "core/totals/total_log.hpp"

namespace kith::inline v1 {

class plan_stream;
namespace detail {
class past_rows;
class seen_connection;
class sight;
}  // namespace detail

/// What a write transaction has collected so far.
struct open_transaction {
  std::uint64_t serial = 0;
  access mode = access::read;
  transaction_options options;
  std::int64_t sequence = 0;  ///< of this transaction's change set
  instant at;
  std::int64_t last_id = 0;
  bool already_done = false;
  bool wrote = false;
  bool noted = false;  ///< wrote rows that make no change set: positions in the feed, a trimming
  /// A write was done in part, or a commit was: what is left to do is to take it back.
  bool broken = false;
  bool gone = false;  ///< broken, and the store has taken back all of it already
  model_ptr model_before;

  change_packer pending;  ///< changes that are not in a chunk yet
  int chunks = 0;

  /// What the transaction takes back: the newest set of it, and the import, when it is one.
  struct undoing {
    std::int64_t set = 0;
    record_id batch;
  };
  undoing undoes;

  /// Where a savepoint began. When pending changes went into a chunk meanwhile, `prefix` keeps
  /// what was pending then.
  struct mark {
    std::size_t pending = 0;
    int chunks = 0;
    std::optional<std::string> prefix;
    bool wrote = false;
    model_ptr model;
    std::uint64_t serial = 0;
    bool noted = false;
    undoing undoes;
    std::size_t totals = 0;
  };
  std::vector<mark> marks;

  /// Records whose stored computed fields must be computed again.
  std::set<std::pair<std::uint16_t, std::int64_t>> dirty;
  bool settling = false;
  /// Records that were seen live in this transaction, with the numbers of their entities:
  /// references to them need no look-up.
  std::unordered_map<std::int64_t, std::uint16_t> known_live;
  int reactions = 0;  ///< nested
  int calls = 0;      ///< of actions and reports, nested

  // Of totals.cpp.
  detail::total_log totals;
  std::set<std::uint16_t> beyond;  ///< entities written with totals that this program cannot keep

  /// Results that are read through this transaction's connection.
  std::vector<std::weak_ptr<plan_stream>> streams;
  void close_streams();
};

struct session::state {
  state(std::shared_ptr<engine> of, session_options given)
      : eng(std::move(of)), options(std::move(given)), model(eng->model()) {}

  std::shared_ptr<engine> eng;
  session_options options;
  model_ptr model;
  std::shared_ptr<detail::past_rows> past;  ///< of session.as_of(): where it reads; else null
  std::unique_ptr<open_transaction> tx;
  session* self = nullptr;   ///< the public face, for reactions
  std::uint64_t serial = 0;  ///< of transactions and savepoints, to tell them apart
  bool closed = false;       ///< the session has ended; transactions of it may still stand
  std::shared_ptr<std::atomic<bool>> interrupted = std::make_shared<std::atomic<bool>>(false);

  // ---------------------------------------------------------------------------------------- guard

  /// Held during each call from outside.
  class guard {
   public:
    explicit guard(state& s);
    ~guard();
    guard(const guard&) = delete;

   private:
    state& state_;
    bool nested_ = false;
  };
  bool nesting_allowed = false;  ///< while a rule runs

  // ----------------------------------------------------------------------------------------
  // reading

  connection& rows();  ///< this session's own connection
  engine::lease connect();
  // guest.cpp
  void look_at_host();  ///< what it did since the call before
  /// The entity as it is, where a host may have taken the given one back; else the given one.
  const entity_type& here(const entity_type& e) const { return eng->is_guest() ? newest(e) : e; }
  void require_layout(const query_spec& spec) const;
  void saw_new_data();  ///< refreshes the model when somebody else changed it
  row_ptr read(const entity_type& e, record_id id, needed_cells cells = needed_cells::values);
  row_ptr read_survivor(const entity_type& e, record_id id);
  /// `only`: the slots that will be read, when that is not the whole record.
  std::shared_ptr<row_stream> run(const query_spec& spec, const detail::slot_set* only = nullptr);
  page_of<row_ptr> page(const query_spec& spec, std::uint64_t most);
  void each_row(const query_spec& spec, const detail::slot_set& read,
                const std::function<void(detail::evaluator&, const row&)>& visit);
  std::shared_ptr<plan_stream> open_stream(const query_spec& spec, const detail::slot_set* only,
                                           std::int64_t* sequence);
  std::uint64_t count(const query_spec& spec);
  table aggregate(const query_spec& spec, const aggregation& what);
  table select(const query_spec& spec, const std::vector<aggregation::group>& columns);
  value compute(const entity_type& e, const row_ptr& given, const expression& of);
  row_ptr with_keys(const entity_type& e, const row_ptr& r);
  void check_limits(const query_spec& spec) const;
  row_ptr find_by(const entity_type& e, const field_type& f, std::span<const cell> cells);
  row_ptr find_by(const entity_type& e, std::span<const std::pair<slot_number, cell>> cells);
  row_ptr find_like(const entity_type& e, const key_ref& key, const any_draft& d);
  std::vector<row_ptr> find_all_by(const entity_type& e, const field_type& f,
                                   std::span<const cell> cells, std::uint64_t most);
  std::vector<row_ptr> find_all_by(connection& through, const entity_type& e, const field_type& f,
                                   std::span<const cell> cells, std::uint64_t most);
  std::vector<row_ptr> find_all(const entity_type& e, std::span<const program> conditions,
                                std::uint64_t most);
  std::vector<row_ptr> find_all(connection& through, const entity_type& e,
                                std::span<const program> conditions, std::uint64_t most);
  row_ptr find_by_slot(const entity_type& e, const field_type& f, slot_number slot, storage type,
                       const cell& c);
  row_ptr only_one(const entity_type& e, const field_type& f, std::vector<row_ptr> found);
  row_ptr find_natural(const entity_type& e, std::string_view text);
  /// Every live row of `e` whose reference at `slot` is `id`.
  std::vector<row_ptr> referring(const entity_type& e, const field_type& by, record_id id,
                                 std::uint64_t most = 0);
  detail::bind_context binding(const parameters& values) const;

  // core/visibility/session_*.cpp: what session_options::sees allows. Rules of
  // entities are not limited.
  bool is_limited() const noexcept {
    return options.sees != nullptr && (tx == nullptr || tx->reactions == 0);
  }
  /// What this session reads for its caller.
  connection& seen() { return options.sees == nullptr ? rows() : seen_rows(); }
  connection& seen_rows();
  engine::lease seen_through(engine::lease own);
  std::shared_ptr<const detail::sight> sees();
  /// Binding for the caller: masked fields are refused, or null where they are only shown.
  detail::bind_context asking(const parameters& values);
  detail::bind_context showing(const parameters& values);
  void require_full_sight(std::string_view act) const;
  void require_readable(const entity_type& e, const field_type& f);
  bool may_see(const entity_type& e, const row_ptr& r);
  bool may_see(const entity_type& e, record_id id);
  bool tells_something(const entity_type& e, history_entry& entry);
  /// The row as the caller may have it; itself for a session without limits.
  row_ptr as_shown(const entity_type& e, const row_ptr& r);
  row_ptr as_shown_then(const entity_type& e, const row_ptr& r);  ///< an earlier version
  row_ptr seen_survivor(const entity_type& e, record_id id);
  void require_may_write(const entity_type& e);
  void require_seen_after(const entity_type& e, record_id id);
  /// Before a caller's draft is worked with: what it could not see is not changed by it.
  void keep_unseen(const entity_type& e, any_draft& d, const row_ptr& current);
  void keep_unseen(const entity_type& e, any_draft& trial);
  bool names_unseen(const any_draft& d, slot_number slot, std::int64_t id) const;
  [[noreturn]] void answer(const error& e);
  void leave_unseen_out(violation_list& found);
  bool keep_seen(change_set& set);
  /// Runs what the caller asked for; what an error says of what is not seen is left out.
  template <class Work>
  auto answered(Work work) {
    if (!is_limited()) return work();
    try {
      return work();
    } catch (const error& e) {
      answer(e);
    }
  }
  struct unseen_references {
    const any_draft* of = nullptr;
    std::vector<std::pair<slot_number, std::int64_t>> given;
  } unseen;

  // as_of.cpp
  std::shared_ptr<detail::past_rows> open_past() const;
  std::shared_ptr<state> as_of(std::shared_ptr<detail::past_rows> rows,
                               std::int64_t sequence) const;

  // ----------------------------------------------------------------------------------------
  // writing

  row_ptr add(const entity_type& e, any_draft& d);
  row_ptr update(const entity_type& e, record_id id, any_draft& d);
  void remove(const entity_type& e, record_id id);
  row_ptr restore(const entity_type& e, record_id id);
  violation_list check(const entity_type& e, any_draft& d, record_id id);
  violation_list check_put_back(const entity_type& e, any_draft& d);

  row_ptr write_new(const entity_type& e, any_draft& d);
  row_ptr write_changed(const entity_type& e, any_draft& d, row_ptr current);
  void write_lifecycle(const entity_type& e, const row_ptr& before, bool deleted, change_kind what);
  row_ptr build(const entity_type& e, const system_cells& system, const any_draft& d);
  void store_row(const row_change& change, change_kind what);
  void erase_row(const entity_type& e, const row_ptr& before);
  void remove_with_dependents(const entity_type& e, const row_ptr& first);
  [[noreturn]] void refuse_removal(const entity_type& e, record_id id, const referrer& from);
  void clear_reference(const referrer& from, record_id of, record_id child);
  void restore_with_dependents(const entity_type& e, const row_ptr& first);
  std::vector<row_ptr> deleted_with(const referrer& from, const row_ptr& r);
  /// The same entity in the model in force: the given one may be of the model before.
  const entity_type& newest(const entity_type& e) const;

  // constraints.cpp
  void prepare(const entity_type& e, any_draft& d, record_id id);  ///< complete, keys, checks
  void check_cells(const entity_type& e, const any_draft& d, violation_list& found) const;
  void fill_initial(const entity_type& e, any_draft& d);
  void derive_keys(const entity_type& e, any_draft& d);
  enum class references : std::uint8_t { now, later };
  void check_fields(const entity_type& e, const any_draft& d, violation_list& found,
                    references when = references::now);
  void check_reference(const field_type& f, const any_draft& d, violation_list& found);
  void check_circle(const field_type& f, const any_draft& d, violation_list& found);
  void merge_or_conflict(const entity_type& e, any_draft& d, const row_ptr& current,
                         const row& shown);
  std::vector<slot_number> drop_unchanged(const entity_type& e, any_draft& d);

  // rules.cpp
  void complete(const entity_type& e, any_draft& d, record_id id);
  void run_checks(const entity_type& e, any_draft& d, record_id id, violation_list& found);
  void react(const entity_type& e, any_draft& d, record_id id);
  void react_to_undo(const entity_type& e, any_draft& d, record_id id);
  void run_reactions(const std::vector<const rule*>& rules, const entity_type& e, any_draft& d,
                     record_id id);
  bool reacts(const entity_type& e) const { return !eng->rules_of(e).react.empty(); }

  // computed.cpp
  void compute_own(const entity_type& e, any_draft& d, record_id id);
  void mark_dependents(const entity_type& e, const row* before, const row* after,
                       std::span<const slot_number> changed);
  void mark_along(const dependent& d, std::size_t step, const entity_type& e, const row& r);
  void settle();  ///< nothing where nothing waits
  void settle_one(const entity_type& e, record_id id);

  // totals.cpp
  /// What a row does to one total.
  struct total_effect {
    const detail::total_type* total;
    std::optional<detail::contribution> before, after;
  };
  /// Of a change that is about to be stored: nothing is noted yet.
  std::vector<total_effect> total_effects(const row_change& change);
  void note_totals(const entity_type& e, const std::vector<total_effect>& effects);
  void write_totals();  ///< once, at the commit
  table total(std::string_view name, std::optional<std::span<const value>> group);
  detail::group_map total_groups(const detail::total_type& t, const std::string* only);
  table whole_total(const detail::total_type& t);
  void add_total(const custom_total& added);
  void remove_total(std::string_view name);
  void rebuild_total(std::string_view name);

  // verbs.cpp
  any_record call(const action_type& action, record_id subject, const any_draft& arguments,
                  transaction_options how);
  table report(const report_type& asked, const any_draft& arguments);
  any_record do_action(const action_type& given, record_id subject, const any_draft& arguments);
  any_record subject_as_it_is(const action_type& action, record_id subject);
  void check_arguments(const entity_type& e, any_draft& d);
  void note_unseen_arguments(const entity_type& e, const any_draft& d);

  // ------------------------------------------------------------------------------------
  // transactions

  /// What goes into the change set is text like any other.
  static void check_words(std::string_view what, std::string_view text);
  void begin(access mode, transaction_options given);
  void close() noexcept;
  void commit();
  void rollback() noexcept;
  void savepoint();
  void release();
  void rollback_to_savepoint() noexcept;
  void require_writing() const;
  void require_whole() const;
  record_id next_id();
  void change_model(model_ptr next);

  /// What is open when a statement begins stays so until it ends: its rules end only savepoints of
  /// their own, and those that they leave open are taken back.
  class statement {
   public:
    explicit statement(state& of) : state_(of), before_(of.innermost_kept) {
      of.innermost_kept = static_cast<std::ptrdiff_t>(of.tx->marks.size());
    }
    ~statement() {
      const auto kept = static_cast<std::size_t>(state_.innermost_kept);
      while (state_.tx != nullptr && state_.tx->marks.size() > kept) state_.rollback_to_savepoint();
      state_.innermost_kept = before_;
    }
    statement(const statement&) = delete;

   private:
    state& state_;
    std::ptrdiff_t before_;
  };
  std::ptrdiff_t innermost_kept = -1;  ///< level of a savepoint; 0: the transaction; -1: none

  /// Runs `work` in the open transaction, or in one of its own; takes it back when it throws.
  template <class Work>
  auto in_transaction(bool several_writes, Work work);

  // feed.cpp
  void record_change(change_kind what, const row_change& change);
  void flush_chunk();
  void write_change_set();
  std::vector<change_set> changes(std::int64_t since, std::size_t most,
                                  std::optional<origin> except);
  std::optional<std::int64_t> sequence_of(std::string_view operation_key);
  /// What this write transaction would leave behind if it were committed now.
  change_set pending_set();
  detail::subscribers::place ask_and_announce();
  std::int64_t newest_sequence();  ///< this transaction's own, once it wrote
  std::int64_t sequence_at(instant when);

  // consumers.cpp
  std::int64_t consumed(std::string_view consumer);
  void consume(std::string_view consumer, std::int64_t sequence);
  std::uint64_t trim(instant before);
  row_ptr consumer_row(std::string_view consumer);
  void write_position(const row_ptr& before, std::string_view consumer, std::int64_t position);
  void give_back_own_sequence();
  std::int64_t least_position(std::int64_t at_most);

  // history.cpp
  std::vector<history_entry> history(const entity_type& e, record_id id, std::size_t most);
  std::optional<change_set> set_of(std::int64_t sequence);
  std::vector<record_difference> difference(std::int64_t from, std::int64_t to);  // difference.cpp

  /// Runs `work` in the open transaction, or in a read transaction of its own.
  template <class Work>
  auto at_one_instant(Work work);

  // undo.cpp
  undo_result undo(std::int64_t sequence, undo_mode mode);
  undo_result undo_batch(record_id batch, undo_mode mode);
  struct undo_target {
    std::vector<std::int64_t> sequences;  ///< newest first
    record_id batch;
    std::vector<contested_change> contested{};
  };
  undo_target sets_of_batch(record_id batch);
  undo_result undo_sets(std::string reason, undo_mode mode,
                        const std::function<undo_target()>& target);
  void require_no_undo() const;
  change_set set_to_undo(std::int64_t sequence);

  store_head head();
  /// Looks whether another process or session changed the model; true when it did.
  bool refresh_model();
  /// Forgets an interruption that came while nothing ran; held by what runs now.
  std::shared_ptr<char> running();
  /// A field's value in a draft as text for people, shortened.
  static std::string printed_value(const field_type& f, const any_draft& d);

 private:
  /// A copy of a caller's draft to fill in: the caller's own stays as it was given, so that it can
  /// be corrected and given again. Memory is reused.
  class working_copy {
   public:
    working_copy(state& of, const any_draft& given);
    ~working_copy();
    working_copy(const working_copy&) = delete;
    any_draft& operator*() const noexcept { return draft_; }

   private:
    static any_draft& next_of(state& of);
    state& state_;
    any_draft& draft_;
  };
  std::vector<std::unique_ptr<any_draft>> copies_;
  std::size_t copies_used_ = 0;
  std::weak_ptr<char> running_;

  std::atomic<const void*> holder_{nullptr};
  engine::lease connection_;
  std::uint64_t data_version_ = 0;
  store_head head_;
  bool head_known_ = false;
  std::shared_ptr<const detail::sight> sight_;     // of its model
  std::shared_ptr<detail::seen_connection> seen_;  // through it
  std::vector<cell> cells_;                        // scratch of build()
};

/// Work, then its end; what the work gave.
template <class End, class Work>
auto ended_by(End end, Work work) {
  if constexpr (std::is_void_v<decltype(work())>) {
    work();
    end();
  } else {
    auto result = work();
    end();
    return result;
  }
}

template <class Work>
auto session::state::at_one_instant(Work work) {
  if (tx != nullptr) {
    settle();
    return work();
  }
  begin(access::read, {});
  try {
    return ended_by([this] { rollback(); }, work);
  } catch (...) {
    rollback();
    throw;
  }
}

template <class Work>
auto session::state::in_transaction(bool several_writes, Work work) {
  if (tx != nullptr) {
    require_writing();
    const auto whole = [&] {
      const statement inside(*this);
      return work();
    };
    if (!several_writes) return whole();
    savepoint();
    try {
      return ended_by([this] { release(); }, whole);
    } catch (...) {
      rollback_to_savepoint();
      throw;
    }
  } else {
    begin(access::write, {});
    try {
      return ended_by([this] { commit(); }, work);
    } catch (...) {
      rollback();
      throw;
    }
  }
}

}  // namespace kith::inline v1
