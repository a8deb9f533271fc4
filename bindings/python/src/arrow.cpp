// SPDX-License-Identifier: Apache-2.0
//
// Arrow streams in capsules, as every consumer of `__arrow_c_stream__` wants them. A stream of a
// question reads while it is consumed; it keeps its instant and its session until it is released.
#include "kith/exchange/arrow.hpp"

#include "exchange.hpp"
#include "query.hpp"

namespace kith::python {
namespace {

constexpr const char* capsule_name = "arrow_array_stream";

void free_stream(PyObject* capsule) {
  auto* const stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, capsule_name));
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

py::object capsule_of(std::unique_ptr<ArrowArrayStream> stream) {
  py::object made = taken(PyCapsule_New(stream.get(), capsule_name, free_stream));
  stream.release();
  return made;
}

// A stream together with the snapshot that it reads.
struct reading {
  ArrowArrayStream inner{};
  std::shared_ptr<snapshot> at;
};
reading& of(ArrowArrayStream* s) { return *static_cast<reading*>(s->private_data); }

int get_schema(ArrowArrayStream* s, ArrowSchema* out) {
  return of(s).inner.get_schema(&of(s).inner, out);
}
int get_next(ArrowArrayStream* s, ArrowArray* out) {
  return of(s).inner.get_next(&of(s).inner, out);
}
const char* get_last_error(ArrowArrayStream* s) { return of(s).inner.get_last_error(&of(s).inner); }
void release(ArrowArrayStream* s) {
  auto* const r = static_cast<reading*>(s->private_data);
  s->release = nullptr;
  if (Py_IsInitialized() == 0) return;
  const py::gil_scoped_acquire lock;  // the session goes back to its handle
  if (r->inner.release != nullptr) r->inner.release(&r->inner);
  delete r;
}

py::object stream_of(const py::object& query, const std::vector<std::string>& columns,
                     std::size_t batch_rows) {
  const auto parts = py::reinterpret_borrow<py::tuple>(query);
  collection_object& c = collection_of(parts[0]);
  require_open(*c.hub);
  auto r = std::make_unique<reading>();
  r->at = std::make_shared<snapshot>(*c.hub);
  session& s = *r->at->own;
  const entity_type& e = *shape_in(c, s).entity;
  const any_query ask(s, s.model(), spec_from(query, e, *s.model()));
  const arrow_options options{columns, batch_rows};
  long_call(s, [&] { export_arrow(ask, options, r->inner); });
  std::erase_if(c.hub->snapshots, [](const auto& weak) { return weak.expired(); });
  r->at->in_call = true;  // nobody else reads through it
  auto stream = std::make_unique<ArrowArrayStream>();
  *stream = {get_schema, get_next, get_last_error, release, r.release()};
  return capsule_of(std::move(stream));
}

py::object stream_of_table(const table& rows) {
  auto stream = std::make_unique<ArrowArrayStream>();
  table copy = rows;
  export_arrow(std::move(copy), *stream);
  return capsule_of(std::move(stream));
}

py::dict import_stream(py::handle hub, const py::object& from, const py::dict& given) {
  import_options options = import_options_from(given);
  const py::object capsule = from.attr("__arrow_c_stream__")();
  auto* const stream =
      static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), capsule_name));
  if (stream == nullptr) throw python_error();
  const lease s(hub_of(hub), access::write);
  ArrowArrayStream moved = *stream;  // as the interface moves one
  stream->release = nullptr;
  return import_result_of(
      long_call(*s, [&] { return import_arrow(*s, moved, std::move(options)); }));
}

}  // namespace

void bind_arrow(py::module_& m) {
  m.def("arrow_stream", &stream_of);
  m.def("arrow_stream_of_table", &stream_of_table);
  m.def("import_arrow", &import_stream);
}

}  // namespace kith::python
