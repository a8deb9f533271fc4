// SPDX-License-Identifier: Apache-2.0
//
// Separated values as a source of rows for imports.
#include "exchange/csv/file.hpp"
#include "kith/core/error.hpp"
#include "kith/exchange/csv.hpp"

namespace kith::inline v1 {
namespace {

class csv_rows final : public row_source_of_text {
 public:
  csv_rows(byte_source from, const csv_dialect& known, std::string name)
      : reader_(std::move(from), known), name_(std::move(name)) {
    std::vector<std::string_view> cells;
    if (!known.header) return;
    if (!reader_.next(cells)) {
      throw error(error_code::invalid, "the file is empty; its first row names the columns");
    }
    if (!reader_.is_text()) {
      throw error(error_code::invalid,
                  "the names of the columns are not UTF-8 text; convert the "
                  "file, or name its encoding, such as windows_1251");
    }
    for (const std::string_view cell : cells) headers_.emplace_back(rearm_formula(cell));
    while (headers_.size() > 1 && headers_.back().empty()) headers_.pop_back();
  }

  const std::vector<std::string>& headers() override { return headers_; }
  bool next(std::vector<std::string_view>& cells) override {
    if (!reader_.next(cells)) return false;
    for (std::string_view& cell : cells) cell = rearm_formula(cell);
    return true;
  }
  std::uint64_t line() const override { return reader_.line(); }
  bool is_text() const override { return reader_.is_text(); }
  std::string name() const override { return name_; }
  std::string format_name() const override { return "csv"; }
  import_doubts doubts() const override {
    return {reader_.format().dates_ambiguous, reader_.format().numbers_ambiguous};
  }
  const csv_format& format() const { return reader_.format(); }

 private:
  csv_reader reader_;
  std::string name_;
  std::vector<std::string> headers_;
};

import_result import_from(session& into, byte_source from, import_options options,
                          const csv_dialect& known, std::string name) {
  csv_rows rows(std::move(from), known, std::move(name));
  options.format.decimal_point = rows.format().values.decimal_point;
  options.format.dates = rows.format().values.dates;
  return import_rows(into, rows, std::move(options));
}

}  // namespace

import_result import_csv(session& into, const std::string& path, import_options options,
                         csv_dialect known) {
  std::string name = path.substr(path.find_last_of('/') + 1);
  return import_from(into, detail::read_file(path), std::move(options), known, std::move(name));
}

import_result import_csv(session& into, byte_source from, import_options options,
                         csv_dialect known) {
  return import_from(into, std::move(from), std::move(options), known, {});
}

}  // namespace kith::inline v1
