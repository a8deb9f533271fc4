/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void grow_bytes(growing *text, const char *bytes, size_t size) {
  if (size == 0) return;
  if (text->size + size > text->room) {
    text->room = 2 * (text->size + size);
    text->data = realloc(text->data, text->room);
    if (text->data == NULL) abort();
  }
  memcpy(text->data + text->size, bytes, size);
  text->size += size;
}

void grow(growing *text, const char *words) { grow_bytes(text, words, strlen(words)); }

void grow_text(growing *text, kith_text more) { grow_bytes(text, more.data, more.size); }

void grow_number(growing *text, int64_t number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)number);
  grow(text, digits);
}

kith_text text_of(const growing *text) {
  kith_text view = {"", 0};
  if (text->size == 0) return view;
  view.data = text->data;
  view.size = text->size;
  return view;
}

int same(kith_text one, kith_text other) {
  return one.size == other.size && (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

int is(kith_text text, const char *words) { return same(text, T(words)); }

int begins(kith_text text, const char *words) {
  const size_t size = strlen(words);
  return text.size >= size && memcmp(text.data, words, size) == 0;
}

kith_text trimmed(kith_text text) {
  while (text.size > 0 && text.data[0] == ' ') ++text.data, --text.size;
  while (text.size > 0 && text.data[text.size - 1] == ' ') --text.size;
  return text;
}

int cut(kith_text text, const char *separator, kith_text *before, kith_text *behind) {
  const kith_text all = text;
  const size_t size = strlen(separator);
  for (; text.size >= size; ++text.data, --text.size) {
    if (memcmp(text.data, separator, size) != 0) continue;
    before->data = all.data;
    before->size = (size_t)(text.data - all.data);
    *before = trimmed(*before);
    behind->data = text.data + size;
    behind->size = text.size - size;
    *behind = trimmed(*behind);
    return 1;
  }
  *before = trimmed(all);
  *behind = T("");
  return 0;
}

int next_part(kith_text *rest, const char *separator, kith_text *part) {
  if (rest->data == NULL) return 0;
  if (!cut(*rest, separator, part, rest)) rest->data = NULL;
  return 1;
}

void growing_free(growing *text) {
  free(text->data);
  text->data = NULL;
  text->size = text->room = 0;
}
