/* SPDX-License-Identifier: Apache-2.0
 *
 * What the web shop in C shares: refusals, values, and tables of texts.
 */
#ifndef KITH_EXAMPLES_SHOP_H
#define KITH_EXAMPLES_SHOP_H

#include <kith.h>
#include <kith_model.h>

#define T(text) kith_text_of(text)

/* The error of the latest call. */
extern kith_error *err;
/* Answers the status; a refusal is printed and ends the program. */
kith_status must(kith_status status);

kith_value text_value(const char *text);
kith_value ref_value(int64_t id);
kith_named named(const char *name, const char *expression);

/* A new record of an entity; sets what it is given as text, or as the id of a record. */
kith_record *made(kith_session *s, uint16_t entity);
void set_text(kith_record *r, kith_field field, const char *text);
void set_ref(kith_record *r, kith_field field, int64_t id);
/* Adds the record and frees it; its id. */
int64_t put(kith_session *s, kith_record *r);
kith_query *asked(kith_session *s, uint16_t entity, const char *text);
uint64_t counted(kith_session *s, uint16_t entity, const char *text);

/* Rows of texts, aligned like the tables of the library. */
enum { GRID_COLUMNS = 8, GRID_ROWS = 100, GRID_TEXT = 200 };
typedef struct grid {
  size_t columns, rows;
  char names[GRID_COLUMNS][40];
  int numbers[GRID_COLUMNS]; /* they stand at the right */
  char cells[GRID_ROWS][GRID_COLUMNS][GRID_TEXT];
} grid;
void grid_column(grid *g, const char *name, int number);
/* A value of a table as people write it: amounts of several currencies with a plus between them. */
void grid_cell(grid *g, size_t row, size_t column, const kith_table *from, size_t from_row, size_t from_column);
void grid_print(const grid *g);

/* Reads the files of examples/data and says what became of them. */
void read_sample(kith_session *s, const char *folder);

#endif
