// SPDX-License-Identifier: Apache-2.0
//
// Arrow streams as a source of rows for imports. Whatever happens, each thing that the stream gave
// is released once.
#include <cstring>
#include <optional>
#include <utility>

#include "exchange/arrow/incoming_values.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"
#include "kith/exchange/arrow.hpp"

namespace kith::inline v1 {
namespace {

using detail::arrow_form;
using detail::arrow_leaf;
using detail::arrow_values;

// Something with a release() that has not been called.
template <class Thing>
class owned {
 public:
  owned() = default;
  /// Takes it over, as the specification says: the other one counts as released.
  explicit owned(Thing& other) : thing_(other) { other.release = nullptr; }
  owned(const owned&) = delete;
  ~owned() { release(); }
  void release() {
    if (thing_.release != nullptr) thing_.release(&thing_);
    thing_ = {};
  }
  Thing& operator*() noexcept { return thing_; }
  Thing* operator->() noexcept { return &thing_; }

 private:
  Thing thing_{};
};

class arrow_rows final : public row_source_of_text {
 public:
  arrow_rows(ArrowArrayStream& from, const import_options& options) : stream_(from) {
    if (stream_->release == nullptr) {
      throw error(error_code::misuse, "the stream was released, or has been read before");
    }
    if (stream_->get_schema == nullptr || stream_->get_next == nullptr) {
      throw error(error_code::misuse, "the stream lacks get_schema or get_next");
    }
    owned<ArrowSchema> schema;
    if (const int failed = stream_->get_schema(&*stream_, &*schema)) {
      throw error(error_code::invalid, "the stream gives no schema: " + message(failed));
    }
    if (schema->release == nullptr) {
      throw error(error_code::invalid, "the stream gives a schema that was released");
    }
    leaves_ = detail::read_columns(*schema);
    for (const arrow_leaf& l : leaves_) {
      if (l.form == arrow_form::refused && is_wanted(l, options)) {
        throw error(error_code::invalid, l.why, {{}, 0, shortened(l.name)});
      }
      headers_.push_back(l.name);
      columns_.emplace_back(l);
    }
  }

  const std::vector<std::string>& headers() override { return headers_; }

  bool next(std::vector<std::string_view>& cells) override {
    while (at_ == rows_) {
      if (!next_batch()) return false;
    }
    cells.clear();
    try {
      for (arrow_values& c : columns_) {
        cells.push_back(c.leaf().form == arrow_form::refused ? std::string_view() : c.text(at_));
      }
    } catch (const error& e) {
      throw error(e.code(), "row " + std::to_string(line_ + 1) + ": " + e.message());
    }
    ++at_;
    ++line_;
    return true;
  }

  bool put(std::size_t column, const field_type& f, cell_sink& to) const override {
    return columns_[column].put(at_ - 1, f, to);
  }
  std::uint64_t line() const override { return line_; }
  std::string name() const override { return "arrow"; }
  std::string format_name() const override { return "arrow"; }
  // Texts among the columns may be spelled in any way: what has two meanings is refused.
  import_doubts doubts() const override { return {true, true}; }

 private:
  // A column that nothing is to become of may be anything.
  static bool is_wanted(const arrow_leaf& l, const import_options& options) {
    bool named = false;
    for (const column_mapping& m : options.columns) {
      if (m.column != l.name) continue;
      named = true;
      if (!m.to.empty()) return true;
    }
    return !named && !options.only_mapped;
  }

  std::string message(int number) {
    const char* const why =
        stream_->get_last_error != nullptr ? stream_->get_last_error(&*stream_) : nullptr;
    if (why == nullptr || *why == 0) return std::strerror(number);
    const std::string_view text(why);
    return invalid_utf8(text) ? std::strerror(number) : std::string(text);
  }

  bool next_batch() {
    batch_.release();
    at_ = 0;
    rows_ = 0;
    if (const int failed = stream_->get_next(&*stream_, &*batch_)) {
      throw error(error_code::invalid,
                  "the stream failed behind row " + std::to_string(line_) + ": " + message(failed));
    }
    if (batch_->release == nullptr) return false;
    try {
      if (batch_->length < 0) {
        throw error(error_code::invalid,
                    "the batch has " + std::to_string(batch_->length) + " rows");
      }
      for (arrow_values& c : columns_) {
        if (c.leaf().form != arrow_form::refused) c.bind(*batch_);
      }
    } catch (const error& e) {
      throw error(e.code(), "behind row " + std::to_string(line_) + ": " + e.message());
    }
    rows_ = batch_->length;
    return true;
  }

  owned<ArrowArrayStream> stream_;
  std::vector<arrow_leaf> leaves_;  // stays where it is: columns see them
  std::vector<std::string> headers_;
  std::vector<arrow_values> columns_;
  owned<ArrowArray> batch_;
  std::int64_t at_ = 0;
  std::int64_t rows_ = 0;
  std::uint64_t line_ = 0;
};

}  // namespace

import_result import_arrow(session& into, ArrowArrayStream& from, import_options options) {
  arrow_rows rows(from, options);
  return import_rows(into, rows, std::move(options));
}

}  // namespace kith::inline v1
