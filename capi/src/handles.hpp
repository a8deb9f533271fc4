// SPDX-License-Identifier: Apache-2.0
//
// What stands behind the opaque handles. Each shares what it was opened from, so that a host may
// free them in any order; each begins with a tag that says what it is.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "guard.hpp"
#include "kith/kith.hpp"

namespace kith::capi {

/// The first member of every handle; gone with it.
template <std::uint32_t Tag>
struct tagged {
  static constexpr std::uint32_t right_tag = Tag;
  std::uint32_t tag = Tag;
  tagged() = default;
  tagged(const tagged&) = delete;
  tagged& operator=(const tagged&) = delete;
  ~tagged() { *const_cast<volatile std::uint32_t*>(&tag) = 0; }
};

/// The handle, when it is one of its sort.
template <class Handle>
Handle& use(Handle* handle) {
  const std::string what = std::remove_const_t<Handle>::name;
  if (handle == nullptr) misuse(what + " is NULL");
  if (handle->tag != Handle::right_tag) misuse("this is no " + what + ", or no longer one");
  return *handle;
}

/// Frees a handle; never another sort.
template <class Handle>
void dispose(Handle* handle) noexcept {
  if (handle != nullptr && handle->tag == Handle::right_tag) delete handle;
}

/// user_data of a callback: destroyed exactly once, whatever happens.
class user_data {
 public:
  user_data(void* data, kith_destroy_fn destroy) noexcept : data_(data), destroy_(destroy) {}
  user_data(user_data&& other) noexcept
      : data_(other.data_), destroy_(std::exchange(other.destroy_, nullptr)) {}
  user_data& operator=(user_data&&) = delete;
  ~user_data() {
    if (destroy_ != nullptr) destroy_(data_);
  }
  void* get() const noexcept { return data_; }

 private:
  void* data_;
  kith_destroy_fn destroy_;
};
using shared_data = std::shared_ptr<user_data>;

/// Where messages without a caller go; silent when empty.
struct log_hook {
  kith_log_fn tell = nullptr;
  shared_data data;
  void operator()(std::int32_t level, std::string_view message) const noexcept {
    if (tell != nullptr) tell(data->get(), level, to_c(message));
  }
};

struct crm_box {
  log_hook log;
  kith::crm crm;
};
using crm_ptr = std::shared_ptr<crm_box>;

struct session_box {
  crm_ptr crm;
  time_zone zone;
  kith::session session;
};
using session_ptr = std::shared_ptr<session_box>;

/// Texts that are made when they are asked for, and then stay where they are.
class kept_texts {
 public:
  template <class Make>
  std::string_view of(std::uint64_t key, const Make& make) const {
    const std::lock_guard<std::mutex> locked(lock_);
    const auto found = texts_.find(key);
    if (found != texts_.end()) return found->second;
    return texts_.emplace(key, make()).first->second;
  }
  void clear() noexcept { texts_.clear(); }

 private:
  mutable std::mutex lock_;
  mutable std::map<std::uint64_t, std::string> texts_;
};

}  // namespace kith::capi

struct kith_config : kith::capi::tagged<0x6b636667> {
  static constexpr const char* name = "config";
  kith::crm_options options;
  kith::sqlite_durability durability = kith::sqlite_durability::full;
  bool allow_network_file_system = false;
  bool accept_weak_durability = false;
  bool allow_modules = false;
  kith::capi::log_hook log;
};

struct kith_crm : kith::capi::tagged<0x6b63726d> {
  static constexpr const char* name = "crm";
  kith::capi::crm_ptr box;
};

struct kith_subscription : kith::capi::tagged<0x6b737562> {
  static constexpr const char* name = "subscription";
  kith::capi::crm_ptr box;
  std::shared_ptr<void> token;
};

struct kith_model : kith::capi::tagged<0x6b6d6f64> {
  static constexpr const char* name = "model";
  kith::model_ptr model;
};

struct kith_rights : kith::capi::tagged<0x6b726974> {
  static constexpr const char* name = "rights";
  kith::visibility sees;
};

struct kith_session : kith::capi::tagged<0x6b736573> {
  static constexpr const char* name = "session";
  kith::capi::session_ptr box;
};

struct kith_transaction : kith::capi::tagged<0x6b747278> {
  static constexpr const char* name = "transaction";
  kith::capi::session_ptr box;
  std::optional<kith::transaction> tx;
};

struct kith_record : kith::capi::tagged<0x6b726563> {
  static constexpr const char* name = "record";
  kith::model_ptr model;
  const kith::entity_type* entity = nullptr;
  kith::time_zone zone;  // of times that name none
  kith::any_draft draft;
  std::int64_t id = 0;
  bool borrowed = false;
  kith::capi::kept_texts texts;
};

struct kith_query : kith::capi::tagged<0x6b717279> {
  static constexpr const char* name = "query";
  kith::capi::session_ptr box;
  kith::model_ptr model;
  kith::query_spec spec;
};

struct kith_cursor : kith::capi::tagged<0x6b637572> {
  static constexpr const char* name = "cursor";
  kith::capi::session_ptr box;
  std::shared_ptr<kith::row_stream> stream;  // or:
  std::vector<kith::row_ptr> page;
  std::size_t next = 0;
  std::string mark;
  kith_record current;
};

struct kith_table : kith::capi::tagged<0x6b746162> {
  static constexpr const char* name = "table";
  kith::model_ptr model;  // keeps the names of choices
  const kith::report_type* report = nullptr;
  kith::table rows;
  kith::capi::kept_texts texts;
};

struct kith_changes : kith::capi::tagged<0x6b636867> {
  static constexpr const char* name = "changes";
  std::vector<kith::change_set> own;
  std::span<const kith::change_set> sets;
  bool borrowed = false;
};

namespace kith::capi {

inline kith::session& session_of(kith_session* s) { return use(s).box->session; }
inline kith::crm& crm_of(const kith_crm* c) { return use(c).box->crm; }

/// The entity, action or report of this number, as an entity; error_code::not_found.
const entity_type& described(const model& of, std::uint16_t number);
/// The entity of this number; error_code::not_found.
const entity_type& entity_of(const model& of, std::uint16_t number);
inline const entity_type& entity_of(kith_session* s, std::uint16_t number) {
  return entity_of(*session_of(s).model(), number);
}

/// The key of a field, or of a part of it, as C has it.
kith_field key_of(const entity_type& entity, const field_place& place) noexcept;
/// The field, or part of it, that a key names in this entity; error_code::not_found, misuse.
field_place place_of(const entity_type& entity, kith_field key);

std::unique_ptr<kith_table> table_of(model_ptr model, kith::table rows);
std::unique_ptr<kith_record> record_of(const session_box& box, const entity_type& entity,
                                       row_ptr row);
/// Makes an empty record that one; cannot fail.
void fill_record(kith_record& record, const session_box& box, const entity_type& entity,
                 row_ptr row) noexcept;

}  // namespace kith::capi
