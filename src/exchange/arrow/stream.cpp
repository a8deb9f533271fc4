// SPDX-License-Identifier: Apache-2.0
//
// Streams for C: each call is noexcept here.
#include "exchange/arrow/stream.hpp"

#include <cerrno>
#include <new>
#include <string>
#include <utility>

#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

struct given_stream {
  std::unique_ptr<arrow_batches> batches;
  std::string message;
  int failed = 0;  // a stream that failed once goes on failing
  bool ended = false;
};

int number_of(error_code code) noexcept {
  switch (code) {
    case error_code::interrupted: return EINTR;
    case error_code::denied: return EACCES;
    case error_code::invalid:
    case error_code::query:
    case error_code::misuse:
    case error_code::limit: return EINVAL;
    default: return EIO;
  }
}

int keep(given_stream& s, int number, const char* message) noexcept {
  try {
    s.message = message;
  } catch (...) {
    s.message.clear();
  }
  return number;
}

template <class Work>
int answered(given_stream& s, Work work) noexcept {
  try {
    work();
    return 0;
  } catch (const error& e) {
    return keep(s, number_of(e.code()), e.what());
  } catch (const std::bad_alloc&) {
    return keep(s, ENOMEM, "out of memory");
  } catch (const std::exception& e) {
    return keep(s, EIO, e.what());
  }
}

given_stream& of(ArrowArrayStream* s) { return *static_cast<given_stream*>(s->private_data); }

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  given_stream& s = of(stream);
  return answered(s, [&] { s.batches->schema(*out); });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  given_stream& s = of(stream);
  *out = {};
  if (s.failed != 0) return s.failed;
  if (s.ended) return 0;
  s.failed = answered(s, [&] { s.ended = !s.batches->next(*out); });
  if (s.ended || s.failed != 0) s.batches->close();
  return s.failed;
}

const char* get_last_error(ArrowArrayStream* stream) {
  const given_stream& s = of(stream);
  return s.message.empty() ? nullptr : s.message.c_str();
}

void release(ArrowArrayStream* stream) {
  if (stream == nullptr || stream->release == nullptr) return;
  stream->release = nullptr;
  delete static_cast<given_stream*>(std::exchange(stream->private_data, nullptr));
}

}  // namespace

void give_stream(std::unique_ptr<arrow_batches> batches, ArrowArrayStream& out) {
  auto s = std::make_unique<given_stream>();
  s->batches = std::move(batches);
  out = {get_schema, get_next, get_last_error, release, s.release()};
}

}  // namespace kith::inline v1::detail
