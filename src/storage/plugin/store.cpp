// SPDX-License-Identifier: Apache-2.0
//
// A store of another make, from outside.
#include "kith/core/error.hpp"
#include "storage/plugin/connection.hpp"

namespace kith::inline v1 {
namespace plugin {
namespace {

class plugin_store final : public store {
 public:
  explicit plugin_store(std::shared_ptr<site> of) : site_(std::move(of)) {}

  const capabilities& can() const noexcept override { return site_->can; }
  std::unique_ptr<connection> connect() override {
    check();
    return std::make_unique<plugin_connection>(site_);
  }
  void save() override {
    check();
    if (!site_->can.save) return store::save();
    call(*site_, "save").tell(site_->table.save, site_->handle);
  }
  void compact() override {
    check();
    if (!site_->can.compact) return store::compact();
    call(*site_, "compact").tell(site_->table.compact, site_->handle);
  }
  void backup(const std::string& path, const copy_check& check_copy) override {
    check();
    if (!site_->can.backup) return store::backup(path, check_copy);
    bool shown = false;
    call c(*site_, "backup");
    c.copy = [&](const char* uri) {
      if (uri == nullptr) broken(site_->name, "backup", "shows NULL for its copy");
      shown = true;
      if (!check_copy) return;
      plugin_options reading = site_->options;
      reading.read_only = site_->can.read_only_open;
      check_copy(open_plugin(site_->original, uri, std::move(reading)));
    };
    c.tell(site_->table.backup, site_->handle, path.c_str());
    if (!shown) broken(site_->name, "backup", "showed its copy to nobody (check_copy)");
  }
  void verify(const damage_sink& found) override {
    check();
    if (!site_->verifies) return;
    call c(*site_, "verify");
    c.damage = [&](const char* what, const char* remedy) {
      found(what == nullptr ? "" : what, remedy == nullptr ? "" : remedy);
    };
    c.tell(site_->table.verify, site_->handle);
  }
  void check() const override {
    site_->check();
    if (site_->table.check == nullptr) return;
    call(*site_, "check").tell(site_->table.check, site_->handle);
  }

 private:
  std::shared_ptr<site> site_;
};

}  // namespace
}  // namespace plugin

std::unique_ptr<store> open_plugin(const ::kith_store_api* table, std::string_view where,
                                   plugin_options options) {
  return std::make_unique<plugin::plugin_store>(
      std::make_shared<plugin::site>(table, where, std::move(options)));
}

store_scheme scheme_of_plugin(std::string name, const ::kith_store_api* table) {
  return {std::move(name), [table](std::string_view where, const crm_options& options) {
            return open_plugin(
                table, where,
                {.busy_timeout_ms = options.busy_timeout_ms, .read_only = options.read_only});
          }};
}

}  // namespace kith::inline v1
