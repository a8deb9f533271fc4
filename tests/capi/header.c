/* SPDX-License-Identifier: Apache-2.0
 *
 * kith.h compiles alone, in any C99 compiler.
 */
#include "kith.h"

int kith_header_compiles(void);
int kith_header_compiles(void) { return KITH_OK; }
