/* SPDX-License-Identifier: Apache-2.0
 *
 * What a model tells, and what is added to it at run time.
 */
#include "check.h"

void test_models(void);

#define SIZED(type, name) \
  type name;              \
  memset(&name, 0, sizeof name); \
  name.struct_size = sizeof name

static void entities_and_fields(void) {
  shop s;
  size_t i, n = 0;
  uint16_t last = 0;
  kith_field key, part;
  SIZED(kith_model_counts, counts);
  SIZED(kith_entity_info, e);
  SIZED(kith_field_info, f);
  SIZED(kith_choice_info, choice);
  SIZED(kith_part_info, p);
  SIZED(kith_relation_info, relation);
  open_shop(&s);
  OK(kith_model_info(s.model, &counts, ERR));
  CHECK(counts.entities > 15);
  for (i = 0; kith_model_entity_at(s.model, i, &e, NULL) == KITH_OK; ++i) {
    CHECK(e.number > last);
    last = e.number;
    for (n = 0; kith_model_field_at(s.model, e.number, n, &f, NULL) == KITH_OK; ++n) {
      kith_field found;
      OK(kith_model_field(s.model, e.number, f.name, &found, ERR));
      IS_NUMBER(f.field, found);
    }
    IS_NUMBER(e.fields, n);
  }
  IS_NUMBER(counts.entities, i);

  IS_NUMBER(20, entity(&s, "clients"));
  REFUSES(KITH_E_NOT_FOUND, "client", kith_model_entity(s.model, T("cleint"), &last, ERR));
  IS_NUMBER(0, last);
  key = field(&s, "client", "name");
  IS_NUMBER(20 << 16 | 1, key);
  OK(kith_model_field_at(s.model, 20, 0, &f, ERR));
  IS_TEXT("name", f.name);
  IS_TEXT("text", f.kind_name);
  IS_TEXT("Название", f.ru);
  IS_NUMBER(KITH_KIND_TEXT, f.kind);
  IS_NUMBER(300, f.max_length);
  CHECK((f.flags & KITH_FIELD_REQUIRED) != 0 && (f.flags & KITH_FIELD_PERSONAL) != 0);
  CHECK((f.flags & (KITH_FIELD_CUSTOM | KITH_FIELD_COMPUTED)) == 0);

  key = field(&s, "client", "kind");
  OK(kith_model_choice_at(s.model, key, 1, &choice, ERR));
  IS_NUMBER(2, choice.number);
  IS_TEXT("organisation", choice.name);
  ANSWERS(KITH_DONE, kith_model_choice_at(s.model, key, 3, &choice, ERR));

  key = field(&s, "client", "address");
  part = field(&s, "client", "address.city");
  IS_NUMBER(part, field(&s, "client", "city"));
  for (i = 0; kith_model_part_at(s.model, key, i, &p, NULL) == KITH_OK; ++i) {
    if (p.field == part) IS_TEXT("city", p.name);
  }
  IS_NUMBER(5, i);

  for (i = 0; kith_model_relation_at(s.model, 20, i, &relation, NULL) == KITH_OK; ++i) {
    if (relation.by == field(&s, "deal", "client")) IS_TEXT("deals", relation.name);
  }
  CHECK(i > 4);
  ANSWERS(KITH_E_NOT_FOUND, kith_model_field_at(s.model, 999, 0, &f, ERR));
  close_shop(&s);
}

static void fields_of_users(void) {
  static const kith_text choices[] = {{"gold", 4}, {"золото", 12}, {"iron", 4}, {"железо", 12}};
  shop s;
  kith_record *r;
  kith_value v;
  kith_field tier, plate;
  kith_model *now;
  uint16_t vehicle;
  SIZED(kith_field_definition, d);
  SIZED(kith_entity_definition, e);
  SIZED(kith_field_info, info);
  open_shop(&s);
  d.name = T("x_tier");
  d.kind = KITH_KIND_CHOICE;
  d.choices = choices;
  d.choice_count = 2;
  d.flags = KITH_FIELD_INDEXED;
  OK(kith_session_add_field(s.session, 20, &d, &tier, ERR));
  REFUSES(KITH_E_EXISTS, "x_tier", kith_session_add_field(s.session, 20, &d, NULL, ERR));
  d.name = T("tier");
  REFUSES(KITH_E_INVALID, "prefix", kith_session_add_field(s.session, 20, &d, NULL, ERR));
  d.kind = 99;
  REFUSES(KITH_E_MISUSE, "kind", kith_session_add_field(s.session, 20, &d, NULL, ERR));

  OK(kith_record_new(s.session, 20, 0, &r, ERR));
  v = text_value("Acme");
  OK(kith_record_set_by_name(r, T("name"), &v, ERR));
  v = text_value("золото");
  OK(kith_record_set(r, tier, &v, ERR));
  OK(kith_put(s.session, r, ERR));
  OK(kith_record_get(r, tier, &v, ERR));
  IS_NUMBER(KITH_KIND_CHOICE, v.kind);
  IS_NUMBER(1, v.integer);
  IS_TEXT("gold", v.text);
  kith_record_free(r);

  memset(&d, 0, sizeof d);
  d.struct_size = sizeof d;
  d.name = T("plate");
  d.kind = KITH_KIND_TEXT;
  d.flags = KITH_FIELD_REQUIRED | KITH_FIELD_UNIQUE;
  e.name = T("x_vehicle");
  e.plural = T("x_vehicles");
  e.title = T("plate");
  e.fields = &d;
  e.field_count = 1;
  d.name = T("x_plate");
  e.title = T("x_plate");
  OK(kith_session_add_entity(s.session, &e, &vehicle, ERR));
  OK(kith_session_model(s.session, &now, ERR));
  OK(kith_model_field(now, vehicle, T("x_plate"), &plate, ERR));
  OK(kith_record_new(s.session, vehicle, 0, &r, ERR));
  v = text_value("A123BC");
  OK(kith_record_set(r, plate, &v, ERR));
  OK(kith_put(s.session, r, ERR));
  kith_record_free(r);
  OK(kith_find(s.session, plate, &v, &r, ERR));
  kith_record_free(r);

  OK(kith_session_retire_field(s.session, tier, ERR));
  kith_model_free(now);
  OK(kith_session_model(s.session, &now, ERR));
  {
    size_t i;
    int retired = 0;
    for (i = 0; kith_model_field_at(now, 20, i, &info, NULL) == KITH_OK; ++i) {
      if (info.field == tier) retired = (info.flags & KITH_FIELD_RETIRED) != 0;
    }
    CHECK(retired);
  }
  kith_model_free(now);
  close_shop(&s);
}

static void totals(void) {
  shop s;
  kith_table *t;
  kith_value group = text_value("Омск");
  SIZED(kith_total_definition, d);
  open_shop(&s);
  add_client(&s, "Acme", "Омск");
  add_client(&s, "Bolt", NULL);
  d.name = T("by_status");
  d.entity = T("client");
  d.by = T("status");
  d.measures = T("count() as n");
  OK(kith_total_add(s.session, &d, ERR));
  OK(kith_total_read(s.session, T("by_status"), NULL, 0, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  IS_NUMBER(2, integer_at(t, 0, "n"));
  kith_table_free(t);
  add_client(&s, "Cord", NULL);
  group = int_value(KITH_KIND_CHOICE, 1);
  OK(kith_total_read(s.session, T("by_status"), &group, 1, &t, ERR));
  IS_NUMBER(3, integer_at(t, 0, "n"));
  kith_table_free(t);
  OK(kith_total_rebuild(s.session, T("by_status"), ERR));
  OK(kith_total_remove(s.session, T("by_status"), ERR));
  REFUSES(KITH_E_NOT_FOUND, "by_status", kith_total_read(s.session, T("by_status"), NULL, 0, &t, ERR));
  close_shop(&s);
}

void test_models(void) {
  entities_and_fields();
  fields_of_users();
  totals();
}
