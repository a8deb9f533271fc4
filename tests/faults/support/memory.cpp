// SPDX-License-Identifier: Apache-2.0
//
// The C library's allocation is defined here once more: the program's definition comes before the
// library's. Under a sanitizer, which does the same, only operator new and SQLite's own are.
#include "memory.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>

#ifdef KITH_SANITIZED
constexpr bool owns_malloc = false;
#else
constexpr bool owns_malloc = true;
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}
#endif

namespace kith::faults::memory {
namespace {

std::atomic<std::uint64_t> asked{0};
std::atomic<std::int64_t> living{0};
std::atomic<bool> armed{false};
fault planned;

bool fails() noexcept {
  if (!armed.load(std::memory_order_relaxed)) return false;
  const std::uint64_t n = ++asked;
  if (planned.at == 0) return false;
  return planned.for_ever ? n >= planned.at : n == planned.at;
}

void* take(std::size_t size, std::size_t alignment) noexcept {
  if (!owns_malloc && fails()) return nullptr;
  const std::size_t some = size == 0 ? 1 : size;
  void* const p =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(some)
          : std::aligned_alloc(alignment, (some + alignment - 1) / alignment * alignment);
  if (!owns_malloc && p != nullptr) ++living;
  return p;
}

void* take_or_throw(std::size_t size, std::size_t alignment) {
  if (void* const p = take(size, alignment)) return p;
  throw std::bad_alloc();
}

void give(void* p) noexcept {
  if (p == nullptr) return;
  if (!owns_malloc) --living;
  std::free(p);
}

// ------------------------------------------------------------------------------------------ SQLite

sqlite3_mem_methods usual;

void* sqlite_take(int size) {
  if (fails()) return nullptr;
  void* const p = usual.xMalloc(size);
  if (p != nullptr) ++living;
  return p;
}
void* sqlite_resize(void* p, int size) { return fails() ? nullptr : usual.xRealloc(p, size); }
void sqlite_give(void* p) {
  if (p != nullptr) --living;
  usual.xFree(p);
}

}  // namespace

void watch_sqlite() {
  if (owns_malloc) return;
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
  static sqlite3_mem_methods ours = usual;
  ours.xMalloc = sqlite_take;
  ours.xRealloc = sqlite_resize;
  ours.xFree = sqlite_give;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

void arm(const fault& f) {
  planned = f;
  asked = 0;
  armed = true;
}

std::uint64_t disarm() {
  armed = false;
  return asked;
}

std::int64_t alive() { return living; }

}  // namespace kith::faults::memory

using kith::faults::memory::give;
using kith::faults::memory::take;
using kith::faults::memory::take_or_throw;
constexpr std::size_t usual_alignment = alignof(std::max_align_t);

void* operator new(std::size_t n) { return take_or_throw(n, usual_alignment); }
void* operator new[](std::size_t n) { return take_or_throw(n, usual_alignment); }
void* operator new(std::size_t n, std::align_val_t a) {
  return take_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a) {
  return take_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  return take(n, usual_alignment);
}
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept {
  return take(n, usual_alignment);
}
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return take(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return take(n, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { give(p); }
void operator delete[](void* p) noexcept { give(p); }
void operator delete(void* p, std::size_t) noexcept { give(p); }
void operator delete[](void* p, std::size_t) noexcept { give(p); }
void operator delete(void* p, std::align_val_t) noexcept { give(p); }
void operator delete[](void* p, std::align_val_t) noexcept { give(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { give(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { give(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { give(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { give(p); }

#ifndef KITH_SANITIZED
namespace {

using kith::faults::memory::fails;
using kith::faults::memory::living;

void* counted(void* p) noexcept {
  if (p != nullptr) ++living;
  return p;
}
void* none_left() noexcept {
  errno = ENOMEM;
  return nullptr;
}

}  // namespace

extern "C" {

void* malloc(std::size_t n) noexcept { return fails() ? none_left() : counted(__libc_malloc(n)); }
void* calloc(std::size_t n, std::size_t size) noexcept {
  return fails() ? none_left() : counted(__libc_calloc(n, size));
}
void* realloc(void* p, std::size_t n) noexcept {
  if (fails()) return none_left();
  void* const moved = __libc_realloc(p, n);
  return p == nullptr ? counted(moved) : moved;
}
void* memalign(std::size_t a, std::size_t n) noexcept {
  return fails() ? none_left() : counted(__libc_memalign(a, n));
}
void* aligned_alloc(std::size_t a, std::size_t n) noexcept { return memalign(a, n); }
int posix_memalign(void** to, std::size_t a, std::size_t n) noexcept {
  void* const p = memalign(a, n);
  if (p == nullptr) return ENOMEM;
  *to = p;
  return 0;
}
void free(void* p) noexcept {
  if (p != nullptr) --living;
  __libc_free(p);
}

}  // extern "C"
#endif
