// SPDX-License-Identifier: Apache-2.0
//
// One line to a memory store. A reader sees the instant at which its transaction began, or, outside
// one, the newest for each call. The one writer changes the containers at once, unseen by others
// until it commits; what it did is listed, so that it can be taken back.
#pragma once

#include <array>
#include <list>
#include <memory>
#include <vector>

#include "storage/memory/content.hpp"

namespace kith::inline v1::memory {

class memory_connection final : public connection {
 public:
  explicit memory_connection(std::shared_ptr<content> of);
  ~memory_connection() override { rollback(); }

  void begin(access mode) override;
  void commit() override;
  void rollback() noexcept override;
  void savepoint(int level) override;
  void release(int level) override;
  void rollback_to(int level) override;
  std::uint64_t data_version() override { return seen_; }

  row_ptr get(const entity_type& entity, record_id id, needed_cells cells) override;
  std::unique_ptr<cursor> scan(const scan_request& request) override;
  void write(const row_change& change) override;
  void erase(const entity_type& entity, record_id id) override;
  bool has(const entity_type& entity) override;
  void apply(const entity_type& entity) override;

 private:
  enum class state : std::uint8_t { idle, reading, writing };

  void require_writing() const;
  std::size_t mark_of(int level) const;
  template <class Look>
  auto look(const entity_type& entity, Look&& at);
  table* find(const entity_type& entity, stamp instant, bool& fits);
  table& writable(const entity_type& entity);
  void put_version(table& in, const entity_type& entity, std::int64_t id, row_ptr after);
  void take_back(std::size_t from) noexcept;
  void end() noexcept;

  /// Where an entity was found, as long as the layouts are the same.
  struct remembered {
    const entity_type* entity = nullptr;
    const column* columns = nullptr;
    std::size_t count = 0;
    std::uint64_t layouts = 0;
    table* in = nullptr;
  };

  std::shared_ptr<line> line_;
  content& content_;
  state state_ = state::idle;
  stamp instant_ = 0;  // of a read transaction
  stamp seen_ = 0;     // the commit that was seen last
  stamp last_ = 0;     // write of this transaction
  turn turn_;
  std::list<step_list> done_;  // one list while writing
  std::vector<std::size_t> marks_;
  std::vector<index_effect> effects_;
  std::array<remembered, 32> found_;
};

}  // namespace kith::inline v1::memory
