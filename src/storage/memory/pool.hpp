// SPDX-License-Identifier: Apache-2.0
//
// Memory for the nodes of one container, one beside the other in blocks that grow up to a huge
// page: less memory than one allocation each, and fewer places for the processor to look at. Nodes
// that were freed are used again; blocks go with the pool.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

namespace kith::inline v1::memory {

// Under a sanitizer each node is an allocation of its own, so that misuse is noticed.
#ifdef KITH_SANITIZED
inline constexpr bool pools_nodes = false;
#else
inline constexpr bool pools_nodes = true;
#endif

class node_pool {
 public:
  node_pool() = default;
  node_pool(const node_pool&) = delete;
  ~node_pool() {
    for (void* block : blocks_) std::free(block);
  }

  void* take(std::size_t size) {
    if (free_ != nullptr) return std::exchange(free_, free_->next);
    if (left_ < size) add_block(size);
    left_ -= size;
    return std::exchange(fresh_, fresh_ + size);
  }
  void give_back(void* node) noexcept { free_ = new (node) free_node{free_}; }

 private:
  static constexpr std::size_t huge_page = std::size_t{2} << 20;
  struct free_node {
    free_node* next;
  };

  void add_block(std::size_t size) {
    blocks_.reserve(blocks_.size() + 1);
    const bool huge = block_size_ >= huge_page;
    block_size_ = std::max(block_size_, 8 * size);
    void* const block = huge ? std::aligned_alloc(huge_page, huge_page) : std::malloc(block_size_);
    if (block == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    if (huge) ::madvise(block, huge_page, MADV_HUGEPAGE);  // a hint: it may fail
#endif
    blocks_.push_back(block);
    fresh_ = static_cast<char*>(block);
    left_ = block_size_;
    block_size_ = std::min(block_size_ * 2, huge_page);
  }

  free_node* free_ = nullptr;
  char* fresh_ = nullptr;
  std::size_t left_ = 0;
  std::size_t block_size_ = 512;
  std::vector<void*> blocks_;
};

/// For one container: single nodes come from the pool, arrays from the heap.
template <class T>
class pool_allocator {
 public:
  using value_type = T;

  explicit pool_allocator(node_pool& pool) noexcept : pool_(&pool) {}
  template <class U>
  pool_allocator(const pool_allocator<U>& other) noexcept : pool_(other.pool()) {}  // NOLINT

  T* allocate(std::size_t count) {
    if (pools_nodes && count == 1 && is_node) return static_cast<T*>(pool_->take(sizeof(T)));
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* p, std::size_t count) noexcept {
    if (pools_nodes && count == 1 && is_node) return pool_->give_back(p);
    std::allocator<T>().deallocate(p, count);
  }
  node_pool* pool() const noexcept { return pool_; }
  friend bool operator==(const pool_allocator& a, const pool_allocator& b) noexcept {
    return a.pool_ == b.pool_;
  }

 private:
  // Containers have nodes of one type, which is larger than what their arrays are made of.
  static constexpr bool is_node = sizeof(T) >= 48;
  node_pool* pool_;
};

}  // namespace kith::inline v1::memory
