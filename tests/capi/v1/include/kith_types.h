/* SPDX-License-Identifier: Apache-2.0
 *
 * The few types that hosts (kith.h) and plug-ins (kith_plugin.h) share: status, text, cell, value.
 * C99; sizes and offsets never change (capi/tests assert them). Nothing here needs a library.
 */
#ifndef KITH_TYPES_H
#define KITH_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a call answers: 0 done; positive: an outcome that is expected; negative: not done, and why.
 * The negative ones are -1 times the numbers of the core's only code table. */
typedef int32_t kith_status;

enum {
  KITH_OK = 0,
  KITH_ROW = 1,       /* there is one more */
  KITH_DONE = 2,      /* there are no more */
  KITH_ABSENT = 3,    /* nothing has this id or value */
  KITH_UNCHANGED = 4, /* there was nothing to do */

  KITH_E_NOT_FOUND = -1,
  KITH_E_INVALID = -2,
  KITH_E_EXISTS = -3,
  KITH_E_CONFLICT = -4,
  KITH_E_BUSY = -5,
  KITH_E_RETRY = -6,
  KITH_E_DENIED = -7,
  KITH_E_READ_ONLY = -8,
  KITH_E_UNSUPPORTED = -9,
  KITH_E_LIMIT = -10,
  KITH_E_INTERRUPTED = -11,
  KITH_E_STORAGE = -12,
  KITH_E_FULL = -13,
  KITH_E_DAMAGED = -14,
  KITH_E_FOREIGN = -15,
  KITH_E_NEWER = -16,
  KITH_E_OUTCOME_UNKNOWN = -17,
  KITH_E_POISONED = -18,
  KITH_E_CLOSED = -19,
  KITH_E_FORKED = -20,
  KITH_E_QUERY = -21,
  KITH_E_WRONG_THREAD = -22,
  KITH_E_REENTRANT = -23,
  KITH_E_MISUSE = -24,
  KITH_E_STALE = -25,
  KITH_E_MODEL = -26,
  KITH_E_NO_MEMORY = -100,
  KITH_E_INTERNAL = -101 /* a mistake of Kith's own */
};

/* UTF-8 that somebody else keeps. data NULL: absent; size 0 with data: empty. Not terminated. */
typedef struct kith_text {
  const char *data;
  size_t size;
} kith_text;

/* SQLite's storage classes. */
enum { KITH_NULL = 0, KITH_INTEGER = 1, KITH_REAL = 2, KITH_TEXT = 3, KITH_BLOB = 4 };

/* What a store knows: one value of one column. 24 bytes on 64-bit machines. */
typedef struct kith_cell {
  uint32_t type; /* KITH_NULL … KITH_BLOB */
  uint32_t reserved;
  union {
    int64_t integer;
    double real;
    kith_text bytes; /* of text and blob; data is never NULL */
  } as;
} kith_cell;

/* The kinds of fields; numbers never change. */
enum {
  KITH_KIND_NONE = 0, /* null */
  KITH_KIND_TEXT = 1,
  KITH_KIND_INTEGER = 2,
  KITH_KIND_REAL = 3,
  KITH_KIND_DECIMAL = 4,
  KITH_KIND_BOOLEAN = 5,
  KITH_KIND_DATE = 6,
  KITH_KIND_INSTANT = 7,
  KITH_KIND_DURATION = 8,
  KITH_KIND_MONEY = 9,
  KITH_KIND_CHOICE = 10,
  KITH_KIND_REF = 11,
  KITH_KIND_ANY_REF = 12,
  KITH_KIND_EMAIL = 13,
  KITH_KIND_PHONE = 14,
  KITH_KIND_URL = 15,
  KITH_KIND_PERSON_NAME = 16,
  KITH_KIND_POSTAL_ADDRESS = 17,
  KITH_KIND_BLOB = 18
};

/* A value with its kind: of a field, a parameter, a result. 48 bytes on 64-bit machines.
 *
 *   kind       integer                               text                      scale    entity
 *   text, email, phone, url                          the text
 *   integer    the number
 *   real       (real)
 *   decimal    the units: 12.50 is 1250              -                         2
 *   boolean    0 or 1
 *   date       days since 1970-01-01
 *   instant    microseconds since 1970-01-01 UTC
 *   duration   microseconds
 *   money      the units                             ISO 4217 currency         digits
 *   choice     its number; when given, or 0:         its name
 *   ref        the record's id
 *   any_ref    the record's id                                                          its number
 *   person_name, postal_address                      as people write it; parts have keys of their own
 *   blob                                             the bytes
 *
 * Given to a field of another kind, text is read as people write it ("12500.00 EUR", "2026-03-01");
 * anything else is KITH_E_MISUSE. */
typedef struct kith_value {
  uint16_t kind;
  uint16_t entity;
  int32_t scale;
  int64_t integer;
  double real;
  kith_text text;
  uint64_t reserved;
} kith_value;

/* Any key of a record: the entity's number << 16 | part << 12 | the field's number. Part 0 is the
 * whole field; kith_model.h has all standard ones, kith_model_field() finds any by its name. */
typedef uint32_t kith_field;

/* Why a call was not done. Owned by who received it: kith_error_free(). */
typedef struct kith_error kith_error;

#ifdef __cplusplus
}
#endif
#endif
