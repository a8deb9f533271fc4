/* SPDX-License-Identifier: Apache-2.0
 *
 * The web shop in C: the same work as webshop.cpp on the sample of examples/data, with the same
 * words at the end.
 *
 *   webshop_c [--store FILE]      keeps the store there (default: memory)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c/shop.h"

static int64_t clock_of(void *now) { return *(const int64_t *)now; }

static void title(const char *text) { printf("\n%s\n", text); }

static void print_text(kith_text text) { fwrite(text.data, 1, text.size, stdout); }

/* Prints a table and frees it. */
static void print_table(kith_table *t) {
  kith_text text;
  size_t rows;
  must(kith_table_shape(t, &rows, NULL, &err));
  must(kith_table_text(t, &text, &err));
  if (rows == 0) puts("(none)");
  if (rows > 0) print_text(text);
  kith_table_free(t);
}

/* ---------------------------------------------------------------- one transaction with the shop */

/* The first record by its name. */
static kith_record *first_by_name(kith_session *s, uint16_t entity) {
  kith_query *const q = asked(s, entity, "order by name limit 1");
  kith_cursor *c;
  const kith_record *found;
  kith_record *copy;
  must(kith_query_run(q, &c, &err));
  if (must(kith_cursor_next(c, &found, &err)) != KITH_ROW) exit(1);
  must(kith_record_copy(found, &copy, &err));
  kith_cursor_free(c);
  kith_query_free(q);
  return copy;
}

static int64_t id_of(const kith_record *r) {
  kith_record_state state;
  state.struct_size = sizeof state;
  must(kith_record_info(r, &state, &err));
  return state.id;
}

static void sql(kith_transaction *tx, const char *statement, const kith_value *values, size_t count) {
  must(kith_transaction_sql(tx, T(statement), values, count, NULL, &err));
}

/* The shop's own row and Kith's records, inside the open transaction; the order's id. */
static int64_t write_order(kith_session *s, kith_transaction *tx, const char *number, int64_t buyer, int64_t product) {
  kith_value row[2];
  char words[100];
  kith_record *r;
  int32_t today;
  int64_t order;
  row[0] = text_value(number);
  row[1] = ref_value(buyer);
  sql(tx, "insert into shop_orders(number, buyer) values (?, ?)", row, 2);
  r = made(s, KITH_SALES_ORDER);
  set_text(r, KITH_SALES_ORDER_NUMBER, number);
  set_ref(r, KITH_SALES_ORDER_CLIENT, buyer);
  set_text(r, KITH_SALES_ORDER_STATUS, "confirmed");
  order = put(s, r);
  r = made(s, KITH_ORDER_LINE);
  set_ref(r, KITH_ORDER_LINE_SALES_ORDER, order);
  set_ref(r, KITH_ORDER_LINE_PRODUCT, product);
  set_text(r, KITH_ORDER_LINE_QUANTITY, "2");
  put(s, r);
  r = made(s, KITH_INTERACTION);
  snprintf(words, sizeof words, "Order %s in the web shop", number);
  set_ref(r, KITH_INTERACTION_CLIENT, buyer);
  set_text(r, KITH_INTERACTION_KIND, "web");
  set_text(r, KITH_INTERACTION_SUBJECT, words);
  put(s, r);
  r = made(s, KITH_TASK);
  snprintf(words, sizeof words, "Call about delivery of %s", number);
  must(kith_session_now(s, NULL, &today, &err));
  {
    const kith_value tomorrow = {KITH_KIND_DATE, 0, 0, today + 1, 0, {NULL, 0}, 0};
    must(kith_record_set(r, KITH_TASK_DUE, &tomorrow, &err));
  }
  set_ref(r, KITH_TASK_CLIENT, buyer);
  set_text(r, KITH_TASK_TITLE, words);
  put(s, r);
  return order;
}

static void print_order(kith_session *s, const char *number, int64_t id, const kith_record *buyer) {
  kith_record *order;
  kith_table *net;
  grid g = {0};
  kith_value name;
  must(kith_get(s, KITH_SALES_ORDER, id, &order, &err));
  must(kith_compute(s, order, T("net"), &net, &err));
  must(kith_record_get(buyer, KITH_CLIENT_NAME, &name, &err));
  grid_cell(&g, 0, 0, net, 0, 0);
  printf("  %s: %s for %.*s\n", number, g.cells[0][0], (int)name.text.size, name.text.data);
  kith_table_free(net);
  kith_record_free(order);
}

/* An order arrives: all is kept, or nothing. */
static void take_order(kith_session *s, const char *number, const kith_record *buyer, const kith_record *what, int card_is_good) {
  kith_transaction_options options = {sizeof options, KITH_WRITE, 0, {NULL, 0}, {NULL, 0}, 0};
  kith_transaction_state state;
  kith_transaction *tx;
  char reason[40], key[40];
  int64_t order;
  snprintf(reason, sizeof reason, "web order %s", number);
  snprintf(key, sizeof key, "web-%s", number);
  options.reason = T(reason);
  options.operation_key = T(key);
  state.struct_size = sizeof state;
  must(kith_begin(s, &options, &tx, &err));
  must(kith_transaction_info(tx, &state, &err));
  if (state.already_done) {
    printf("  %s: known already, nothing done\n", number);
    kith_transaction_free(tx);
    return;
  }
  order = write_order(s, tx, number, id_of(buyer), id_of(what));
  if (card_is_good) {
    must(kith_transaction_commit(tx, &err));
    print_order(s, number, order, buyer);
  } else {
    printf("  %s: the card was declined, nothing kept\n", number);
  }
  kith_transaction_free(tx); /* takes back what was not committed */
}

static void take_orders(kith_session *s) {
  kith_record *const buyer = first_by_name(s, KITH_CLIENT);
  kith_record *const what = first_by_name(s, KITH_PRODUCT);
  kith_transaction_options reading = {sizeof reading, KITH_READ, 0, {NULL, 0}, {NULL, 0}, 0};
  kith_transaction *tx;
  kith_table *rows;
  kith_value number;
  size_t count, i;
  must(kith_begin(s, NULL, &tx, &err));
  sql(tx, "create table if not exists shop_orders(number text primary key, buyer integer)", NULL, 0);
  must(kith_transaction_commit(tx, &err));
  kith_transaction_free(tx);
  take_order(s, "W-1", buyer, what, 1);
  take_order(s, "W-1", buyer, what, 1); /* the same message again */
  take_order(s, "W-2", buyer, what, 0);
  must(kith_begin(s, &reading, &tx, &err));
  must(kith_transaction_sql(tx, T("select number from shop_orders"), NULL, 0, &rows, &err));
  must(kith_table_shape(rows, &count, NULL, &err));
  printf("  in the shop's table: ");
  for (i = 0; i < count; ++i) {
    must(kith_table_get(rows, i, 0, 0, &number, &err));
    print_text(number.text);
    printf(" ");
  }
  puts("");
  kith_table_free(rows);
  kith_transaction_free(tx);
  kith_record_free(buyer);
  kith_record_free(what);
}

/* --------------------------------------------------------------------- the questions of the day */

/* The stages that deals are worked on in, each with what the live total says of its deals. */
static void print_board(kith_session *s) {
  const kith_named columns[] = {named("pipeline", "pipeline.name"), named("no", "position"), named("stage", "name"), named("id", "id")};
  const char *const measures[] = {"deals", "amount", "weighted"};
  kith_query *const q = asked(s, KITH_STAGE, "category in ('open', 'hold') order by pipeline.name, position");
  kith_table *stages, *deals;
  kith_value stage;
  static grid board;
  size_t rows, found, at, i, c;
  title("Pipeline board");
  for (c = 0; c < 3; ++c) grid_column(&board, columns[c].name.data, c == 1);
  for (c = 0; c < 3; ++c) grid_column(&board, measures[c], 1);
  must(kith_query_select(q, columns, 4, &stages, &err));
  must(kith_table_shape(stages, &rows, NULL, &err));
  for (i = 0; i < rows; ++i) {
    must(kith_table_get(stages, i, 3, 0, &stage, &err));
    must(kith_total_read(s, T("board"), &stage, 1, &deals, &err));
    must(kith_table_shape(deals, &found, NULL, &err));
    for (c = 0; found > 0 && c < 3; ++c) {
      must(kith_table_find(deals, T(measures[c]), &at, &err));
      grid_cell(&board, board.rows, c, stages, i, c);
      grid_cell(&board, board.rows, c + 3, deals, 0, at);
    }
    board.rows += found;
    kith_table_free(deals);
  }
  grid_print(&board);
  kith_table_free(stages);
  kith_query_free(q);
}

static void print_decided(kith_session *s) {
  const kith_named category = named("category", "stage.category");
  const kith_named measures[] = {named("deals", "count()"), named("amount", "sum(amount)")};
  kith_aggregation what;
  kith_query *const q = asked(s, KITH_DEAL, "stage.category in ('won', 'lost')");
  kith_table *t;
  const uint64_t won = counted(s, KITH_DEAL, "stage.category = 'won'");
  const uint64_t lost = counted(s, KITH_DEAL, "stage.category = 'lost'");
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.groups = &category;
  what.group_count = 1;
  what.measures = measures;
  what.measure_count = 2;
  title("Decided deals");
  must(kith_query_aggregate(q, &what, &t, &err));
  kith_query_free(q);
  print_table(t);
  if (won + lost == 0) return;
  { /* in hundredths of a percent, rounded half up */
    const uint64_t rate = (won * 20000 + won + lost) / (2 * (won + lost));
    printf("win rate %d.%02d %%\n", (int)(rate / 100), (int)(rate % 100));
  }
}

/* The best five: clients of the report, which has more columns than are shown. */
static void print_best_clients(kith_session *s) {
  const char *const names[] = {"client", "orders", "net"};
  kith_record *arguments;
  kith_table *t;
  static grid best;
  size_t rows, at, i, c;
  must(kith_record_new(s, KITH_REPORT_CLIENTS, 0, &arguments, &err));
  set_text(arguments, KITH_REPORT_CLIENTS_LIMIT, "5");
  must(kith_report(s, KITH_REPORT_CLIENTS, arguments, &t, &err));
  kith_record_free(arguments);
  must(kith_table_shape(t, &rows, NULL, &err));
  title("Best clients by what they ordered");
  for (c = 0; c < 3; ++c) {
    grid_column(&best, names[c], c > 0);
    must(kith_table_find(t, T(names[c]), &at, &err));
    for (i = 0; i < rows; ++i) grid_cell(&best, i, c, t, i, at);
  }
  best.rows = rows;
  grid_print(&best);
  kith_table_free(t);
}

/* The name of the client with whom most happened. */
static kith_table *busiest(kith_session *s) {
  const kith_named client = named("client", "client.name"), n = named("n", "count()");
  const kith_order most = {{"n", 1}, 1};
  kith_aggregation what;
  kith_query *const q = asked(s, KITH_INTERACTION, "");
  kith_table *t;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.groups = &client;
  what.group_count = 1;
  what.measures = &n;
  what.measure_count = 1;
  what.order = &most;
  what.order_count = 1;
  must(kith_query_aggregate(q, &what, &t, &err));
  kith_query_free(q);
  return t;
}

static void print_timeline(kith_session *s) {
  const kith_named columns[] = {named("at", "at"), named("kind", "kind"), named("direction", "direction"),
                                named("subject", "subject"), named("by", "owner.name")};
  kith_table *const clients = busiest(s), *t;
  kith_value name;
  kith_query *const q = asked(s, KITH_INTERACTION, "client.name = ? order by at desc limit 10");
  must(kith_table_get(clients, 0, 0, 0, &name, &err));
  printf("\nWhat happened with %.*s\n", (int)name.text.size, name.text.data);
  must(kith_query_bind(q, 0, &name, &err));
  must(kith_query_select(q, columns, 5, &t, &err));
  print_table(t);
  kith_query_free(q);
  kith_table_free(clients);
}

static void print_promises(kith_session *s) {
  const kith_named columns[] = {named("due", "due"), named("what", "title"), named("client", "client.name"),
                                named("who", "assignee.name")};
  kith_query *const q = asked(s, KITH_TASK, "status = 'open' and due < today() order by due");
  kith_table *t;
  title("Promises that are overdue on 2026-03-16");
  must(kith_query_select(q, columns, 4, &t, &err));
  print_table(t);
  kith_query_free(q);
}

int main(int count, char **words) {
  const char *const place = count == 3 && strcmp(words[1], "--store") == 0 ? words[2] : "sqlite::memory:";
  kith_session_options who = {sizeof who, {NULL, 0}, 0, {NULL, 0}, NULL};
  int64_t now = INT64_C(1773633600000000); /* ten o'clock in Omsk on 2026-03-16 */
  kith_config *config;
  kith_crm *crm;
  kith_session *s;
  must(kith_config_new(&config, &err));
  must(kith_config_set_clock(config, clock_of, &now, NULL, &err));
  must(kith_open(T(place), config, &crm, &err));
  kith_config_free(config);
  who.actor = T("webshop");
  who.zone = T("Asia/Omsk");
  must(kith_session_open(crm, &who, &s, &err));
  puts("Сибсервис: other firms' vehicles");
  title("Read");
  read_sample(s, KITH_EXAMPLE_DATA);
  title("Orders of the web shop");
  take_orders(s);
  print_board(s);
  print_decided(s);
  print_best_clients(s);
  print_timeline(s);
  print_promises(s);
  kith_session_free(s);
  kith_close(crm);
  return 0;
}
