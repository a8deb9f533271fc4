// SPDX-License-Identifier: Apache-2.0
//
// Running rules: each sees the draft as the ones before it left it, reads only what it declared,
// and runs only when something it reads has changed.
#include <algorithm>

#include "core/draft_cells.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1 {
namespace {

class scope final : public rule_scope {
 public:
  scope(session::state& of, const entity_type& e, any_draft& d, record_id id, violation_list* found,
        session* writer)
      : state_(of), entity_(e), draft_(d), id_(id), found_(found), writer_(writer) {}

  void enter(const rule& r) { rule_ = &r; }

  const any_draft& draft() const override { return draft_; }
  const entity_type& entity() const override { return entity_; }
  record_id id() const override { return id_; }

  end_of_path follow(std::span<const key_ref> path, bool old) override {
    const bool declared = std::any_of(rule_->reads.begin(), rule_->reads.end(), [&](const auto& p) {
      return std::equal(p.begin(), p.end(), path.begin(), path.end());
    });
    if (!declared) {
      throw error(error_code::model,
                  "the rule " + rule_->name + " reads a path it did not declare");
    }
    const entity_type* e = &entity_;
    row_ptr r;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      const field_type& f = *e->field(path[i].field);
      const std::int64_t id = i != 0 ? r->integer(f.slot)
                              : old  ? (draft_.base() ? draft_.base()->integer(f.slot) : 0)
                                     : draft_.integer(f.slot);
      if (id == 0) return {};
      r = state_.read(*f.target, {id});
      if (!r) return {};
      e = f.target;
    }
    const field_type& last = *e->field(path.back().field);
    const unsigned part = path.back().part == whole_value ? 0 : path.back().part;
    return {std::move(r), last.def, static_cast<slot_number>(last.slot + part)};
  }

  bool changed(std::uint16_t number) const override {
    const field_type* f = entity_.field(number);
    return f != nullptr && f->is_stored() && detail::differs(*f, draft_);
  }

  any_draft& writable(const field_def& f) override {
    const bool declared = rule_->phase == rule_phase::complete &&
                          std::any_of(rule_->writes.begin(), rule_->writes.end(),
                                      [&](const key_ref& w) { return w.field == f.number; });
    if (!declared) {
      throw error(error_code::model, "the rule " + rule_->name + " writes " + std::string(f.name) +
                                         ", which it did not declare");
    }
    return draft_;
  }

  void refuse(std::string_view rule, std::string_view field, std::string message) override {
    if (found_ == nullptr) {
      throw error(error_code::model, "the rule " + rule_->name + " refuses, but is no check");
    }
    const auto place = entity_.find_field(field);
    std::string value;
    if (place && place->field->is_stored()) {
      value = session::state::printed_value(*place->field, draft_);
    }
    found_->push_back({std::string(entity_.name()), std::string(field), std::string(rule),
                       std::move(value), std::move(message)});
  }

  session& writer() override {
    if (writer_ == nullptr) {
      throw error(error_code::model, "the rule " + rule_->name + " writes, but is no reaction");
    }
    return *writer_;
  }

  instant now() const override { return state_.tx->at; }
  date today() const override { return state_.options.zone.date_of(state_.tx->at); }
  std::string_view actor() const override { return state_.options.actor; }
  record_id actor_id() const override { return state_.options.actor_id; }
  std::string_view reason() const override { return state_.tx->options.reason; }

  /// Something that the rule reads has changed, or the record is new.
  bool concerns(const rule& r) const {
    if (!draft_.base() || r.reads.empty()) return true;
    return std::any_of(r.reads.begin(), r.reads.end(), [&](const std::vector<key_ref>& path) {
      const field_type* f = entity_.field(path.front().field);
      return f != nullptr && f->is_stored() && detail::differs(*f, draft_);
    });
  }

 private:
  session::state& state_;
  const entity_type& entity_;
  any_draft& draft_;
  record_id id_;
  violation_list* found_;
  session* writer_;
  const rule* rule_ = nullptr;
};

void run_rules(scope& s, const std::vector<const rule*>& rules) {
  for (const rule* r : rules) {
    if (!s.concerns(*r)) continue;
    s.enter(*r);
    r->run(s);
  }
}

}  // namespace

void session::state::complete(const entity_type& e, any_draft& d, record_id id) {
  const rule_book& book = eng->rules_of(e);
  if (book.complete.empty()) return;
  scope s(*this, e, d, id, nullptr, nullptr);
  run_rules(s, book.complete);
}

void session::state::run_checks(const entity_type& e, any_draft& d, record_id id,
                                violation_list& found) {
  const rule_book& book = eng->rules_of(e);
  if (book.check.empty()) return;
  scope s(*this, e, d, id, &found, nullptr);
  run_rules(s, book.check);
}

void session::state::react(const entity_type& e, any_draft& d, record_id id) {
  run_reactions(eng->rules_of(e).react, e, d, id);
}

void session::state::react_to_undo(const entity_type& e, any_draft& d, record_id id) {
  run_reactions(eng->rules_of(e).react_to_undo, e, d, id);
}

void session::state::run_reactions(const std::vector<const rule*>& rules, const entity_type& e,
                                   any_draft& d, record_id id) {
  if (rules.empty()) return;
  if (tx->reactions >= static_cast<int>(eng->limits().rule_rounds)) {
    throw error(error_code::limit, "reactions to reactions do not end: " + rules.front()->name);
  }
  // Reactions write through the public interface, inside this call.
  struct nesting {
    explicit nesting(state& of) : state_(of), before_(of.nesting_allowed) {
      of.nesting_allowed = true;
      ++of.tx->reactions;
    }
    ~nesting() {
      state_.nesting_allowed = before_;
      if (state_.tx != nullptr) --state_.tx->reactions;
    }
    state& state_;
    bool before_;
  } const inside(*this);
  scope s(*this, e, d, id, nullptr, self);
  run_rules(s, rules);
}

}  // namespace kith::inline v1
