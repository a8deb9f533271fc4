/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions and reports: found by name, given arguments like records, called by number.
 */
#include "check.h"
#include "kith_model.h"

void test_calls(void);

static void numbers_by_name(const shop *s) {
  uint16_t number;
  kith_field argument;
  kith_verb_info info;
  kith_field_info field_of_it;
  size_t i, wins = 0;
  OK(kith_model_action(s->model, KITH_DEAL, T("win"), &number, ERR));
  IS_NUMBER(KITH_ACTION_DEAL_WIN, number);
  REFUSES(KITH_E_NOT_FOUND, "win", kith_model_action(s->model, KITH_DEAL, T("wni"), &number, ERR));
  IS_NUMBER(0, number);
  OK(kith_model_report(s->model, T("pipeline"), &number, ERR));
  IS_NUMBER(KITH_REPORT_PIPELINE, number);
  OK(kith_model_field(s->model, KITH_ACTION_DEAL_WIN, T("closed"), &argument, ERR));
  IS_NUMBER(KITH_ACTION_DEAL_WIN_CLOSED, argument);
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  for (i = 0; kith_model_action_at(s->model, i, &info, NULL) == KITH_OK; ++i) {
    if (info.number != KITH_ACTION_DEAL_WIN) continue;
    ++wins;
    IS_TEXT("win", info.name);
    IS_NUMBER(KITH_DEAL, info.entity);
    IS_NUMBER(1, info.subject);
    IS_NUMBER(2, info.arguments);
  }
  IS_NUMBER(1, wins);
  OK(kith_model_report_at(s->model, 0, &info, ERR));
  CHECK(info.name.size > 0);
  memset(&field_of_it, 0, sizeof field_of_it);
  field_of_it.struct_size = sizeof field_of_it;
  OK(kith_model_field_at(s->model, KITH_ACTION_DEAL_WIN, 1, &field_of_it, ERR));
  IS_TEXT("amount", field_of_it.name);
  IS_NUMBER(KITH_KIND_MONEY, field_of_it.kind);
}

static void actions(void) {
  shop s;
  kith_record *arguments, *deal;
  kith_call_options options;
  kith_record_state state;
  kith_value v;
  int64_t stage, id;
  open_shop(&s);
  numbers_by_name(&s);
  stage = add_stages(&s);
  id = add_deal(&s, "Fleet", add_client(&s, "Acme", NULL), stage, "1000 EUR");
  OK(kith_record_new(s.session, KITH_ACTION_DEAL_WIN, 0, &arguments, ERR));
  v = text_value("1100 EUR");
  OK(kith_record_set(arguments, KITH_ACTION_DEAL_WIN_AMOUNT, &v, ERR));
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.reason = T("signed");
  options.operation_key = T("win-1");
  REFUSES(KITH_E_MISUSE, "deal.lose", kith_call(s.session, KITH_ACTION_DEAL_LOSE, id, arguments, NULL, NULL, ERR));
  OK(kith_call(s.session, KITH_ACTION_DEAL_WIN, id, arguments, &options, &deal, ERR));
  OK(kith_crm_outcome(s.crm, T("win-1"), ERR));
  OK(kith_record_get(deal, KITH_DEAL_AMOUNT, &v, ERR));
  IS_NUMBER(110000, v.integer);
  OK(kith_record_get(deal, KITH_DEAL_CLOSED, &v, ERR));
  IS_NUMBER(KITH_KIND_DATE, v.kind);
  state.struct_size = sizeof state;
  OK(kith_record_info(deal, &state, ERR));
  IS_NUMBER(id, state.id);
  kith_record_free(deal);
  kith_record_free(arguments);
  ANSWERS(KITH_E_INVALID, kith_call(s.session, KITH_ACTION_DEAL_LOSE, id, NULL, NULL, &deal, ERR));
  CHECK(deal == NULL);
  ANSWERS(KITH_E_NOT_FOUND, kith_call(s.session, KITH_ACTION_DEAL_WIN, id + 999, NULL, NULL, NULL, ERR));
  REFUSES(KITH_E_NOT_FOUND, "action 77", kith_call(s.session, 77, id, NULL, NULL, NULL, ERR));
  close_shop(&s);
}

static void reports(void) {
  shop s;
  kith_record *arguments;
  kith_table *t;
  kith_text chart;
  kith_value v = text_value("client");
  int64_t stage;
  open_shop(&s);
  stage = add_stages(&s);
  add_deal(&s, "Fleet", add_client(&s, "Acme", NULL), stage, "1000 EUR");
  add_deal(&s, "Tyres", add_client(&s, "Bolt", NULL), stage, "500 EUR");
  OK(kith_report(s.session, KITH_REPORT_PIPELINE, NULL, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  IS_NUMBER(2, integer_at(t, 0, "deals"));
  IS_NUMBER(150000, integer_at(t, 0, "amount"));
  kith_table_free(t);
  OK(kith_record_new(s.session, KITH_REPORT_PIPELINE, 0, &arguments, ERR));
  OK(kith_record_set(arguments, KITH_REPORT_PIPELINE_BY, &v, ERR));
  OK(kith_report(s.session, KITH_REPORT_PIPELINE, arguments, &t, ERR));
  kith_record_free(arguments);
  close_shop(&s); /* the table is free of it */
  IS_NUMBER(2, rows_of(t));
  OK(kith_table_chart(t, &chart, ERR));
  CHECK(chart.size > 50 && chart.data[0] == '{');
  kith_table_free(t);
}

void test_calls(void) {
  actions();
  reports();
}
