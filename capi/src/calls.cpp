// SPDX-License-Identifier: Apache-2.0
//
// Actions and reports.
#include "handles.hpp"
#include "kith/core/report.hpp"

namespace kith::capi {
namespace {

// The arguments as a draft of its own: a call may fill it in.
any_draft arguments_of(const kith_record* given, const entity_type& wanted) {
  if (given == nullptr) return {};
  const kith_record& r = use(given);
  if (r.entity->number != wanted.number) {
    misuse("the record holds " + std::string(r.entity->name()) + ", not the arguments of " +
           std::string(wanted.name()));
  }
  return r.draft;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_call(kith_session* session, uint16_t action, int64_t subject,
                      const kith_record* arguments, const kith_call_options* options,
                      kith_record** record, kith_error** err) {
  return guard(err, outs(record), [&] {
    kith::session& s = session_of(session);
    const kith_call_options o = taken(options, "options");
    const model_ptr m = s.model();
    const action_type* const a = m->find_action(action);
    if (a == nullptr) {
      throw error(error_code::not_found, "there is no action " + std::to_string(action));
    }
    any_draft given = arguments_of(arguments, a->arguments);
    transaction_options how;
    how.reason = string_of(o.reason, "the reason");
    how.operation_key = std::string(bytes_of(o.operation_key, "the operation key"));
    how.batch = {o.batch};
    auto made = std::make_unique<kith_record>();  // before anything is done
    const any_record answer = s.call(*a, {subject}, given, std::move(how));
    if (record != nullptr && answer) {
      fill_record(*made, *use(session).box, answer.entity(), answer.row());
      *record = made.release();
    }
    return KITH_OK;
  });
}

kith_status kith_report(kith_session* session, uint16_t report, const kith_record* arguments,
                        kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    const model_ptr m = s.model();
    const report_type* const r = m->find_report(report);
    if (r == nullptr) {
      throw error(error_code::not_found, "there is no report " + std::to_string(report));
    }
    any_draft given = arguments_of(arguments, r->arguments);
    auto made = table_of(m, s.report(*r, given));
    made->report = r;
    *table = made.release();
    return KITH_OK;
  });
}

kith_status kith_table_chart(const kith_table* table, kith_text* chart, kith_error** err) {
  return guard(err, outs(chart), [&] {
    need(chart, "chart");
    const kith_table& t = use(table);
    if (t.report == nullptr) {
      throw error(error_code::unsupported, "only a report's table has a chart");
    }
    constexpr std::uint64_t chart_key = ~std::uint64_t{1};
    *chart = to_c(t.texts.of(chart_key, [&] { return chart_of(*t.report, t.rows); }));
    return KITH_OK;
  });
}
