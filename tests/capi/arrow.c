/* SPDX-License-Identifier: Apache-2.0
 *
 * Record batches out and in, as any consumer of the Arrow C stream interface sees them.
 */
#include "arrow_abi.h"
#include "check.h"

void test_arrow(void);

static const kith_text columns[] = {{"name", 4}, {"city", 4}};

static kith_query *all_clients(const shop *s) {
  kith_query *q;
  OK(kith_query_parse(s->session, 20, T("order by name"), &q, ERR));
  return q;
}

static void a_stream_outlives_its_query(void) {
  shop s;
  kith_query *q;
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray batch;
  int64_t rows = 0;
  open_shop(&s);
  add_client(&s, "Acme", "Омск");
  add_client(&s, "Bolt", NULL);
  add_client(&s, "Cord", "Пермь");
  q = all_clients(&s);
  OK(kith_query_arrow(q, columns, 2, 2, &stream, ERR));
  kith_query_free(q);
  close_shop(&s);
  CHECK(stream.get_schema(&stream, &schema) == 0);
  IS_NUMBER(2, schema.n_children);
  CHECK(strcmp(schema.children[0]->name, "name") == 0);
  schema.release(&schema);
  for (;;) {
    CHECK(stream.get_next(&stream, &batch) == 0);
    if (batch.release == NULL) break;
    CHECK(batch.length <= 2);
    rows += batch.length;
    batch.release(&batch);
  }
  IS_NUMBER(3, rows);
  stream.release(&stream);
  CHECK(stream.release == NULL);
}

static void from_store_to_store(void) {
  shop from, to;
  kith_query *q;
  kith_import_options options;
  kith_imported done;
  kith_table *errors;
  kith_record *r;
  struct ArrowArrayStream stream;
  kith_value v = text_value("Acme");
  open_shop(&from);
  open_shop(&to);
  add_client(&from, "Acme", "Омск");
  add_client(&from, "Bolt", NULL);
  q = all_clients(&from);
  OK(kith_query_arrow(q, columns, 2, 0, &stream, ERR));
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.entity = 20;
  memset(&done, 0, sizeof done);
  done.struct_size = sizeof done;
  OK(kith_put_arrow(to.session, &stream, &options, &done, &errors, ERR));
  CHECK(stream.release == NULL);
  IS_NUMBER(2, done.inserted);
  IS_NUMBER(0, rows_of(errors));
  kith_table_free(errors);
  OK(kith_find(to.session, field(&to, "client", "name"), &v, &r, ERR));
  IS_TEXT("Омск", text_of(r, "city"));
  kith_record_free(r);

  /* Released on failure, too. */
  OK(kith_query_arrow(q, columns, 2, 0, &stream, ERR));
  REFUSES(KITH_E_MISUSE, "options is NULL", kith_put_arrow(to.session, &stream, NULL, NULL, NULL, ERR));
  CHECK(stream.release == NULL);
  {
    static const kith_text wrong = {"nmae", 4};
    memset(&stream, 0x5a, sizeof stream);
    CHECK(kith_query_arrow(q, &wrong, 1, 0, &stream, ERR) < 0);
    kith_error_free(failed);
    failed = NULL;
    CHECK(stream.release == NULL);
  }
  kith_query_free(q);
  close_shop(&from);
  close_shop(&to);
}

static void tables(void) {
  shop s;
  kith_query *q;
  kith_table *t;
  kith_named column = {{"who", 3}, {"name", 4}};
  struct ArrowArrayStream stream;
  struct ArrowArray batch;
  open_shop(&s);
  add_client(&s, "Acme", NULL);
  q = all_clients(&s);
  OK(kith_query_select(q, &column, 1, &t, ERR));
  OK(kith_table_arrow(t, &stream, ERR));
  kith_table_free(t);
  CHECK(stream.get_next(&stream, &batch) == 0);
  IS_NUMBER(1, batch.length);
  batch.release(&batch);
  stream.release(&stream);
  REFUSES(KITH_E_MISUSE, "table is NULL", kith_table_arrow(NULL, &stream, ERR));
  CHECK(stream.release == NULL);
  kith_query_free(q);
  close_shop(&s);
}

void test_arrow(void) {
  a_stream_outlives_its_query();
  from_store_to_store();
  tables();
}
