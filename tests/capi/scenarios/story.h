/* SPDX-License-Identifier: Apache-2.0
 *
 * One store, its clock, and the records that have names in a scenario.
 */
#ifndef KITH_TESTS_CAPI_STORY_H
#define KITH_TESTS_CAPI_STORY_H

#include "words.h"

enum { MOST_OPEN = 8, MOST_NAMES = 100 };

typedef struct known {
  kith_text name;
  uint16_t entity;
  int64_t id;
} known;

typedef struct mark {
  kith_text name;
  int64_t sequence;
} mark;

typedef struct story {
  int64_t now;
  kith_crm *crm;
  kith_session *session;
  kith_transaction *open[MOST_OPEN];
  size_t depth;
  known names[MOST_NAMES];
  size_t name_count;
  mark marks[MOST_NAMES];
  size_t mark_count;
  kith_error *err; /* of the command that was refused */
  growing out;
} story;

/* Leaves with the status of a call that was refused. */
#define TRY(call)                              \
  do {                                         \
    const kith_status status_ = (call);        \
    if (status_ < 0) return status_;           \
  } while (0)

kith_status story_begin(story *s);
void story_end(story *s);
/* Does a line; what it answers is behind it in `out`. */
void story_tell(story *s, kith_text line);

/* The record of this name; a refusal when there is none. */
kith_status story_named(story *s, kith_text name, const known **found);
void story_name(story *s, kith_text name, uint16_t entity, int64_t id);
kith_status story_mark(story *s, kith_text name, int64_t *sequence);
kith_status story_refuse(story *s, const char *why, kith_text about);
/* The model in force; the caller frees it. */
kith_status story_model(story *s, kith_session *in, kith_model **model);
kith_status story_entity(story *s, kith_session *in, kith_text name, uint16_t *entity);
/* Sets a field or part from text; `@name` is a record. */
kith_status story_put(story *s, kith_record *record, kith_text assignment);
kith_status story_puts(story *s, kith_record *record, kith_text assignments);

/* Writes a line for each row of a table, and frees it. */
kith_status story_rows(story *s, kith_table *table);
void story_cell(story *s, const kith_table *table, size_t row, size_t column);

/* show, list, count, group; `done` is 0 for another word. */
kith_status story_asks(story *s, kith_session *in, kith_text word, kith_text rest, int *done);
kith_status story_history(story *s, kith_text name);
kith_status story_call(story *s, kith_text rest);
kith_status story_report(story *s, kith_text rest);

#endif
