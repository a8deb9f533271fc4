// SPDX-License-Identifier: Apache-2.0
//
// Doing actions and asking for reports: the arguments are checked like a draft, the work runs in
// one transaction, and calls from inside it come back through the session.
#include "core/session/state.hpp"
#include "core/visibility/seen_rows.hpp"
#include "kith/core/action.hpp"
#include "kith/core/report.hpp"

namespace kith::inline v1 {

using guard = session::state::guard;

namespace {

// The description in the model in force: a transaction may have begun with a newer one.
const action_type& in_force(const model& now, const action_type& given) {
  const action_type* const found = now.find_action(given.arguments.number);
  if (found != nullptr && found->arguments.name() == given.arguments.name()) return *found;
  throw error(error_code::model, "the store was opened without the action " +
                                     std::string(given.arguments.name()) +
                                     "; name it in crm_options.actions");
}

const report_type& in_force(const model& now, const report_type& given) {
  const report_type* const found = now.find_report(given.arguments.number);
  if (found != nullptr && found->name() == given.name()) return *found;
  throw error(error_code::model, "the store was opened without the report " +
                                     std::string(given.name()) +
                                     "; name it in crm_options.reports");
}

[[noreturn]] void no_subject(const entity_type& e, record_id id, std::string_view why) {
  throw error(error_code::not_found,
              (why.empty() ? "there is no " : "the ") + std::string(e.name()) + " " +
                  std::to_string(id.value) + std::string(why),
              {std::string(e.name()), id.value, {}});
}

// While somebody's function runs inside a call it may use the session.
class calling {
 public:
  calling(session::state& of, const entity_type& what) : state_(of), before_(of.nesting_allowed) {
    if (of.tx->calls >= static_cast<int>(of.eng->limits().rule_rounds)) {
      throw error(error_code::limit, "calls inside calls do not end: " + std::string(what.name()) +
                                         " is the " + std::to_string(of.tx->calls + 1) + "th");
    }
    of.nesting_allowed = true;
    ++of.tx->calls;
  }
  ~calling() {
    state_.nesting_allowed = before_;
    if (state_.tx != nullptr) --state_.tx->calls;
  }
  calling(const calling&) = delete;

 private:
  session::state& state_;
  bool before_;
};

// A report inside a transaction that writes does not.
class reading_only {
 public:
  explicit reading_only(session::state& of) : state_(of), before_(of.tx->mode) {
    of.tx->mode = access::read;
  }
  ~reading_only() {
    if (state_.tx != nullptr) state_.tx->mode = before_;
  }
  reading_only(const reading_only&) = delete;

 private:
  session::state& state_;
  access before_;
};

// Why this part of the transaction is done. It stays the transaction's reason where that has none.
class part_with_reason {
 public:
  part_with_reason(session::state& of, std::string reason)
      : state_(of), before_(of.tx->options.reason) {
    session::state::check_words("reason", reason);
    if (!reason.empty()) of.tx->options.reason = std::move(reason);
  }
  ~part_with_reason() {
    if (state_.tx != nullptr && (!done_ || !before_.empty()))
      state_.tx->options.reason = std::move(before_);
  }
  part_with_reason(const part_with_reason&) = delete;
  void done() noexcept { done_ = true; }

 private:
  session::state& state_;
  std::string before_;
  bool done_ = false;
};

}  // namespace

// References to what the session does not see are refused as if nothing were there.
void session::state::note_unseen_arguments(const entity_type& e, const any_draft& d) {
  if (!is_limited()) return;
  unseen = {&d, {}};
  seen_rows();
  detail::onlooker look(*seen_, false);
  for (const field_type& f : e.fields) {
    const bool single = f.target != nullptr;
    if (!single && f.def->kind != kind_id::any_ref) continue;
    const std::int64_t id = d.integer(f.slot);
    const std::int64_t number = single ? f.target->number : d.integer(f.slot + 1u);
    const bool known = number > 0 && number <= 0xffff;
    if (id != 0 && !(known && look.sees(static_cast<std::uint16_t>(number), {id}))) {
      unseen.given.emplace_back(f.slot, id);
    }
  }
}

void session::state::check_arguments(const entity_type& e, any_draft& d) {
  violation_list found;
  check_cells(e, d, found);
  if (found.empty()) {
    fill_initial(e, d);
    note_unseen_arguments(e, d);
    check_fields(e, d, found);
    unseen = {};
  }
  if (!found.empty()) throw error(std::move(found));
  derive_keys(e, d);
}

any_record session::state::subject_as_it_is(const action_type& action, record_id subject) {
  if (!action.about->subject) return {};
  row_ptr r = read_survivor(*action.on, subject);
  if (!r) no_subject(*action.on, subject, {});
  return {model, *action.on, std::move(r)};
}

// Inside a transaction.
any_record session::state::do_action(const action_type& given, record_id subject,
                                     const any_draft& arguments) {
  const action_type& action = in_force(*model, given);
  const any_record before = subject_as_it_is(action, subject);
  if (before && before.deleted()) {
    no_subject(*action.on, subject, " is deleted; restore it first");
  }
  const working_copy copy(*this, arguments);
  check_arguments(action.arguments, *copy);
  action_scope scope{*self, action, before ? before.row() : row_ptr(), *copy};
  {
    const statement inside(*this);
    const calling its_function(*this, action.arguments);
    action.run(scope);
  }
  require_whole();
  settle();
  if (scope.answer || !before) return std::move(scope.answer);
  // In the model in force: the action may have added a field.
  const entity_type& on = newest(*action.on);
  return {model, on, read_survivor(on, before.id())};
}

any_record session::state::call(const action_type& action, record_id subject,
                                const any_draft& arguments, transaction_options how) {
  if (arguments.base()) {
    throw error(error_code::misuse, "the arguments of " + std::string(action.arguments.name()) +
                                        " are a draft of a record; begin with an empty one");
  }
  if (tx == nullptr) {
    begin(access::write, std::move(how));
    try {
      return ended_by([this] { commit(); },
                      [&] {
                        return tx->already_done
                                   ? subject_as_it_is(in_force(*model, action), subject)
                                   : do_action(action, subject, arguments);
                      });
    } catch (...) {
      rollback();
      throw;
    }
  }
  require_writing();
  if (!how.operation_key.empty()) {
    throw error(error_code::misuse,
                "an action inside a transaction has no operation key of its own; give it to the "
                "outermost write()");
  }
  savepoint();
  try {
    part_with_reason part(*this, std::move(how.reason));
    any_record answer = do_action(action, subject, arguments);
    release();
    part.done();
    return answer;
  } catch (...) {
    rollback_to_savepoint();
    throw;
  }
}

table session::state::report(const report_type& given, const any_draft& arguments) {
  if (arguments.base()) {
    throw error(error_code::misuse, "the arguments of " + std::string(given.name()) +
                                        " are a draft of a record; begin with an empty one");
  }
  return at_one_instant([&] {
    const report_type& now = in_force(*model, given);
    const working_copy copy(*this, arguments);
    check_arguments(now.arguments, *copy);
    report_scope scope{*self, now, *copy};
    const reading_only quiet(*this);
    const statement inside(*this);
    const calling its_function(*this, now.arguments);
    return now.run(scope);
  });
}

any_record session::call(const action_type& action, record_id subject, any_draft& arguments,
                         transaction_options how) {
  const guard inside(*state_);
  return state_->answered([&] { return state_->call(action, subject, arguments, std::move(how)); });
}

table session::report(const report_type& asked, any_draft& arguments) {
  const guard inside(*state_);
  return state_->answered([&] { return state_->report(asked, arguments); });
}

}  // namespace kith::inline v1
