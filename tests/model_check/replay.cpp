// SPDX-License-Identifier: Apache-2.0
#include "model_check/replay.hpp"

#include <algorithm>
#include <set>

#include "kith/core/error.hpp"
#include "model_check/feed_check.hpp"
#include "model_check/generate.hpp"
#include "model_check/import_run.hpp"
#include "model_check/past_check.hpp"
#include "model_check/run.hpp"

namespace kith::model_check {
namespace {

// One store beside one ledger.
class replaying {
 public:
  replaying(const conformance::backend& where, const world& start, write_counts& counts)
      : where_(where),
        world_(start),
        in_(where, world_),
        told_(start, in_.session().sequence()),
        feed_(in_, told_.sequence()),
        past_(in_),
        counts_(counts) {}

  std::string run(const std::vector<step>& steps) {
    for (const step& s : steps) {
      if (!told_.possible(s)) continue;
      const std::string want = told_.apply(s);
      world_ = told_.now();
      count(s, want);
      const std::string is = done(s);
      if (is != want)
        return at(s) + "is " + is + ", expected " + want + (why_.empty() ? "" : "; " + why_);
      if (want != "done" || s.what == act::roll_back) in_.forget_missing();
      if (s.what == act::look || s.what == act::reopen || told_.depth() == 0) {
        if (std::string wrong = compare(); !wrong.empty()) return at(s) + wrong;
      }
    }
    open_.clear();
    if (std::string wrong = feed_.whole(); !wrong.empty()) return wrong;
    return damages();
  }

 private:
  // Whatever was done, verification finds a sound store.
  std::string damages() {
    std::string all;
    for (const damage& d : in_.crm().verify().found) {
      all += "\n  " + d.entity + " " + std::to_string(d.id.value) + ": " + d.what;
    }
    return all.empty() ? all : "verification finds" + all;
  }

  std::string at(const step& s) const { return "after `" + model_check::shown(world_, s) + "`: "; }

  void count(const step& s, const std::string& want) {
    ++counts_.steps;
    const std::string text = model_check::shown(world_, {.what = s.what});
    const std::string name = text.substr(0, text.find(' '));
    if (kinds_.insert(name).second) ++counts_.sequences[name];
    if (s.what == act::import) return count_import(s);
    counts_.refused += want != "done";
    ++counts_.outcomes[name + " " + (want.find(',') == std::string::npos ? want : "in part")];
    if (s.other) ++counts_.outcomes[name + " by another session"];
  }

  void count_import(const step& s) {
    const import_outcome& o = told_.imported();
    counts_.refused += !o.refused.empty();
    ++counts_.outcomes[std::string("import ") + (s.file.dry_run ? "dry run" : "done")];
    counts_.outcomes["import rows inserted"] += o.inserted;
    counts_.outcomes["import rows updated"] += o.updated;
    counts_.outcomes["import rows unchanged"] += o.unchanged;
    counts_.outcomes["import rows refused"] += o.refused.size();
  }

  // ------------------------------------------------------------------------------------------
  // doing

  std::string done(const step& s) {
    why_.clear();
    try {
      return do_step(s);
    } catch (const error& e) {
      why_ = e.message();
      return std::string(name_of(e.code()));
    }
  }

  std::string do_step(const step& s) {
    kith::session& session = s.other ? other_session() : in_.session();
    const auto entity = [&]() -> const entity_type& {
      // Another session learns of a changed model when it writes.
      return in_.session().model()->entity(
          world_.entities[static_cast<std::size_t>(s.entity)].name);
    };
    switch (s.what) {
      case act::begin: open_.push_back(session.write({.operation_key = s.key})); break;
      case act::commit:
        open_.back().commit();
        open_.pop_back();
        break;
      case act::roll_back:
        open_.back().rollback();
        open_.pop_back();
        break;
      case act::add: {
        any_draft d = draft_of(s, entity());
        in_.met(s.handle, session.add_row(entity(), d)->id().value);
        break;
      }
      case act::change: {
        any_draft d = draft_of(s, entity());
        session.update_row(entity(), {in_.id_of(s.handle)}, d);
        break;
      }
      case act::remove: session.remove_row(entity(), {in_.id_of(s.handle)}); break;
      case act::restore: session.restore_row(entity(), {in_.id_of(s.handle)}); break;
      case act::batch: return batch(s, entity());
      case act::add_field: session.add_field(entity().name(), custom(world_, s.field)); break;
      case act::retire_field: session.retire_field(entity().name(), s.field.name); break;
      case act::add_entity: session.add_entity(custom(world_, s.made)); break;
      case act::reopen: reopen(); break;
      case act::repeat: return repeat();
      case act::look: break;
      case act::import: return run_import(world_, in_, s.entity, s.file, told_.imported());
      case act::take: taken_[s.draft] = session.get_row(entity(), {in_.id_of(s.handle)}); break;
      case act::save: {
        any_draft d = draft_of(s, entity());
        d.rebase(taken_.at(s.draft));
        session.update_row(entity(), {in_.id_of(s.handle)}, d);
        break;
      }
    }
    return "done";
  }

  kith::session& other_session() {
    if (!other_) other_.emplace(in_.crm().open_session(in_.session().options()));
    return *other_;
  }

  any_draft draft_of(const step& s, const entity_type& e) const {
    any_draft d;
    const entity_plan& plan = world_.entities[static_cast<std::size_t>(s.entity)];
    for (const auto& [name, v] : s.values) {
      for (const field_plan& f : plan.fields) {
        if (f.name != name) continue;
        in_.put(d, e, f, v);
        if (!v.known && (f.is.kind == kind_id::money || f.is.kind == kind_id::any_ref)) {
          d.put(static_cast<slot_number>(e.field(f.name).field->slot + 1), cell::null());
        }
      }
    }
    return d;
  }

  std::string batch(const step& s, const entity_type& e) {
    std::vector<any_draft> drafts;
    for (const step& item : s.items) drafts.push_back(draft_of(item, e));
    std::vector<any_draft*> plain;
    for (any_draft& d : drafts) plain.push_back(&d);
    const auto results = in_.session().add_rows(
        e, plain, s.all_or_nothing ? batch_mode::all_or_nothing : batch_mode::per_item);
    std::string outcomes;
    bool all = true;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const bool added = !results[i].refused;
      if (added) in_.met(s.items[i].handle, results[i].id.value);
      all = all && added;
      outcomes += (i == 0 ? "" : ", ") +
                  (added ? "done" : std::string(name_of(results[i].refused->code())));
    }
    return all ? "done" : outcomes;
  }

  void reopen() {
    if (!where_.reopen) return;
    ++counts_.reopened;
    held_.reset();
    past_.let_go();
    other_.reset();
    in_.reopen(where_);
  }

  // A second time the same work: it is known, and nothing more can be done under its name.
  std::string repeat() {
    transaction again = in_.session().write({.operation_key = told_.keys().back()});
    if (!again.already_done()) return "forgotten";
    try {
      any_draft d;
      in_.session().add_row(in_.session().model()->entity("node"), d);
      return "done twice";
    } catch (const error& e) {
      if (e.code() != error_code::exists) return std::string(name_of(e.code()));
    }
    return "done";
  }

  // ----------------------------------------------------------------------------------------
  // comparing

  std::string compare() {
    std::string wrong = compare_records();
    if (wrong.empty() && told_.depth() == 0) {
      ++counts_.commits;
      if (in_.session().sequence() != told_.sequence()) {
        return "the sequence is " + std::to_string(in_.session().sequence()) + ", expected " +
               std::to_string(told_.sequence());
      }
      wrong = feed_.newest(told_);
      if (wrong.empty()) wrong = compare_revisions();
      if (wrong.empty()) wrong = compare_held();
      if (wrong.empty()) past_.remember(told_, feed_);
      if (wrong.empty()) wrong = past_.compare(world_, counts_.past);
    }
    return wrong.empty() ? ask_some() : wrong;
  }

  std::string compare_records() { return first_difference(in_.dump(), expected_dump(world_)); }

  std::string compare_revisions() {
    for (const entity_plan& e : world_.entities) {
      const entity_type& type = in_.session().model()->entity(e.name);
      for (const record_plan& r :
           world_.records[static_cast<std::size_t>(&e - world_.entities.data())]) {
        const std::int64_t is =
            in_.session().get_row(type, {in_.id_of(r.handle)})->system().revision;
        if (is == feed_.revision(r.handle)) continue;
        return e.name + "#" + std::to_string(r.handle) + " has the revision " + std::to_string(is) +
               ", in the feed it is " + std::to_string(feed_.revision(r.handle));
      }
    }
    return {};
  }

  // A reader that began earlier goes on seeing what was there then.
  struct reader {
    reader(kith::crm& of, const world& w)
        : own(of.open_session(
              {.actor = "reader", .actor_id = {}, .zone = time_zone::named(w.zone_name)})),
          instant(own.read()),
          seen(w) {}
    kith::session own;
    transaction instant;
    world seen;
  };
  std::string compare_held() {
    if (!in_.crm().can().parallel_reads) return {};
    std::string wrong;
    if (held_) {
      ++counts_.held;
      wrong = first_difference(in_.dump(held_->own, held_->seen), expected_dump(held_->seen));
      if (!wrong.empty()) wrong = "to a reader that began earlier, " + wrong;
    }
    const bool next = held_ == nullptr || told_.sequence() % 3 == 0;
    if (next) {
      held_.reset();
      held_ = std::make_unique<reader>(in_.crm(), world_);
    }
    return wrong;
  }

  // Questions about what is there, unique values among them.
  std::string ask_some() {
    world w = world_;
    in_.copy_numbers(w);
    query_maker maker(w, static_cast<std::uint64_t>(told_.sequence()) * 31 + ++looks_);
    std::vector<question> questions;
    for (int i = 0; i < 2; ++i) questions.push_back(maker.make());
    questions.push_back(totals(w));
    for (std::size_t e = 0; e < w.entities.size(); ++e)
      add_unique(w, static_cast<int>(e), questions);
    for (question& q : questions) {
      if (told_.depth() != 0) q.in_transaction = q.in_writing = false;
      ++counts_.questions;
      const answer is = ask(in_, w, q);
      const std::vector<answer> want = expect(w, q);
      if (std::find(want.begin(), want.end(), is) != want.end()) continue;
      std::string text = described(w, in_, q) + "\n    is";
      for (const std::string& line : is.lines) text += "\n      " + line;
      text += is.why + "\n    expected";
      for (const std::string& line : want.front().lines) text += "\n      " + line;
      return text;
    }
    return {};
  }

  // Back aggregates of every document, deleted ones included.
  static question totals(const world& w) {
    constexpr int docs = 1;
    const entity_plan& e = w.entities[docs];
    question q;
    q.as = question::shape::select;
    q.entity = docs;
    q.rows = lifecycle::all;
    const auto column = [&](const char* name) {
      q.columns.push_back({name, make_path(w, docs, {e.field(name)})});
    };
    column("net");
    column("line_count");
    column("twice");
    const entity_plan& lines = w.entities[2];
    q.columns.push_back({"total", make_related(w, aggregate::sum, docs, {}, 0,
                                               make_path(w, 2, {lines.field("net")}), {})});
    q.columns.push_back({"peers", make_related(w, aggregate::count, docs, {}, 2, {}, {})});
    return q;
  }

  // Who has the unique value of some record: itself alone, when it is live.
  static void add_unique(const world& w, int entity, std::vector<question>& to) {
    const auto e = static_cast<std::size_t>(entity);
    if (w.records[e].empty()) return;
    const record_plan& r = w.records[e].back();
    for (std::size_t f = 0; f < w.entities[e].fields.size(); ++f) {
      if (!w.entities[e].fields[f].unique || !r.values[f].known) continue;
      question q;
      q.entity = entity;
      type is = w.entities[e].fields[f].is;
      if (is_texty(is.kind)) is = {kind_id::text, 0, false, -1, -1};
      q.where = make_test(op::equal, {make_path(w, entity, {static_cast<int>(f)}),
                                      make_literal(is, r.values[f], tree::form::placed)});
      to.push_back(std::move(q));
    }
  }

  const conformance::backend& where_;
  world world_;
  loaded in_;
  ledger told_;
  feed_check feed_;
  past_check past_;
  std::unique_ptr<reader> held_;
  std::optional<kith::session> other_;
  std::map<int, row_ptr> taken_;  ///< by draft
  std::set<std::string> kinds_;   ///< of steps in this sequence
  std::vector<transaction> open_;
  write_counts& counts_;
  std::uint64_t looks_ = 0;  ///< of this sequence: the same questions when it is run again
  std::string why_;
};

}  // namespace

std::string replay(const conformance::backend& where, const world& start,
                   const std::vector<step>& steps, write_counts* counts) {
  write_counts own;
  try {
    return replaying(where, start, counts == nullptr ? own : *counts).run(steps);
  } catch (const error& e) {
    return "error " + std::string(name_of(e.code())) + ": " + e.message();
  }
}

}  // namespace kith::model_check
