// SPDX-License-Identifier: Apache-2.0
//
// Record batches out and in.
#include "kith/exchange/arrow.hpp"

#include "imports.hpp"

namespace kith::capi {
namespace {

// A stream that keeps the session of the query which it reads.
struct kept_stream {
  session_ptr session;
  ArrowArrayStream inner{};
};
kept_stream& kept(ArrowArrayStream* s) { return *static_cast<kept_stream*>(s->private_data); }

void release(ArrowArrayStream* s) {
  kept_stream* const k = &kept(s);
  if (k->inner.release != nullptr) k->inner.release(&k->inner);
  s->release = nullptr;
  s->private_data = nullptr;
  delete k;
}

ArrowArrayStream keeping(std::unique_ptr<kept_stream> k) {
  ArrowArrayStream out{};
  out.get_schema = [](ArrowArrayStream* s, ArrowSchema* schema) {
    ArrowArrayStream& inner = kept(s).inner;
    return inner.get_schema(&inner, schema);
  };
  out.get_next = [](ArrowArrayStream* s, ArrowArray* batch) {
    ArrowArrayStream& inner = kept(s).inner;
    return inner.get_next(&inner, batch);
  };
  out.get_last_error = [](ArrowArrayStream* s) {
    ArrowArrayStream& inner = kept(s).inner;
    return inner.get_last_error(&inner);
  };
  out.release = &release;
  out.private_data = k.release();
  return out;
}

// Releases a stream that was handed over and that nobody took.
struct stream_owner {
  ArrowArrayStream* stream;
  ~stream_owner() {
    if (stream != nullptr && stream->release != nullptr) stream->release(stream);
  }
};

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_query_arrow(kith_query* query, const kith_text* columns, size_t column_count,
                             size_t batch_rows, struct ArrowArrayStream* stream, kith_error** err) {
  return guard(err, outs(stream), [&] {
    need(stream, "stream");
    kith_query& q = use(query);
    arrow_options options;
    for (const kith_text& c : array_of(columns, column_count, "columns")) {
      options.columns.push_back(string_of(c, "a column"));
    }
    if (batch_rows != 0) options.batch_rows = batch_rows;
    auto made = std::make_unique<kept_stream>();
    made->session = q.box;
    export_arrow(any_query(q.box->session, q.model, q.spec), options, made->inner);
    *stream = keeping(std::move(made));
    return KITH_OK;
  });
}

kith_status kith_table_arrow(const kith_table* table, struct ArrowArrayStream* stream,
                             kith_error** err) {
  return guard(err, outs(stream), [&] {
    need(stream, "stream");
    export_arrow(use(table).rows, *stream);
    return KITH_OK;
  });
}

kith_status kith_put_arrow(kith_session* session, struct ArrowArrayStream* stream,
                           const kith_import_options* options, kith_imported* imported,
                           kith_table** errors, kith_error** err) {
  const stream_owner owner{stream};
  return guard(err, outs(imported, errors), [&] {
    kith::session& s = session_of(session);
    if (stream == nullptr) misuse("stream is NULL");
    if (options == nullptr) misuse("options is NULL");
    const kith_import_options o = taken(options, "options");
    check_file_settings(o);
    const import_result result = import_arrow(s, *stream, import_options_of(o, *s.model()));
    give_import(result, imported, errors);
    return KITH_OK;
  });
}
