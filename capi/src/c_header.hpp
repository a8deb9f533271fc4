// SPDX-License-Identifier: Apache-2.0
//
// The C header as the library itself reads it: what it declares, and nothing else, is exported.
#pragma once

#pragma GCC visibility push(default)
#include "kith.h"
#pragma GCC visibility pop
