/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs one group of the C tests, or all: `capi_smoke records`.
 */
#include <stdio.h>
#include <string.h>

extern int failures;
extern int checks;

void test_library(void);
void test_stores(void);
void test_models(void);
void test_records(void);
void test_transactions(void);
void test_queries(void);
void test_sessions(void);
void test_exchange(void);
void test_feed(void);
void test_erasure(void);
void test_callbacks(void);
void test_lifetimes(void);
void test_calls(void);
void test_arrow(void);
void test_threads(void);
void test_plugins(void);

static const struct group {
  const char *name;
  void (*run)(void);
} groups[] = {
    {"library", test_library},   {"stores", test_stores},
    {"models", test_models},     {"records", test_records},
    {"transactions", test_transactions}, {"queries", test_queries},
    {"sessions", test_sessions}, {"exchange", test_exchange},
    {"feed", test_feed},         {"erasure", test_erasure},
    {"callbacks", test_callbacks}, {"lifetimes", test_lifetimes},
    {"calls", test_calls},       {"arrow", test_arrow},
    {"threads", test_threads},
    {"plugins", test_plugins},
};

int main(int argc, char **argv) {
  size_t i, run = 0;
  for (i = 0; i < sizeof groups / sizeof groups[0]; ++i) {
    if (argc > 1 && strcmp(argv[1], groups[i].name) != 0) continue;
    groups[i].run();
    ++run;
  }
  if (run == 0) fprintf(stderr, "there is no group '%s'\n", argv[1]);
  printf("%d checks, %d failures\n", checks, failures);
  return run == 0 || failures != 0 || checks == 0;
}
