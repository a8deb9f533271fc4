// SPDX-License-Identifier: Apache-2.0
//
// Asking a store, comparing with the reference model, and making what differs small.
//
//   check_question(backends, worlds, q)   // a failure shows the seed and the smallest question
#pragma once

#include <memory>

#include "model_check/load.hpp"
#include "model_check/naive.hpp"

namespace kith::model_check {

/// What this store answers.
answer ask(loaded& in, const world& w, const question& q);
/// The same through another session.
answer ask(loaded& in, kith::session& through, const world& w, const question& q);

/// The question as people would type it, with its parameters.
std::string described(const world& w, const loaded& in, const question& q);

/// A smaller question and world that still fail; `fails` decides.
struct failing {
  world w;
  question q;
};
failing shrunk(const conformance::backend& where, failing from);
/// Everything needed to run it by hand: seed, question, records, both answers.
std::string report(const conformance::backend& where, const failing& f);

}  // namespace kith::model_check
