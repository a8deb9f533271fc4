/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kith_error *err;

kith_status must(kith_status status) {
  if (status < 0) {
    const kith_text why = kith_error_message(err);
    fprintf(stderr, "webshop: %.*s\n", (int)why.size, why.data);
    exit(1);
  }
  return status;
}

kith_value text_value(const char *text) {
  const kith_value v = {KITH_KIND_TEXT, 0, 0, 0, 0, {text, strlen(text)}, 0};
  return v;
}

kith_value ref_value(int64_t id) {
  const kith_value v = {KITH_KIND_REF, 0, 0, id, 0, {NULL, 0}, 0};
  return v;
}

kith_named named(const char *name, const char *expression) {
  kith_named n;
  n.name = T(name);
  n.expression = T(expression);
  return n;
}

kith_record *made(kith_session *s, uint16_t entity) {
  kith_record *r;
  must(kith_record_new(s, entity, 0, &r, &err));
  return r;
}

void set_text(kith_record *r, kith_field field, const char *text) {
  const kith_value v = text_value(text);
  must(kith_record_set(r, field, &v, &err));
}

void set_ref(kith_record *r, kith_field field, int64_t id) {
  const kith_value v = ref_value(id);
  must(kith_record_set(r, field, &v, &err));
}

int64_t put(kith_session *s, kith_record *r) {
  kith_record_state state;
  state.struct_size = sizeof state;
  must(kith_put(s, r, &err));
  must(kith_record_info(r, &state, &err));
  kith_record_free(r);
  return state.id;
}

kith_query *asked(kith_session *s, uint16_t entity, const char *text) {
  kith_query *q;
  must(kith_query_parse(s, entity, T(text), &q, &err));
  return q;
}

uint64_t counted(kith_session *s, uint16_t entity, const char *text) {
  kith_query *const q = asked(s, entity, text);
  uint64_t count;
  must(kith_query_count(q, &count, &err));
  kith_query_free(q);
  return count;
}

/* ---------------------------------------------------------------------------- tables of texts */

void grid_column(grid *g, const char *name, int number) {
  snprintf(g->names[g->columns], sizeof g->names[0], "%s", name);
  g->numbers[g->columns++] = number;
}

static void append(char *to, const char *text, size_t size) {
  const size_t used = strlen(to);
  if (used + size < GRID_TEXT) memcpy(to + used, text, size), to[used + size] = 0;
}

/* Units with so many digits behind the point: 1250 and 2 are 12.50. */
static void append_units(char *to, int64_t units, int32_t scale) {
  char digits[48];
  const int64_t size = units < 0 ? -units : units;
  int64_t whole = 1;
  int32_t i;
  for (i = 0; i < scale; ++i) whole *= 10;
  snprintf(digits, sizeof digits, "%s%lld", units < 0 ? "-" : "", (long long)(size / whole));
  append(to, digits, strlen(digits));
  if (scale == 0) return;
  snprintf(digits, sizeof digits, ".%0*lld", (int)scale, (long long)(size % whole));
  append(to, digits, strlen(digits));
}

static void append_value(char *to, const kith_value *v) {
  switch (v->kind) {
    case KITH_KIND_NONE: return;
    case KITH_KIND_INTEGER: append_units(to, v->integer, 0); return;
    case KITH_KIND_DECIMAL: append_units(to, v->integer, v->scale); return;
    case KITH_KIND_MONEY:
      append_units(to, v->integer, v->scale);
      append(to, " ", 1);
      append(to, v->text.data, v->text.size);
      return;
    default: append(to, v->text.data, v->text.size);
  }
}

void grid_cell(grid *g, size_t row, size_t column, const kith_table *from, size_t from_row, size_t from_column) {
  kith_value v;
  size_t part;
  char *const to = g->cells[row][column];
  to[0] = 0;
  for (part = 0; must(kith_table_get(from, from_row, from_column, part, &v, &err)) == KITH_OK; ++part) {
    if (part > 0) append(to, " + ", 3);
    append_value(to, &v);
  }
}

/* In characters, not bytes. */
static size_t length_of(const char *text) {
  size_t length = 0;
  for (; *text; ++text) length += ((unsigned char)*text & 0xc0) != 0x80;
  return length;
}

static void print_line(const grid *g, const size_t *widths, const char *(*at)(const grid *, size_t, size_t), size_t row) {
  char line[GRID_COLUMNS * GRID_TEXT] = "";
  size_t c, i;
  for (c = 0; c < g->columns; ++c) {
    const char *const text = at(g, row, c);
    const size_t pad = widths[c] - length_of(text);
    if (c > 0) strcat(line, "  ");
    if (!g->numbers[c]) strcat(line, text);
    for (i = 0; i < pad; ++i) strcat(line, " ");
    if (g->numbers[c]) strcat(line, text);
  }
  for (i = strlen(line); i > 0 && line[i - 1] == ' ';) line[--i] = 0;
  puts(line);
}

static const char *name_at(const grid *g, size_t row, size_t column) {
  (void)row;
  return g->names[column];
}

static const char *cell_at(const grid *g, size_t row, size_t column) { return g->cells[row][column]; }

void grid_print(const grid *g) {
  size_t widths[GRID_COLUMNS], r, c;
  for (c = 0; c < g->columns; ++c) {
    widths[c] = length_of(g->names[c]);
    for (r = 0; r < g->rows; ++r) {
      if (length_of(g->cells[r][c]) > widths[c]) widths[c] = length_of(g->cells[r][c]);
    }
  }
  print_line(g, widths, name_at, 0);
  for (r = 0; r < g->rows; ++r) print_line(g, widths, cell_at, r);
}
