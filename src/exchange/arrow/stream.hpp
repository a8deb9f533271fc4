// SPDX-License-Identifier: Apache-2.0
//
// The C side of a stream that Kith gives: exceptions become error numbers and a message, the end
// is a released array, and what was released is gone.
#pragma once

#include <memory>

#include "kith/exchange/arrow.hpp"

namespace kith::inline v1::detail {

/// Where record batches come from.
class arrow_batches {
 public:
  virtual ~arrow_batches() = default;
  virtual void schema(ArrowSchema& out) = 0;
  /// False at the end, where `out` stays as it is.
  virtual bool next(ArrowArray& out) = 0;
  /// Nothing is read any more: what next() needs is given back. schema() still answers.
  virtual void close() noexcept = 0;
};

void give_stream(std::unique_ptr<arrow_batches> batches, ArrowArrayStream& out);

}  // namespace kith::inline v1::detail
