// SPDX-License-Identifier: Apache-2.0
//
// Arrow streams made by hand, as strangers make them, right and wrong: every number and pointer of
// the C structs can be set. What is given and what is released is counted.
//
//   made_array city = texts("city", {"Омск", nullptr});   city.offset = 1;
//   counted_stream s({{city}});   import_arrow(session, s.stream, {.entity = "clients"});
//   EXPECT_EQ(s.kept(), "");      // everything was released once
#pragma once

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kith/exchange/arrow.hpp"

namespace kith::lab {

/// One array with its schema.
struct made_array {
  std::string name;
  std::string format;
  std::int64_t length = 0;
  std::vector<std::optional<std::string>> buffers{};  ///< bytes; none is a null pointer
  std::vector<made_array> children{};
  std::vector<made_array> dictionary{};  ///< none, or one
  std::int64_t offset = 0;
  std::int64_t null_count = 0;
  std::optional<std::int64_t> n_buffers{};  ///< what is said, where that is not the truth
  std::optional<std::int64_t> n_children{};
  bool null_buffers = false;
  bool null_children = false;
  bool null_name = false;
  bool null_format = false;
  bool no_dictionary = false;  ///< in the array, where the schema has one
  bool released = false;       ///< the array
  bool schema_released = false;
};

/// Bits, least first: of validity, of truths.
std::string bits_of(const std::vector<bool>& bits);
template <class T>
std::string bytes_of_values(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// Texts with 32-bit offsets (u), or another format of that shape; null pointers are nulls.
made_array texts(std::string name, const std::vector<const char*>& values,
                 std::string format = "u");
/// The same with 64-bit offsets.
made_array large_texts(std::string name, const std::vector<const char*>& values,
                       std::string format = "U");
/// The same as views, those over 12 bytes in a buffer of their own.
made_array view_texts(std::string name, const std::vector<const char*>& values,
                      std::string format = "vu");
/// Values of one size.
template <class T>
made_array fixed(std::string name, std::string format, const std::vector<T>& values) {
  return {std::move(name),
          std::move(format),
          static_cast<std::int64_t>(values.size()),
          {std::nullopt, bytes_of_values(values)}};
}
made_array truths(std::string name, const std::vector<bool>& values);
made_array with_nulls(made_array a, const std::vector<bool>& valid);
made_array structure(std::string name, std::vector<made_array> parts);
/// A dictionary: places and what they stand for.
template <class T>
made_array places(std::string name, std::string format, const std::vector<T>& values,
                  made_array words) {
  made_array a = fixed(std::move(name), std::move(format), values);
  a.dictionary.push_back(std::move(words));
  return a;
}

struct counted_stream {
  /// Each batch is its columns; the schema is that of the first.
  explicit counted_stream(std::vector<std::vector<made_array>> batches);
  /// Each batch as a whole.
  static counted_stream of_roots(std::vector<made_array> roots);

  struct content;
  ArrowArrayStream stream{};
  std::shared_ptr<content> inside;

  void fail_schema(int number, const char* message);
  void fail_after(std::size_t batches, int number, const char* message);
  /// Empty when all that was given was released once; else what was not.
  std::string kept() const;

 private:
  counted_stream() = default;
  void begin();
};

}  // namespace kith::lab
