// SPDX-License-Identifier: Apache-2.0
//
// `for deal in query`: rows are read in batches without the interpreter's lock, all of one instant;
// each batch is a page whose references are read together.
#include <chrono>
#include <new>

#include "query.hpp"

namespace kith::python {
namespace {

struct rows_object {
  PyObject_HEAD hub_object* hub;
  PyTypeObject* type;  ///< keeps `of` alive
  const shape* of;
  std::shared_ptr<snapshot> at;  ///< null: of the open transaction, or all rows are here
  PyObject* token;               ///< of the open transaction
  std::shared_ptr<row_stream> stream;
  std::shared_ptr<page> batch;
  std::size_t next;
  std::size_t want;
  bool busy;
};

constexpr std::size_t first_batch = 32, largest_batch = 256;
PyTypeObject* rows_type = nullptr;

rows_object& self_of(PyObject* self) { return *reinterpret_cast<rows_object*>(self); }

void finish(rows_object& r) {
  auto stream = std::move(r.stream);
  auto at = std::move(r.at);
  if (stream) without_gil([&] { stream.reset(); });
  if (at) at->end();
  Py_CLEAR(r.token);
}

// Until the batch is full or somebody may want to interrupt.
std::vector<row_ptr> read_batch(row_stream& from, std::size_t want, bool timed = true) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<row_ptr> rows;
  rows.reserve(std::min(want, largest_batch));
  while (rows.size() < want) {
    row_ptr one = from.next();
    if (!one) break;
    rows.push_back(std::move(one));
    if (timed && rows.size() % 16 == 0 &&
        std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(20)) {
      break;
    }
  }
  return rows;
}

session& reading_session(rows_object& r) {
  if (r.at) {
    if (!r.at->own) require_open(*r.hub);
    if (r.at->own) return *r.at->own;
    throw error(error_code::closed, "the result has ended");
  }
  if (!r.hub->work || r.hub->work->token != r.token) {
    throw error(error_code::closed, "the transaction that this result belongs to has ended");
  }
  return *r.hub->work->own;
}

// False at the end.
bool refill(rows_object& r) {
  if (!r.stream) return false;
  if (r.busy) throw error(error_code::wrong_thread, "two threads read one result at once");
  session& s = reading_session(r);
  r.busy = true;
  if (r.at) r.at->in_call = true;
  const auto stream = r.stream;
  const auto at = r.at;
  std::vector<row_ptr> rows;
  const auto done = [&] {
    r.busy = false;
    if (at) at->in_call = false;
  };
  try {
    rows = long_call(s, [&] { return read_batch(*stream, r.want); });
  } catch (...) {
    done();
    finish(r);
    throw;
  }
  done();
  if (PyErr_CheckSignals() != 0) {
    finish(r);
    throw python_error();
  }
  if (rows.empty()) {
    finish(r);
    return false;
  }
  r.want = std::min(largest_batch, r.want * 2);
  r.batch = std::make_shared<page>();
  r.batch->rows = std::move(rows);
  r.batch->from = r.at;
  r.batch->sequence = r.at ? r.at->sequence : 0;
  r.next = 0;
  return true;
}

PyObject* next(PyObject* self) {
  return guarded([&]() -> PyObject* {
    rows_object& r = self_of(self);
    if (!r.batch || r.next == r.batch->rows.size()) {
      r.batch.reset();
      if (!refill(r)) return nullptr;
    }
    return make_record(r.hub, *r.of, r.batch->rows[r.next++], r.batch);
  });
}

PyObject* close(PyObject* self, PyObject*) {
  return guarded([&]() -> PyObject* {
    rows_object& r = self_of(self);
    if (!r.busy) finish(r);
    r.batch.reset();
    Py_RETURN_NONE;
  });
}

void free_rows(PyObject* self) {
  rows_object& r = self_of(self);
  PyTypeObject* const type = Py_TYPE(self);
  finish(r);
  r.batch.~shared_ptr();
  r.stream.~shared_ptr();
  r.at.~shared_ptr();
  Py_XDECREF(r.type);
  Py_XDECREF(r.hub);
  type->tp_free(self);
  Py_DECREF(type);
}

py::object make_rows(hub_object& hub, const shape& of) {
  auto* const r = reinterpret_cast<rows_object*>(checked(rows_type->tp_alloc(rows_type, 0)));
  r->hub = &hub;
  Py_INCREF(&hub);
  r->type = of.type;
  Py_INCREF(of.type);
  r->of = &of;
  new (&r->at) std::shared_ptr<snapshot>();
  new (&r->stream) std::shared_ptr<row_stream>();
  new (&r->batch) std::shared_ptr<page>();
  r->want = first_batch;
  return py::reinterpret_steal<py::object>(reinterpret_cast<PyObject*>(r));
}

// any_query keeps run() for those that derive from it.
struct asking : any_query {
  explicit asking(const any_query& of) : any_query(of) {}
  std::shared_ptr<row_stream> open() const { return run(); }
};

bool in_own_work(const hub_object& h, const session& s) {
  return h.work != nullptr && h.work->own.get() == &s;
}

py::object rows(const py::object& query) {
  const auto tuple = py::reinterpret_borrow<py::tuple>(query);
  collection_object& c = collection_of(tuple[0]);
  require_open(*c.hub);
  {
    const asked q(query, access::read);
    const bool shared = in_own_work(*c.hub, *q.session);
    if (shared || !c.hub->store->base->can().parallel_reads) {
      py::object made = make_rows(*c.hub, *q.of);
      rows_object& r = self_of(made.ptr());
      const auto stream = long_call(*q.session, [&] { return asking(q.ask).open(); });
      if (shared) {
        r.stream = stream;
        r.token = Py_NewRef(c.hub->work->token);
      } else {  // a reader would keep writers out: all is read now
        r.batch = std::make_shared<page>();
        r.batch->rows = long_call(*q.session, [&] { return read_batch(*stream, SIZE_MAX, false); });
      }
      return made;
    }
  }
  auto at = std::make_shared<snapshot>(*c.hub);
  const shape& of = shape_in(c, *at->own);
  py::object made = make_rows(*c.hub, of);
  rows_object& r = self_of(made.ptr());
  any_query ask(*at->own, at->own->model(), spec_from(query, *of.entity, *at->own->model()));
  r.at = at;
  at->in_call = true;
  try {
    r.stream = long_call(*at->own, [&] { return asking(ask).open(); });
  } catch (...) {
    at->in_call = false;
    throw;
  }
  at->in_call = false;
  std::erase_if(c.hub->snapshots, [](const auto& weak) { return weak.expired(); });
  c.hub->snapshots.push_back(at);
  return made;
}

PyMethodDef methods[] = {{"close", close, METH_NOARGS, "Ends the reading now."},
                         {nullptr, nullptr, 0, nullptr}};

}  // namespace

void bind_rows(py::module_& m) {
  PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(free_rows)},
                         {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
                         {Py_tp_iternext, reinterpret_cast<void*>(next)},
                         {Py_tp_methods, methods},
                         {Py_tp_doc, const_cast<char*>("The records of a query, one by one.")},
                         {0, nullptr}};
  PyType_Spec spec{"kith._kith.Rows", static_cast<int>(sizeof(rows_object)), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  rows_type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)));
  m.attr("Rows") = py::handle(reinterpret_cast<PyObject*>(rows_type));
  m.def("rows", &rows);
}

}  // namespace kith::python
