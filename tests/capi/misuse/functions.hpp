// SPDX-License-Identifier: Apache-2.0
//
// What generate.py makes of kith.h.
#pragma once

#include "probe.hpp"

namespace kith::misuse {

struct function {
  const char* name;
  std::vector<argument> arguments;
  void (*call)(world&, probe&);
  bool answers = true;            // a status
  kith_status refused = KITH_OK;  // right arguments are refused so here
  const char* missing = nullptr;  // an argument that nobody knows how to give
};

const std::vector<function>& functions();
extern const char* const unreadable;

inline std::ostream& operator<<(std::ostream& to, const function& f) { return to << f.name; }

}  // namespace kith::misuse
