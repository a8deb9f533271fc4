// SPDX-License-Identifier: Apache-2.0
//
// Every exception that Kith and the standard library know, thrown through the border: its code
// comes out, with all that an error of Kith says.
#include <gtest/gtest.h>

#include <any>
#include <bitset>
#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <ios>
#include <memory>
#include <new>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeinfo>
#include <variant>

#include "guard.hpp"

namespace kith::capi {
namespace {

/// The status of a call that throws; the message of its error.
std::pair<kith_status, std::string> thrown(const std::function<void()>& body) {
  kith_error* err = nullptr;
  int result = 7;
  const auto call = [&]() -> kith_status {
    result = 9;
    body();
    return KITH_OK;
  };
  const kith_status status = guard(&err, outs(&result), call);
  EXPECT_EQ(result, 0);
  EXPECT_EQ(kith_error_code(err), status);
  const kith_text text = kith_error_message(err);
  std::string message(text.data, text.size);
  kith_error_free(err);
  EXPECT_EQ(guard(nullptr, outs(&result), call), status) << "nobody asks for the error";
  return {status, message};
}

TEST(exceptions, of_every_code_keep_it) {
  for (const error_code_row& row : error_codes()) {
    const auto [status, message] = thrown([&] { throw error(row.code, "for a reason"); });
    EXPECT_EQ(status, -static_cast<kith_status>(row.code)) << row.name;
    EXPECT_EQ(message, "for a reason") << row.name;
  }
}

TEST(exceptions, keep_what_they_are_about) {
  kith_error* err = nullptr;
  const violation_list list{{"client", "name", "required", "", "give a name"},
                            {"client", "city", "max_length", "Ом…", "shorten it"}};
  const auto call = [&]() -> kith_status { throw error(list, 17).of_item(3); };
  EXPECT_EQ(guard(&err, nothing, call), KITH_E_INVALID);
  kith_subject about{};
  about.struct_size = sizeof about;
  ASSERT_EQ(kith_error_subject(err, &about), KITH_OK);
  EXPECT_EQ(std::string(about.entity.data, about.entity.size), "client");
  EXPECT_EQ(about.record, 17);
  EXPECT_EQ(about.item, 3);
  EXPECT_EQ(about.violations, 2u);
  kith_violation second{};
  second.struct_size = sizeof second;
  ASSERT_EQ(kith_error_violation(err, 1, &second), KITH_OK);
  EXPECT_EQ(std::string(second.rule.data, second.rule.size), "max_length");
  kith_error_free(err);
}

TEST(exceptions, of_lacking_memory_are_that) {
  for (const auto& body : std::vector<std::function<void()>>{
           [] { throw std::bad_alloc(); },
           [] { throw std::bad_array_new_length(); },
           [] { throw std::length_error("too long"); },
           [] { std::string().reserve(std::string().max_size() + 1); },
       }) {
    EXPECT_EQ(thrown(body).first, KITH_E_NO_MEMORY);
  }
}

TEST(exceptions, of_others_are_mistakes_of_ours) {
  for (const auto& body : std::vector<std::function<void()>>{
           [] { throw std::runtime_error("x"); },
           [] { throw std::logic_error("x"); },
           [] { throw std::invalid_argument("x"); },
           [] { throw std::domain_error("x"); },
           [] { throw std::out_of_range("x"); },
           [] { throw std::range_error("x"); },
           [] { throw std::overflow_error("x"); },
           [] { throw std::underflow_error("x"); },
           [] { throw std::system_error(std::make_error_code(std::errc::io_error)); },
           [] { throw std::filesystem::filesystem_error("x", {}); },
           [] { throw std::ios_base::failure("x"); },
           [] { throw std::future_error(std::future_errc::no_state); },
           [] { throw std::regex_error(std::regex_constants::error_brack); },
           [] { throw std::bad_optional_access(); },
           [] { throw std::bad_variant_access(); },
           [] { throw std::bad_any_cast(); },
           [] { throw std::bad_cast(); },
           [] { throw std::bad_typeid(); },
           [] { throw std::bad_weak_ptr(); },
           [] { throw std::bad_function_call(); },
           [] { throw std::bad_exception(); },
           [] { throw std::exception(); },
           [] { throw 42; },
           [] { throw "a text"; },
           [] { throw std::string("a text"); },
           [] { throw static_cast<void*>(nullptr); },
           [] { std::throw_with_nested(std::runtime_error("x")); },
       }) {
    const auto [status, message] = thrown(body);
    EXPECT_EQ(status, KITH_E_INTERNAL);
    EXPECT_TRUE(message.starts_with("a mistake of Kith's own: ")) << message;
  }
}

}  // namespace
}  // namespace kith::capi
