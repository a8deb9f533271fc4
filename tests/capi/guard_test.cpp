// SPDX-License-Identifier: Apache-2.0
//
// Whatever is thrown inside, a status comes out; and every code of the core has its number in C.
#include "guard.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <stdexcept>

namespace kith::capi {
namespace {

struct thrown {
  const char* what;
  std::function<void()> body;
  kith_status status;
  const char* message;
};

TEST(guard, lets_no_exception_out) {
  const thrown table[] = {
      {"an error", [] { throw error(error_code::busy, "wait"); }, KITH_E_BUSY, "wait"},
      {"a lack of memory", [] { throw std::bad_alloc(); }, KITH_E_NO_MEMORY, "no memory"},
      {"an impossible array", [] { throw std::bad_array_new_length(); }, KITH_E_NO_MEMORY,
       "no memory"},
      {"an impossible string", [] { throw std::length_error("x"); }, KITH_E_NO_MEMORY, "no memory"},
      {"another exception", [] { throw std::runtime_error("odd"); }, KITH_E_INTERNAL, "odd"},
      {"something else", [] { throw 42; }, KITH_E_INTERNAL, "unknown"},
  };
  for (const thrown& t : table) {
    kith_error* err = nullptr;
    int number = 7;
    void* handle = &number;
    const auto call = [&]() -> kith_status {
      number = 9;
      t.body();
      return KITH_OK;
    };
    EXPECT_EQ(guard(&err, outs(&number, &handle), call), t.status) << t.what;
    EXPECT_EQ(number, 0) << t.what;
    EXPECT_EQ(handle, nullptr) << t.what;
    ASSERT_NE(err, nullptr) << t.what;
    EXPECT_EQ(kith_error_code(err), t.status) << t.what;
    const kith_text text = kith_error_message(err);
    EXPECT_NE(std::string_view(text.data, text.size).find(t.message), std::string_view::npos)
        << t.what;
    kith_error_free(err);
    EXPECT_EQ(guard(nullptr, outs(&number), call), t.status) << "nobody asks for the error";
  }
}

TEST(guard, clears_the_error_of_before) {
  kith_error* err = reinterpret_cast<kith_error*>(&err);
  EXPECT_EQ(guard(&err, nothing, [] { return KITH_DONE; }), KITH_DONE);
  EXPECT_EQ(err, nullptr);
}

TEST(statuses, are_the_codes_of_the_core) {
  const std::pair<error_code, kith_status> table[] = {
      {error_code::not_found, KITH_E_NOT_FOUND},
      {error_code::invalid, KITH_E_INVALID},
      {error_code::exists, KITH_E_EXISTS},
      {error_code::conflict, KITH_E_CONFLICT},
      {error_code::busy, KITH_E_BUSY},
      {error_code::retry, KITH_E_RETRY},
      {error_code::denied, KITH_E_DENIED},
      {error_code::read_only, KITH_E_READ_ONLY},
      {error_code::unsupported, KITH_E_UNSUPPORTED},
      {error_code::limit, KITH_E_LIMIT},
      {error_code::interrupted, KITH_E_INTERRUPTED},
      {error_code::storage, KITH_E_STORAGE},
      {error_code::full, KITH_E_FULL},
      {error_code::damaged, KITH_E_DAMAGED},
      {error_code::foreign, KITH_E_FOREIGN},
      {error_code::newer, KITH_E_NEWER},
      {error_code::outcome_unknown, KITH_E_OUTCOME_UNKNOWN},
      {error_code::poisoned, KITH_E_POISONED},
      {error_code::closed, KITH_E_CLOSED},
      {error_code::forked, KITH_E_FORKED},
      {error_code::query, KITH_E_QUERY},
      {error_code::wrong_thread, KITH_E_WRONG_THREAD},
      {error_code::reentrant, KITH_E_REENTRANT},
      {error_code::misuse, KITH_E_MISUSE},
      {error_code::stale, KITH_E_STALE},
      {error_code::model, KITH_E_MODEL},
  };
  EXPECT_EQ(std::size(table), error_codes().size());
  for (const auto& [code, status] : table) {
    EXPECT_EQ(status_of(error(code, "")), status);
    EXPECT_EQ(kith_status_name(status), name_of(code));
  }
}

}  // namespace
}  // namespace kith::capi
