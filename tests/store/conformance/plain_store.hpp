// SPDX-License-Identifier: Apache-2.0
//
// The smallest store that keeps every promise of store.hpp: a map in memory, copied whenever
// somebody needs an instant of it. It takes no conditions, no orders but by id, no aggregates.
// It is the proof that the suite asks for no more than that, and the example for a new store.
//
//   std::unique_ptr<kith::store> s = kith::conformance::make_plain_store(200);
#pragma once

#include <memory>

#include "kith/core/store.hpp"

namespace kith::conformance {

std::unique_ptr<store> make_plain_store(int wait_ms);

}  // namespace kith::conformance
