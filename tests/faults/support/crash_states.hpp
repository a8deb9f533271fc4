// SPDX-License-Identifier: Apache-2.0
//
// A folder as a power cut may leave it. Calls that were recorded (io.hpp) are taken one by one; at
// any of them states() of the folder can be drawn. Sure is only what was synced: of other writes
// any pieces of 512 bytes are there, in any order; of names the first so many changes since the
// folder was synced. Less than what a real file system promises, so that no promise is relied on.
//
//   power_cut cut(folder);
//   for (const io::step& s : steps) {
//     cut.take(s);
//     cut.write_state(chance, other_folder);
//   }
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/io.hpp"

namespace kith::faults {

class power_cut {
 public:
  /// `leave_out`: names with this end are never durable: what several processes share in memory.
  explicit power_cut(std::string folder, std::string leave_out = "-shm");

  void take(const io::step& s);
  /// Makes one possible state of the folder in another one, which is empty.
  void write_state(std::mt19937_64& chance, const std::string& to) const;

 private:
  struct change {  // of a file's bytes
    bool is_size = false;
    std::uint64_t at = 0;
    std::string bytes;
  };
  struct file {
    std::string sure;
    std::vector<change> pending;
  };
  struct naming {  // a change of the folder
    enum class what : std::uint8_t { made, renamed, removed } done = what::made;
    std::string name, to;
    std::size_t of = 0;
  };
  /// How much of what is not sure is there.
  struct luck {
    double part = 0;  ///< of the pieces
    bool prefix = false;
  };
  using names = std::map<std::string, std::size_t>;

  bool is_ours(const std::string& path) const;
  void change_name(naming n);
  static void apply(names& to, const naming& n);
  static void apply(std::string& to, const change& c);
  static void apply_pieces(std::string& to, const change& c, double part, std::mt19937_64& chance);
  std::string bytes_of(const file& f, luck l, std::mt19937_64& chance) const;

  std::string folder_, leave_out_;
  std::vector<file> files_;
  names now_, sure_;
  std::vector<naming> pending_;
};

}  // namespace kith::faults
