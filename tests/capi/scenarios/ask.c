/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of a scenario that ask, and those whose answer is a table or a record.
 */
#include <string.h>

#include "print.h"
#include "story.h"

enum { MOST_COLUMNS = 16, MOST_VALUES = 8 };

static void print_shown(story *s, const kith_value *value) {
  size_t i;
  for (i = 0; value->kind == KITH_KIND_REF && i < s->name_count; ++i) {
    if (s->names[i].id != value->integer) continue;
    grow(&s->out, "@");
    grow_text(&s->out, s->names[i].name);
    return;
  }
  print_value(&s->out, value);
}

/* A sum of money has a part for each currency. */
void story_cell(story *s, const kith_table *table, size_t row, size_t column) {
  kith_value value;
  size_t part;
  for (part = 0; kith_table_get(table, row, column, part, &value, &s->err) == KITH_OK; ++part) {
    if (part > 0) grow(&s->out, " + ");
    if (value.kind == KITH_KIND_NONE) grow(&s->out, "-");
    print_shown(s, &value);
  }
}

kith_status story_rows(story *s, kith_table *table) {
  size_t rows, columns, row, column;
  const kith_status status = kith_table_shape(table, &rows, &columns, &s->err);
  for (row = 0; row < rows; ++row) {
    for (column = 0; column < columns; ++column) {
      grow(&s->out, column == 0 ? "= " : " | ");
      story_cell(s, table, row, column);
    }
    grow(&s->out, "\n");
  }
  kith_table_free(table);
  return status;
}

static kith_status show(story *s, kith_session *in, kith_text rest) {
  kith_text name, expressions, one;
  const known *k;
  kith_record *record;
  kith_status status;
  size_t shown = 0;
  cut(rest, ":", &name, &expressions);
  TRY(story_named(s, name, &k));
  status = kith_get(in, k->entity, k->id, &record, &s->err);
  if (status == KITH_ABSENT) return KITH_E_NOT_FOUND; /* for C an outcome, for a scenario a refusal */
  while (status >= 0 && next_part(&expressions, ";", &one)) {
    kith_table *table;
    status = kith_compute(in, record, one, &table, &s->err);
    if (status < 0) break;
    grow(&s->out, shown++ == 0 ? "= " : " | ");
    story_cell(s, table, 0, 0);
    kith_table_free(table);
  }
  grow(&s->out, "\n");
  kith_record_free(record);
  return status;
}

/* `@name` in a condition is a parameter. */
static kith_status parse(story *s, kith_session *in, kith_text asked, kith_query **query) {
  kith_text entity_name, condition;
  const known *values[MOST_VALUES];
  size_t i, count = 0;
  growing text = {0};
  uint16_t entity;
  kith_status status = KITH_OK;
  cut(asked, " ", &entity_name, &condition);
  for (i = 0; status >= 0 && i < condition.size; ++i) {
    kith_text name = {condition.data + i + 1, 0};
    if (condition.data[i] != '@') {
      grow_bytes(&text, condition.data + i, 1);
      continue;
    }
    while (i + 1 < condition.size && condition.data[i + 1] != ' ' && condition.data[i + 1] != ')') ++i, ++name.size;
    grow(&text, "?");
    status = count < MOST_VALUES ? story_named(s, name, &values[count++]) : story_refuse(s, "too many names", asked);
  }
  if (status >= 0) status = story_entity(s, in, entity_name, &entity);
  if (status >= 0) status = kith_query_parse(in, entity, text_of(&text), query, &s->err);
  for (i = 0; status >= 0 && i < count; ++i) {
    kith_value value;
    memset(&value, 0, sizeof value);
    value.kind = KITH_KIND_REF;
    value.integer = values[i]->id;
    status = kith_query_bind(*query, i, &value, &s->err);
    if (status < 0) kith_query_free(*query);
  }
  growing_free(&text);
  return status;
}

/* Expressions that are their own names. */
static size_t plain(kith_text list, kith_named *all) {
  size_t count = 0;
  for (; count < MOST_COLUMNS && next_part(&list, ";", &all[count].name); ++count) {
    all[count].expression = all[count].name;
  }
  return count;
}

/* `name = expression`. */
static size_t named(kith_text list, kith_named *all) {
  kith_text one;
  size_t count = 0;
  for (; count < MOST_COLUMNS && next_part(&list, ";", &one); ++count) {
    cut(one, "=", &all[count].name, &all[count].expression);
  }
  return count;
}

static kith_status list(story *s, kith_session *in, kith_text rest) {
  kith_text asked, columns;
  kith_named wanted[MOST_COLUMNS];
  kith_query *query;
  kith_table *table;
  kith_status status;
  cut(rest, " : ", &asked, &columns);
  TRY(parse(s, in, asked, &query));
  status = kith_query_select(query, wanted, plain(columns, wanted), &table, &s->err);
  kith_query_free(query);
  return status < 0 ? status : story_rows(s, table);
}

static kith_status group(story *s, kith_session *in, kith_text rest) {
  kith_text asked, by, measures;
  kith_named groups[MOST_COLUMNS], wanted[MOST_COLUMNS];
  kith_aggregation what;
  kith_query *query;
  kith_table *table;
  kith_status status;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  cut(rest, " : ", &asked, &rest);
  cut(rest, " : ", &by, &measures);
  what.groups = groups;
  what.group_count = plain(by, groups);
  what.measures = wanted;
  what.measure_count = named(measures, wanted);
  TRY(parse(s, in, asked, &query));
  status = kith_query_aggregate(query, &what, &table, &s->err);
  kith_query_free(query);
  return status < 0 ? status : story_rows(s, table);
}

static kith_status count(story *s, kith_session *in, kith_text asked) {
  kith_query *query;
  kith_status status;
  uint64_t number;
  TRY(parse(s, in, asked, &query));
  status = kith_query_count(query, &number, &s->err);
  kith_query_free(query);
  if (status < 0) return status;
  grow(&s->out, "= ");
  grow_number(&s->out, (int64_t)number);
  grow(&s->out, "\n");
  return status;
}

kith_status story_asks(story *s, kith_session *in, kith_text word, kith_text rest, int *done) {
  *done = 1;
  if (is(word, "show")) return show(s, in, rest);
  if (is(word, "list")) return list(s, in, rest);
  if (is(word, "group")) return group(s, in, rest);
  if (is(word, "count")) return count(s, in, rest);
  *done = 0;
  return KITH_OK;
}

static int64_t integer_at(const kith_table *table, size_t row, size_t column) {
  kith_value value;
  return kith_table_get(table, row, column, 0, &value, NULL) == KITH_OK ? value.integer : 0;
}

/* A row for each field; those of one change set stand together. */
kith_status story_history(story *s, kith_text name) {
  enum { SEQUENCE = 0, ACTOR = 2, FIELD = 6, BEFORE = 7, AFTER = 8 };
  const known *k;
  kith_table *table;
  size_t rows, row;
  TRY(story_named(s, name, &k));
  TRY(kith_history(s->session, k->entity, k->id, 0, &table, &s->err));
  TRY(kith_table_shape(table, &rows, NULL, &s->err));
  for (row = 0; row < rows; ++row) {
    const int first = row == 0 || integer_at(table, row, SEQUENCE) != integer_at(table, row - 1, SEQUENCE);
    kith_value field;
    if (first) {
      grow(&s->out, row == 0 ? "= " : "\n= ");
      story_cell(s, table, row, ACTOR);
    }
    grow(&s->out, first ? ": " : "; ");
    TRY(kith_table_get(table, row, FIELD, 0, &field, &s->err));
    if (field.kind == KITH_KIND_NONE) continue;
    grow_text(&s->out, field.text);
    grow(&s->out, ": ");
    story_cell(s, table, row, BEFORE);
    grow(&s->out, " -> ");
    story_cell(s, table, row, AFTER);
  }
  grow(&s->out, rows > 0 ? "\n" : "");
  kith_table_free(table);
  return KITH_OK;
}

/* Sets the arguments; the reason is the transaction's. */
static kith_status arguments(story *s, kith_record *record, kith_text values, kith_text *reason) {
  kith_text one, name, text;
  if (values.size == 0) return KITH_OK;
  while (next_part(&values, ";", &one)) {
    cut(one, "=", &name, &text);
    if (reason != NULL && is(name, "reason")) {
      *reason = text;
    } else {
      TRY(story_put(s, record, one));
    }
  }
  return KITH_OK;
}

static kith_status do_action(story *s, uint16_t action, int64_t subject, kith_text values, kith_text answer) {
  kith_call_options options;
  kith_record *given, *done = NULL;
  kith_record_state state;
  kith_status status;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  state.struct_size = sizeof state;
  TRY(kith_record_new(s->session, action, 0, &given, &s->err));
  status = arguments(s, given, values, &options.reason);
  if (status >= 0) status = kith_call(s->session, action, subject, given, &options, &done, &s->err);
  kith_record_free(given);
  if (status >= 0 && answer.size > 0) {
    status = kith_record_info(done, &state, &s->err);
    if (status >= 0) story_name(s, answer, state.entity, state.id);
  }
  kith_record_free(done);
  return status;
}

kith_status story_call(story *s, kith_text rest) {
  kith_text head, values, what, names, subject, answer, entity_name, action_name;
  const known *k;
  kith_model *model;
  kith_status status;
  uint16_t entity, action = 0;
  cut(rest, ":", &head, &values);
  cut(head, " ", &what, &names);
  cut(names, " as ", &subject, &answer);
  cut(what, ".", &entity_name, &action_name);
  TRY(story_named(s, subject, &k));
  TRY(story_model(s, s->session, &model));
  status = kith_model_entity(model, entity_name, &entity, &s->err);
  if (status >= 0) status = kith_model_action(model, entity, action_name, &action, &s->err);
  kith_model_free(model);
  return status < 0 ? status : do_action(s, action, k->id, values, answer);
}

kith_status story_report(story *s, kith_text rest) {
  kith_text name, values;
  kith_model *model;
  kith_record *given = NULL;
  kith_table *table = NULL;
  kith_column_info column;
  kith_status status;
  uint16_t report = 0;
  size_t i;
  column.struct_size = sizeof column;
  cut(rest, ":", &name, &values);
  TRY(story_model(s, s->session, &model));
  status = kith_model_report(model, name, &report, &s->err);
  kith_model_free(model);
  if (status >= 0) status = kith_record_new(s->session, report, 0, &given, &s->err);
  if (status >= 0) status = arguments(s, given, values, NULL);
  if (status >= 0) status = kith_report(s->session, report, given, &table, &s->err);
  kith_record_free(given);
  if (status < 0) return status;
  for (i = 0; kith_table_column(table, i, &column, &s->err) == KITH_OK; ++i) {
    grow(&s->out, i == 0 ? "= " : " | ");
    grow_text(&s->out, column.name);
  }
  grow(&s->out, "\n");
  return story_rows(s, table);
}
