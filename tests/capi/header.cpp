// SPDX-License-Identifier: Apache-2.0
//
// kith.h compiles alone, as C++20.
#include "kith.h"

int kith_header_compiles_in_cpp();
int kith_header_compiles_in_cpp() { return KITH_OK; }
