/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as people write them: a host in C does this itself.
 */
#ifndef KITH_TESTS_CAPI_PRINT_H
#define KITH_TESTS_CAPI_PRINT_H

#include "words.h"

/* Decimals, money, dates, instants …; nothing for a null. */
void print_value(growing *to, const kith_value *value);

#endif
