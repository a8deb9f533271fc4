/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts for the reader of scenarios: views that are cut, and one that grows.
 */
#ifndef KITH_TESTS_CAPI_WORDS_H
#define KITH_TESTS_CAPI_WORDS_H

#include "kith.h"

/* A text that grows; the program ends when there is no memory. */
typedef struct growing {
  char *data;
  size_t size, room;
} growing;
void grow_bytes(growing *text, const char *bytes, size_t size);
void grow(growing *text, const char *words);
void grow_text(growing *text, kith_text more);
void grow_number(growing *text, int64_t number);
void growing_free(growing *text);
kith_text text_of(const growing *text);

#define T(literal) kith_text_of(literal)

int is(kith_text text, const char *words);
int begins(kith_text text, const char *words);
int same(kith_text one, kith_text other);
/* Without blanks around it. */
kith_text trimmed(kith_text text);
/* What stands before and behind the first separator; 0 when there is none, and all is before. */
int cut(kith_text text, const char *separator, kith_text *before, kith_text *behind);
/* Takes the next part of a list; 0 behind the last. `rest` is absent then. */
int next_part(kith_text *rest, const char *separator, kith_text *part);

#endif
