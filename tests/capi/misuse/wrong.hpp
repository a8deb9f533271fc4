// SPDX-License-Identifier: Apache-2.0
//
// What can be wrong with an argument, and which sorts of arguments there are.
#pragma once

#include <cstddef>
#include <vector>

namespace kith::misuse {

enum class sort {
  handle,      // const too
  changeable,  // a record that the call changes
  freed,
  out,
  text,
  bytes,
  structure,
  out_structure,
  scalar,
  array,
  count,
  callback,
  data,
  destroy,
  stream,
  pointer,  // of another library
  words,    // const char*
  err
};

enum class wrong {
  nothing,
  null,
  wrong_sort,  // a handle of another sort
  no_handle,   // memory that is none
  parents_closed,
  ended,
  borrowed,
  other_thread,
  in_use,            // by another thread
  in_use_by_caller,  // from a callback
  absent,
  empty,
  size_without_data,
  size_2_31,
  size_2_63,
  size_max,
  not_utf8,
  inner_nul,
  long_text,
  no_size,     // struct_size 0
  small_size,  // 4
  zeros,
  zero,
  minus_one,
  least,
  most,
  field,  // a member of a structure
};
const char* name_of(wrong w);

/// A member of a structure that can be wrong by itself.
struct member {
  const char* name;
  std::size_t offset;
  sort what;
};

struct argument {
  const char* name;
  sort what;
  bool optional = false;    // NULL is legal
  bool of_session = false;  // belongs to a session
  const std::vector<member>* members = nullptr;
};

}  // namespace kith::misuse
