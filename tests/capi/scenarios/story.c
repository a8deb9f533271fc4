/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of a scenario (tests/scenarios/README.md) that write.
 */
#include "story.h"

#include <string.h>

static int64_t clock_of(void *user_data) { return ((const story *)user_data)->now; }

static kith_status open_session(story *s, kith_text actor, const kith_rights *rights) {
  kith_session_options options;
  kith_session *session;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.actor = actor;
  options.rights = rights;
  TRY(kith_session_open(s->crm, &options, &session, &s->err));
  kith_session_free(s->session);
  s->session = session;
  return KITH_OK;
}

kith_status story_begin(story *s) {
  kith_config *config;
  kith_status status;
  memset(s, 0, sizeof *s);
  s->now = INT64_C(1772442000000000); /* 2026-03-02T09:00:00Z */
  TRY(kith_config_new(&config, &s->err));
  status = kith_config_set_clock(config, clock_of, s, NULL, &s->err);
  if (status == KITH_OK) status = kith_open(T(":memory:"), config, &s->crm, &s->err);
  kith_config_free(config);
  return status == KITH_OK ? open_session(s, T("anna"), NULL) : status;
}

void story_end(story *s) {
  while (s->depth > 0) kith_transaction_free(s->open[--s->depth]);
  kith_session_free(s->session);
  kith_close(s->crm);
  kith_error_free(s->err);
}

kith_status story_refuse(story *s, const char *why, kith_text about) {
  s->err = kith_error_new(KITH_E_MISUSE, T(why), T(""), 0, about);
  return KITH_E_MISUSE;
}

kith_status story_named(story *s, kith_text name, const known **found) {
  size_t i;
  for (i = 0; i < s->name_count; ++i) {
    if (!same(s->names[i].name, name)) continue;
    *found = &s->names[i];
    return KITH_OK;
  }
  return story_refuse(s, "no record is called so", name);
}

void story_name(story *s, kith_text name, uint16_t entity, int64_t id) {
  size_t i;
  for (i = 0; i < s->name_count && !same(s->names[i].name, name); ++i) {
  }
  s->names[i].name = name;
  s->names[i].entity = entity;
  s->names[i].id = id;
  if (i == s->name_count && s->name_count + 1 < MOST_NAMES) ++s->name_count;
}

kith_status story_mark(story *s, kith_text name, int64_t *sequence) {
  size_t i;
  for (i = 0; i < s->mark_count; ++i) {
    if (!same(s->marks[i].name, name)) continue;
    *sequence = s->marks[i].sequence;
    return KITH_OK;
  }
  return story_refuse(s, "nothing was marked so", name);
}

kith_status story_model(story *s, kith_session *in, kith_model **model) {
  return kith_session_model(in, model, &s->err);
}

kith_status story_entity(story *s, kith_session *in, kith_text name, uint16_t *entity) {
  kith_model *model;
  kith_status status;
  TRY(story_model(s, in, &model));
  status = kith_model_entity(model, name, entity, &s->err);
  kith_model_free(model);
  return status;
}

kith_status story_put(story *s, kith_record *record, kith_text assignment) {
  kith_text name, text;
  kith_value value;
  memset(&value, 0, sizeof value);
  cut(assignment, "=", &name, &text);
  if (begins(text, "@")) {
    const known *to;
    const kith_text called = {text.data + 1, text.size - 1};
    TRY(story_named(s, called, &to));
    value.kind = KITH_KIND_REF;
    value.integer = to->id;
  } else if (text.size > 0) {
    value.kind = KITH_KIND_TEXT;
    value.text = text;
  }
  return kith_record_set_by_name(record, name, &value, &s->err);
}

kith_status story_puts(story *s, kith_record *record, kith_text assignments) {
  kith_text one;
  if (assignments.size == 0) return KITH_OK;
  while (next_part(&assignments, ";", &one)) TRY(story_put(s, record, one));
  return KITH_OK;
}

/* A record with changes is put, named and freed. */
static kith_status put_new(story *s, kith_record *record, kith_text values, kith_text name) {
  kith_record_state state;
  kith_status status = story_puts(s, record, values);
  state.struct_size = sizeof state;
  if (status >= 0) status = kith_put(s->session, record, &s->err);
  if (status >= 0) status = kith_record_info(record, &state, &s->err);
  if (status >= 0 && name.size > 0) story_name(s, name, state.entity, state.id);
  kith_record_free(record);
  return status;
}

static kith_status add(story *s, kith_text rest) {
  kith_text head, values, entity_name, name;
  kith_record *record;
  uint16_t entity;
  cut(rest, ":", &head, &values);
  cut(head, " as ", &entity_name, &name);
  TRY(story_entity(s, s->session, entity_name, &entity));
  TRY(kith_record_new(s->session, entity, 0, &record, &s->err));
  return put_new(s, record, values, name);
}

static kith_status set(story *s, kith_text rest) {
  kith_text name, values;
  const known *k;
  kith_record *record;
  cut(rest, ":", &name, &values);
  TRY(story_named(s, name, &k));
  TRY(kith_record_new(s->session, k->entity, k->id, &record, &s->err));
  return put_new(s, record, values, T(""));
}

static kith_status begin(story *s, kith_text reason) {
  kith_transaction_options options;
  if (s->depth == MOST_OPEN) return story_refuse(s, "too many transactions", reason);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.reason = reason;
  TRY(kith_begin(s->session, &options, &s->open[s->depth], &s->err));
  ++s->depth;
  return KITH_OK;
}

static kith_status end(story *s, int commit) {
  if (s->depth == 0) return story_refuse(s, "no transaction is open", T(""));
  if (commit) TRY(kith_transaction_commit(s->open[s->depth - 1], &s->err));
  kith_transaction_free(s->open[--s->depth]);
  return KITH_OK;
}

static kith_status delete_or_restore(story *s, kith_text name, int delete) {
  const known *k;
  TRY(story_named(s, name, &k));
  return delete ? kith_delete(s->session, k->entity, k->id, &s->err)
                : kith_restore(s->session, k->entity, k->id, NULL, &s->err);
}

static kith_status undo(story *s, kith_text name) {
  kith_undone undone;
  int64_t sequence;
  undone.struct_size = sizeof undone;
  TRY(story_mark(s, name, &sequence));
  TRY(kith_undo(s->session, sequence, KITH_UNDO_ALL, &undone, NULL, &s->err));
  grow(&s->out, "= ");
  grow_number(&s->out, (int64_t)undone.records);
  grow(&s->out, "\n");
  return KITH_OK;
}

static kith_status add_field(story *s, kith_text rest) {
  static const char *const kinds[] = {"text", "integer", "real", "decimal", "boolean", "date",
                                      "instant", "duration", "money"};
  kith_field_definition definition;
  kith_text entity_name, kind;
  uint16_t entity;
  memset(&definition, 0, sizeof definition);
  definition.struct_size = sizeof definition;
  cut(rest, " ", &entity_name, &rest);
  cut(rest, " ", &definition.name, &kind);
  while (definition.kind < 9 && !is(kind, kinds[definition.kind])) ++definition.kind;
  ++definition.kind;
  TRY(story_entity(s, s->session, entity_name, &entity));
  return kith_session_add_field(s->session, entity, &definition, NULL, &s->err);
}

static kith_status work_as(story *s, kith_text rest) {
  kith_text actor, conditions, one;
  kith_rights *rights;
  kith_status status = KITH_OK;
  cut(rest, " ", &actor, &conditions);
  TRY(kith_rights_new(0, &rights, &s->err));
  while (status >= 0 && next_part(&conditions, ";", &one)) {
    kith_text entity, condition;
    cut(one, ":", &entity, &condition);
    status = kith_rights_add(rights, KITH_RIGHT_ONLY, entity, condition, NULL, 0, &s->err);
  }
  if (status >= 0) status = open_session(s, actor, rights);
  kith_rights_free(rights);
  return status;
}

static kith_status wait_for(story *s, kith_text length) {
  int64_t number = 0;
  size_t i = 0;
  for (; i < length.size && length.data[i] >= '0' && length.data[i] <= '9'; ++i) {
    number = 10 * number + (length.data[i] - '0');
  }
  if (i == 0 || i + 1 != length.size) return story_refuse(s, "a length of time is such as 2h", length);
  switch (length.data[i]) {
    case 'd': number *= 24; /* fall through */
    case 'h': number *= 60; /* fall through */
    case 'm': number *= 60; /* fall through */
    case 's': break;
    default: return story_refuse(s, "a length of time is such as 2h", length);
  }
  s->now += number * 1000000;
  return KITH_OK;
}

static kith_status mark_as(story *s, kith_text name) {
  if (s->mark_count == MOST_NAMES) return story_refuse(s, "too many marks", name);
  s->marks[s->mark_count].name = name;
  TRY(kith_session_sequence(s->session, &s->marks[s->mark_count].sequence, &s->err));
  ++s->mark_count;
  return KITH_OK;
}

static kith_status total(story *s, kith_text name) {
  kith_table *table;
  TRY(kith_total_read(s->session, name, NULL, 0, &table, &s->err));
  return story_rows(s, table);
}

static kith_status then(story *s, kith_text rest) {
  kith_text name, command, word;
  kith_session *past;
  kith_status status;
  int64_t sequence;
  int done;
  cut(rest, " ", &name, &command);
  cut(command, " ", &word, &rest);
  TRY(story_mark(s, name, &sequence));
  TRY(kith_session_at_sequence(s->session, sequence, &past, &s->err));
  status = story_asks(s, past, word, rest, &done);
  kith_session_free(past);
  return done ? status : story_refuse(s, "the past answers no such command", word);
}

static kith_status does(story *s, kith_text word, kith_text rest) {
  int done = 0;
  const kith_status asked = story_asks(s, s->session, word, rest, &done);
  if (done) return asked;
  if (is(word, "add")) return add(s, rest);
  if (is(word, "set")) return set(s, rest);
  if (is(word, "call")) return story_call(s, rest);
  if (is(word, "report")) return story_report(s, rest);
  if (is(word, "history")) return story_history(s, rest);
  if (is(word, "total")) return total(s, rest);
  if (is(word, "as")) return work_as(s, rest);
  if (is(word, "wait")) return wait_for(s, rest);
  if (is(word, "mark")) return mark_as(s, rest);
  if (is(word, "begin")) return begin(s, rest);
  if (is(word, "commit")) return end(s, 1);
  if (is(word, "rollback")) return end(s, 0);
  if (is(word, "delete")) return delete_or_restore(s, rest, 1);
  if (is(word, "restore")) return delete_or_restore(s, rest, 0);
  if (is(word, "undo")) return undo(s, rest);
  if (is(word, "field")) return add_field(s, rest);
  if (is(word, "then")) return then(s, rest);
  return story_refuse(s, "a scenario has no such command", word);
}

/* `! code: field rule, …`, as far as the error has them. */
static void tell_refusal(story *s, kith_status status) {
  kith_subject about;
  kith_violation v;
  size_t i;
  about.struct_size = sizeof about;
  v.struct_size = sizeof v;
  grow(&s->out, "! ");
  grow(&s->out, kith_status_name(status));
  memset((char *)&about + sizeof(size_t), 0, sizeof about - sizeof(size_t));
  kith_error_subject(s->err, &about);
  for (i = 0; kith_error_violation(s->err, i, &v) == KITH_OK; ++i) {
    grow(&s->out, i == 0 ? ": " : ", ");
    grow_text(&s->out, v.field);
    if (v.field.size > 0 && v.rule.size > 0) grow(&s->out, " ");
    grow_text(&s->out, v.rule);
  }
  if (i == 0 && about.field.size > 0) {
    grow(&s->out, ": ");
    grow_text(&s->out, about.field);
  }
  grow(&s->out, "\n");
  kith_error_free(s->err);
  s->err = NULL;
}

void story_tell(story *s, kith_text line) {
  kith_text word, rest;
  kith_status status;
  const size_t before = s->out.size;
  cut(line, " ", &word, &rest);
  status = does(s, word, rest);
  if (status >= 0) return;
  s->out.size = before;
  tell_refusal(s, status);
}
