// SPDX-License-Identifier: Apache-2.0
//
// Results as columns for pyarrow, pandas, polars, DuckDB and whoever speaks the Arrow C stream
// interface, and columns back into records. No dependency: the interface is three C structs
// (https://arrow.apache.org/docs/format/CDataInterface.html).
//
//   ArrowArrayStream out;
//   export_arrow(session.query("deals", "amount > 1000 EUR"), {}, out);   // read it, release it
//   import_result r = import_arrow(session, in, {.entity = "clients"});
//
// What a kind becomes: docs/arrow.md. Money is a struct of a decimal and a currency; choices are
// dictionaries; references are int64.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kith/core/query.hpp"
#include "kith/exchange/import.hpp"

#ifndef ARROW_C_DATA_INTERFACE
#  define ARROW_C_DATA_INTERFACE
#  define ARROW_FLAG_DICTIONARY_ORDERED 1
#  define ARROW_FLAG_NULLABLE 2
#  define ARROW_FLAG_MAP_KEYS_SORTED 4
extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
}
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#  define ARROW_C_STREAM_INTERFACE
extern "C" {
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
}
#endif

namespace kith::inline v1 {

/// What is exported.
struct arrow_options {
  /// Fields, paths, parts, expressions. Empty: the id and every value, names and addresses as their
  /// parts, under the names that an import knows.
  std::vector<std::string> columns{};
  std::size_t batch_rows = 8192;  ///< at most; a batch that has grown to 16 MiB ends earlier
};

/// Gives the records of a query as a stream of record batches, read while it is consumed, of one
/// instant. The stream may not outlive the query's session; like the session, one thread at a time
/// uses it. Errors while it is read are the stream's (get_last_error).
void export_arrow(const any_query& what, const arrow_options& options, ArrowArrayStream& out);
/// A finished table, which the stream takes along. Entities that references of any entity name are
/// called as the model calls them; without one, by their numbers.
void export_arrow(table rows, ArrowArrayStream& out, model_ptr of = {});

/// Reads all batches into an entity like rows of a file (import.hpp), column by column; strings,
/// integers, decimals, dates, timestamps and dictionaries are taken as they are, without text
/// between. Takes the stream over and releases it, also on error.
import_result import_arrow(session& into, ArrowArrayStream& from, import_options options);

}  // namespace kith::inline v1
