/* SPDX-License-Identifier: Apache-2.0
 *
 * Does a scenario through the C API; what it prints must be the file itself.
 */
#include <stdio.h>
#include <stdlib.h>

#include "story.h"

static growing read_file(const char *path) {
  growing all = {0};
  char bytes[4096];
  size_t size;
  FILE *const in = fopen(path, "rb");
  while (in != NULL && (size = fread(bytes, 1, sizeof bytes, in)) > 0) grow_bytes(&all, bytes, size);
  if (in != NULL) fclose(in);
  return all;
}

/* Lines are not trimmed: the file is repeated byte by byte. */
static int next_line(kith_text *rest, kith_text *line) {
  *line = *rest;
  for (line->size = 0; line->size < rest->size && line->data[line->size] != '\n'; ++line->size) {
  }
  if (line->size == rest->size) return 0;
  rest->data += line->size + 1;
  rest->size -= line->size + 1;
  return 1;
}

int main(int argc, char **argv) {
  growing file = argc == 2 ? read_file(argv[1]) : read_file("");
  kith_text rest = text_of(&file), line;
  story s;
  if (file.size == 0 || story_begin(&s) < 0) {
    fprintf(stderr, "usage: capi_scenarios FILE\n");
    return 2;
  }
  while (next_line(&rest, &line)) {
    if (begins(line, "= ") || begins(line, "! ")) continue; /* what it should answer */
    grow_text(&s.out, line);
    grow(&s.out, "\n");
    if (line.size > 0 && line.data[0] != '#') story_tell(&s, line);
  }
  fwrite(s.out.data, 1, s.out.size, stdout);
  story_end(&s);
  growing_free(&s.out);
  growing_free(&file);
  return 0;
}
