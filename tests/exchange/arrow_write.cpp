// SPDX-License-Identifier: Apache-2.0
#include "arrow_write.hpp"

#include <gtest/gtest.h>

namespace kith::lab {

struct counted_stream::content {
  std::vector<made_array> roots;
  std::size_t next = 0;
  std::size_t fails_after = SIZE_MAX;
  int number = 0;
  std::optional<std::string> message;
  int schema_number = 0;
  int schemas = 0, arrays = 0, streams = 0;  // not yet released
};

namespace {

using shared = std::shared_ptr<counted_stream::content>;

// What a struct of ours points to. Children belong to it, unless they were taken out.
template <class Struct>
struct memory {
  shared in;
  made_array from;
  std::vector<Struct> children;
  std::vector<Struct*> pointers;
  Struct dictionary{};
  std::vector<const void*> buffers;
};

int& count_of(counted_stream::content& c, const ArrowSchema*) { return c.schemas; }
int& count_of(counted_stream::content& c, const ArrowArray*) { return c.arrays; }

template <class Struct>
void release(Struct* s) {
  auto* const kept = static_cast<memory<Struct>*>(s->private_data);
  if (kept == nullptr) {
    ADD_FAILURE() << "released twice";
    return;
  }
  for (Struct& child : kept->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (kept->dictionary.release != nullptr) kept->dictionary.release(&kept->dictionary);
  --count_of(*kept->in, s);
  s->release = nullptr;
  s->private_data = nullptr;
  delete kept;
}

template <class Struct>
memory<Struct>* prepare(const shared& in, const made_array& from, Struct& out,
                        void (*fill)(const shared&, const made_array&, Struct&)) {
  auto* const kept = new memory<Struct>{in, from, {}, {}, {}, {}};
  kept->children.resize(from.children.size());
  for (std::size_t i = 0; i < from.children.size(); ++i) {
    fill(in, from.children[i], kept->children[i]);
    kept->pointers.push_back(&kept->children[i]);
  }
  out = {};
  out.n_children = from.n_children.value_or(static_cast<std::int64_t>(from.children.size()));
  out.children = from.null_children || kept->pointers.empty() ? nullptr : kept->pointers.data();
  out.private_data = kept;
  out.release = release<Struct>;
  ++count_of(*in, &out);
  return kept;
}

void fill_schema(const shared& in, const made_array& from, ArrowSchema& out) {
  auto* const kept = prepare<ArrowSchema>(in, from, out, fill_schema);
  if (!from.null_format) out.format = kept->from.format.c_str();
  if (!from.null_name) out.name = kept->from.name.c_str();
  out.flags = ARROW_FLAG_NULLABLE;
  if (!from.dictionary.empty()) {
    fill_schema(in, from.dictionary[0], kept->dictionary);
    out.dictionary = &kept->dictionary;
  }
  if (from.schema_released) release(&out);
}

void fill_array(const shared& in, const made_array& from, ArrowArray& out) {
  auto* const kept = prepare<ArrowArray>(in, from, out, fill_array);
  for (const auto& b : kept->from.buffers) kept->buffers.push_back(b ? b->data() : nullptr);
  out.length = from.length;
  out.null_count = from.null_count;
  out.offset = from.offset;
  out.n_buffers = from.n_buffers.value_or(static_cast<std::int64_t>(kept->buffers.size()));
  out.buffers = from.null_buffers ? nullptr : kept->buffers.data();
  if (!from.dictionary.empty() && !from.no_dictionary) {
    fill_array(in, from.dictionary[0], kept->dictionary);
    out.dictionary = &kept->dictionary;
  }
  if (from.released) release(&out);
}

counted_stream::content& content_of(ArrowArrayStream* s) {
  return **static_cast<shared*>(s->private_data);
}

int get_schema(ArrowArrayStream* s, ArrowSchema* out) {
  counted_stream::content& c = content_of(s);
  if (c.schema_number != 0) return c.schema_number;
  fill_schema(*static_cast<shared*>(s->private_data), c.roots.at(0), *out);
  return 0;
}

int get_next(ArrowArrayStream* s, ArrowArray* out) {
  counted_stream::content& c = content_of(s);
  *out = {};
  if (c.next == c.fails_after) return c.number;
  if (c.next == c.roots.size()) return 0;
  fill_array(*static_cast<shared*>(s->private_data), c.roots[c.next++], *out);
  return 0;
}

const char* get_last_error(ArrowArrayStream* s) {
  const counted_stream::content& c = content_of(s);
  return c.message ? c.message->c_str() : nullptr;
}

void release_stream(ArrowArrayStream* s) {
  if (s->private_data == nullptr) {
    ADD_FAILURE() << "the stream was released twice";
    return;
  }
  --content_of(s).streams;
  delete static_cast<shared*>(s->private_data);
  s->private_data = nullptr;
  s->release = nullptr;
}

template <class Offset>
made_array offset_texts(std::string name, const std::vector<const char*>& values,
                        std::string format) {
  std::vector<Offset> offsets{0};
  std::string all;
  std::vector<bool> valid;
  for (const char* v : values) {
    valid.push_back(v != nullptr);
    if (v != nullptr) all += v;
    offsets.push_back(static_cast<Offset>(all.size()));
  }
  made_array a{std::move(name),
               std::move(format),
               static_cast<std::int64_t>(values.size()),
               {std::nullopt, bytes_of_values(offsets), all}};
  return with_nulls(std::move(a), valid);
}

}  // namespace

std::string bits_of(const std::vector<bool>& bits) {
  std::string bytes((bits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) bytes[i / 8] = static_cast<char>(bytes[i / 8] | 1 << (i % 8));
  }
  return bytes;
}

made_array texts(std::string name, const std::vector<const char*>& values, std::string format) {
  return offset_texts<std::int32_t>(std::move(name), values, std::move(format));
}

made_array large_texts(std::string name, const std::vector<const char*>& values,
                       std::string format) {
  return offset_texts<std::int64_t>(std::move(name), values, std::move(format));
}

made_array view_texts(std::string name, const std::vector<const char*>& values,
                      std::string format) {
  std::string views, all;
  std::vector<bool> valid;
  for (const char* v : values) {
    const std::string text = v != nullptr ? v : "";
    valid.push_back(v != nullptr);
    std::string view = bytes_of_values<std::int32_t>({static_cast<std::int32_t>(text.size())});
    if (text.size() <= 12) {
      view += text;
      view.resize(16);
    } else {
      view += text.substr(0, 4);
      view += bytes_of_values<std::int32_t>({0, static_cast<std::int32_t>(all.size())});
      all += text;
    }
    views += view;
  }
  const std::string sizes = bytes_of_values<std::int64_t>({static_cast<std::int64_t>(all.size())});
  made_array a{std::move(name),
               std::move(format),
               static_cast<std::int64_t>(values.size()),
               {std::nullopt, views, all, sizes}};
  return with_nulls(std::move(a), valid);
}

made_array truths(std::string name, const std::vector<bool>& values) {
  return {std::move(name),
          "b",
          static_cast<std::int64_t>(values.size()),
          {std::nullopt, bits_of(values)}};
}

made_array with_nulls(made_array a, const std::vector<bool>& valid) {
  a.null_count = 0;
  for (const bool v : valid) a.null_count += !v;
  if (a.null_count != 0) a.buffers[0] = bits_of(valid);
  return a;
}

made_array structure(std::string name, std::vector<made_array> parts) {
  made_array a{
      std::move(name), "+s", parts.empty() ? 0 : parts[0].length - parts[0].offset, {std::nullopt}};
  a.children = std::move(parts);
  return a;
}

void counted_stream::begin() {
  inside->streams = 1;
  stream = {get_schema, get_next, get_last_error, release_stream, new shared(inside)};
}

counted_stream::counted_stream(std::vector<std::vector<made_array>> batches)
    : inside(std::make_shared<content>()) {
  for (auto& columns : batches) inside->roots.push_back(structure("", std::move(columns)));
  begin();
}

counted_stream counted_stream::of_roots(std::vector<made_array> roots) {
  counted_stream s;
  s.inside = std::make_shared<content>();
  s.inside->roots = std::move(roots);
  s.begin();
  return s;
}

void counted_stream::fail_schema(int number, const char* message) {
  inside->schema_number = number;
  if (message != nullptr) inside->message = message;
}

void counted_stream::fail_after(std::size_t batches, int number, const char* message) {
  inside->fails_after = batches;
  inside->number = number;
  if (message != nullptr) inside->message = message;
}

std::string counted_stream::kept() const {
  std::string text;
  const auto add = [&](int n, const char* what) {
    if (n != 0) text += std::to_string(n) + " " + what + " ";
  };
  add(inside->streams, "streams");
  add(inside->schemas, "schemas");
  add(inside->arrays, "arrays");
  if (stream.release != nullptr) text += "the stream was not taken over";
  return text;
}

}  // namespace kith::lab
