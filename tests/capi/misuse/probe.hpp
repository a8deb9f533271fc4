// SPDX-License-Identifier: Apache-2.0
//
// One call with one wrong argument: gives the arguments, makes the call, and looks at what came
// out.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

#include "world.hpp"
#include "wrong.hpp"

namespace kith::misuse {

inline void free_handle(kith_config* h) { kith_config_free(h); }
inline void free_handle(kith_crm* h) { kith_close(h); }
inline void free_handle(kith_subscription* h) { kith_subscription_free(h); }
inline void free_handle(kith_model* h) { kith_model_free(h); }
inline void free_handle(kith_rights* h) { kith_rights_free(h); }
inline void free_handle(kith_session* h) { kith_session_free(h); }
inline void free_handle(kith_transaction* h) { kith_transaction_free(h); }
inline void free_handle(kith_record* h) { kith_record_free(h); }
inline void free_handle(const kith_record*) {}  // borrowed
inline void free_handle(kith_query* h) { kith_query_free(h); }
inline void free_handle(kith_cursor* h) { kith_cursor_free(h); }
inline void free_handle(kith_table* h) { kith_table_free(h); }
inline void free_handle(kith_changes* h) { kith_changes_free(h); }

constexpr unsigned char poison = 0xa5;

/// A place for a result, full of poison before the call.
struct place {
  virtual ~place() = default;
  virtual bool cleared() const = 0;  // NULL or 0
  virtual bool in_bounds() const { return true; }
  virtual void release() {}  // what a success left there
};

template <class T>
struct place_of final : place {
  T value;
  place_of() { std::memset(static_cast<void*>(&value), poison, sizeof value); }
  bool cleared() const override {
    static const T zero{};
    return std::memcmp(&value, &zero, sizeof value) == 0;
  }
  void release() override {
    if constexpr (std::is_pointer_v<T>) free_handle(value);
    if constexpr (std::is_same_v<T, ArrowArrayStream>) {
      if (value.release != nullptr) value.release(&value);
    }
  }
};

template <class T>
struct place_of_structure final : place {
  T value;
  std::size_t size;
  explicit place_of_structure(std::size_t told) : size(told) {
    std::memset(static_cast<void*>(&value), poison, sizeof value);
    value.struct_size = told;
  }
  const unsigned char* bytes() const { return reinterpret_cast<const unsigned char*>(&value); }
  bool cleared() const override {
    for (std::size_t i = sizeof(std::size_t); i < std::min(size, sizeof value); ++i) {
      if (bytes()[i] != 0) return false;
    }
    return true;
  }
  bool in_bounds() const override {
    for (std::size_t i = std::max(size, sizeof(std::size_t)); i < sizeof value; ++i) {
      if (bytes()[i] != poison) return false;
    }
    return value.struct_size == size;
  }
};

struct place_of_items final : place {
  kith_item items[2];
  place_of_items() { std::memset(static_cast<void*>(items), poison, sizeof items); }
  // Items beyond the count, and of counts that cannot be, are nobody's.
  bool untouched(std::size_t i) const {
    return items[i].reserved == static_cast<std::int32_t>(0xa5a5a5a5);
  }
  bool cleared() const override {
    static const kith_item zero[2]{};
    return untouched(0) || std::memcmp(items, zero, sizeof items) == 0;
  }
  void release() override {
    for (const std::size_t i : {0, 1}) {
      if (!untouched(i)) kith_error_free(items[i].error);
    }
  }
};

class probe {
 public:
  probe(world& w, std::size_t at, wrong what, const member* of = nullptr)
      : world_(w), at_(at), what_(what), member_(of) {}

  template <class H>
  H* handle(std::size_t i, H* valid) {
    H* const given = given_handle(i, valid);
    used_.push_back(given);
    if (is(i, wrong::ended)) end(const_cast<std::remove_const_t<H>*>(given));
    return given;
  }
  /// Its owner is the call, unless something else is given.
  template <class H>
  H* freed(std::size_t i, H*& valid) {
    H* const given = given_handle(i, valid);
    if (given == valid) valid = nullptr;
    return given;
  }
  kith_record* changeable(std::size_t i, kith_record* valid) {
    if (is(i, wrong::borrowed)) return const_cast<kith_record*>(world_.borrowed());
    return handle(i, valid);
  }
  template <class T>
  T* out(std::size_t i) {
    if (is(i, wrong::null)) return nullptr;
    auto made = std::make_unique<place_of<T>>();
    T* const at = &made->value;
    places_.push_back(std::move(made));
    return at;
  }
  template <class T>
  T* out_structure(std::size_t i) {
    if (is(i, wrong::null)) return nullptr;
    auto made = std::make_unique<place_of_structure<T>>(size_of<T>(i));
    T* const at = &made->value;
    places_.push_back(std::move(made));
    return at;
  }
  kith_item* items(std::size_t i);
  template <class T>
  const T* structure(std::size_t i, const T* valid) {
    if (is(i, wrong::null)) return nullptr;
    auto* const copy = new (kept_.emplace_back(sizeof(T)).data()) T(*valid);
    if constexpr (requires { copy->struct_size; }) copy->struct_size = size_of<T>(i);
    if (at_ == i && member_ != nullptr) spoil(reinterpret_cast<unsigned char*>(copy));
    return copy;
  }
  kith_text text(std::size_t i, const char* valid) {
    return at_ == i ? spoilt(kith_text_of(valid)) : kith_text_of(valid);
  }
  kith_text text(std::size_t i, std::string valid) {
    return text(i, strings_.emplace_back(std::make_unique<std::string>(std::move(valid)))->c_str());
  }
  template <class T>
  T scalar(std::size_t i, T valid) {
    if (is(i, wrong::zero)) return 0;
    if (is(i, wrong::minus_one)) return static_cast<T>(-1);
    if (is(i, wrong::least)) return std::numeric_limits<T>::min();
    if (is(i, wrong::most)) return std::numeric_limits<T>::max();
    return valid;
  }
  template <class T>
  T pointer(std::size_t i, T valid) {
    return is(i, wrong::null) ? T{} : valid;
  }
  std::size_t count(std::size_t i, std::size_t valid) {
    return at_ == i ? spoilt_count(valid) : valid;
  }
  ArrowArrayStream* stream(std::size_t i, ArrowArrayStream* valid);
  const char* words(std::size_t i, const char* valid);
  void* data(std::size_t i) { return is(i, wrong::null) ? nullptr : &destroyed_; }
  kith_destroy_fn destroy(std::size_t i);
  kith_error** err(std::size_t i);

  using answering = std::function<kith_status()>;
  /// The status; its error and results are looked at.
  void call(const answering& function);
  void call_nothing(const std::function<void()>& function);
  void call_error(const std::function<kith_error*()>& function);

  std::optional<kith_status> status() const { return status_; }
  const std::string& message() const { return message_; }
  bool destroyed_once() const { return !has_destroy_ || destroyed_ == 1; }

 private:
  bool is(std::size_t i, wrong w) const { return at_ == i && member_ == nullptr && what_ == w; }
  template <class H>
  H* given_handle(std::size_t i, H* valid) {
    if (is(i, wrong::null)) return nullptr;
    if (is(i, wrong::no_handle)) return static_cast<H*>(const_cast<void*>(world_.zeros()));
    if (!is(i, wrong::wrong_sort)) return valid;
    if constexpr (std::is_same_v<std::remove_const_t<H>, kith_config>) {
      return reinterpret_cast<H*>(world_.model());
    } else {
      return reinterpret_cast<H*>(world_.config());
    }
  }
  template <class H>
  void end(H*) {}
  void end(kith_transaction* tx) { kith_transaction_commit(tx, nullptr); }
  void end(kith_cursor* c);
  template <class T>
  std::size_t size_of(std::size_t i) const {
    return is(i, wrong::no_size) ? 0 : is(i, wrong::small_size) ? 4 : sizeof(T);
  }
  kith_text spoilt(kith_text valid);
  std::size_t spoilt_count(std::size_t valid) const;
  void spoil(unsigned char* structure);
  void run(const answering& function);
  void run_while_in_use(const answering& function);
  void look(kith_status status);

  world& world_;
  std::size_t at_;
  wrong what_;
  const member* member_;
  std::vector<const void*> used_;
  std::vector<std::unique_ptr<place>> places_;
  std::vector<std::vector<unsigned char>> kept_;
  std::vector<std::unique_ptr<std::string>> strings_;
  kith_error* error_ = nullptr;
  bool takes_error_ = false;
  bool has_err_ = false;
  bool has_destroy_ = false;
  int destroyed_ = 0;
  std::optional<kith_status> status_;
  std::string message_;
};

}  // namespace kith::misuse
