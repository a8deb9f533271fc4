/* SPDX-License-Identifier: Apache-2.0
 *
 * The change feed and what reads it: history, difference, undo, named readers.
 */
#include "check.h"

void test_feed(void);

/* Acme is added, moved, and moved on; its id. */
static int64_t a_life(shop *s) {
  static const char *cities[] = {"Омск", "Томск"};
  const int64_t id = add_client(s, "Acme", NULL);
  size_t i;
  for (i = 0; i < 2; ++i) {
    kith_record *r;
    kith_value v = text_value(cities[i]);
    s->now += 1000000;
    OK(kith_record_new(s->session, 20, id, &r, ERR));
    OK(kith_record_set_by_name(r, T("city"), &v, ERR));
    OK(kith_put(s->session, r, ERR));
    kith_record_free(r);
  }
  return id;
}

static void change_sets(void) {
  shop s;
  kith_changes *c;
  kith_change_head head;
  kith_change change;
  kith_field part;
  kith_cell before;
  int64_t id;
  open_shop(&s);
  id = a_life(&s);
  memset(&head, 0, sizeof head);
  head.struct_size = sizeof head;
  memset(&change, 0, sizeof change);
  change.struct_size = sizeof change;
  OK(kith_changes_since(s.session, s.base, 0, 0, &c, ERR));
  OK(kith_changes_set(c, 2, &head, ERR));
  IS_NUMBER(s.base + 3, head.sequence);
  IS_TEXT("anna", head.actor);
  IS_NUMBER(KITH_ORIGIN_USER, head.origin);
  CHECK(head.at == s.now);
  IS_NUMBER(1, head.records);
  ANSWERS(KITH_DONE, kith_changes_set(c, 3, &head, ERR));
  IS_NUMBER(0, head.sequence);
  OK(kith_changes_record(c, 2, 0, &change, ERR));
  IS_NUMBER(KITH_CHANGE_UPDATE, change.what);
  IS_NUMBER(id, change.id);
  IS_NUMBER(20, change.entity);
  IS_NUMBER(s.base + 2, change.previous);
  IS_NUMBER(1, change.cells);
  OK(kith_changes_cell(c, 2, 0, 0, &part, &before, ERR));
  IS_NUMBER(field(&s, "client", "city"), part);
  IS_NUMBER(KITH_TEXT, before.type);
  IS_TEXT("Омск", before.as.bytes);
  ANSWERS(KITH_DONE, kith_changes_cell(c, 2, 0, 1, &part, &before, ERR));
  ANSWERS(KITH_DONE, kith_changes_record(c, 2, 1, &change, ERR));
  kith_changes_free(c);
  OK(kith_changes_since(s.session, s.base + 1, 1, 0, &c, ERR));
  OK(kith_changes_set(c, 0, &head, ERR));
  IS_NUMBER(s.base + 2, head.sequence);
  ANSWERS(KITH_DONE, kith_changes_set(c, 1, &head, ERR));
  kith_changes_free(c);
  close_shop(&s);
}

static void histories(void) {
  shop s;
  kith_table *t;
  int64_t id;
  open_shop(&s);
  id = a_life(&s);
  OK(kith_history(s.session, 20, id, 2, &t, ERR));
  IS_NUMBER(2, rows_of(t));
  IS_NUMBER(s.base + 3, integer_at(t, 0, "sequence"));
  IS_TEXT("update", text_at(t, 0, "what"));
  IS_TEXT("address", text_at(t, 0, "field"));
  IS_TEXT("user", text_at(t, 0, "origin"));
  kith_table_free(t);
  OK(kith_difference(s.session, s.base + 1, s.base + 3, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  IS_TEXT("update", text_at(t, 0, "what"));
  IS_NUMBER(id, integer_at(t, 0, "id"));
  kith_table_free(t);
  ANSWERS(KITH_E_MISUSE, kith_difference(s.session, 3, 1, &t, ERR));
  ANSWERS(KITH_E_NOT_FOUND, kith_history(s.session, 20, id + 999, 0, &t, ERR));
  CHECK(t == NULL);
  close_shop(&s);
}

static void undoing(void) {
  shop s;
  kith_record *r;
  kith_undone undone;
  kith_table *contested;
  int64_t id;
  open_shop(&s);
  id = a_life(&s);
  memset(&undone, 0, sizeof undone);
  undone.struct_size = sizeof undone;
  REFUSES(KITH_E_CONFLICT, "", kith_undo(s.session, s.base + 2, KITH_UNDO_ALL, &undone, NULL, ERR));
  OK(kith_undo(s.session, s.base + 3, KITH_UNDO_ALL, &undone, NULL, ERR));
  IS_NUMBER(s.base + 4, undone.sequence);
  IS_NUMBER(1, undone.records);
  OK(kith_get(s.session, 20, id, &r, ERR));
  IS_TEXT("Омск", text_of(r, "city"));
  kith_record_free(r);
  ANSWERS(KITH_UNCHANGED, kith_undo(s.session, s.base + 3, KITH_UNDO_ALL, &undone, &contested, ERR));
  IS_NUMBER(0, undone.sequence);
  kith_table_free(contested);
  ANSWERS(KITH_E_NOT_FOUND, kith_undo(s.session, 99, KITH_UNDO_ALL, NULL, NULL, ERR));
  close_shop(&s);
}

static void readers(void) {
  shop s;
  int64_t sequence = -1;
  uint64_t removed = 99;
  open_shop(&s);
  a_life(&s);
  OK(kith_feed_position(s.session, T("search"), &sequence, ERR));
  IS_NUMBER(0, sequence);
  OK(kith_feed_consume(s.session, T("search"), s.base + 2, ERR));
  OK(kith_feed_position(s.session, T("search"), &sequence, ERR));
  IS_NUMBER(s.base + 2, sequence);
  ANSWERS(KITH_E_MISUSE, kith_feed_consume(s.session, T("search"), s.base + 1, ERR));
  OK(kith_feed_trim(s.session, s.now + 1, &removed, ERR));
  IS_NUMBER(s.base + 2, removed); /* what the search still needs stays */
  close_shop(&s);
}

void test_feed(void) {
  change_sets();
  histories();
  undoing();
  readers();
}
