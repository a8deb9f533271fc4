// SPDX-License-Identifier: Apache-2.0
//
// What the host does for plug-ins, and what their answers mean.
#include "storage/plugin/call.hpp"

#include <cstdlib>
#include <new>

#include "kith/core/error.hpp"

using kith::error;
using kith::error_code;

namespace {

constexpr kith_status last_code = -static_cast<kith_status>(error_code::model);

bool is_code(kith_status answer) { return answer < 0 && answer >= last_code; }
std::string text_of(const char* text) { return text == nullptr ? std::string() : text; }

}  // namespace

// The functions of the host table; they catch everything.
struct kith_store_host_functions {
  static kith_status fail(kith_store_call* c, kith_status code, const char* message,
                          const char* entity, int64_t record, const char* field) noexcept {
    if (c == nullptr || c->said) return code;  // the first reason is the cause
    try {
      const error_code named = is_code(code) ? static_cast<error_code>(-code) : error_code::misuse;
      c->said = error(named, text_of(message), {text_of(entity), record, text_of(field)});
      c->said_code = code;
    } catch (...) {
      c->thrown = std::current_exception();
    }
    return code;
  }

  static kith_status exists(kith_store_call* c, uint32_t index, int64_t other) noexcept {
    if (c == nullptr) return KITH_E_EXISTS;
    const kith_status done = c->inside([&] {
      if (!c->taken)
        kith::plugin::broken(c->of.name, c->function, "calls exists(), but adds nothing");
      c->said = c->taken(index, other);
      c->said_code = KITH_E_EXISTS;
    });
    return done == KITH_OK ? KITH_E_EXISTS : done;
  }

  static kith_status give_row(kith_store_call* c, const kith_store_row* row) noexcept {
    return c == nullptr ? KITH_E_MISUSE : c->inside([&] {
      if (!c->rows)
        kith::plugin::broken(c->of.name, c->function, "gives a row where none is wanted");
      if (row == nullptr) kith::plugin::broken(c->of.name, c->function, "gives NULL for a row");
      c->rows(*row);
    });
  }
  static kith_status give_cells(kith_store_call* c, const kith_cell* cells, size_t count) noexcept {
    return c == nullptr ? KITH_E_MISUSE : c->inside([&] {
      if (!c->cells)
        kith::plugin::broken(c->of.name, c->function, "gives cells where none are wanted");
      if (cells == nullptr && count != 0) {
        kith::plugin::broken(c->of.name, c->function, "gives NULL for cells");
      }
      c->cells(cells, count);
    });
  }
  static kith_status give_damage(kith_store_call* c, const char* what,
                                 const char* remedy) noexcept {
    return c == nullptr ? KITH_E_MISUSE : c->inside([&] {
      if (!c->damage)
        kith::plugin::broken(c->of.name, c->function, "tells damage, but verifies nothing");
      c->damage(what, remedy);
    });
  }
  static kith_status check_copy(kith_store_call* c, const char* uri) noexcept {
    return c == nullptr ? KITH_E_MISUSE : c->inside([&] {
      if (!c->copy)
        kith::plugin::broken(c->of.name, c->function, "shows a copy, but makes no backup");
      c->copy(uri);
    });
  }

  static int32_t cancelled(kith_store_call* c) noexcept {
    try {
      return c != nullptr && c->of.options.cancelled && c->of.options.cancelled() ? 1 : 0;
    } catch (...) {
      return 1;
    }
  }
  static void log(kith_store_call* c, const char* message) noexcept {
    try {
      if (c != nullptr && message != nullptr && c->of.options.log) c->of.options.log(message);
    } catch (...) {  // a log that fails is not worth more than what it logs
    }
  }
};

void kith_store_call::strange(kith_status answer) const {
  kith::plugin::broken(of.name, function,
                       "answered " + std::to_string(answer) + ", which has no meaning here");
}

bool kith_store_call::is_clear(kith_status answer) {
  return answer == KITH_OK || answer == KITH_E_NO_MEMORY || is_code(answer);
}

kith_status kith_store_call::meaning(kith_status answer) {
  if (thrown) std::rethrow_exception(thrown);
  if (answer >= 0) return answer;
  if (answer == KITH_E_NO_MEMORY) throw std::bad_alloc();
  if (answer == KITH_E_POISONED || answer == KITH_E_OUTCOME_UNKNOWN) of.poisoned = true;
  if (said && said_code == answer && is_code(answer)) throw *said;
  const std::string why = said ? ": " + said->message() : std::string();
  if (is_code(answer)) {
    throw error(static_cast<error_code>(-answer),
                "the store plug-in " + of.name + " could not do " + function + "()" + why);
  }
  if (answer == KITH_E_INTERNAL) {
    kith::plugin::broken(of.name, function, "reports a mistake of its own" + why);
  }
  strange(answer);
}

namespace kith::inline v1::plugin {

const ::kith_store_host host_table = {
    sizeof(::kith_store_host),
    KITH_STORE_ABI,
    0,
    [](size_t size) { return std::malloc(size == 0 ? 1 : size); },
    [](void* memory) { std::free(memory); },
    &kith_store_host_functions::fail,
    &kith_store_host_functions::exists,
    &kith_store_host_functions::give_row,
    &kith_store_host_functions::give_cells,
    &kith_store_host_functions::give_damage,
    &kith_store_host_functions::check_copy,
    &kith_store_host_functions::cancelled,
    &kith_store_host_functions::log,
};

}  // namespace kith::inline v1::plugin
