// SPDX-License-Identifier: Apache-2.0
//
// How a store is opened: one table of names, and the callbacks.
#include <charconv>

#include "handles.hpp"
#include "kith/core/text.hpp"

namespace kith::capi {
namespace {

[[noreturn]] void refuse(std::string_view key, std::string_view value, const char* wanted) {
  throw error(error_code::invalid,
              std::string(key) + " '" + shortened(value) + "' is not " + wanted);
}

bool truth(std::string_view key, std::string_view value) {
  if (value == "yes" || value == "true" || value == "1") return true;
  if (value == "no" || value == "false" || value == "0") return false;
  refuse(key, value, "yes or no");
}

std::uint64_t number(std::string_view key, std::string_view value, std::uint64_t most) {
  std::uint64_t n = 0;
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, n);
  if (read.ec == std::errc{} && read.ptr == end && n <= most) return n;
  refuse(key, value, ("a whole number from 0 to " + std::to_string(most)).c_str());
}

struct setting {
  std::string_view key;
  void (*set)(kith_config& c, std::string_view key, std::string_view value);
};

constexpr setting settings[] = {
    {"read_only", [](kith_config& c, auto key, auto v) { c.options.read_only = truth(key, v); }},
    {"busy_timeout_ms",
     [](kith_config& c, auto key, auto v) {
       c.options.busy_timeout_ms = static_cast<int>(number(key, v, INT32_MAX));
     }},
    {"origin_number",
     [](kith_config& c, auto key, auto v) {
       c.options.origin_number = static_cast<std::uint16_t>(number(key, v, 1023));
     }},
    {"durability",
     [](kith_config& c, auto key, auto v) {
       if (v != "full" && v != "relaxed") refuse(key, v, "full or relaxed");
       c.durability = v == "full" ? sqlite_durability::full : sqlite_durability::relaxed;
     }},
    {"allow_network_file_system",
     [](kith_config& c, auto key, auto v) { c.allow_network_file_system = truth(key, v); }},
    {"accept_weak_durability",
     [](kith_config& c, auto key, auto v) { c.accept_weak_durability = truth(key, v); }},
    {"allow_modules", [](kith_config& c, auto key, auto v) { c.allow_modules = truth(key, v); }},
    {"random_seed",
     [](kith_config& c, auto key, auto v) {
       c.options.random = std::make_shared<seeded_random>(number(key, v, UINT64_MAX));
     }},
};

struct limit_setting {
  std::string_view key;
  std::size_t limits::*of;
};
constexpr limit_setting limit_settings[] = {
    {"limits.text_bytes", &limits::text_bytes},
    {"limits.blob_bytes", &limits::blob_bytes},
    {"limits.fields_per_entity", &limits::fields_per_entity},
    {"limits.expression_depth", &limits::expression_depth},
    {"limits.expression_terms", &limits::expression_terms},
    {"limits.path_length", &limits::path_length},
    {"limits.order_keys", &limits::order_keys},
    {"limits.page_rows", &limits::page_rows},
    {"limits.sort_bytes", &limits::sort_bytes},
    {"limits.list_values", &limits::list_values},
    {"limits.pattern_bytes", &limits::pattern_bytes},
    {"limits.change_chunk_bytes", &limits::change_chunk_bytes},
    {"limits.cascade_records", &limits::cascade_records},
    {"limits.rule_rounds", &limits::rule_rounds},
};
static_assert(std::size(limit_settings) * sizeof(std::size_t) == sizeof(limits),
              "every limit has a name");

void set(kith_config& c, std::string_view key, std::string_view value) {
  std::vector<std::string_view> names;
  for (const setting& s : settings) {
    if (s.key == key) return s.set(c, key, value);
    names.push_back(s.key);
  }
  for (const limit_setting& s : limit_settings) {
    if (s.key == key) {
      c.options.limits.*s.of = number(key, value, INT64_MAX);
      return;
    }
    names.push_back(s.key);
  }
  const std::string hint = did_you_mean(key, names);
  throw error(error_code::not_found, "a store has no setting '" + shortened(key) + "'" +
                                         (hint.empty() ? "" : "; " + hint));
}

class host_clock final : public clock {
 public:
  host_clock(kith_clock_fn told, shared_data data) : told_(told), data_(std::move(data)) {}
  instant now() override { return {told_(data_->get())}; }

 private:
  kith_clock_fn told_;
  shared_data data_;
};

struct host_key {
  kith_key_fn put;
  shared_data data;

  std::string operator()() const {
    std::uint8_t room[256] = {};
    kith_error* err = nullptr;
    const std::size_t size = put(data->get(), room, sizeof room, &err);
    std::string key;
    if (size <= sizeof room) key.assign(reinterpret_cast<const char*>(room), size);
    for (volatile std::uint8_t& byte : room) byte = 0;
    rethrow(size == 0 ? KITH_E_DENIED : KITH_OK, err, "the audit key callback");
    if (size > sizeof room) misuse("the audit key callback gives more bytes than there is room");
    return key;
  }
};

shared_data shared(user_data data) { return std::make_shared<user_data>(std::move(data)); }

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_config_new(kith_config** config, kith_error** err) {
  return guard(err, outs(config), [&] {
    need(config, "config");
    *config = new kith_config();
    return KITH_OK;
  });
}

void kith_config_free(kith_config* config) { dispose(config); }

kith_status kith_config_set(kith_config* config, kith_text key, kith_text value, kith_error** err) {
  return guard(err, nothing, [&] {
    capi::set(use(config), text_of(key, "the key"), text_of(value, "the value"));
    return KITH_OK;
  });
}

kith_status kith_config_set_clock(kith_config* config, kith_clock_fn clock, void* data,
                                  kith_destroy_fn destroy, kith_error** err) {
  user_data kept(data, destroy);
  return guard(err, nothing, [&] {
    kith_config& c = use(config);
    if (clock == nullptr) misuse("clock is NULL");
    c.options.clock = std::make_shared<host_clock>(clock, shared(std::move(kept)));
    return KITH_OK;
  });
}

kith_status kith_config_set_log(kith_config* config, kith_log_fn log, void* data,
                                kith_destroy_fn destroy, kith_error** err) {
  user_data kept(data, destroy);
  return guard(err, nothing, [&] {
    kith_config& c = use(config);
    if (log == nullptr) misuse("log is NULL");
    c.log = {log, shared(std::move(kept))};
    return KITH_OK;
  });
}

kith_status kith_config_set_audit_key(kith_config* config, kith_key_fn key, void* data,
                                      kith_destroy_fn destroy, kith_error** err) {
  user_data kept(data, destroy);
  return guard(err, nothing, [&] {
    kith_config& c = use(config);
    if (key == nullptr) misuse("key is NULL");
    c.options.audit_key = host_key{key, shared(std::move(kept))};
    return KITH_OK;
  });
}
