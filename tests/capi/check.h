/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the C API say and count. Plain C99, like a host that has nothing but kith.h.
 */
#ifndef KITH_TESTS_CAPI_CHECK_H
#define KITH_TESTS_CAPI_CHECK_H

#include <string.h>

#include "kith.h"

/* Fails the run, and goes on. */
#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)
/* A call answers this status; its error is shown when it does not, and freed. `err` is its last. */
#define ANSWERS(status, call) check_status((status), (call), #call, __FILE__, __LINE__)
/* The same, and the message of the error has these words. */
#define REFUSES(status, words, call) check_refusal((status), (words), (call), #call, __FILE__, __LINE__)
#define OK(call) ANSWERS(KITH_OK, call)
#define IS_TEXT(wanted, text) check_text((wanted), (text), __FILE__, __LINE__)
#define IS_NUMBER(wanted, number) check_number((wanted), (int64_t)(number), __FILE__, __LINE__)

void check(int holds, const char *what, const char *file, int line);
void check_status(kith_status wanted, kith_status status, const char *what, const char *file, int line);
void check_refusal(kith_status wanted, const char *words, kith_status status, const char *what, const char *file, int line);
void check_text(const char *wanted, kith_text text, const char *file, int line);
void check_number(int64_t wanted, int64_t number, const char *file, int line);

/* The error of the latest call. */
extern kith_error *failed;
#define ERR &failed

#define T(text) kith_text_of(text)

/* Values as people write them in tests. */
kith_value text_value(const char *text);
kith_value int_value(uint16_t kind, int64_t integer);
kith_value money_value(int64_t units, int32_t scale, const char *currency);
kith_value null_value(void);

/* A store in memory with a clock that stands still, and a session of anna in it. */
typedef struct shop {
  kith_crm *crm;
  kith_session *session;
  kith_model *model;
  int64_t now;  /* what its clock says */
  int64_t base; /* the sequence that opening it took; the first change of a test is the next */
} shop;
void open_shop(shop *s);
void close_shop(shop *s);

uint16_t entity(const shop *s, const char *name);
kith_field field(const shop *s, const char *entity_name, const char *name);
/* Adds a client with a name and a city; its id. */
int64_t add_client(const shop *s, const char *name, const char *city);
/* A pipeline with the stages Offer and Won; the id of Offer. */
int64_t add_stages(const shop *s);
int64_t add_deal(const shop *s, const char *title, int64_t client, int64_t stage, const char *amount);
/* The text of a field of a record; absent when there is none. Borrowed from the record. */
kith_text text_of(const kith_record *record, const char *name);
/* The integer of a cell of a table. */
int64_t integer_at(const kith_table *table, size_t row, const char *column);
kith_text text_at(const kith_table *table, size_t row, const char *column);
size_t rows_of(const kith_table *table);
/* A new path in the folder of this run. */
const char *scratch(const char *name);

/* Bytes to read and written, for callbacks. */
typedef struct bytes {
  char data[1 << 16];
  size_t size;
  size_t at;
} bytes;

#endif
