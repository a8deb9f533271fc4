// SPDX-License-Identifier: Apache-2.0
//
// The store that keeps everything in the memory of the process: for tests, caches and what-if work.
// With a path it loads a snapshot when it is opened and writes one when it is saved.
//
//   kith::crm crm(kith::open_memory({.path = "demo.snapshot"}), std::move(options));
//   crm.save();
//
// Readers never wait for a transaction, at most for one row being put in place.
#pragma once

#include <memory>
#include <string>

#include "kith/core/store.hpp"

namespace kith::inline v1 {

struct memory_options {
  std::string path{};            ///< of the snapshot; empty: nothing is ever written
  int busy_timeout_ms = 10'000;  ///< how long a writer waits for another one
  bool read_only = false;
};

/// error_code::damaged for a snapshot that is not exactly what save() wrote, foreign for another
/// file, newer for one of a newer version, not_found for one that is only to be read and is not
/// there, storage when the system refuses.
std::unique_ptr<store> open_memory(memory_options options = {});

}  // namespace kith::inline v1
