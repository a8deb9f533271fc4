// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong, said once. A call that cannot be done throws kith::error; what a user can
// correct comes as violations, all of them at once; absence is an empty optional, not an error.
//
//   try { session.add(client::name = ""); }
//   catch (const kith::error& e) { for (const auto& v : e.violations()) show(v.field, v.message); }
//
// Running out of memory is std::bad_alloc, as everywhere in C++; the store stays usable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::inline v1 {

/// Why a call was not done. The numbers never change: C codes and Python classes are made from
/// them.
enum class error_code : std::int32_t {
  not_found = 1,         ///< The record, entity, field or file does not exist.
  invalid = 2,           ///< The input breaks rules; violations() lists each of them.
  exists = 3,            ///< A unique value is taken; record() is the one that has it.
  conflict = 4,          ///< Somebody else changed the same field since it was read.
  busy = 5,              ///< Another writer held the store for longer than the time-out.
  retry = 6,             ///< The transaction had no effect and may simply be run again.
  denied = 7,            ///< The session may not do this.
  read_only = 8,         ///< The store or the transaction was opened for reading.
  unsupported = 9,       ///< The store does not offer this; its capabilities say so.
  limit = 10,            ///< A declared limit was reached; the message names it.
  interrupted = 11,      ///< The call was cancelled from outside.
  storage = 12,          ///< The operating system refused to read or write.
  full = 13,             ///< The disk is full; nothing of the transaction was stored.
  damaged = 14,          ///< The file's content is not what Kith wrote.
  foreign = 15,          ///< The file belongs to another program.
  newer = 16,            ///< The file was written by a newer Kith.
  outcome_unknown = 17,  ///< The commit may or may not have happened; ask outcome(key).
  poisoned = 18,         ///< After a failed sync this handle only closes.
  closed = 19,           ///< The handle, transaction or cursor has ended.
  forked = 20,           ///< The handle was opened by the parent process.
  query = 21,            ///< The query text is wrong; the message shows where.
  wrong_thread = 22,     ///< A session was used by two threads at once.
  reentrant = 23,        ///< A callback called back into the session that called it.
  misuse = 24,           ///< The call breaks its contract; the message says which part.
  stale = 25,            ///< The page belongs to an instant that has passed.
  model = 26,            ///< The description of entities and fields contradicts itself.
};

/// One row of the only code table.
struct error_code_row {
  error_code code;
  std::string_view name;     ///< `not_found`
  std::string_view meaning;  ///< one sentence
};

/// All codes, in the order of their numbers.
std::span<const error_code_row> error_codes() noexcept;

/// The name of a code, such as `not_found`.
std::string_view name_of(error_code code) noexcept;

/// Something the user can correct: which field, which value, what would be right.
struct violation {
  std::string entity;
  std::string field;    ///< Empty when the rule is about the whole record.
  std::string rule;     ///< `required`, `max_length`, or the name of a domain rule.
  std::string value;    ///< The refused value as text, shortened.
  std::string message;  ///< A full sentence with the remedy.
};

/// Every violation of a record, not only the first.
using violation_list = std::vector<violation>;

/// The only exception that Kith throws on its own. Copying does not allocate.
class error : public std::exception {
 public:
  /// What the error is about; all parts may be empty.
  struct subject {
    std::string entity;
    std::int64_t record = 0;
    std::string field;
  };

  error(error_code code, std::string message);
  error(error_code code, std::string message, subject about);
  /// error_code::invalid, with a message made of all the violations.
  explicit error(violation_list violations, std::int64_t record = 0);
  /// The same with another code: of an undo, all that is contested.
  error(error_code code, violation_list violations);
  // Copies only: an error that was moved from would have no message.
  error(const error&) noexcept = default;
  error& operator=(const error&) noexcept = default;

  error_code code() const noexcept;
  /// Names the entity, field and value, and what would be right.
  const std::string& message() const noexcept;
  const std::string& entity() const noexcept;
  std::int64_t record() const noexcept;
  const std::string& field() const noexcept;
  const violation_list& violations() const noexcept;
  /// The item of a batch that ended it, counted from 0.
  std::optional<std::size_t> item() const noexcept;
  /// The same, as what became of an item of a batch; its message names the item.
  error of_item(std::size_t item) const;
  /// `code: message`.
  const char* what() const noexcept override;

 private:
  struct content;
  std::shared_ptr<const content> content_;
};

}  // namespace kith::inline v1
