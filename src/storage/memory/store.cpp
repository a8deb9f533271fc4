// SPDX-License-Identifier: Apache-2.0
//
// The memory store itself: connections, saving, and the way in.
#include <filesystem>
#include <mutex>

#include "core/durable_file.hpp"
#include "kith/core/error.hpp"
#include "storage/memory/check.hpp"
#include "storage/memory/connection.hpp"
#include "storage/memory/file.hpp"
#include "storage/memory/snapshot.hpp"

namespace kith::inline v1 {
namespace memory {
namespace {

class memory_store final : public store {
 public:
  explicit memory_store(memory_options options)
      : content_(std::make_shared<content>(std::move(options))) {
    if (!content_->options.path.empty()) load_snapshot(*content_);
  }
  ~memory_store() override { content_->closed.store(true, std::memory_order_relaxed); }

  const capabilities& can() const noexcept override { return content_->can; }
  std::unique_ptr<connection> connect() override {
    check();
    return std::make_unique<memory_connection>(content_);
  }
  void model_changed(const model&) override {
    content_->layouts.fetch_add(1, std::memory_order_release);
  }
  void save() override {
    check();
    if (!content_->can.save) {
      throw error(error_code::unsupported,
                  content_->options.path.empty()
                      ? "the store was opened without a path for its snapshot"
                      : "the store was opened for reading");
    }
    const std::lock_guard one_at_a_time(saving_);
    save_snapshot(content_, content_->options.path);
  }
  void compact() override {
    check();
    if (content_->options.read_only) {
      throw error(error_code::read_only, "the store was opened for reading");
    }
    content_->compact();
    if (!content_->can.save) return;
    save();
    remove_left_files(content_->options.path);
  }
  void backup(const std::string& path, const copy_check& check_copy) override {
    check();
    if (!content_->options.path.empty() && is_own(path)) {
      throw error(error_code::exists, "'" + path + "' is the store's own file; save() writes it");
    }
    detail::durable_file copy(path);
    save_snapshot(content_, copy.made_at());
    copy.replaced();
    if (check_copy) check_copy(open_memory({.path = copy.made_at(), .read_only = true}));
    copy.keep();
  }
  void verify(const damage_sink& found) override {
    check();
    check_indexes(content_, found);
  }
  void check() const override { content_->check(); }

 private:
  bool is_own(const std::string& path) const {
    std::error_code none;
    const auto own = std::filesystem::weakly_canonical(content_->options.path, none);
    return !none && std::filesystem::weakly_canonical(path, none) == own && !none;
  }

  std::shared_ptr<content> content_;
  std::mutex saving_;
};

}  // namespace
}  // namespace memory

std::unique_ptr<store> open_memory(memory_options options) {
  return std::make_unique<memory::memory_store>(std::move(options));
}

}  // namespace kith::inline v1
