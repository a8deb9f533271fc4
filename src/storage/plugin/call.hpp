// SPDX-License-Identifier: Apache-2.0
//
// One call into a plug-in: what it says and gives on the way, and what its answer means. The only
// place where functions of a plug-in are called; exceptions pass through it in neither direction.
//
//   call c(*site, "get");
//   c.rows = [&](const kith_store_row& r) { … };
//   const kith_status s = c.ask(site->table.get, line, layout, id);   // throws what went wrong
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "storage/plugin/site.hpp"

// The plug-in sees only its address.
struct kith_store_call {
  kith_store_call(const kith::plugin::site& in, const char* its_name)
      : of(in), function(its_name) {}
  kith_store_call(const kith_store_call&) = delete;
  kith_store_call& operator=(const kith_store_call&) = delete;

  /// Calls the function; negative answers are thrown as errors, positive ones returned.
  template <class Function, class... Arguments>
  kith_status ask(Function f, Arguments... arguments) {
    kith_status answer;
    try {
      answer = f(this, arguments...);
    } catch (...) {
      kith::plugin::broken(of.name, function, "threw an exception, which C functions may not");
    }
    if (said_last != nullptr) *said_last = answer;
    return meaning(answer);
  }
  /// The same where only KITH_OK or one other answer makes sense; whether it is the other.
  template <class Function, class... Arguments>
  bool ask_whether(kith_status other, Function f, Arguments... arguments) {
    const kith_status answer = ask(f, arguments...);
    if (answer != KITH_OK && answer != other) strange(answer);
    return answer == other;
  }
  template <class Function, class... Arguments>
  void tell(Function f, Arguments... arguments) {
    if (const kith_status answer = ask(f, arguments...); answer != KITH_OK) strange(answer);
  }
  [[noreturn]] void strange(kith_status answer) const;
  /// Whether a commit's answer says clearly what became of it.
  static bool is_clear(kith_status answer);

  /// Runs what the host does inside the call, and keeps what it throws until the plug-in returns.
  template <class F>
  kith_status inside(F work) noexcept {
    if (thrown || refused) return refused ? refused : KITH_E_INTERRUPTED;
    try {
      work();
      return KITH_OK;
    } catch (...) {
      thrown = std::current_exception();
      return refused = KITH_E_DAMAGED;
    }
  }

  const kith::plugin::site& of;
  const char* const function;
  kith_status* said_last = nullptr;  ///< where the plain answer is put, if anywhere
  // What may be given in this call; empty: nothing.
  std::function<void(const kith_store_row&)> rows;
  std::function<void(const kith_cell*, std::size_t)> cells;
  std::function<void(const char*, const char*)> damage;
  std::function<void(const char*)> copy;
  std::function<kith::error(std::uint32_t, std::int64_t)> taken;  // the words for a unique index

 private:
  kith_status meaning(kith_status answer);
  friend struct kith_store_host_functions;

  std::optional<kith::error> said;
  kith_status said_code = KITH_OK;
  std::exception_ptr thrown;
  kith_status refused = KITH_OK;
};

namespace kith::inline v1::plugin {
using call = ::kith_store_call;
/// What plug-ins receive.
extern const ::kith_store_host host_table;
}  // namespace kith::inline v1::plugin
