// SPDX-License-Identifier: Apache-2.0
//
// What hosts do through C, each to be tried with every allocation failing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kith.h"

namespace kith::capi_memory {

/// A store with some content, made while memory is there.
struct host {
  explicit host(const char* place);
  ~host();
  host(const host&) = delete;
  host& operator=(const host&) = delete;
  /// How many clients there are; -1 when that cannot be told.
  std::int64_t clients() const;
  /// Adds a client and sees it: the handles go on. Empty, or what they do not do.
  std::string goes_on() const;

  const char* place;
  kith_crm* crm = nullptr;
  kith_session* session = nullptr;
  std::int64_t client = 0, deleted = 0, user = 0;
};

struct work {
  const char* name;
  /// The first status that is a refusal, or the last one. Frees what it made.
  kith_status (*does)(host&, kith_error** err);
  int adds = 0;                              ///< clients that are there when it is done
  kith_status otherwise = KITH_E_NO_MEMORY;  ///< another refusal that is right
  bool in_steps = false;  ///< transactions of its own: what was committed before a refusal stays
};
const std::vector<work>& works();

}  // namespace kith::capi_memory
