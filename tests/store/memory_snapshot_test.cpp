// SPDX-License-Identifier: Apache-2.0
//
// Snapshots: everything comes back, and of anything else nothing does.
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <cstring>
#include <map>
#include <thread>
#include <tuple>

#include "memory_suite.hpp"
#include "storage/memory/file.hpp"

namespace kith::conformance {
namespace {

namespace fs = std::filesystem;

class memory_snapshot : public ::testing::Test {
 protected:
  std::unique_ptr<store> open(bool read_only = false) const {
    return open_memory({.path = folder.file(), .busy_timeout_ms = 200, .read_only = read_only});
  }
  /// A store with some of everything, saved. `samples`: how many.
  void save(int count = 30) const {
    const auto kept = open();
    const auto rows = kept->connect();
    transaction(*rows, [&] {
      for (const auto& e : model->entities()) rows->apply(*e);
      for (int id = 1; id <= count; ++id) {
        version v(samples(), id);
        v.set(sample::whole, id * 1000).set(sample::ratio, id / 8.0).set(sample::words, "Ёж");
        v.set(sample::exact, std::string("a\0b", 3)).set(sample::bytes, std::string(id, '\xff'));
        v.set_price(sample::price, id, "EUR").set(sample::home, 1000 + id);
        if (id % 3 == 0) v.remove();
        if (id % 6 == 0) v.merge_into(id - 1);
        v.write(*rows);
      }
      version(badges(), 5000).set(badge::code, "only").set(badge::nick, "Ñandú").write(*rows);
      version(samples(), 6000).write(*rows);  // all null
      version(model->entity<visit>(), 7000).set(visit::title, "t").write(*rows);
    });
    kept->save();
  }
  // Rows with their keys, system cells and checksums.
  std::vector<std::string> everything(connection& rows) const {
    std::vector<std::string> all;
    for (const auto& e : model->entities()) {
      if (!rows.has(*e)) continue;
      const auto found = rows.scan(scan_of(*e, lifecycle::all));
      while (const row_ptr some = found->next()) {
        const row_ptr r = rows.get(*e, some->id(), needed_cells::with_keys);
        const system_cells& s = r->system();
        all.push_back(std::string(e->name()) + " " + shown(*e, r, true) + " " +
                      std::to_string(s.revision) + " " + std::to_string(s.created) + " " +
                      std::to_string(s.deleted) + " " + std::to_string(s.checksum));
      }
    }
    return all;
  }
  std::vector<std::string> everything() const {
    const auto kept = open(true);
    return everything(*kept->connect());
  }
  const entity_type& samples() const { return model->entity<sample>(); }
  const entity_type& badges() const { return model->entity<badge>(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path), {}));
  }

  model_ptr model = conformance_model();
  snapshot_folder folder;
};

TEST_F(memory_snapshot, brings_everything_back) {
  save();
  const auto once = everything();
  EXPECT_EQ(once.size(), 33u);
  const auto kept = open();
  const auto rows = kept->connect();
  EXPECT_EQ(everything(*rows), once);
  for (const auto& e : model->entities()) EXPECT_TRUE(rows->has(*e));
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { version(badges(), 5001).set(badge::nick, "ñandú").write(*rows); }),
            "exists");
  rows->rollback();
  kept->save();
  EXPECT_EQ(everything(), once);
  EXPECT_EQ(files(), 1u) << "nothing is left beside it";
}

TEST_F(memory_snapshot, of_nothing_is_something) {
  open()->save();
  EXPECT_TRUE(fs::exists(folder.file()));
  const auto kept = open();
  EXPECT_FALSE(kept->connect()->has(samples()));
}

TEST_F(memory_snapshot, of_large_values_and_many_rows) {
  {
    const auto kept = open();
    const auto rows = kept->connect();
    transaction(*rows, [&] {
      rows->apply(samples());
      for (int id = 1; id <= 3000; ++id) version(samples(), id).set(sample::whole, id).write(*rows);
      version(samples(), 4000).set(sample::bytes, std::string(3 << 20, 'b')).write(*rows);
      version(samples(), 4001).set(sample::exact, std::string(1 << 20, 't')).write(*rows);
    });
    kept->save();
  }
  const auto kept = open();
  const auto again = kept->connect();
  EXPECT_EQ(again->get(samples(), {4000})->text(sample::bytes.slot()).size(), std::size_t{3 << 20});
  EXPECT_EQ(all_shown(*again, samples()).size(), 3002u);
}

TEST_F(memory_snapshot, shows_one_instant_of_a_store_at_work) {
  const auto kept = open();
  const auto rows = kept->connect();
  transaction(*rows, [&] {
    rows->apply(samples());
    for (int id = 1; id <= 2000; ++id) version(samples(), id).set(sample::whole, 0).write(*rows);
  });
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    const auto into = kept->connect();
    for (int n = 1; !stop; ++n) {
      transaction(*into, [&] {  // the first and the last always say the same
        for (const int id : {1, 2000}) {
          version(samples(), into->get(samples(), {id})).set(sample::whole, n).write(*into);
        }
      });
    }
  });
  for (int times = 0; times < 10; ++times) {
    kept->save();
    const auto saved = open(true);
    const auto found = saved->connect();
    EXPECT_EQ(found->get(samples(), {1})->integer(sample::whole.slot()),
              found->get(samples(), {2000})->integer(sample::whole.slot()));
  }
  stop = true;
  writer.join();
}

// ------------------------------------------------------------------------------------------ damage

TEST_F(memory_snapshot, with_any_byte_changed_is_refused) {
  save(3);
  const std::string good = content_of(folder.file());
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int flip : {0x01, 0xff}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      replace_content(folder.file(), bad);
      const std::string code = outcome([&] { open(); });
      // The magic, then the version and what kind of machine wrote it, then sizes and content.
      const bool right = code == "damaged" || (at < 8 && code == "foreign") ||
                         (at < 16 && (code == "newer" || code == "foreign"));
      EXPECT_TRUE(right) << "byte " << at << ": " << code;
    }
  }
}

TEST_F(memory_snapshot, of_any_other_length_is_refused) {
  save(3);
  const std::string good = content_of(folder.file());
  for (std::size_t size = 0; size < good.size(); ++size) {
    replace_content(folder.file(), good.substr(0, size));
    const std::string code = outcome([&] { open(); });
    EXPECT_EQ(code, "damaged") << "cut to " << size;
  }
  for (const std::size_t more : {1u, 56u, 5000u}) {
    replace_content(folder.file(), good + std::string(more, '\0'));
    EXPECT_EQ(outcome([&] { open(); }), "damaged") << more << " bytes more";
  }
  replace_content(folder.file(), good + good);
  EXPECT_EQ(outcome([&] { open(); }), "damaged");
  replace_content(folder.file(), good);
  EXPECT_EQ(outcome([&] { open(); }), "done");
}

TEST_F(memory_snapshot, of_other_programs_and_versions_is_refused_unwritten) {
  save(3);
  const std::string good = content_of(folder.file());
  std::string newer = good, older = good;
  newer[8] = 2;
  older[8] = 0;
  const std::initializer_list<std::tuple<std::string, const char*, const char*>> files{
      {newer, "newer", "update the program"},
      {older, "damaged", "changed"},
      {"hello", "foreign", "not a snapshot"},
      {std::string(1000, '\0'), "foreign", "not a snapshot"},
      {"SQLite format 3" + std::string(2000, '\0'), "foreign", "not a snapshot"}};
  for (const auto& [bytes, code, words] : files) {
    replace_content(folder.file(), bytes);
    const std::optional<error> e = refusal([&] { open(); });
    ASSERT_TRUE(e) << words;
    EXPECT_EQ(name_of(e->code()), code);
    EXPECT_NE(e->message().find(words), std::string::npos) << e->message();
    EXPECT_NE(e->message().find(folder.file()), std::string::npos) << e->message();
    EXPECT_EQ(content_of(folder.file()) == bytes, true);
  }
}

// Somebody who knows SHA-256 can make a body that was never saved: it is read with care.
TEST_F(memory_snapshot, with_a_body_that_nobody_wrote_is_refused_or_a_store) {
  save(2);
  const std::string good = content_of(folder.file());
  std::map<std::string, int> results;
  for (std::size_t at = 56; at < good.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string forged = good;
      forged[at] = static_cast<char>(forged[at] ^ flip);
      const memory::digest d = memory::digest_of(std::string_view(forged).substr(56));
      std::memcpy(forged.data() + 24, d.data(), d.size());
      replace_content(folder.file(), forged);
      ++results[outcome([&] {
        const auto kept = open(true);
        try {
          everything(*kept->connect());
        } catch (const error& e) {  // another name or class of a column
          if (e.code() != error_code::model && e.code() != error_code::busy) throw;
        }
      })];
    }
  }
  for (const auto& [result, times] : results) {
    EXPECT_TRUE(result == "done" || result == "damaged") << result << " " << times;
  }
  EXPECT_GT(results["damaged"], 100);
}

TEST_F(memory_snapshot, damage_is_named_with_file_and_remedy) {
  save(3);
  std::string bad = content_of(folder.file());
  bad[100] = static_cast<char>(~bad[100]);
  replace_content(folder.file(), bad);
  const std::optional<error> e = refusal([&] { open(); });
  ASSERT_TRUE(e);
  EXPECT_NE(e->message().find(folder.file()), std::string::npos) << e->message();
  EXPECT_NE(e->message().find("restore"), std::string::npos) << e->message();
}

// ------------------------------------------------------------------------------------------ places

TEST_F(memory_snapshot, in_a_folder_that_is_missing_cannot_be_saved) {
  const auto kept = open_memory({.path = folder.file("no/such/folder")});
  const std::optional<error> e = refusal([&] { kept->save(); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::storage);
  EXPECT_NE(e->message().find("no/such/folder"), std::string::npos) << e->message();
}

TEST_F(memory_snapshot, that_is_a_folder_is_refused) {
  EXPECT_EQ(outcome([&] { open_memory({.path = folder.path}); }), "foreign");
}

TEST_F(memory_snapshot, that_is_missing_cannot_be_read) {
  EXPECT_EQ(outcome([&] { open(true); }), "not_found");
  EXPECT_EQ(files(), 0u);
}

TEST_F(memory_snapshot, opened_for_reading_is_not_saved) {
  save(3);
  const std::string before = content_of(folder.file());
  const auto kept = open(true);
  EXPECT_EQ(outcome([&] { kept->save(); }), "unsupported");
  EXPECT_FALSE(kept->can().save);
  EXPECT_EQ(content_of(folder.file()) == before, true);
}

TEST_F(memory_snapshot, that_cannot_be_written_leaves_the_one_before) {
  save(3);
  const auto before = everything();
  const auto kept = open();
  const auto rows = kept->connect();
  transaction(*rows, [&] { version(samples(), 9000).write(*rows); });
  // The name becomes a folder's: the new file cannot take its place.
  fs::rename(folder.file(), folder.file("aside"));
  fs::create_directories(folder.file() + "/x");
  EXPECT_EQ(outcome([&] { kept->save(); }), "storage");
  fs::remove_all(folder.file());
  fs::rename(folder.file("aside"), folder.file());
  EXPECT_EQ(files(), 1u) << "the new file is gone";
  EXPECT_EQ(everything(), before);
  kept->save();
  EXPECT_EQ(everything().size(), before.size() + 1);
}

TEST_F(memory_snapshot, goes_to_the_file_that_a_link_means) {
  save(3);
  fs::rename(folder.file(), folder.file("real"));
  fs::create_symlink("real", folder.file());
  const auto kept = open();
  const auto rows = kept->connect();
  transaction(*rows, [&] { version(samples(), 9000).write(*rows); });
  kept->save();
  EXPECT_TRUE(fs::is_symlink(folder.file()));
  EXPECT_EQ(files(), 2u);
  const auto again = open(true);
  EXPECT_TRUE(again->connect()->get(samples(), {9000}));
}

TEST_F(memory_snapshot, is_for_its_owner_unless_somebody_chose_otherwise) {
  save(1);
  struct stat s {};
  ASSERT_EQ(::stat(folder.file().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600u);
  ::chmod(folder.file().c_str(), 0640);
  open()->save();
  ASSERT_EQ(::stat(folder.file().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0640u);
}

TEST_F(memory_snapshot, of_the_parent_is_not_saved_by_a_child) {
  const auto kept = open();
  const pid_t child = ::fork();
  if (child == 0) {
    const bool refused =
        outcome([&] { kept->save(); }) == "forked" && outcome([&] { kept->check(); }) == "forked";
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace kith::conformance
