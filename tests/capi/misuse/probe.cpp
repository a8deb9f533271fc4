// SPDX-License-Identifier: Apache-2.0
#include "probe.hpp"

#include <thread>

namespace kith::misuse {
namespace {

// A text and an array that end where they end: who reads on is caught.
const char* small_text() {
  static const std::unique_ptr<char[]> text(new char[3]{'a', 'b', 'c'});
  return text.get();
}

const std::string& long_text() {
  static const std::string text(std::size_t{2} << 20, 'x');
  return text;
}

}  // namespace

const char* name_of(wrong w) {
  constexpr const char* names[] = {"nothing",
                                   "NULL",
                                   "another sort of handle",
                                   "no handle",
                                   "parents closed",
                                   "ended",
                                   "borrowed",
                                   "in another thread",
                                   "in use by another thread",
                                   "in use by its caller",
                                   "absent",
                                   "empty",
                                   "a size without data",
                                   "2^31 bytes",
                                   "2^63 bytes",
                                   "all bytes there are",
                                   "not UTF-8",
                                   "NUL inside",
                                   "2 MiB",
                                   "struct_size 0",
                                   "struct_size 4",
                                   "zeros",
                                   "0",
                                   "-1",
                                   "the least",
                                   "the most",
                                   "a member"};
  return names[static_cast<std::size_t>(w)];
}

kith_item* probe::items(std::size_t i) {
  if (is(i, wrong::null)) return nullptr;
  auto made = std::make_unique<place_of_items>();
  kith_item* const at = made->items;
  places_.push_back(std::move(made));
  return at;
}

ArrowArrayStream* probe::stream(std::size_t i, ArrowArrayStream* valid) {
  static ArrowArrayStream released{};
  return is(i, wrong::null) ? nullptr : is(i, wrong::zeros) ? &released : valid;
}

const char* probe::words(std::size_t i, const char* valid) {
  return is(i, wrong::null) ? nullptr : is(i, wrong::empty) ? "" : valid;
}

kith_destroy_fn probe::destroy(std::size_t i) {
  if (is(i, wrong::null)) return nullptr;
  // Where user_data is NULL, nobody can count.
  has_destroy_ = !(at_ + 1 == i && what_ == wrong::null);
  return [](void* data) {
    if (data != nullptr) ++*static_cast<int*>(data);
  };
}

kith_error** probe::err(std::size_t i) {
  has_err_ = true;
  takes_error_ = !is(i, wrong::null);
  std::memset(static_cast<void*>(&error_), poison, sizeof error_);
  if (!takes_error_) error_ = nullptr;
  return takes_error_ ? &error_ : nullptr;
}

void probe::end(kith_cursor* c) {
  const kith_record* r = nullptr;
  while (kith_cursor_next(c, &r, nullptr) == KITH_ROW) {
  }
}

kith_text probe::spoilt(kith_text valid) {
  switch (what_) {
    case wrong::absent: return {nullptr, 0};
    case wrong::empty: return {"", 0};
    case wrong::size_without_data: return {nullptr, 7};
    case wrong::size_2_31: return {small_text(), std::size_t{1} << 31};
    case wrong::size_2_63: return {small_text(), std::size_t{1} << 63};
    case wrong::size_max: return {small_text(), SIZE_MAX};
    case wrong::not_utf8: return {"ab\xff\xfe", 4};
    case wrong::inner_nul: return {"a\0b", 3};
    case wrong::long_text: return {long_text().data(), long_text().size()};
    default: return valid;
  }
}

std::size_t probe::spoilt_count(std::size_t valid) const {
  switch (what_) {
    case wrong::zero: return 0;
    case wrong::size_2_31: return std::size_t{1} << 31;
    case wrong::size_2_63: return std::size_t{1} << 63;
    case wrong::size_max: return SIZE_MAX;
    default: return valid;
  }
}

void probe::spoil(unsigned char* structure) {
  if (member_->what == sort::count) {
    std::size_t n = 0;
    std::memcpy(&n, structure + member_->offset, sizeof n);
    n = spoilt_count(n);
    std::memcpy(structure + member_->offset, &n, sizeof n);
    return;
  }
  if (member_->what == sort::scalar) {  // a kind
    const std::uint16_t none = what_ == wrong::most ? UINT16_MAX : 19;
    std::memcpy(structure + member_->offset, &none, sizeof none);
    return;
  }
  if (member_->what == sort::array) {
    std::memset(structure + member_->offset, 0, sizeof(void*));
    return;
  }
  kith_text text;
  std::memcpy(static_cast<void*>(&text), structure + member_->offset, sizeof text);
  text = spoilt(text);
  std::memcpy(structure + member_->offset, &text, sizeof text);
}

// A commit asks while the session is in use; the call comes from there.
void probe::run_while_in_use(const answering& function) {
  struct asking {
    const answering* function;
    bool elsewhere;
    bool asked = false;
    kith_status status = KITH_OK;
  } ask{&function, what_ == wrong::in_use};
  const kith_commit_fn veto = [](void* data, const kith_changes*, kith_error**) -> kith_status {
    auto& a = *static_cast<asking*>(data);
    if (std::exchange(a.asked, true)) return KITH_OK;
    if (a.elsewhere) {
      std::thread([&a] { a.status = (*a.function)(); }).join();
    } else {
      a.status = (*a.function)();
    }
    return KITH_OK;
  };
  kith_subscription* asked = nullptr;
  ASSERT_EQ(kith_before_commit(world_.crm(), veto, &ask, nullptr, &asked, nullptr), KITH_OK);
  if (world_.in_transaction()) {
    world_.add("Busy", KITH_CLIENT_KIND_ORGANISATION);
    kith_transaction_commit(world_.transaction(), nullptr);
  } else {
    world_.add("Busy", KITH_CLIENT_KIND_ORGANISATION);
  }
  kith_subscription_free(asked);
  EXPECT_TRUE(ask.asked) << "the session was not in use";
  status_ = ask.status;
}

void probe::run(const answering& function) {
  if (what_ == wrong::parents_closed) world_.close_parents(used_);
  if (what_ == wrong::in_use || what_ == wrong::in_use_by_caller) return run_while_in_use(function);
  if (what_ == wrong::other_thread) {
    std::thread([&] { status_ = function(); }).join();
    return;
  }
  status_ = function();
}

void probe::look(kith_status status) {
  EXPECT_STRNE(kith_status_name(status), "unknown") << status;
  for (const auto& p : places_) {
    EXPECT_TRUE(p->in_bounds()) << "a result is larger than its struct_size";
    if (status < 0) {
      EXPECT_TRUE(p->cleared()) << "a result of a refused call is not NULL or 0";
    } else if (status != KITH_DONE && status != KITH_ABSENT) {
      p->release();
    }
  }
  if (takes_error_ && status < 0) {
    EXPECT_EQ(kith_error_code(error_), status);
    const kith_text why = kith_error_message(error_);
    message_.assign(why.data, why.size);
    EXPECT_FALSE(message_.empty());
    EXPECT_NE(status, KITH_E_INTERNAL) << message_;
  } else if (takes_error_) {
    EXPECT_EQ(error_, nullptr) << "an error without a refusal";
  }
  if (status < 0 || !takes_error_) kith_error_free(error_);
}

void probe::call(const answering& function) {
  run(function);
  if (status_) look(*status_);
}

void probe::call_nothing(const std::function<void()>& function) {
  run([&] {
    function();
    return KITH_OK;
  });
}

void probe::call_error(const std::function<kith_error*()>& function) {
  run([&] {
    kith_error* const made = function();
    EXPECT_NE(made, nullptr);
    EXPECT_LT(kith_error_code(made), 0);
    kith_error_free(made);
    return KITH_OK;
  });
}

}  // namespace kith::misuse
