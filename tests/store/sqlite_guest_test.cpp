// SPDX-License-Identifier: Apache-2.0
//
// A guest in a host's database: what the host commits lasts, what it takes back never was, and
// nothing of the host's is changed on the way.
#include "kith/kith.hpp"
#include "sqlite_suite.hpp"

namespace kith::conformance {
namespace {

using words = std::vector<std::string>;

class guest : public sqlite_files {
 protected:
  void SetUp() override { open_host(); }
  void TearDown() override { close_host(); }

  void open_host(const std::string& settings =
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                     "PRAGMA wal_autocheckpoint = 0") {
    database.emplace(file());
    sqlite3_busy_timeout(database->raw(), patience_ms);
    sql(settings);
    sql("CREATE TABLE IF NOT EXISTS invoices(id INTEGER PRIMARY KEY, client INTEGER, text TEXT)");
    enter();
  }
  void enter() {
    base.emplace(kith::open_guest(database->raw()));
    s.emplace(base->open_session({.actor = "anna", .actor_id = {}, .zone = {}}));
  }
  void leave() {
    heard.reset();
    s.reset();
    base.reset();
  }
  void close_host() {
    leave();
    database.reset();
  }
  std::string sql(const std::string& text) const { return database->ask(text); }
  ref<client> add(const std::string& name) { return ref<client>(s->add(client::name = name)); }
  words clients() {
    words all;
    for (const record<client>& c : s->all<client>()) all.emplace_back(c[client::name]);
    std::sort(all.begin(), all.end());
    return all;
  }
  void listen() {
    told.clear();
    heard = base->subscribe([this](const change_set& set) { told.push_back(set.sequence); });
  }
  std::string verified() {
    const verification v = base->verify();
    return v.sound() ? "sound" : v.found.front().what;
  }

  int patience_ms = 50;
  std::optional<tool> database;
  std::optional<crm> base;
  std::optional<session> s;
  std::vector<std::int64_t> told;
  std::shared_ptr<void> heard;
};

using sequences = std::vector<std::int64_t>;

TEST_F(guest, says_what_it_is) {
  EXPECT_TRUE(base->can().guest);
  EXPECT_EQ(base->can().durable, capabilities::durability::on_commit);
  EXPECT_FALSE(base->can().parallel_reads);
  kith::transaction tx = s->write();
  EXPECT_EQ(outcome([&] { tx.sql("select 1"); }), "unsupported");
}

TEST_F(guest, work_lasts_with_the_hosts_commit) {
  sql("BEGIN");
  const ref<client> anna = add("Анна");
  sql("INSERT INTO invoices VALUES (1, " + std::to_string(anna.id.value) + ", 'Счёт')");
  EXPECT_EQ(tool(file()).ask("SELECT count(*) FROM kith_client"), "0") << "nobody else sees it";
  sql("COMMIT");
  EXPECT_EQ(tool(file()).ask("SELECT name FROM kith_client"), "Анна");
  EXPECT_EQ(sql("SELECT text FROM invoices JOIN kith_client c ON c.id = client"), "Счёт");
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, work_goes_with_the_hosts_rollback) {
  add("Анна");
  const std::int64_t before = s->sequence();
  sql("BEGIN");
  add("Пётр");
  sql("INSERT INTO invoices VALUES (1, 1, 'x')");
  sql("ROLLBACK");
  EXPECT_EQ(clients(), words{"Анна"});
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(sql("SELECT count(*) FROM invoices"), "0");
  const std::int64_t again = s->add(client::name = "Ольга").id().value;
  EXPECT_EQ(s->sequence(), before + 1) << "the number is given again";
  EXPECT_GT(again, 0);
  EXPECT_EQ(clients(), (words{"Анна", "Ольга"}));
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, work_goes_with_the_hosts_savepoint) {
  sql("BEGIN; SAVEPOINT a");
  add("Анна");
  sql("SAVEPOINT b");
  add("Пётр");
  sql("ROLLBACK TO b");
  EXPECT_EQ(clients(), words{"Анна"});
  add("Ольга");
  sql("RELEASE b; RELEASE a; COMMIT");
  EXPECT_EQ(clients(), (words{"Анна", "Ольга"}));
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, without_a_transaction_of_the_host_each_call_lasts) {
  const ref<client> anna = add("Анна");
  s->update(anna, client::city = "Омск");
  EXPECT_EQ(tool(file()).ask("SELECT city FROM kith_client"), "Омск");
  {
    kith::transaction tx = s->write();
    add("Пётр");
    EXPECT_EQ(outcome([&] { s->add(client::name = ""); }), "invalid");
  }
  EXPECT_EQ(clients(), words{"Анна"});
  EXPECT_EQ(sqlite3_get_autocommit(database->raw()), 1) << "nothing is left open";
}

TEST_F(guest, an_explicit_transaction_is_a_scope_in_the_hosts) {
  sql("BEGIN");
  sql("INSERT INTO invoices VALUES (1, 1, 'kept')");
  {
    kith::transaction tx = s->write();
    add("Анна");
    sql("INSERT INTO invoices VALUES (2, 1, 'inside')");
  }  // taken back, and with it what the host wrote inside
  EXPECT_EQ(sql("SELECT text FROM invoices"), "kept");
  kith::transaction tx = s->write();
  add("Пётр");
  tx.commit();
  sql("COMMIT");
  EXPECT_EQ(clients(), words{"Пётр"});
  EXPECT_EQ(sql("SELECT text FROM invoices"), "kept");
}

// ------------------------------------------------------------------------- the host in the middle

TEST_F(guest, a_host_that_rolls_back_inside_a_transaction_of_kith_is_noticed) {
  sql("BEGIN");
  kith::transaction tx = s->write();
  add("Анна");
  sql("ROLLBACK");
  EXPECT_EQ(outcome([&] { add("Пётр"); }), "retry");
  EXPECT_EQ(outcome([&] { tx.commit(); }), "retry");
  tx.rollback();
  EXPECT_EQ(clients(), words{});
  EXPECT_EQ(outcome([&] { add("Ольга"); }), "done");
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, a_host_that_begins_anew_inside_a_transaction_of_kith_is_noticed) {
  sql("BEGIN");
  kith::transaction tx = s->write();
  add("Анна");
  sql("ROLLBACK; BEGIN");
  EXPECT_EQ(outcome([&] { add("Пётр"); }), "retry");
  tx.rollback();
  sql("COMMIT");
  EXPECT_EQ(clients(), words{});
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, a_host_that_takes_back_a_part_of_a_transaction_of_kith_is_noticed) {
  sql("BEGIN");
  kith::transaction tx = s->write();
  add("Анна");
  sql("SAVEPOINT mine");
  add("Пётр");
  sql("ROLLBACK TO mine; RELEASE mine");
  EXPECT_EQ(outcome([&] { tx.commit(); }), "retry");
  tx.rollback();
  EXPECT_EQ(outcome([&] { add("Ольга"); }), "done");
  sql("COMMIT");
  EXPECT_EQ(clients(), words{"Ольга"});
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, a_host_that_releases_a_savepoint_around_a_transaction_of_kith_does_no_harm) {
  sql("BEGIN; SAVEPOINT mine");
  kith::transaction tx = s->write();
  add("Анна");
  sql("RELEASE mine");
  add("Пётр");
  EXPECT_EQ(outcome([&] { tx.commit(); }), "done");
  sql("COMMIT");
  EXPECT_EQ(clients(), (words{"Анна", "Пётр"}));
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, a_host_that_commits_inside_a_transaction_of_kith_is_told_so) {
  for (const char* then : {"", "; BEGIN"}) {
    SCOPED_TRACE(then);
    sql("BEGIN");
    {
      kith::transaction tx = s->write();
      add("Анна");
      sql(std::string("COMMIT") + then);
      EXPECT_NE(outcome([&] { add("Пётр"); }), "done");
      EXPECT_NE(outcome([&] { tx.commit(); }), "done");
    }
    EXPECT_EQ(outcome([&] { clients(); }), "misuse") << "half of it has no change set";
    if (sqlite3_get_autocommit(database->raw()) == 0) sql("ROLLBACK");
    EXPECT_EQ(outcome([&] { add("Ольга"); }), "misuse");
    leave();
    enter();
    EXPECT_NE(verified(), "sound");
    close_host();
    std::filesystem::remove(file());
    open_host();
  }
}

TEST_F(guest, half_a_transaction_that_the_host_takes_back_is_forgotten) {
  sql("BEGIN; SAVEPOINT mine");
  {
    kith::transaction tx = s->write();
    add("Анна");
    sql("RELEASE mine");
  }  // cannot be taken back: the savepoint is gone
  EXPECT_EQ(outcome([&] { add("Пётр"); }), "misuse");
  sql("ROLLBACK");
  EXPECT_EQ(outcome([&] { add("Ольга"); }), "done");
  EXPECT_EQ(clients(), words{"Ольга"});
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, two_sessions_share_the_connection_one_transaction_at_a_time) {
  session other = base->open_session({.actor = "boris", .actor_id = {}, .zone = {}});
  kith::transaction tx = s->write();
  add("Анна");
  EXPECT_EQ(outcome([&] { other.add(client::name = "Пётр"); }), "busy");
  EXPECT_EQ(outcome([&] { other.all<client>().count(); }), "busy") << "it is not committed";
  tx.commit();
  EXPECT_EQ(outcome([&] { other.add(client::name = "Пётр"); }), "done");
  EXPECT_EQ(clients(), (words{"Анна", "Пётр"}));
  int seen = 0;
  for (const record<client>& c : s->all<client>()) {  // reading keeps nobody out
    other.update(c, client::city = "Омск");
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

// --------------------------------------------------------------------------------- the listeners

TEST_F(guest, listeners_wait_for_the_hosts_commit) {
  listen();
  add("Анна");
  const std::int64_t first = s->sequence();
  EXPECT_EQ(told, sequences{first}) << "no transaction of the host: told at once";
  sql("BEGIN");
  add("Пётр");
  clients();
  EXPECT_EQ(told, sequences{first});
  sql("COMMIT");
  EXPECT_EQ(told, sequences{first}) << "nobody has looked yet";
  base->host_committed();
  EXPECT_EQ(told, (sequences{first, first + 1}));
  sql("BEGIN");
  add("Ольга");
  sql("COMMIT");
  clients();  // the next call sees it
  EXPECT_EQ(told, (sequences{first, first + 1, first + 2}));
}

TEST_F(guest, listeners_never_hear_what_the_host_took_back) {
  add("Анна");
  const std::int64_t first = s->sequence();
  listen();
  sql("BEGIN");
  add("Пётр");
  sql("ROLLBACK");
  EXPECT_EQ(told, sequences{});
  sql("BEGIN");
  const ref<client> olga = add("Ольга");  // with the same sequence
  sql("SAVEPOINT mine");
  s->update(olga, client::city = "Омск");
  sql("ROLLBACK TO mine");
  s->update(olga, client::city = "Тара");
  sql("COMMIT");
  base->host_committed();
  EXPECT_EQ(told, (sequences{first + 1, first + 2}));
  EXPECT_EQ(s->get(olga)[client::city], "Тара");
}

// ------------------------------------------------------------------------------------- the model

TEST_F(guest, a_change_of_the_model_goes_with_the_hosts_rollback) {
  const ref<client> anna = add("Анна");
  session other = base->open_session({.actor = "boris", .actor_id = {}, .zone = {}});
  kith::query<client> early = s->all<client>();
  sql("BEGIN");
  s->add_field("clients", {.name = "x_card"});
  const auto card = s->model()->field<client, text>("x_card");
  s->update(anna, card = "17");
  EXPECT_EQ(other.query("clients", "x_card = '17'").count(), 1u);
  kith::query<client> late = s->all<client>();
  sql("ROLLBACK");
  EXPECT_EQ(outcome([&] { s->query("clients", "x_card = '17'").count(); }), "query");
  EXPECT_EQ(outcome([&] { other.query("clients", "x_card = '17'").count(); }), "query");
  EXPECT_EQ(early.count(), 1u);
  EXPECT_EQ(outcome([&] { late.count(); }), "stale") << "it asks for a column that is gone";
  EXPECT_EQ(outcome([&] { s->update(anna, client::city = "Омск"); }), "done");
  // Another field takes the number, the place and the version of the one that is gone.
  s->add_field("clients", {.name = "x_size", .kind = kind_id::integer});
  const auto size = s->model()->field<client, integer>("x_size");
  s->update(anna, size = 5);
  EXPECT_EQ(other.query("clients", "x_size = 5").count(), 1u);
  EXPECT_EQ(other.get("clients", anna.id)["x_size"].to_string(), "5");
  EXPECT_EQ(sql("SELECT x_size FROM kith_client"), "5");
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, two_models_of_one_version_are_told_apart) {
  session other = base->open_session({.actor = "boris", .actor_id = {}, .zone = {}});
  sql("BEGIN");
  custom_field narrow{.name = "x_card"};
  narrow.options.max_length = 2;
  s->add_field("clients", narrow);
  const auto card = s->model()->field<client, text>("x_card");
  EXPECT_EQ(outcome([&] { other.add(client::name = "Анна", card = "12345"); }), "invalid");
  sql("ROLLBACK; BEGIN");
  s->add_field("clients", {.name = "x_card"});
  sql("COMMIT");
  EXPECT_EQ(outcome([&] { other.add(client::name = "Анна", card = "12345"); }), "done");
}

TEST_F(guest, a_store_that_was_made_in_a_transaction_goes_with_it) {
  close_host();
  std::filesystem::remove(file());
  database.emplace(file());
  sql("PRAGMA journal_mode = TRUNCATE; BEGIN");
  enter();
  add("Анна");
  sql("ROLLBACK");
  EXPECT_EQ(sql("SELECT count(*) FROM sqlite_schema"), "0");
  EXPECT_EQ(outcome([&] { clients(); }), "closed");
  EXPECT_EQ(outcome([&] { add("Пётр"); }), "closed");
  leave();
  sql("BEGIN");
  enter();
  add("Ольга");
  sql("COMMIT");
  EXPECT_EQ(clients(), words{"Ольга"});
}

// ----------------------------------------------------------------------------- history and as of

TEST_F(guest, history_as_of_and_undo_work_inside_the_hosts_transaction) {
  const ref<client> anna = add("Анна");
  const std::int64_t first = s->sequence();
  sql("BEGIN");
  s->update(anna, client::name = "Анна Ивановна");
  EXPECT_EQ(s->history(anna).size(), 2u);
  session then = s->as_of(first);
  EXPECT_EQ(then.get(anna)[client::name], "Анна");
  s->undo(s->sequence());
  EXPECT_EQ(s->get(anna)[client::name], "Анна");
  sql("ROLLBACK");
  EXPECT_EQ(s->history(anna).size(), 1u);
  // Other change sets get the numbers that were taken back.
  s->update(anna, client::name = "Анна Петровна");
  const ref<client> boris = add("Борис");
  EXPECT_EQ(then.get(anna)[client::name], "Анна");
  EXPECT_FALSE(then.get_if(boris)) << "it was not there then";
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, a_draft_of_a_version_that_was_taken_back_is_a_conflict) {
  const ref<client> anna = add("Анна");
  sql("BEGIN");
  s->update(anna, client::city = "Омск");
  const record<client> read = s->get(anna);
  sql("ROLLBACK");
  s->update(anna, client::city = "Тара");
  EXPECT_EQ(outcome([&] { s->update(read, client::city = "Томск"); }), "conflict");
}

// ---------------------------------------------------------------------------- files and processes

TEST_F(guest, opens_again_and_by_several_processes) {
  add("Анна");
  close_host();
  patience_ms = 5000;
  const auto work = [&] {
    open_host();
    for (int i = 0; i < 10; ++i) {
      add("Пётр");
    }
    close_host();
    return std::string();
  };
  for (const std::string& answer : in_children({work, work, work})) EXPECT_EQ(answer, "");
  open_host();
  EXPECT_EQ(clients().size(), 31u);
  EXPECT_EQ(verified(), "sound");
}

TEST_F(guest, sees_what_another_guest_commits) {
  tool second(file());
  second.ask("PRAGMA wal_autocheckpoint = 0");
  crm there = kith::open_guest(second.raw());
  session boris = there.open_session({.actor = "boris", .actor_id = {}, .zone = {}});
  add("Анна");
  EXPECT_EQ(boris.all<client>().count(), 1u);
  s->add_field("clients", {.name = "x_card"});
  EXPECT_EQ(boris.query("clients", "x_card is null").count(), 1u);
  boris.add(client::name = "Пётр");
  EXPECT_EQ(clients(), (words{"Анна", "Пётр"}));
}

// A host that has read, and writes when others have written since, must begin again.
TEST_F(guest, a_stale_reader_that_begins_to_write_must_begin_again) {
  tool second(file());
  second.ask("PRAGMA wal_autocheckpoint = 0");
  sql("BEGIN; SELECT count(*) FROM invoices");
  second.ask("INSERT INTO invoices VALUES (1, 1, 'x')");
  EXPECT_EQ(outcome([&] { add("Анна"); }), "retry");
  EXPECT_EQ(sqlite3_get_autocommit(database->raw()), 0) << "the transaction is the host's to end";
  sql("ROLLBACK; BEGIN");
  EXPECT_EQ(outcome([&] { add("Анна"); }), "done");
  sql("COMMIT");
  EXPECT_EQ(clients(), words{"Анна"});
}

TEST_F(guest, a_writer_elsewhere_makes_it_busy) {
  tool second(file());
  second.ask("BEGIN IMMEDIATE");
  EXPECT_EQ(outcome([&] { add("Анна"); }), "busy");
  second.ask("ROLLBACK");
  EXPECT_EQ(outcome([&] { add("Анна"); }), "done");
}

TEST_F(guest, in_a_rollback_journal_a_reader_keeps_a_commit_out) {
  close_host();
  std::filesystem::remove(file());
  open_host("PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL");
  add("Анна");
  tool second(file());
  second.ask("BEGIN; SELECT count(*) FROM invoices");
  EXPECT_EQ(outcome([&] { add("Пётр"); }), "busy");
  EXPECT_EQ(sqlite3_get_autocommit(database->raw()), 1) << "nothing is left open";
  second.ask("ROLLBACK");
  EXPECT_EQ(outcome([&] { add("Ольга"); }), "done");
  EXPECT_EQ(clients(), (words{"Анна", "Ольга"}));
}

TEST_F(guest, a_guests_file_opens_as_kiths_own_for_reading_only) {
  add("Анна");
  close_host();
  const auto own = [&](bool read_only) {
    crm other = kith::open(file(), {.read_only = read_only});
    return other.open_session().all<client>().count();
  };
  EXPECT_EQ(outcome([&] { own(false); }), "foreign");
  EXPECT_EQ(own(true), 1u);
}

TEST_F(guest, lives_in_a_file_of_kiths_own_too) {
  close_host();
  std::filesystem::remove(file());
  {
    crm own = kith::open(file());
    own.open_session().add(client::name = "Анна");
  }
  open_host();
  EXPECT_EQ(clients(), words{"Анна"});
  sql("BEGIN");
  add("Пётр");
  sql("COMMIT");
  {
    crm own = kith::open(file());
    session of_own = own.open_session();
    of_own.add(client::name = "Ольга");
  }
  EXPECT_EQ(clients(), (words{"Анна", "Ольга", "Пётр"})) << "it sees the owner's work";
  EXPECT_EQ(verified(), "sound");
}

// ------------------------------------------------------------------------- what stays the host's

TEST_F(guest, changes_no_setting_of_the_host) {
  const auto settings = [&] {
    words all;
    for (const char* name :
         {"application_id",     "user_version",    "journal_mode", "synchronous",
          "wal_autocheckpoint", "page_size",       "cache_size",   "temp_store",
          "mmap_size",          "locking_mode",    "foreign_keys", "recursive_triggers",
          "trusted_schema",     "cell_size_check", "busy_timeout", "auto_vacuum",
          "secure_delete",      "query_only",      "encoding",     "defer_foreign_keys",
          "journal_size_limit"}) {
      all.push_back(std::string(name) + " " + sql(std::string("PRAGMA ") + name));
    }
    int on = 0;
    for (const int what :
         {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_VIEW,
          SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE}) {
      sqlite3_db_config(database->raw(), what, -1, &on);
      all.push_back(std::to_string(what) + " " + std::to_string(on));
    }
    all.push_back(std::to_string(sqlite3_limit(database->raw(), SQLITE_LIMIT_ATTACHED, -1)));
    return all;
  };
  close_host();
  std::filesystem::remove(file());
  database.emplace(file());
  sql("PRAGMA application_id = 7; PRAGMA user_version = 42; PRAGMA journal_mode = TRUNCATE; "
      "PRAGMA foreign_keys = ON; PRAGMA cache_size = 77");
  const words before = settings();
  enter();
  sql("BEGIN");
  s->undo((add("Анна"), s->sequence()));
  base->write_views();
  sql("COMMIT");
  s->add_field("clients", {.name = "x_card"});
  EXPECT_EQ(verified(), "sound");
  leave();
  EXPECT_EQ(settings(), before);
}

TEST_F(guest, the_hosts_hooks_stay) {
  int commits = 0;
  const auto count = [](void* n) { return ++*static_cast<int*>(n), 0; };
  sqlite3_commit_hook(database->raw(), count, &commits);
  int rollbacks = 0;
  const auto undo = [](void* n) { ++*static_cast<int*>(n); };
  sqlite3_rollback_hook(database->raw(), undo, &rollbacks);
  leave();
  enter();
  add("Анна");
  EXPECT_EQ(commits, 1);
  sql("BEGIN");
  add("Пётр");
  sql("ROLLBACK");
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(rollbacks, 1);
}

TEST_F(guest, weak_settings_are_refused_unless_accepted) {
  close_host();
  struct row {
    const char* settings;
    const char* refused;
  };
  for (const row& r : {row{"PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL", "done"},
                       row{"PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL", "done"},
                       row{"PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA", "done"},
                       row{"PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL", "storage"},
                       row{"PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF", "storage"},
                       row{"PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL", "storage"},
                       row{"PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL", "storage"},
                       row{"PRAGMA mmap_size = 1000000", "storage"},
                       row{"PRAGMA encoding = 'UTF-16'", "storage"}}) {
    SCOPED_TRACE(r.settings);
    std::filesystem::remove(file());
    database.emplace(file());
    sql(r.settings);
    EXPECT_EQ(outcome([&] { kith::open_guest(database->raw()); }), r.refused);
    const bool text = std::string_view(r.settings).find("UTF") != std::string_view::npos;
    EXPECT_EQ(outcome([&] {
                crm accepted =
                    kith::open_guest(database->raw(), {}, {.accept_weak_durability = true});
                EXPECT_EQ(accepted.can().durable == capabilities::durability::on_commit,
                          std::string_view(r.refused) == "done");
              }),
              text ? "storage" : "done");
    database.reset();
  }
}

TEST_F(guest, checkpoints_that_overlap_commits_are_refused_where_sqlite_has_that_fault) {
  close_host();
  std::filesystem::remove(file());
  database.emplace(file());
  sql("PRAGMA journal_mode = WAL");  // and SQLite's automatic checkpoints
  const bool faulty = sqlite3_libversion_number() < 3'051'003;
  EXPECT_EQ(outcome([&] { kith::open_guest(database->raw()); }), faulty ? "storage" : "done");
  sql("PRAGMA wal_autocheckpoint = 0");
  EXPECT_EQ(outcome([&] { kith::open_guest(database->raw()); }), "done");
}

TEST_F(guest, names_of_the_host_that_look_like_kiths_are_refused) {
  close_host();
  std::filesystem::remove(file());
  database.emplace(file());
  EXPECT_EQ(outcome([&] { kith::open_guest(nullptr); }), "misuse");
  sql("CREATE TABLE kith_client(id)");
  EXPECT_EQ(outcome([&] { kith::open_guest(database->raw()); }), "foreign");
  sql("DROP TABLE kith_client");
  EXPECT_EQ(outcome([&] { kith::open_guest(database->raw()); }), "done");
  for (const auto& [planted, gone] :
       {std::pair("CREATE TRIGGER t AFTER INSERT ON kith_client BEGIN SELECT 1; END",
                  "DROP TRIGGER t"),
        std::pair("CREATE TEMP TRIGGER u AFTER INSERT ON kith_client BEGIN SELECT 1; END",
                  "DROP TRIGGER u"),
        std::pair("CREATE TEMP TABLE kith_client(id)", "DROP TABLE temp.kith_client")}) {
    sql(planted);
    EXPECT_EQ(outcome([&] { kith::open_guest(database->raw()); }), "damaged") << planted;
    sql(gone);
  }
  sql("UPDATE kith_file SET format = 2");
  EXPECT_EQ(outcome([&] { kith::open_guest(database->raw()); }), "newer");
}

TEST_F(guest, a_backup_is_made_outside_of_the_hosts_transaction) {
  add("Анна");
  sql("BEGIN");
  EXPECT_EQ(outcome([&] { base->backup(file("copy")); }), "misuse");
  sql("COMMIT");
  EXPECT_EQ(outcome([&] { base->backup(file("copy")); }), "done");
  tool copy(file("copy"));
  copy.ask("PRAGMA wal_autocheckpoint = 0");
  crm there = kith::open_guest(copy.raw());
  EXPECT_EQ(there.open_session().all<client>().count(), 1u);
}

TEST_F(guest, a_database_in_memory_will_do) {
  tool memory(":memory:");
  crm there = kith::open_guest(memory.raw());
  EXPECT_EQ(there.can().durable, capabilities::durability::in_process);
  session own = there.open_session();
  own.add(client::name = "Анна");
  EXPECT_EQ(memory.ask("SELECT name FROM kith_client"), "Анна");
}

}  // namespace
}  // namespace kith::conformance
