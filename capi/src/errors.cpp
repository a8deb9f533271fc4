// SPDX-License-Identifier: Apache-2.0
//
// Errors as C sees them. The error of a lack of memory stands ready from the beginning.
#include "errors.hpp"

#include <memory>
#include <new>
#include <stdexcept>

#include "structs.hpp"

namespace kith::capi {
namespace {

constinit kith_error out_of_memory{kith_error::right_tag, KITH_E_NO_MEMORY, std::nullopt};
bool is_error(const kith_error* e) noexcept {
  return e != nullptr && e->tag == kith_error::right_tag;
}

constexpr std::string_view no_memory_message = "there is no memory left";

}  // namespace

kith_error* make_error(kith_status status, const std::optional<kith::error>& what) noexcept {
  if (status == KITH_E_NO_MEMORY) return &out_of_memory;
  kith_error* const made = new (std::nothrow) kith_error{kith_error::right_tag, status, what};
  return made != nullptr ? made : &out_of_memory;
}

bool is_code(kith_status status) noexcept {
  return status < 0 && status >= -static_cast<kith_status>(error_codes().size());
}

kith_status status_of(const kith::error& e) noexcept { return -static_cast<kith_status>(e.code()); }

// The only place that knows which exception is which status.
kith_status caught(kith_error** err) noexcept {
  kith_status status = KITH_E_INTERNAL;
  std::optional<kith::error> what;
  const auto internal = [&](const char* message) noexcept {
    try {
      what.emplace(error_code::misuse, std::string("a mistake of Kith's own: ") + message);
    } catch (...) {
      status = KITH_E_NO_MEMORY;
    }
  };
  try {
    throw;
  } catch (const kith::error& e) {
    status = status_of(e);
    what = e;
  } catch (const std::bad_alloc&) {
    status = KITH_E_NO_MEMORY;
  } catch (const std::length_error&) {
    status = KITH_E_NO_MEMORY;  // more than any memory has
  } catch (const std::exception& e) {
    internal(e.what());
  } catch (...) {
    internal("an unknown exception");
  }
  if (err != nullptr) *err = make_error(status, what);
  return status;
}

void rethrow(kith_status status, kith_error* set, const char* callback) {
  const std::unique_ptr<kith_error, decltype(&kith_error_free)> owned(set, &kith_error_free);
  if (set != nullptr) {
    if (set->status == KITH_E_NO_MEMORY) throw std::bad_alloc();
    if (set->what) throw kith::error(*set->what);
  }
  if (status >= 0) return;
  if (status == KITH_E_NO_MEMORY) throw std::bad_alloc();
  const auto code = is_code(status) ? static_cast<error_code>(-status) : error_code::misuse;
  throw error(code, std::string(callback) + " refused with " + kith_status_name(status));
}

void misuse(std::string message) { throw error(error_code::misuse, std::move(message)); }

}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_error* kith_error_new(kith_status status, kith_text message, kith_text entity, int64_t record,
                           kith_text field) {
  try {
    if (status == KITH_E_NO_MEMORY) return make_error(status, {});
    const bool known = is_code(status);
    const auto code = known ? static_cast<error_code>(-status) : error_code::misuse;
    const kith::error what(
        code, string_of(message, "the message"),
        {string_of(entity, "the entity"), record, string_of(field, "the field")});
    return make_error(known ? status : KITH_E_MISUSE, what);
  } catch (...) {
    kith_error* instead = nullptr;
    caught(&instead);
    return instead;
  }
}

void kith_error_free(kith_error* error) {
  if (!is_error(error) || error == &out_of_memory) return;
  *const_cast<volatile std::uint32_t*>(&error->tag) = 0;
  delete error;
}

kith_status kith_error_code(const kith_error* error) {
  if (error == nullptr) return KITH_OK;
  return is_error(error) ? error->status : KITH_E_MISUSE;
}

kith_text kith_error_message(const kith_error* error) {
  if (!is_error(error)) return {};
  return to_c(error->what ? std::string_view(error->what->message()) : no_memory_message);
}

kith_status kith_error_subject(const kith_error* error, kith_subject* subject) {
  clear(subject);
  if (!is_error(error) || subject == nullptr) return KITH_E_MISUSE;
  kith_subject s{};
  s.item = -1;
  if (error->what) {
    const kith::error& e = *error->what;
    s.entity = given(e.entity());
    s.record = e.record();
    s.field = given(e.field());
    if (e.item()) s.item = static_cast<int64_t>(*e.item());
    s.violations = e.violations().size();
  }
  give(subject, s);
  return KITH_OK;
}

kith_status kith_error_violation(const kith_error* error, size_t index, kith_violation* violation) {
  clear(violation);
  if (!is_error(error) || violation == nullptr) return KITH_E_MISUSE;
  if (!error->what || index >= error->what->violations().size()) return KITH_DONE;
  const kith::violation& v = error->what->violations()[index];
  kith_violation c{};
  c.entity = given(v.entity);
  c.field = given(v.field);
  c.rule = given(v.rule);
  c.value = to_c(v.value);
  c.message = to_c(v.message);
  give(violation, c);
  return KITH_OK;
}
