// SPDX-License-Identifier: Apache-2.0
//
// Head, tables and rows of a snapshot, out and in.
#include "storage/memory/snapshot.hpp"

#include <bit>
#include <boost/archive/archive_exception.hpp>
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <cstring>

#include "kith/core/error.hpp"
#include "storage/memory/cursor.hpp"
#include "storage/memory/file.hpp"
#include "storage/memory/packed_row.hpp"

namespace kith::inline v1::memory {
namespace {

constexpr std::string_view magic = "KITHSNAP";
constexpr std::uint32_t format_version = 1;
constexpr std::uint32_t big_endian_flag = 1;
constexpr std::uint32_t own_flags = std::endian::native == std::endian::big ? big_endian_flag : 0;
constexpr std::size_t head_size = 56;
constexpr unsigned archive_flags =
    boost::archive::no_header | boost::archive::no_codecvt | boost::archive::no_tracking;
constexpr std::size_t block_bytes = std::size_t{64} << 10;
constexpr std::uint32_t most_text = 1000;  // of a name

// -------------------------------------------------------------------------------------------- head

template <class Number>
void put_number(std::string& to, Number n) {
  for (unsigned i = 0; i < sizeof n; ++i) to += static_cast<char>(n >> (8 * i) & 0xff);
}
template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number n = 0;
  for (unsigned i = 0; i < sizeof n; ++i) {
    n |= static_cast<Number>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return n;
}

std::string head_of(const replacing_file& body) {
  std::string head(magic);
  put_number(head, format_version);
  put_number(head, own_flags);
  put_number(head, static_cast<std::uint64_t>(body.body_size()));
  head.append(reinterpret_cast<const char*>(body.body_digest().data()), sizeof(digest));
  return head;
}

[[noreturn]] void damaged(const std::string& path, const std::string& why) {
  throw error(error_code::damaged, "the snapshot " + path + " " + why + "; restore a copy of it");
}

// The body, once it is known to be what was written.
std::string_view checked_body(std::string_view file, const std::string& path) {
  if (file.substr(0, magic.size()) != magic.substr(0, file.size())) {
    throw error(error_code::foreign, path + " is not a snapshot of Kith");
  }
  if (file.size() < head_size) damaged(path, "is cut off");
  const auto version = number_at<std::uint32_t>(file, 8);
  const auto flags = number_at<std::uint32_t>(file, 12);
  if (version > format_version || (flags & ~big_endian_flag) != 0) {
    throw error(error_code::newer, "the snapshot " + path +
                                       " was written by a newer Kith (format " +
                                       std::to_string(version) + "); this one knows format " +
                                       std::to_string(format_version) + ": update the program");
  }
  const std::string_view body = file.substr(head_size);
  if (version == 0 || number_at<std::uint64_t>(file, 16) != body.size()) {
    damaged(path, "is cut off or was changed");
  }
  const digest real = digest_of(body);
  if (std::memcmp(real.data(), file.data() + 24, real.size()) != 0) {
    damaged(path, "was changed: its SHA-256 is not the one written");
  }
  if (flags != own_flags) {
    throw error(error_code::foreign,
                path + " was written by a machine with another order of bytes");
  }
  return body;
}

// -------------------------------------------------------------------------------------------- body

// What is wrong with a body whose digest is right.
struct wrong_body {
  const char* why;
};
[[noreturn]] void refuse(const char* why) { throw wrong_body{why}; }

class body_writer {
 public:
  explicit body_writer(std::streambuf& to) : to_(to, archive_flags) {}

  template <class Number>
  void put(Number n) {
    to_ << n;
  }
  void put(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    to_.save_binary(text.data(), text.size());
  }

 private:
  boost::archive::binary_oarchive to_;
};

// Sizes are checked before anything is allocated, whatever the digest says.
class body_reader {
 public:
  explicit body_reader(std::string_view body) : bytes_(body), from_(bytes_, archive_flags) {}

  template <class Number>
  Number take() {
    Number n{};
    from_ >> n;
    return n;
  }
  std::string_view take_bytes() {
    const auto size = take<std::uint32_t>();
    return bytes_.skip(size);
  }
  std::string take_name() {
    const std::string_view name = take_bytes();
    if (name.empty() || name.size() > most_text) refuse("has a wrong name in it");
    return std::string(name);
  }
  bool at_end() { return bytes_.skip(0).data() == bytes_.end(); }

 private:
  class view final : public std::streambuf {
   public:
    explicit view(std::string_view body) {
      char* const begin = const_cast<char*>(body.data());  // only read
      setg(begin, begin, begin + body.size());
    }
    std::string_view skip(std::size_t size) {
      if (size > static_cast<std::size_t>(egptr() - gptr())) refuse("ends too early");
      const std::string_view bytes(gptr(), size);
      setg(eback(), gptr() + size, egptr());
      return bytes;
    }
    const char* end() const { return egptr(); }
  };
  view bytes_;
  boost::archive::binary_iarchive from_;
};

// A table as it was at one instant.
struct index_view {
  const index* of;
  index_def::shape as;
};
struct table_view {
  const table* of;
  std::vector<stored_column> columns;
  std::vector<index_view> indexes;
};

void put_layout(body_writer& to, const table_view& t) {
  to.put(t.of->number);
  to.put(std::string_view(t.of->name));
  to.put(static_cast<std::uint16_t>(t.columns.size()));
  for (const stored_column& c : t.columns) {
    to.put(std::string_view(c.name));
    to.put(static_cast<std::uint8_t>(c.type));
  }
  to.put(static_cast<std::uint16_t>(t.indexes.size()));
  for (const index_view& i : t.indexes) {
    to.put(std::string_view(i.of->name));
    to.put(static_cast<std::uint8_t>(i.as));
    to.put(static_cast<std::uint16_t>(i.of->key.size()));
    for (const key_column& c : i.of->key) to.put(static_cast<std::uint16_t>(c.slot));
  }
}

void put_rows(body_writer& to, const table_view& t, line& reader, stamp instant) {
  const access_path all_by_id;
  walk rows(*t.of, all_by_id, lifecycle::all, instant);
  std::vector<row_ptr> batch;
  std::string block;
  const auto put_block = [&] {
    to.put(std::string_view(block));
    block.clear();
  };
  while (!rows.ended()) {
    batch.clear();
    {
      const latch::shared inside(reader.of->readers, reader.seat);
      rows.fetch(256, batch);
    }
    for (const row_ptr& r : batch) {
      pack_row(*r, t.columns, block);
      if (block.size() >= block_bytes) put_block();
    }
  }
  if (!block.empty()) put_block();
  put_block();  // an empty one says that these were all
}

std::unique_ptr<table> take_layout(body_reader& from, stamp born) {
  auto t = std::make_unique<table>();
  t->number = from.take<std::uint16_t>();
  t->name = from.take_name();
  t->born = born;
  t->columns.resize(from.take<std::uint16_t>());
  for (stored_column& c : t->columns) {
    c.name = from.take_name();
    c.type = static_cast<storage>(from.take<std::uint8_t>());
    c.born = born;
    if (c.type < storage::integer || c.type > storage::blob) refuse("has a column without a class");
  }
  for (auto count = from.take<std::uint16_t>(); count > 0; --count) {
    std::string name = from.take_name();
    const auto shape = static_cast<index_def::shape>(from.take<std::uint8_t>());
    key_columns key(from.take<std::uint16_t>());
    for (key_column& c : key) {
      c.slot = from.take<std::uint16_t>();
      if (c.slot >= t->columns.size()) refuse("has an index without a column");
      c.type = t->columns[c.slot].type;
    }
    if (key.empty() || shape > index_def::shape::clustered) refuse("has a wrong index");
    t->indexes.push_back(std::make_unique<index>(std::move(name), shape, std::move(key), born));
  }
  return t;
}

std::unique_ptr<table> take_table(body_reader& from, stamp born) {
  auto t = take_layout(from, born);
  std::vector<cell> cells;
  std::int64_t last = least_id;
  for (std::string_view block = from.take_bytes(); !block.empty(); block = from.take_bytes()) {
    while (!block.empty()) {
      row_ptr r = unpack_row(block, t->columns, cells);
      const std::int64_t id = r ? r->id().value : last;
      if (id <= last) refuse("has a wrong row in it");
      last = id;
      t->records.insert(t->records.prepare(id), id, std::move(r), born);
    }
  }
  for (const auto& i : t->indexes) {
    if (i->build(t->records).refused) refuse("has two records with the same unique values");
  }
  return t;
}

}  // namespace

void save_snapshot(const std::shared_ptr<content>& of, const std::string& path) {
  held_instant now(of);
  std::vector<table_view> tables;
  {
    const latch::shared inside(of->readers, now.reader.seat);
    for (const table* t : of->tables_at(now.at)) {
      table_view& view = tables.emplace_back(table_view{t, {}, {}});
      for (const stored_column& c : t->columns) {
        if (c.born <= now.at) view.columns.push_back(c);
      }
      for (const auto& i : t->indexes) {
        if (i->born > now.at) continue;
        const bool released = i->released <= now.at;
        view.indexes.push_back({i.get(), released ? index_def::shape::ordinary : i->as});
      }
    }
  }
  replacing_file file(path, head_size);
  {
    body_writer to(file);
    to.put(static_cast<std::uint32_t>(tables.size()));
    for (const table_view& t : tables) {
      put_layout(to, t);
      put_rows(to, t, now.reader, now.at);
    }
  }
  file.end_body();
  file.finish(head_of(file));
}

void load_snapshot(content& to) {
  const std::string& path = to.options.path;
  const auto file = read_file(path);
  if (!file && to.options.read_only) {
    throw error(error_code::not_found, "there is no snapshot " + path);
  }
  if (!file) return;
  try {
    body_reader from(checked_body(file->view(), path));
    const stamp born = to.published.load(std::memory_order_relaxed);
    int last = -1;
    for (auto count = from.take<std::uint32_t>(); count > 0; --count) {
      auto t = take_table(from, born);
      if (t->number <= last) refuse("has its tables in no order");
      last = t->number;
      to.adopt(std::move(t));
    }
    if (!from.at_end()) refuse("goes on behind its end");
  } catch (const wrong_body& wrong) {
    damaged(path, wrong.why);
  } catch (const boost::archive::archive_exception&) {
    damaged(path, "ends too early");
  }
}

}  // namespace kith::inline v1::memory
