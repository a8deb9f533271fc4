// SPDX-License-Identifier: Apache-2.0
//
// Writing refused rows.
#include "exchange/import/rejects.hpp"

#include <algorithm>

namespace kith::inline v1::detail {
namespace {

constexpr std::string_view error_header = "import_error";

}  // namespace

reject_file::reject_file(std::string path, std::vector<std::string> headers)
    : path_(std::move(path)), headers_(std::move(headers)) {}

void reject_file::add(std::span<const std::string_view> cells, const std::string& why) {
  if (path_.empty()) return;
  // Repairing a repaired file: the old complaint makes room for the new one.
  const bool again = !headers_.empty() && headers_.back() == error_header;
  const std::size_t columns = headers_.size() - (again ? 1 : 0);
  if (!file_) {
    file_ = std::make_unique<new_file>(path_);
    rows_ = std::make_unique<csv_writer>([this](std::string_view bytes) { file_->write(bytes); });
    if (!headers_.empty()) {
      for (std::size_t i = 0; i < columns; ++i) rows_->cell(headers_[i]);
      rows_->cell(error_header);
      rows_->end_row();
    }
  }
  std::size_t written = 0;
  for (; written < cells.size() && !(again && written == columns); ++written) {
    rows_->cell(cells[written]);
  }
  for (; written < columns; ++written) rows_->cell({});
  rows_->cell(why);
  rows_->end_row();
}

void reject_file::finish() {
  if (!file_) return;
  rows_->flush();
  file_->finish();
}

}  // namespace kith::inline v1::detail
