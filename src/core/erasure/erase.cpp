// SPDX-License-Identifier: Apache-2.0
//
// One person out of everything: the feed first, as long as the records lead to their sets; then the
// records; then what was computed from them, and the proof.
#include "core/erasure/erase.hpp"

#include <algorithm>

#include "core/erasure/feed_eraser.hpp"
#include "core/erasure/neutral.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

class erasure {
 public:
  erasure(session::state& of, erasure_report& report)
      : s_(of), report_(report), who_(*of.model), feed_(of, who_) {}

  void run(const entity_type& e, record_id subject) {
    if (who_.personal(e).empty()) refuse(e, subject);
    subject_file file(s_.rows(), *s_.model, who_);
    file.collect(e, subject);
    const std::vector<member> members = file.members();
    require_no_hold(s_, members);
    for (const member& m : members) {
      const row_ptr r = s_.rows().get(*m.entity, m.id, needed_cells::with_keys);
      if (!r) continue;
      feed_.add(m, r->system().revision);
      note_fields(*m.entity, r);
    }
    feed_.run();
    for (const member& m : members) take(m);
    s_.settle();
    feed_.clean_own_set();
    report_.change_sets = feed_.sets();
    std::erase_if(report_.categories,
                  [](const erased_category& c) { return c.erased == 0 && c.emptied == 0; });
    s_.tx->wrote = true;
  }

 private:
  [[noreturn]] static void refuse(const entity_type& e, record_id subject) {
    throw error(error_code::misuse,
                std::string(e.plural()) +
                    " have no personal field, so there is nothing to erase; "
                    "name the client, contact or user",
                {std::string(e.name()), subject.value, {}});
  }

  erased_category& category(const entity_type& e) {
    for (erased_category& c : report_.categories) {
      if (c.entity == e.name()) return c;
    }
    return report_.categories.emplace_back(erased_category{std::string(e.name()), 0, 0, {}});
  }

  void note_fields(const entity_type& e, const row_ptr& r) {
    for (const field_type* f : who_.personal(e)) {
      if (!has_personal_value(e, *f, r)) continue;
      std::vector<std::string>& known = category(e).fields;
      if (std::find(known.begin(), known.end(), f->name()) == known.end()) {
        known.emplace_back(f->name());
      }
    }
  }

  void take(const member& m) {
    const entity_type& e = *m.entity;
    const row_ptr r = s_.rows().get(e, m.id, needed_cells::with_keys);
    if (!r) return;
    if (m.becomes == fate::goes) {
      s_.erase_row(e, r);
      ++category(e).erased;
      return;
    }
    const row_ptr emptied = empty(e, r);
    if (emptied != r) ++category(e).emptied;
    if (m.becomes == fate::shell && emptied->live()) {
      s_.write_lifecycle(e, emptied, true, change_kind::remove);
    }
  }

  row_ptr empty(const entity_type& e, const row_ptr& r) {
    any_draft d(r);
    for (const field_type* f : who_.personal(e)) {
      if (f->def->mode == computed_mode::none && has_personal_value(e, *f, r)) {
        put_neutral(e, *f, r->id(), d);
      }
    }
    s_.derive_keys(e, d);
    s_.compute_own(e, d, r->id());
    const std::vector<slot_number> changed = s_.drop_unchanged(e, d);
    if (changed.empty()) return r;
    system_cells system = r->system();
    system.revision = s_.tx->sequence;
    const row_change change{&e, r, s_.build(e, system, d), changed};
    s_.store_row(change, change_kind::erase);
    return change.after;
  }

  session::state& s_;
  erasure_report& report_;
  persons who_;
  feed_eraser feed_;
};

}  // namespace

void check_words(std::string_view what, std::string_view text) {
  if (!invalid_utf8(text) && text.find('\0') == std::string_view::npos &&
      text.size() <= limits{}.text_bytes) {
    return;
  }
  throw error(error_code::invalid,
              "the " + std::string(what) + " is UTF-8 text without NUL of at most " +
                  std::to_string(limits{}.text_bytes) + " bytes; give other words",
              {"erasure", 0, std::string(what)});
}

erasure_report erase_subject(session::state& s, const entity_type& given, record_id subject,
                             erase_options options) {
  s.require_full_sight("erase");
  if (s.tx != nullptr) {
    throw error(error_code::denied,
                "an erasure is a transaction of its own; commit or roll back the open one first",
                {std::string(given.name()), subject.value, {}});
  }
  check_words("legal_basis", options.legal_basis);
  erasure_report report;
  s.begin(access::write, {.reason = options.reason});
  try {
    const entity_type& e = s.newest(given);
    if (e.about->internal || !s.rows().get(e, subject)) {
      throw error(error_code::not_found,
                  "there is no " + std::string(e.name()) + " " + std::to_string(subject.value),
                  {std::string(e.name()), subject.value, {}});
    }
    report.sequence = s.tx->sequence;
    report.at = s.tx->at;
    report.actor = s.options.actor;
    report.reason = options.reason;
    report.legal_basis = options.legal_basis;
    report.entity = e.name();
    report.subject = subject;
    erasure(s, report).run(e, subject);
    write_proof(s, report, e.number);
    s.commit();
  } catch (...) {
    s.rollback();
    throw;
  }
  return report;
}

std::vector<subject_records> about(session::state& s, const entity_type& given, record_id subject) {
  s.require_full_sight("list the records about a person");
  return s.at_one_instant([&] {
    const entity_type& e = s.newest(given);
    if (e.about->internal || !s.rows().get(e, subject)) {
      throw error(error_code::not_found,
                  "there is no " + std::string(e.name()) + " " + std::to_string(subject.value),
                  {std::string(e.name()), subject.value, {}});
    }
    const persons who(*s.model);
    subject_file file(s.rows(), *s.model, who);
    file.collect(e, subject);
    std::vector<subject_records> all;
    for (const member& m : file.members()) {
      const bool owned = m.becomes != fate::stays && m.entity->number != e.number;
      const auto found = std::find_if(all.begin(), all.end(), [&](const subject_records& r) {
        return r.entity == m.entity->name() && r.owned == owned;
      });
      subject_records& of =
          found != all.end()
              ? *found
              : all.emplace_back(subject_records{std::string(m.entity->name()), {}, owned});
      of.records.push_back(m.id);
    }
    return all;
  });
}

}  // namespace kith::inline v1::detail
