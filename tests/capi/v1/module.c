/* SPDX-License-Identifier: Apache-2.0
 *
 * A module for Kith, as a template to copy: points for loyal customers.
 *
 *   cc -std=c99 -shared -fPIC -I<include> plugin_loyalty.c -o libplugin_loyalty.so
 *
 * It adds the field `loyalty_points` to clients, the gifts that points buy, a rule that refuses
 * what was not earned, one that keeps a total, an action and a report. examples/loyalty.cpp uses it.
 */
#include "kith_plugin.h"

#include <stdio.h>

static const kith_module_host *host;

#define COUNT(list) (sizeof(list) / sizeof *(list))

static kith_value text(const char *words, size_t size) {
  kith_value v = {KITH_KIND_TEXT, 0, 0, 0, 0, {0, 0}, 0};
  v.text.data = words;
  v.text.size = size;
  return v;
}
static kith_value integer(int64_t n) {
  kith_value v = {KITH_KIND_INTEGER, 0, 0, 0, 0, {0, 0}, 0};
  v.integer = n;
  return v;
}

/* -------------------------------------------------------------------------------------- the rules */

/* clients: nobody has fewer than no points. */
static kith_status points_are_not_owed(kith_scope *scope, void *data) {
  kith_value points;
  char message[120];
  (void)data;
  const kith_status done = host->get(scope, "loyalty_points", &points);
  if (done != KITH_OK || points.integer >= 0) return done;
  snprintf(message, sizeof message, "%lld points are missing; add points first",
           (long long)-points.integer);
  return host->refuse(scope, "loyalty_points", message);
}

/* gifts: a gift without a price costs 100 points. */
static kith_status gifts_have_a_price(kith_scope *scope, void *data) {
  kith_value points;
  (void)data;
  const kith_status done = host->get(scope, "points", &points);
  if (done != KITH_OK || points.kind != KITH_KIND_NONE) return done;
  points = integer(100);
  return host->set(scope, "points", &points);
}

/* gifts: who gets one pays with points. The rule above refuses when they do not suffice. */
static kith_status gifts_are_paid_for(kith_scope *scope, void *data) {
  static const char *const fields[] = {"loyalty_points"};
  kith_value client, price, has;
  (void)data;
  if (!host->is_new(scope)) return KITH_OK;
  kith_status done = host->get(scope, "client", &client);
  if (done == KITH_OK) done = host->get(scope, "points", &price);
  if (done == KITH_OK) done = host->read(scope, "clients", client.integer, "loyalty_points", &has);
  if (done != KITH_OK) return done;
  has = integer(has.integer - price.integer);
  return host->update(scope, "clients", client.integer, fields, &has, 1);
}

/* ---------------------------------------------------------------------------- action and report */

/* client.add_points(points, reason): the new total is on the record that comes back. */
static kith_status add_points(kith_scope *scope, void *data) {
  static const char *const fields[] = {"loyalty_points"};
  kith_value more, has;
  (void)data;
  kith_status done = host->argument(scope, "points", &more);
  if (done == KITH_OK) done = host->get(scope, "loyalty_points", &has);
  if (done != KITH_OK) return done;
  if (more.integer == 0) return host->refuse(scope, "points", "no points; give 1 or more");
  has = integer(has.integer + more.integer);
  return host->update(scope, "clients", host->id(scope), fields, &has, 1);
}

static kith_status loyalty_row(void *scope, const kith_value *client) {
  kith_value row[2];
  row[0] = text(client[0].text.data, client[0].text.size);
  row[1] = integer(client[1].integer);
  return host->row(scope, row, 2);
}
/* loyalty(least): who has how many points, most first. */
static kith_status loyalty(kith_scope *scope, void *data) {
  static const char *const columns[] = {"name", "loyalty_points"};
  kith_value least;
  (void)data;
  kith_status done = host->argument(scope, "least", &least);
  if (done == KITH_OK) done = host->column(scope, "client", KITH_KIND_TEXT, 0);
  if (done == KITH_OK) done = host->column(scope, "points", KITH_KIND_INTEGER, 0);
  if (done != KITH_OK) return done;
  return host->query(scope, "clients", "loyalty_points >= ? order by -loyalty_points, name", &least,
                     1, columns, COUNT(columns), loyalty_row, scope);
}

/* ------------------------------------------------------------------------------ what is described */

static const int64_t one = 1;

static kith_status describe(kith_registry *to) {
  const kith_field_def points = {
      .struct_size = sizeof points,
      .name = "loyalty_points",
      .kind = KITH_KIND_INTEGER,
      .flags = KITH_DEF_INDEXED,
      .ru = "Баллы",
      .doc = "What a client has earned and not yet spent.",
  };
  const kith_field_def gift_fields[] = {
      {.struct_size = sizeof points,
       .name = "title",
       .kind = KITH_KIND_TEXT,
       .flags = KITH_DEF_REQUIRED,
       .max_length = 100,
       .doc = "What it is."},
      {.struct_size = sizeof points,
       .name = "client",
       .kind = KITH_KIND_REF,
       .flags = KITH_DEF_REQUIRED | KITH_DEF_INDEXED,
       .target = "client",
       .on_delete = KITH_ON_DELETE_CASCADE,
       .doc = "Who gets it."},
      {.struct_size = sizeof points,
       .name = "points",
       .kind = KITH_KIND_INTEGER,
       .least = &one,
       .doc = "What it costs."},
  };
  const kith_entity_def gift = {
      .struct_size = sizeof gift,
      .name = "loyalty_gift",
      .plural = "loyalty_gifts",
      .title = "title",
      .fields = gift_fields,
      .field_count = COUNT(gift_fields),
      .ru = "Подарок",
      .ru_plural = "Подарки",
      .doc = "What points were spent on.",
  };
  kith_status done = host->add_field(to, "clients", &points);
  return done == KITH_OK ? host->add_entity(to, &gift) : done;
}

static kith_status add_rules(kith_registry *to) {
  static const char *const points_of_client[] = {"loyalty_points"};
  static const char *const price[] = {"points"};
  static const char *const gift[] = {"client", "points"};
  const kith_rule_def rules[] = {
      {.struct_size = sizeof *rules,
       .name = "points_are_not_owed",
       .entity = "clients",
       .phase = KITH_RULE_CHECK,
       .reads = points_of_client,
       .read_count = 1,
       .run = points_are_not_owed},
      {.struct_size = sizeof *rules,
       .name = "gifts_have_a_price",
       .entity = "loyalty_gifts",
       .phase = KITH_RULE_COMPLETE,
       .writes = price,
       .write_count = 1,
       .run = gifts_have_a_price},
      {.struct_size = sizeof *rules,
       .name = "gifts_are_paid_for",
       .entity = "loyalty_gifts",
       .phase = KITH_RULE_REACT,
       .reads = gift,
       .read_count = 2,
       .run = gifts_are_paid_for},
  };
  kith_status done = KITH_OK;
  for (size_t i = 0; i < COUNT(rules) && done == KITH_OK; ++i) done = host->add_rule(to, &rules[i]);
  return done;
}

static kith_status add_verbs(kith_registry *to) {
  const kith_field_def how_many = {
      .struct_size = sizeof how_many,
      .name = "points",
      .kind = KITH_KIND_INTEGER,
      .flags = KITH_DEF_REQUIRED,
      .doc = "How many.",
  };
  const kith_action_def earn = {
      .struct_size = sizeof earn,
      .entity = "clients",
      .name = "add_points",
      .arguments = &how_many,
      .argument_count = 1,
      .run = add_points,
      .ru = "Начислить баллы",
      .doc = "Adds points to what a client has.",
  };
  const kith_field_def least = {
      .struct_size = sizeof least,
      .name = "least",
      .kind = KITH_KIND_INTEGER,
      .initial = "1",
      .doc = "Clients with fewer points are left out.",
  };
  const kith_report_def report = {
      .struct_size = sizeof report,
      .name = "loyalty",
      .arguments = &least,
      .argument_count = 1,
      .run = loyalty,
      .mark = "bar",
      .x = "client",
      .y = "points",
      .ru = "Баллы клиентов",
      .doc = "Clients by their points.",
  };
  const kith_status done = host->add_action(to, &earn);
  return done == KITH_OK ? host->add_report(to, &report) : done;
}

KITH_PLUGIN_EXPORT kith_status kith_module_init(const kith_module_host *the_host,
                                                kith_registry *to) {
  if (the_host->abi != 1) return KITH_E_NEWER; /* the host asks again, with an older interface */
  host = the_host;
  kith_status done = describe(to);
  if (done == KITH_OK) done = add_rules(to);
  return done == KITH_OK ? add_verbs(to) : done;
}
