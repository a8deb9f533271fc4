// SPDX-License-Identifier: Apache-2.0
//
// Saving a snapshot, cut after every call and at every byte; power cuts in every order that a file
// system may keep; and the file itself, torn. What is loaded is the old content or the new one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <random>

#include "kith/storage/memory.hpp"
#include "support/io.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

class snapshot_faults : public ::testing::Test {
 protected:
  snapshot_faults() : in_("snapshot"), file_(in_.file("store")) {
    io::watch(in_.path());
    kith::crm base = open_world(medium::memory_file, file_);
    session s = open_session(base);
    set_up(s);
    base.save();
    old_ = bytes_of(file_);
    for (std::int64_t n = 1; n <= 3; ++n) begin_work(s, n).commit();
    base.save();
    new_ = bytes_of(file_);
  }
  ~snapshot_faults() override {
    result_.print();
    EXPECT_TRUE(result_.clean());
  }

  // A store with the new content in memory whose file has the old one.
  kith::crm opened() {
    put_bytes(file_, new_);
    kith::crm base = open_world(medium::memory_file, file_);
    put_bytes(file_, old_);
    return base;
  }

  /// Loads the file and says what it was: old, new, or the error.
  std::string loaded() {
    try {
      open_memory({.path = file_});
    } catch (const error& e) {
      return std::string(name_of(e.code()));
    }
    const std::string is = bytes_of(file_);
    return is == new_ ? "new" : is == old_ ? "old" : "something else";
  }

  void expect(std::initializer_list<std::string_view> allowed, const std::string& where) {
    ++result_.faults;
    const std::string is = loaded();
    result_.acknowledged += is == "new";
    result_.refused += is != "new" && is != "old";
    if (std::find(allowed.begin(), allowed.end(), is) != allowed.end()) return;
    ++result_.half;
    ADD_FAILURE() << "it is " << is << " after " << where;
  }

  const folder in_;
  const std::string file_;
  std::string old_, new_;
  tally result_;
};

TEST_F(snapshot_faults, ended_at_every_call) {
  result_.what = "saving, the process ends at each call";
  for (std::uint64_t at = 1;; ++at) {
    put_bytes(file_, old_);
    const ending end = in_child([&] {
      kith::crm base = opened();
      io::arm({at, io::manner::die, 0, io::changing});
      base.save();
    });
    ASSERT_EQ(end.signal, 0);
    const std::string where = "call " + std::to_string(at);
    if (end.code != io::died) {  // no such call: all of it was done
      expect({"new"}, where);
      EXPECT_GE(at, 6u);
      break;
    }
    expect({"old", "new"}, where);
    opened().save();  // what was left behind is in nobody's way
    expect({"new"}, where + " and another save");
  }
}

TEST_F(snapshot_faults, cut_at_every_byte) {
  result_.what = "saving, cut at each byte";
  kith::crm base = opened();
  const std::uint64_t step = std::max<std::uint64_t>(1, new_.size() / budget(1000, new_.size()));
  for (std::uint64_t at = 0; at < new_.size(); at += step) {
    io::arm({at, io::manner::cut, EIO, io::changing});
    EXPECT_THROW(base.save(), error);
    io::disarm();
    expect({"old"}, "byte " + std::to_string(at));
    for (const auto& left : std::filesystem::directory_iterator(in_.path())) {
      if (left.path() != file_) std::filesystem::remove(left.path());
    }
    if (!result_.clean()) return;
  }
  base.save();
  expect({"new"}, "all");
}

// The file system tore the file itself: nothing of it is believed.
TEST_F(snapshot_faults, a_torn_file_is_refused) {
  result_.what = "a torn snapshot";
  const std::uint64_t step = std::max<std::uint64_t>(1, new_.size() / budget(700, new_.size()));
  for (std::uint64_t at = 0; at < new_.size() && result_.clean(); at += step) {
    const std::string where = "byte " + std::to_string(at);
    put_bytes(file_, std::string_view(new_).substr(0, at));
    expect({"damaged"}, "the end at " + where);
    put_bytes(file_, new_.substr(0, at) + (at < old_.size() ? old_.substr(at) : ""));
    expect({"damaged", "foreign", "old", "new"}, "old bytes from " + where);
    put_bytes(file_, new_.substr(0, at) + std::string(new_.size() - at, '\0'));
    expect({"damaged", "foreign", "new"}, "zeros from " + where);
    std::string flipped = new_;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    put_bytes(file_, flipped);
    expect({"damaged", "foreign", "newer"}, "another bit in " + where);
  }
}

// ---------------------------------------------------------------------------------- power cuts

/// What may be on the disk after a power cut, when only what was synced is sure: of other writes
/// any pieces of 512 bytes, of names the first so many changes.
class power_cut {
 public:
  power_cut(const std::vector<io::step>& steps, std::string file) : steps_(steps), file_(file) {}

  /// What has the file's name after the first `done` steps; nothing: the file that was there.
  std::optional<std::string> state(std::size_t done, std::mt19937_64& chance) const {
    std::string bytes;
    std::size_t sure_names = 0;
    std::size_t renamed_at = 0;
    std::size_t names = 0;
    std::size_t synced_to = 0;
    for (std::size_t i = 0; i < done; ++i) {
      const io::step& s = steps_[i];
      if (s.call == "create") ++names;
      if (s.call == "rename" && s.to == file_) renamed_at = ++names;
      if (s.call != "fsync") continue;
      if (s.path == folder()) sure_names = names;
      if (s.path != folder()) synced_to = i;
    }
    const std::size_t kept = sure_names + chance() % (names - sure_names + 1);
    if (renamed_at == 0 || kept < renamed_at) return std::nullopt;
    for (std::size_t i = 0; i < done; ++i) {
      if (steps_[i].call == "pwrite") write(bytes, steps_[i], i < synced_to, chance);
    }
    return bytes;
  }

 private:
  std::string folder() const { return file_.substr(0, file_.rfind('/')); }

  static void write(std::string& to, const io::step& s, bool sure, std::mt19937_64& chance) {
    for (std::size_t at = 0; at < s.bytes.size(); at += 512) {
      if (!sure && chance() % 2 == 0) continue;
      const std::size_t size = std::min<std::size_t>(512, s.bytes.size() - at);
      const std::size_t end = s.offset + at + size;
      if (to.size() < end) to.resize(end);
      to.replace(s.offset + at, size, s.bytes, at, size);
    }
  }

  const std::vector<io::step>& steps_;
  std::string file_;
};

TEST_F(snapshot_faults, a_power_cut_leaves_old_or_new) {
  result_.what = "saving, power cut at each step";
  kith::crm base = opened();
  io::record();
  base.save();
  const std::vector<io::step> steps = io::recorded();
  ASSERT_GE(steps.size(), 5u);
  const power_cut cut(steps, file_);
  std::mt19937_64 chance(1);
  const std::uint64_t tries = budget(1000, 20'000) / steps.size();
  for (std::size_t done = 0; done <= steps.size() && result_.clean(); ++done) {
    for (std::uint64_t i = 0; i < tries && result_.clean(); ++i) {
      put_bytes(file_, cut.state(done, chance).value_or(old_));
      const std::string where = std::to_string(done) + " steps";
      done == steps.size() ? expect({"new"}, where) : expect({"old", "new"}, where);
    }
  }
}

}  // namespace
}  // namespace kith::faults
