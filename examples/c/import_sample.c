/* SPDX-License-Identifier: Apache-2.0
 *
 * Most columns need no mapping: a header is a field's name, its label, or a usual word for it, in
 * English or Russian. What remains is said once, per file.
 */
#include <stdio.h>
#include <string.h>

#include "shop.h"

static kith_import_column column(const char *header, const char *to, int create_missing) {
  kith_import_column c;
  memset(&c, 0, sizeof c);
  c.struct_size = sizeof c;
  c.column = T(header);
  c.to = T(to);
  c.create_missing = create_missing;
  return c;
}

static const struct file {
  const char *name;
  uint16_t entity;
  const char *match[2];
} files[] = {{"users.csv", KITH_USER, {"login", NULL}},
             {"stages.csv", KITH_STAGE, {"pipeline", "name"}},
             {"clients.csv", KITH_CLIENT, {"@1c", NULL}},
             {"contacts.csv", KITH_CONTACT, {"name", NULL}},
             {"products.csv", KITH_PRODUCT, {"code", NULL}},
             {"deals.csv", KITH_DEAL, {"@1c", NULL}},
             {"orders.csv", KITH_SALES_ORDER, {"number", NULL}},
             {"order_lines.csv", KITH_ORDER_LINE, {"sales_order", "position"}},
             {"interactions.csv", KITH_INTERACTION, {NULL, NULL}},
             {"tasks.csv", KITH_TASK, {"client", "title"}}};

static size_t columns_of(uint16_t entity, kith_import_column *columns) {
  switch (entity) {
    case KITH_STAGE: columns[0] = column("Воронка", "pipeline", 1); return 1;
    case KITH_CLIENT: columns[0] = column("Код 1С", "@1c", 0); return 1;
    case KITH_DEAL: columns[0] = column("Номер", "@1c", 0); return 1;
    case KITH_CONTACT:
      columns[0] = column("Клиент", "employments.client", 0);
      columns[1] = column("Должность", "employments.title", 0);
      return 2;
    default: return 0;
  }
}

static void read_file(kith_session *s, const char *folder, const struct file *f) {
  kith_import_column columns[2];
  kith_import_options o;
  kith_imported done;
  kith_text match[2];
  char path[1024];
  memset(&o, 0, sizeof o);
  memset(&done, 0, sizeof done);
  snprintf(path, sizeof path, "%s/%s", folder, f->name);
  o.struct_size = sizeof o;
  o.entity = f->entity;
  o.columns = columns;
  o.column_count = columns_of(f->entity, columns);
  for (; o.match_count < 2 && f->match[o.match_count]; ++o.match_count) match[o.match_count] = T(f->match[o.match_count]);
  o.match = match;
  o.currency = T("RUB");
  o.zone = T("Asia/Omsk");
  o.path = T(path);
  done.struct_size = sizeof done;
  must(kith_import(s, &o, &done, NULL, &err));
  printf("  %s: %d rows, %d added", f->name, (int)done.rows, (int)done.inserted);
  if (done.failed != 0) printf(", %d refused", (int)done.failed);
  puts("");
}

void read_sample(kith_session *s, const char *folder) {
  size_t i;
  for (i = 0; i < sizeof files / sizeof files[0]; ++i) read_file(s, folder, &files[i]);
}
