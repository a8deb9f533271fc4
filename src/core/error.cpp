// SPDX-License-Identifier: Apache-2.0
//
// The code table and the one exception. Everything an error says is built once, when it is thrown,
// and shared by its copies: copying must not fail while another error is on its way.
#include "kith/core/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kith::inline v1 {

namespace {

constexpr auto rows = std::to_array<error_code_row>({
    {error_code::not_found, "not_found", "The record, entity, field or file does not exist."},
    {error_code::invalid, "invalid", "The input breaks rules; the violations list each of them."},
    {error_code::exists, "exists", "A unique value is taken by another record."},
    {error_code::conflict, "conflict",
     "Somebody else changed the same field since the record was read."},
    {error_code::busy, "busy", "Another writer held the store for longer than the time-out."},
    {error_code::retry, "retry", "The transaction had no effect and may simply be run again."},
    {error_code::denied, "denied", "The session may not do this."},
    {error_code::read_only, "read_only", "The store or the transaction was opened for reading."},
    {error_code::unsupported, "unsupported", "The store does not offer this."},
    {error_code::limit, "limit", "A declared limit was reached; the message names it."},
    {error_code::interrupted, "interrupted", "The call was cancelled from outside."},
    {error_code::storage, "storage", "The operating system refused to read or write."},
    {error_code::full, "full", "The disk is full; nothing of the transaction was stored."},
    {error_code::damaged, "damaged", "The file's content is not what Kith wrote."},
    {error_code::foreign, "foreign", "The file belongs to another program."},
    {error_code::newer, "newer", "The file was written by a newer Kith."},
    {error_code::outcome_unknown, "outcome_unknown",
     "The commit may or may not have happened; ask for the outcome."},
    {error_code::poisoned, "poisoned", "After a failed sync this handle only closes."},
    {error_code::closed, "closed", "The handle, transaction or cursor has ended."},
    {error_code::forked, "forked", "The handle was opened by the parent process."},
    {error_code::query, "query", "The query text is wrong; the message shows where."},
    {error_code::wrong_thread, "wrong_thread", "A session was used by two threads at once."},
    {error_code::reentrant, "reentrant", "A callback called back into the session that called it."},
    {error_code::misuse, "misuse", "The call breaks its contract; the message says which part."},
    {error_code::stale, "stale", "The page belongs to an instant that has passed."},
    {error_code::model, "model", "The description of entities and fields contradicts itself."},
});

constexpr std::size_t index_of(error_code code) noexcept {
  return static_cast<std::size_t>(code) - 1;
}

constexpr bool numbered_from_one() {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (index_of(rows[i].code) != i) return false;
  }
  return index_of(error_code::model) == rows.size() - 1;
}
static_assert(numbered_from_one(), "name_of() finds a row by its number");

// `client.name: required …`
void append(std::string& text, const violation& v) {
  text += v.entity;
  if (!v.entity.empty() && !v.field.empty()) text += '.';
  text += v.field;
  if (!v.entity.empty() || !v.field.empty()) text += ": ";
  text += v.message.empty() ? v.rule : v.message;
}

std::string joined(const violation_list& violations) {
  if (violations.empty()) return "the input breaks a rule";
  std::string text;
  for (const violation& v : violations) {
    if (!text.empty()) {
      if (text.ends_with('.')) text.pop_back();  // a sentence goes on after its semicolon
      text += "; ";
    }
    append(text, v);
  }
  return text;
}

error::subject subject_of(const violation_list& violations, std::int64_t record) {
  if (violations.empty()) return {"", record, ""};
  return {violations.front().entity, record, violations.front().field};
}

}  // namespace

struct error::content {
  content(error_code c, std::string text, subject about_what, violation_list list)
      : code(c),
        message(std::move(text)),
        about(std::move(about_what)),
        violations(std::move(list)),
        what(std::string(name_of(c)).append(": ").append(message)) {}

  error_code code;
  std::string message;
  subject about;
  violation_list violations;
  std::optional<std::size_t> item;
  std::string what;
};

std::span<const error_code_row> error_codes() noexcept { return rows; }

std::string_view name_of(error_code code) noexcept {
  return index_of(code) < rows.size() ? rows[index_of(code)].name : "unknown";
}

error::error(error_code code, std::string message) : error(code, std::move(message), subject{}) {}

error::error(error_code code, std::string message, subject about)
    : content_(std::make_shared<const content>(code, std::move(message), std::move(about),
                                               violation_list{})) {}

error::error(violation_list violations, std::int64_t record) {
  std::string message = joined(violations);
  subject about = subject_of(violations, record);
  content_ = std::make_shared<const content>(error_code::invalid, std::move(message),
                                             std::move(about), std::move(violations));
}

error::error(error_code code, violation_list violations) {
  std::string message = joined(violations);
  subject about = subject_of(violations, 0);
  content_ = std::make_shared<const content>(code, std::move(message), std::move(about),
                                             std::move(violations));
}

error_code error::code() const noexcept { return content_->code; }
const std::string& error::message() const noexcept { return content_->message; }
const std::string& error::entity() const noexcept { return content_->about.entity; }
std::int64_t error::record() const noexcept { return content_->about.record; }
const std::string& error::field() const noexcept { return content_->about.field; }
const violation_list& error::violations() const noexcept { return content_->violations; }
std::optional<std::size_t> error::item() const noexcept { return content_->item; }

error error::of_item(std::size_t item) const {
  auto named = std::make_shared<content>(
      code(), "item " + std::to_string(item) + " of the batch: " + message(), content_->about,
      violations());
  named->item = item;
  error e = *this;
  e.content_ = std::move(named);
  return e;
}

const char* error::what() const noexcept { return content_->what.c_str(); }

}  // namespace kith::inline v1
