/* SPDX-License-Identifier: Apache-2.0
 *
 * Files in and out, by path and by callback.
 */
#include "check.h"

void test_exchange(void);

static const char csv[] =
    "Company,Town,Staff\n"
    "Acme,Омск,12\n"
    "Bolt,Томск,many\n"
    "Cord,Пермь,3\n";

static size_t read_bytes(void *user_data, char *to, size_t room, kith_error **err) {
  bytes *b = user_data;
  size_t size = b->size - b->at;
  (void)err;
  if (size > 7) size = 7;
  if (size > room) size = room;
  memcpy(to, b->data + b->at, size);
  b->at += size;
  return size;
}

static size_t refuse_to_read(void *user_data, char *to, size_t room, kith_error **err) {
  (void)user_data, (void)to, (void)room;
  *err = kith_error_new(KITH_E_STORAGE, T("the line is dead"), T(NULL), 0, T(NULL));
  return 0;
}

static kith_status write_bytes(void *user_data, kith_text more, kith_error **err) {
  bytes *b = user_data;
  (void)err;
  if (b->size + more.size > sizeof b->data) return KITH_E_FULL;
  memcpy(b->data + b->size, more.data, more.size);
  b->size += more.size;
  return KITH_OK;
}

static kith_status refuse_to_write(void *user_data, kith_text more, kith_error **err) {
  (void)user_data, (void)more, (void)err;
  return KITH_E_FULL;
}

static int32_t cancel(void *user_data, uint64_t rows) {
  (void)user_data, (void)rows;
  return 0;
}

static void source(bytes *b) {
  memset(b, 0, sizeof *b);
  b->size = sizeof csv - 1;
  memcpy(b->data, csv, b->size);
}

static kith_import_column column(const char *from, const char *to) {
  kith_import_column c;
  memset(&c, 0, sizeof c);
  c.struct_size = sizeof c;
  c.column = T(from);
  c.to = T(to);
  return c;
}

static kith_import_options options_for(bytes *b, const kith_import_column *columns, size_t count) {
  kith_import_options o;
  memset(&o, 0, sizeof o);
  o.struct_size = sizeof o;
  o.entity = 20;
  o.columns = columns;
  o.column_count = count;
  o.read = read_bytes;
  o.user_data = b;
  return o;
}

static void imports(void) {
  static bytes b;
  shop s;
  kith_import_column columns[3];
  kith_import_options o;
  kith_imported done;
  kith_table *errors;
  kith_undone undone;
  kith_text match = T("name");
  open_shop(&s);
  source(&b);
  columns[0] = column("Company", "name");
  columns[1] = column("Town", "city");
  columns[2] = column("Staff", "employees");
  o = options_for(&b, columns, 3);
  memset(&done, 0, sizeof done);
  done.struct_size = sizeof done;
  o.dry_run = 1;
  OK(kith_import(s.session, &o, &done, NULL, ERR));
  IS_NUMBER(0, done.batch);
  o.dry_run = 0;
  b.at = 0;
  OK(kith_import(s.session, &o, &done, &errors, ERR));
  IS_NUMBER(3, done.rows);
  IS_NUMBER(2, done.inserted);
  IS_NUMBER(1, done.failed);
  CHECK(done.batch != 0);
  IS_NUMBER(1, rows_of(errors));
  IS_NUMBER(2, integer_at(errors, 0, "row"));
  IS_TEXT("Staff", text_at(errors, 0, "column"));
  IS_TEXT("many", text_at(errors, 0, "value"));
  kith_table_free(errors);
  /* The second run finds what the first one added. */
  b.at = 0;
  o.match = &match;
  o.match_count = 1;
  OK(kith_import(s.session, &o, &done, NULL, ERR));
  IS_NUMBER(0, done.inserted);
  IS_NUMBER(2, done.unchanged);
  b.at = 0;
  o.match_count = 0;
  OK(kith_import(s.session, &o, &done, NULL, ERR));
  memset(&undone, 0, sizeof undone);
  undone.struct_size = sizeof undone;
  OK(kith_undo_batch(s.session, done.batch, KITH_UNDO_ALL, &undone, NULL, ERR));
  CHECK(undone.sequence > 0 && undone.records >= 2);

  o.read = refuse_to_read;
  REFUSES(KITH_E_STORAGE, "the line is dead", kith_import(s.session, &o, &done, &errors, ERR));
  IS_NUMBER(0, done.rows);
  CHECK(errors == NULL);
  o.path = T("also.csv");
  REFUSES(KITH_E_MISUSE, "path or", kith_import(s.session, &o, NULL, NULL, ERR));
  o.read = NULL;
  ANSWERS(KITH_E_NOT_FOUND, kith_import(s.session, &o, NULL, NULL, ERR));
  o.encoding = T("koi8-r");
  REFUSES(KITH_E_INVALID, "windows-1251", kith_import(s.session, &o, NULL, NULL, ERR));
  b.at = 0;
  o = options_for(&b, columns, 3);
  o.progress = cancel;
  o.chunk_rows = 1;
  OK(kith_import(s.session, &o, &done, NULL, ERR));
  IS_NUMBER(1, done.cancelled);
  close_shop(&s);
}

static void exports(void) {
  static bytes b;
  static const kith_text columns[] = {{"name", 4}, {"city", 4}};
  static const char wanted[] = "name;city\nAcme;Омск\n";
  shop s;
  kith_query *q;
  kith_export_options o;
  uint64_t rows;
  kith_crm *ignored;
  open_shop(&s);
  add_client(&s, "Acme", "Омск");
  OK(kith_query_parse(s.session, 20, T("city = 'Омск'"), &q, ERR));
  memset(&o, 0, sizeof o);
  o.struct_size = sizeof o;
  o.columns = columns;
  o.column_count = 2;
  o.delimiter = T(";");
  o.write = write_bytes;
  o.user_data = &b;
  memset(&b, 0, sizeof b);
  OK(kith_export(q, &o, &rows, ERR));
  IS_NUMBER(1, rows);
  IS_NUMBER(sizeof wanted - 1, b.size);
  CHECK(memcmp(b.data, wanted, b.size) == 0);
  o.write = refuse_to_write;
  REFUSES(KITH_E_FULL, "write callback", kith_export(q, &o, &rows, ERR));
  IS_NUMBER(0, rows);
  o.write = NULL;
  o.path = T(scratch("clients.csv"));
  OK(kith_export(q, &o, NULL, ERR));
  ANSWERS(KITH_E_FOREIGN, kith_open(o.path, NULL, &ignored, ERR));
  scratch("clients.csv");
  o.delimiter = T("; ");
  REFUSES(KITH_E_INVALID, "one ASCII", kith_export(q, &o, NULL, ERR));
  kith_query_free(q);
  close_shop(&s);
}

void test_exchange(void) {
  imports();
  exports();
}
