// SPDX-License-Identifier: Apache-2.0
//
// A file of refused rows, made when there is one.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/csv/file.hpp"

namespace kith::inline v1::detail {

class reject_file {
 public:
  /// `path` empty: none is wanted.
  reject_file(std::string path, std::vector<std::string> headers);
  void add(std::span<const std::string_view> cells, const std::string& why);
  void finish();

 private:
  std::string path_;
  std::vector<std::string> headers_;
  std::unique_ptr<new_file> file_;
  std::unique_ptr<csv_writer> rows_;
};

}  // namespace kith::inline v1::detail
