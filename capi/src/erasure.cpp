// SPDX-License-Identifier: Apache-2.0
//
// The right to be forgotten, and to know what is kept.
#include "tables.hpp"

namespace kith::capi {
namespace {

kith::table proofs_of(const std::vector<erasure_report>& reports) {
  table_builder t({"sequence", "at", "actor", "reason", "legal_basis", "entity", "subject",
                   "change_sets", "category", "erased", "emptied", "fields"});
  for (const erasure_report& r : reports) {
    const auto row = [&](const erased_category& c) {
      std::string fields;
      for (const std::string& f : c.fields) fields += (fields.empty() ? "" : ", ") + f;
      t.row({value(r.sequence), value(r.at), text_value(r.actor), text_value(r.reason),
             text_value(r.legal_basis), text_value(r.entity), id_value(r.subject),
             count_value(r.change_sets), text_value(c.entity), count_value(c.erased),
             count_value(c.emptied), text_value(fields)});
    };
    if (r.categories.empty()) row({});
    for (const erased_category& c : r.categories) row(c);
  }
  return t.done();
}

kith_status give_proofs(const session& s, const std::vector<erasure_report>& reports,
                        kith_table** out) {
  if (out != nullptr) *out = table_of(s.model(), proofs_of(reports)).release();
  return KITH_OK;
}

retention_rule rule_of(const kith_retention* given, const session& s) {
  if (given == nullptr) misuse("rule is NULL");
  const kith_retention r = taken(given, "rule");
  return {std::string(entity_of(*s.model(), r.entity).name()),
          string_of(r.condition, "the condition"), string_of(r.reason, "the reason"),
          string_of(r.legal_basis, "the legal basis")};
}

erasure_report report_of(const kith_erased& e, const session& s) {
  erasure_report r;
  r.entity = std::string(entity_of(*s.model(), e.entity).name());
  r.subject = {e.subject};
  r.reason = string_of(e.reason, "the reason");
  r.legal_basis = string_of(e.legal_basis, "the legal basis");
  return r;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_erase(kith_session* session, uint16_t entity, int64_t subject, kith_text reason,
                       kith_text legal_basis, kith_table** proof, kith_error** err) {
  return guard(err, outs(proof), [&] {
    kith::session& s = session_of(session);
    const erasure_report done = s.erase_subject(
        entity_of(session, entity), {subject},
        {string_of(reason, "the reason"), string_of(legal_basis, "the legal basis")});
    return give_proofs(s, {done}, proof);
  });
}

kith_status kith_erasures(kith_session* session, kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    return give_proofs(s, s.erasures(), table);
  });
}

kith_status kith_erase_again(kith_session* session, const kith_erased* erased, size_t count,
                             kith_table** proofs, kith_error** err) {
  return guard(err, outs(proofs), [&] {
    kith::session& s = session_of(session);
    std::vector<erasure_report> list;
    for (const kith_erased& e : array_of(erased, count, "erased")) list.push_back(report_of(e, s));
    return give_proofs(s, reapply(s, list), proofs);
  });
}

kith_status kith_about(kith_session* session, uint16_t entity, int64_t subject, kith_table** table,
                       kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    table_builder t({"entity", "id", "owned"});
    for (const subject_records& r : s.about(entity_of(session, entity), {subject})) {
      for (const record_id i : r.records)
        t.row({text_value(r.entity), id_value(i), value(r.owned)});
    }
    *table = table_of(s.model(), t.done()).release();
    return KITH_OK;
  });
}

kith_status kith_hold(kith_session* session, uint16_t entity, int64_t id, kith_text reason,
                      kith_error** err) {
  return guard(err, nothing, [&] {
    session_of(session).hold(entity_of(session, entity), {id}, text_of(reason, "the reason"));
    return KITH_OK;
  });
}

kith_status kith_release(kith_session* session, uint16_t entity, int64_t id, kith_error** err) {
  return guard(err, nothing, [&] {
    session_of(session).release(entity_of(session, entity), {id});
    return KITH_OK;
  });
}

kith_status kith_holds(kith_session* session, kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    table_builder t({"entity", "record", "reason", "since"});
    for (const legal_hold& h : s.holds()) {
      t.row({text_value(h.entity), id_value(h.record), text_value(h.reason), value(h.since)});
    }
    *table = table_of(s.model(), t.done()).release();
    return KITH_OK;
  });
}

kith_status kith_due(kith_session* session, const kith_retention* rule, kith_table** table,
                     kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    table_builder t({"id"});
    for (const record_id i : s.due(rule_of(rule, s))) t.row({id_value(i)});
    *table = table_of(s.model(), t.done()).release();
    return KITH_OK;
  });
}

kith_status kith_apply_retention(kith_session* session, const kith_retention* rule, size_t most,
                                 kith_table** proofs, kith_error** err) {
  return guard(err, outs(proofs), [&] {
    kith::session& s = session_of(session);
    return give_proofs(s, s.apply(rule_of(rule, s), most == 0 ? 1000 : most), proofs);
  });
}

kith_status kith_access_export(kith_session* session, uint16_t entity, int64_t subject,
                               kith_file_fn file, void* user_data, kith_error** err) {
  return guard(err, nothing, [&] {
    kith::session& s = session_of(session);
    if (file == nullptr) misuse("file is NULL");
    for (const access_file& f : access_export(s, entity_of(session, entity), {subject})) {
      kith_error* refusal = nullptr;
      const kith_status status =
          file(user_data, to_c(f.name), to_c(f.entity), f.named, f.records, to_c(f.csv), &refusal);
      rethrow(status, refusal, "the file callback");
    }
    return KITH_OK;
  });
}
