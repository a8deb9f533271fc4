// SPDX-License-Identifier: Apache-2.0
//
// A reader of Arrow C streams of its own, by the letter of the specification and no further: what
// Kith gives is read as a stranger would. Values become text.
//
//   stream_text t = read_stream(out);   t.schema   // "id: l!, name: u"
//                                       t.rows     // "7|Омега", null is ∅
#pragma once

#include <string>
#include <vector>

#include "kith/exchange/arrow.hpp"

namespace kith::lab {

struct stream_text {
  std::string
      schema;  ///< name: format; `!` behind what is never null, values of dictionaries in <>
  std::vector<std::string> rows;     ///< cells joined by |
  std::vector<std::size_t> batches;  ///< rows of each
  std::string error;                 ///< `number: message` of the call that failed
};

/// Reads everything, or so many batches, and releases it.
stream_text read_stream(ArrowArrayStream& from, std::size_t most_batches = SIZE_MAX);

std::string schema_text(const ArrowSchema& s);
/// A value of an array, which may have an offset.
std::string value_text(const ArrowSchema& s, const ArrowArray& a, std::int64_t at);

}  // namespace kith::lab
