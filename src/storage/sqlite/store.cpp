// SPDX-License-Identifier: Apache-2.0
//
// The SQLite store: a site and its connections.
#include "kith/storage/sqlite.hpp"

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/guest.hpp"

namespace kith::inline v1 {
namespace {

class sqlite_store final : public store {
 public:
  explicit sqlite_store(sqlite_options options, bool unchanging = false)
      : site_(std::make_shared<sqlite::site>(std::move(options), unchanging)),
        first_(std::make_unique<sqlite::sqlite_connection>(site_)) {
    can_.name = "sqlite";
    can_.backup = can_.host_sql = can_.views = can_.compact = can_.conditions = can_.paths =
        can_.orders = can_.aggregates = true;
    if (site_->in_memory()) return;
    can_.durable = capabilities::durability::on_commit;
    can_.many_processes = can_.parallel_reads = can_.read_only_open = true;
  }
  sqlite_store(sqlite3* of_host, const sqlite_guest_options& options)
      : site_(std::make_shared<sqlite::site>(of_host, options)),
        first_(std::make_unique<sqlite::sqlite_connection>(site_)) {
    can_.name = "sqlite guest";
    can_.guest = can_.backup = can_.views = can_.conditions = can_.paths = can_.orders =
        can_.aggregates = true;
    can_.many_processes = !site_->options().path.empty();
    if (sqlite::keeps_commits(of_host)) can_.durable = capabilities::durability::on_commit;
  }
  ~sqlite_store() override { site_->close(); }

  const capabilities& can() const noexcept override { return can_; }
  std::unique_ptr<connection> connect() override {
    {
      const std::lock_guard lock(mutex_);
      if (first_) return std::move(first_);  // the one that opening has proved
    }
    return std::make_unique<sqlite::sqlite_connection>(site_);
  }
  void backup(const std::string& path, const copy_check& check) override {
    sqlite::site::back_up(site_, path, check);
  }
  void compact() override {
    if (site_->is_guest()) return store::compact();  // the file is the host's
    site_->compact();
  }
  void verify(const damage_sink& found) override {
    sqlite::sqlite_connection through(site_);
    through.begin(access::read);
    through.check_structure(found);
  }
  void check() const override { site_->check(); }

 private:
  capabilities can_;
  std::shared_ptr<sqlite::site> site_;
  std::mutex mutex_;
  std::unique_ptr<sqlite::sqlite_connection> first_;
};

}  // namespace

std::unique_ptr<store> sqlite::open_unchanging(const std::string& path) {
  sqlite_options options{.path = path, .read_only = true, .allow_network_file_system = true};
  return std::make_unique<sqlite_store>(std::move(options), true);
}

std::unique_ptr<store> open_sqlite(sqlite_options options) {
  return std::make_unique<sqlite_store>(std::move(options));
}

std::unique_ptr<store> open_sqlite_guest(::sqlite3* database, sqlite_guest_options options) {
  return std::make_unique<sqlite_store>(database, options);
}

}  // namespace kith::inline v1
