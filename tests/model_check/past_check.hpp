// SPDX-License-Identifier: Apache-2.0
//
// The store as of earlier commits, compared with copies of the world of then: records, revisions,
// and questions. Some sessions of the past are kept open while others write.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "model_check/feed_check.hpp"
#include "model_check/ledger.hpp"
#include "model_check/load.hpp"

namespace kith::model_check {

class past_check {
 public:
  explicit past_check(loaded& in) : in_(in) {}

  /// Keeps what was committed.
  void remember(const ledger& told, const feed_check& feed);
  /// The first difference as of some earlier commit, or nothing.
  std::string compare(const world& now, std::uint64_t& questions);
  /// No session is held any more.
  void let_go() { held_.reset(); }

 private:
  struct past {
    kith::session through;
    world w;  ///< of then, in the model of when it was opened
  };
  std::unique_ptr<past> open(const world& now, std::int64_t sequence);
  std::string compare(past& p, std::uint64_t& questions);
  std::string ask_some(past& p, std::uint64_t& questions);

  loaded& in_;
  std::map<std::int64_t, world> worlds_;
  std::unique_ptr<past> held_;
  std::uint64_t times_ = 0;
};

}  // namespace kith::model_check
