// SPDX-License-Identifier: Apache-2.0
//
// Files are known by number, so that a name may go from one to another before either is durable.
#include "crash_states.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace kith::faults {
namespace {

constexpr std::uint64_t sector = 512;

bool chosen(double part, std::mt19937_64& chance) {
  return std::uniform_real_distribution<double>(0, 1)(chance) < part;
}

}  // namespace

power_cut::power_cut(std::string folder, std::string leave_out)
    : folder_(std::move(folder)), leave_out_(std::move(leave_out)) {}

bool power_cut::is_ours(const std::string& path) const {
  return path.size() > folder_.size() && !path.ends_with(leave_out_);
}

void power_cut::take(const io::step& s) {
  if (s.call == "fsync" && s.path == folder_) {
    sure_ = now_;
    pending_.clear();
    return;
  }
  if (!is_ours(s.path)) return;
  const auto found = now_.find(s.path);
  const bool known = found != now_.end();
  if (s.call == "create" && !known) {
    files_.emplace_back();
    change_name({naming::what::made, s.path, {}, files_.size() - 1});
  }
  if (!known) return;
  file& f = files_[found->second];
  if (s.call == "pwrite") f.pending.push_back({false, s.offset, s.bytes});
  if (s.call == "ftruncate") f.pending.push_back({true, s.offset, {}});
  if (s.call == "unlink") change_name({naming::what::removed, s.path, {}, 0});
  if (s.call == "rename") change_name({naming::what::renamed, s.path, s.to, 0});
  if (s.call == "fsync") {
    for (const change& c : f.pending) apply(f.sure, c);
    f.pending.clear();
  }
}

void power_cut::change_name(naming n) {
  apply(now_, n);
  pending_.push_back(std::move(n));
}

void power_cut::apply(names& to, const naming& n) {
  const auto found = to.find(n.name);
  if (n.done == naming::what::made) to[n.name] = n.of;
  if (found == to.end()) return;
  const std::size_t of = found->second;
  if (n.done != naming::what::made) to.erase(found);
  if (n.done == naming::what::renamed) to[n.to] = of;
}

void power_cut::apply(std::string& to, const change& c) {
  if (c.is_size) return to.resize(c.at);
  if (to.size() < c.at + c.bytes.size()) to.resize(c.at + c.bytes.size());
  to.replace(c.at, c.bytes.size(), c.bytes);
}

void power_cut::apply_pieces(std::string& to, const change& c, double part,
                             std::mt19937_64& chance) {
  if (c.is_size) {
    if (chosen(part, chance)) apply(to, c);
    return;
  }
  for (std::uint64_t at = 0; at < c.bytes.size();) {
    const std::uint64_t place = c.at + at;
    const std::uint64_t size =
        std::min<std::uint64_t>(sector - place % sector, c.bytes.size() - at);
    if (chosen(part, chance)) apply(to, {false, place, c.bytes.substr(at, size)});
    at += size;
  }
}

std::string power_cut::bytes_of(const file& f, luck l, std::mt19937_64& chance) const {
  std::string all = f.sure;
  if (l.prefix) {
    const std::size_t count = chance() % (f.pending.size() + 1);
    for (std::size_t i = 0; i < count; ++i) apply(all, f.pending[i]);
    return all;
  }
  for (const change& c : f.pending) apply_pieces(all, c, l.part, chance);
  return all;
}

void power_cut::write_state(std::mt19937_64& chance, const std::string& to) const {
  static constexpr luck lucks[] = {{0}, {0}, {0.1}, {0.5}, {0.9}, {1}, {0, true}};
  names there = sure_;
  const std::uint64_t how = chance() % 4;
  const std::size_t count = how == 0   ? pending_.size()
                            : how == 1 ? 0
                                       : chance() % (pending_.size() + 1);
  for (std::size_t i = 0; i < count; ++i) apply(there, pending_[i]);
  const luck l = lucks[chance() % std::size(lucks)];
  for (const auto& [name, number] : there) {
    const std::string bytes = bytes_of(files_[number], l, chance);
    std::ofstream(to + name.substr(folder_.size()), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
}

}  // namespace kith::faults
