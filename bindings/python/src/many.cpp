// SPDX-License-Identifier: Apache-2.0
//
// add_many(): dicts, tuples with named fields, or objects; converted with the interpreter's lock,
// written without it, a thousand at a time in one transaction.
#include "collection.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

constexpr std::size_t chunk = 1000;

struct request {
  PyObject* items = nullptr;
  py::object fields{};  ///< of tuples
  bool each = false;
};

request request_from(PyObject* const* args, Py_ssize_t given, PyObject* names) {
  if (given != 1) throw_wrong_type("add_many() takes the records, fields=[…] and each=True");
  request r;
  r.items = args[0];
  for (Py_ssize_t i = 0; names != nullptr && i < PyTuple_GET_SIZE(names); ++i) {
    const std::string_view name = utf8(PyTuple_GET_ITEM(names, i));
    PyObject* const v = args[1 + i];
    if (name == "fields" && v != Py_None) {
      if (PyUnicode_Check(v) != 0) throw_wrong_type("fields is a list of names");
      r.fields = py::tuple(py::reinterpret_borrow<py::object>(v));
    } else if (name == "each") {
      r.each = PyObject_IsTrue(v) == 1;
    } else if (name != "fields") {
      throw_wrong_type("add_many() has no argument '" + std::string(name) + "'");
    }
  }
  return r;
}

// Converts items of one shape, whatever they are.
class reader {
 public:
  reader(hub_object& hub, const shape& of, const py::object& fields) : hub_(hub), of_(of) {
    if (!fields) return;
    for (const py::handle name : fields) {
      if (PyUnicode_Check(name.ptr()) == 0) throw_wrong_type("fields is a list of names");
      order_.push_back(&of.at(name.ptr()));
    }
  }

  void read(new_record& to, PyObject* item) {
    to.draft.clear();
    to.children.clear();
    to.named.clear();
    if (!order_.empty()) {
      read_sequence(to, item);
    } else if (PyDict_Check(item) != 0) {
      PyObject *name = nullptr, *v = nullptr;
      Py_ssize_t at = 0;
      while (PyDict_Next(item, &at, &name, &v) != 0) put_one(to, of_.at(name), name, v);
    } else {
      read_object(to, item);
    }
  }

 private:
  void put_one(new_record& to, const attribute& a, PyObject* name, PyObject* v) {
    if (!a.many && a.kind != kind_id::ref) {
      put(to.draft, a, v);
    } else {
      put_named(to, hub_, of_, name, v);
    }
  }

  void read_sequence(new_record& to, PyObject* item) {
    const bool is_tuple = PyTuple_Check(item) != 0;
    if (!is_tuple && PyList_Check(item) == 0) {
      throw_wrong_type("with fields=[…] each record is a tuple or list, not " + described(item));
    }
    const auto size = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(item));
    if (size != order_.size()) {
      throw_wrong_type("a record has " + std::to_string(size) + " values for " +
                       std::to_string(order_.size()) + " fields");
    }
    PyObject** const values = PySequence_Fast_ITEMS(item);
    for (std::size_t i = 0; i < size; ++i) put_one(to, *order_[i], order_[i]->name, values[i]);
  }

  // A dataclass or any object: its attributes that are fields.
  void read_object(new_record& to, PyObject* item) {
    bool some = false;
    for (const attribute& a : of_.attributes) {
      if (a.bare_id || a.slot == no_slot) continue;
      PyObject* const v = PyObject_GetAttr(item, a.name);
      if (v == nullptr) {
        if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) throw python_error();
        PyErr_Clear();
        continue;
      }
      const py::object held = py::reinterpret_steal<py::object>(v);
      some = true;
      put_one(to, a, a.name, v);
    }
    if (some) return;
    throw_wrong_type("a record is a dict, an object with fields of " +
                     std::string(of_.entity->plural()) + " or, with fields=[…], a tuple, not " +
                     described(item));
  }

  hub_object& hub_;
  const shape& of_;
  std::vector<const attribute*> order_;
};

bool is_plain(const new_record& r) { return r.children.empty() && r.named.empty(); }

void write_chunk(session& s, const entity_type& e, std::vector<new_record>& records,
                 std::size_t count, bool each, std::vector<item_result>& results) {
  const std::size_t before = results.size();
  std::vector<any_draft*> drafts;
  bool plain = true;
  for (std::size_t i = 0; i < count; ++i) {
    plain = plain && is_plain(records[i]);
    drafts.push_back(&records[i].draft);
  }
  if (plain) {
    try {
      const auto mode = each ? batch_mode::per_item : batch_mode::all_or_nothing;
      for (item_result& one : s.add_rows(e, drafts, mode)) results.push_back(std::move(one));
    } catch (const error& failed) {
      throw failed.of_item(before + failed.item().value_or(0));
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    try {
      results.push_back({write_new(s, e, records[i])->id(), {}});
    } catch (const error& failed) {
      const bool correctable =
          failed.code() == error_code::invalid || failed.code() == error_code::exists;
      if (!each || !correctable) throw failed.of_item(before + i);
      results.push_back({{}, failed});
    }
  }
}

// What conversion itself refuses is an item's result, too.
bool convert(reader& from, new_record& to, PyObject* item, bool each,
             std::optional<error>& refused) {
  try {
    from.read(to, item);
    return true;
  } catch (const error& failed) {
    if (!each) throw;
    refused = failed;
    return false;
  }
}

py::list listed(const std::vector<item_result>& results) {
  py::list out(results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    PyObject* const one = results[i].refused ? error_object(*results[i].refused).release().ptr()
                                             : PyLong_FromLongLong(results[i].id.value);
    PyList_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), checked(one));
  }
  return out;
}

// The records one after the other; a table's rows, when it is one.
py::object rows_of(PyObject* items) {
  if (PyObject_HasAttrString(items, "__arrow_c_stream__") == 0) {
    return taken(PyObject_GetIter(items));
  }
  return py::handle(from_package("kith._arrow", "records_of"))(py::handle(items));
}

}  // namespace

PyObject* add_many(PyObject* self, PyObject* const* args, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    collection_object& c = *reinterpret_cast<collection_object*>(self);
    const request asked = request_from(args, given, names);
    const lease s(*c.hub, access::write);
    const shape& of = shape_in(c, *s);
    const py::object kept = py::reinterpret_borrow<py::object>(
        reinterpret_cast<PyObject*>(of.type));  // the model may change while items are made
    reader from(*c.hub, of, asked.fields);
    const py::object items = rows_of(asked.items);
    std::vector<item_result> results;
    std::vector<new_record> records(chunk);
    std::optional<transaction> tx;
    std::size_t ready = 0;
    const auto flush = [&] {
      if (ready == 0) return;
      without_gil([&] {
        if (!tx) tx.emplace(s->write());
        write_chunk(*s, *of.entity, records, ready, asked.each, results);
      });
      ready = 0;
    };
    try {
      while (PyObject* const next = PyIter_Next(items.ptr())) {
        const py::object item = py::reinterpret_steal<py::object>(next);
        std::optional<error> refused;
        if (convert(from, records[ready], next, asked.each, refused)) {
          if (++ready == chunk) {
            flush();
            check(PyErr_CheckSignals());
          }
        } else {
          flush();
          results.push_back({{}, refused});
        }
      }
      if (PyErr_Occurred() != nullptr) throw python_error();
      flush();
      if (tx) without_gil([&] { tx->commit(); });
    } catch (...) {
      without_gil([&] { tx.reset(); });
      throw;
    }
    return listed(results).release().ptr();
  });
}

}  // namespace kith::python
