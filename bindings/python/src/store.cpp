// SPDX-License-Identifier: Apache-2.0
//
// Stores written in Python: the core calls, Python keeps the rows. What such a store must do is
// said by kith.Store; conditions, orders and aggregates stay with the core.
#include "store.hpp"

#include <algorithm>

#include "values.hpp"

namespace kith::python {
namespace {

// ------------------------------------------------------------------------------- rows and cells

py::object cell_object(const cell& c) {
  switch (c.type()) {
    case storage::null: return py::none();
    case storage::integer: return py::int_(c.as_integer());
    case storage::real: return py::float_(c.as_real());
    case storage::text: return text_of(c.as_bytes());
    case storage::blob: return py::bytes(c.as_bytes().data(), c.as_bytes().size());
  }
  return py::none();
}

py::object row_tuple(const entity_type& e, const row& r) {
  const system_cells& s = r.system();
  py::tuple cells(e.columns.size());
  for (std::size_t i = 0; i < e.columns.size(); ++i) {
    cells[i] = cell_object(r.at(static_cast<slot_number>(i), e.columns[i].type));
  }
  const py::handle make = from_package("kith._store", "StoreRow");
  return make(s.id.value, s.revision, s.created, s.deleted, s.merged_into.value, s.checksum,
              std::move(cells));
}

[[noreturn]] void damaged(const entity_type& e, const std::string& what) {
  throw error(error_code::damaged,
              "the Python store gave a row of " + std::string(e.name()) + " " + what);
}

cell cell_from(const entity_type& e, std::size_t slot, PyObject* given) {
  if (given == Py_None) return cell::null();
  switch (e.columns[slot].type) {
    case storage::integer:
      if (PyLong_Check(given) != 0) return cell::integer(py::cast<std::int64_t>(py::handle(given)));
      break;
    case storage::real:
      if (PyFloat_Check(given) != 0) return cell::real(PyFloat_AS_DOUBLE(given));
      break;
    case storage::text:
      if (PyUnicode_Check(given) != 0) return cell::text(utf8(given));
      break;
    case storage::blob:
      if (PyBytes_Check(given) != 0) {
        return cell::blob(
            {PyBytes_AS_STRING(given), static_cast<std::size_t>(PyBytes_GET_SIZE(given))});
      }
      break;
    case storage::null: break;
  }
  damaged(e, "whose column " + e.columns[slot].name + " has " + described(given));
}

row_ptr row_from(const entity_type& e, PyObject* given) {
  if (PyTuple_Check(given) == 0 || PyTuple_GET_SIZE(given) != 7 ||
      PyTuple_Check(PyTuple_GET_ITEM(given, 6)) == 0) {
    damaged(e, "that is no StoreRow: " + described(given));
  }
  const auto t = py::reinterpret_borrow<py::tuple>(given);
  PyObject* const cells_given = PyTuple_GET_ITEM(given, 6);
  system_cells s;
  s.id = {py::cast<std::int64_t>(t[0])};
  s.revision = py::cast<std::int64_t>(t[1]);
  s.created = py::cast<std::int64_t>(t[2]);
  s.deleted = py::cast<std::int64_t>(t[3]);
  s.merged_into = {py::cast<std::int64_t>(t[4])};
  s.checksum = py::cast<std::uint64_t>(t[5]);
  // Cells behind those that we know are of columns that another program added.
  const auto count =
      std::min(static_cast<std::size_t>(PyTuple_GET_SIZE(cells_given)), e.columns.size());
  std::vector<cell> cells;
  for (std::size_t i = 0; i < count; ++i) {
    cells.push_back(cell_from(e, i, PyTuple_GET_ITEM(cells_given, static_cast<Py_ssize_t>(i))));
  }
  return row_ptr::make(s, cells);
}

py::object entity_object(const entity_type& e) {
  py::list columns, unique;
  for (const column& c : e.columns) {
    const char* const types[] = {"null", "integer", "real", "text", "blob"};
    columns.append(py::make_tuple(text_of(c.name), types[static_cast<int>(c.type)]));
  }
  for (const index_type& i : e.indexes) {
    if (i.as != index_def::shape::exclusive) continue;
    py::list slots;
    for (const slot_number s : i.keys) slots.append(static_cast<int>(s));
    unique.append(py::make_tuple(text_of(i.name), py::tuple(slots)));
  }
  const py::handle make = from_package("kith._store", "StoreEntity");
  return make(e.number, text_of(e.name()), py::tuple(columns), py::tuple(unique));
}

// Work with the lock; what Python raises comes back as what it was. Who calls a store gives the lock away
// first: other threads of the interpreter go on meanwhile.
template <class Work>
auto in_python(Work work) {
  if (PyGILState_Check() != 0) {
    throw error(error_code::misuse, "the store was called with the interpreter's lock held");
  }
  const py::gil_scoped_acquire lock;
  try {
    return work();
  } catch (py::error_already_set& e) {
    e.restore();
    throw_from_callback();
  } catch (const python_error&) {
    throw_from_callback();
  } catch (const py::cast_error& e) {
    throw error(error_code::damaged,
                std::string("the Python store gave a wrong value: ") + e.what());
  }
}

class held {
 public:
  explicit held(py::object o) : object_(o.release().ptr()) {}
  held(const held&) = delete;
  held& operator=(const held&) = delete;
  ~held() {
    if (Py_IsInitialized() == 0) return;
    const py::gil_scoped_acquire lock;
    Py_DECREF(object_);
  }
  py::handle operator*() const { return object_; }

 private:
  PyObject* object_;
};

// ---------------------------------------------------------------------------------------- cursors

bool by_id(std::span<const order_term> order) {
  if (order.empty()) return true;
  if (order.size() != 1) return false;
  return order[0].key.is_load() && order[0].key.code[0].slot == id_slot;
}

class python_cursor final : public cursor {
 public:
  /// At most `limit` rows; 0: all.
  python_cursor(const entity_type& e, py::object rows, bool ordered, std::uint64_t limit)
      : entity_(e), rows_(std::move(rows)), ordered_(ordered), left_(limit == 0 ? ~0ULL : limit) {}
  std::uint64_t taken() const noexcept override { return 0; }
  bool ordered() const noexcept override { return ordered_; }
  row_ptr next() override {
    if (left_ == 0) return {};
    --left_;
    return in_python([&]() -> row_ptr {
      PyObject* const one = PyIter_Next((*rows_).ptr());
      if (one == nullptr) {
        if (PyErr_Occurred() != nullptr) throw python_error();
        return {};
      }
      const py::object kept = py::reinterpret_steal<py::object>(one);
      return row_from(entity_, one);
    });
  }

 private:
  const entity_type& entity_;
  held rows_;
  bool ordered_;
  std::uint64_t left_;
};

// ------------------------------------------------------------------------------------ connections

class python_connection final : public connection {
 public:
  explicit python_connection(py::object line) : line_(std::move(line)) {}
  python_connection(const python_connection&) = delete;
  python_connection& operator=(const python_connection&) = delete;
  ~python_connection() override { rollback(); }

  // The order of calls is watched here, so that a store in Python need not.
  void begin(access mode) override {
    if (open_ != open::nothing) throw error(error_code::misuse, "a transaction is open already");
    call("begin", mode == access::write);
    open_ = mode == access::write ? open::to_write : open::to_read;
  }
  void commit() override {
    if (open_ == open::nothing) throw error(error_code::misuse, "there is no transaction to commit");
    call("commit");
    end();
  }
  void rollback() noexcept override {
    if (open_ == open::nothing) return;
    try {
      call("rollback");
    } catch (const error&) {  // the store's own business: nothing of ours is left to take back
    }
    end();
  }
  void savepoint(int level) override {
    writes();
    if (level != depth_ + 1) no_such(level);
    call("savepoint", level);
    depth_ = level;
  }
  void release(int level) override {
    writes();
    if (level < 1 || level > depth_) no_such(level);
    call("release", level);
    depth_ = level - 1;
  }
  void rollback_to(int level) override {
    writes();
    if (level < 1 || level > depth_) no_such(level);
    call("rollback_to", level);
    depth_ = level;
  }
  std::uint64_t data_version() override {
    return in_python([&] { return py::cast<std::uint64_t>((*line_).attr("data_version")()); });
  }

  row_ptr get(const entity_type& e, record_id id, needed_cells) override {
    return in_python([&]() -> row_ptr {
      const py::object found = (*line_).attr("get")(entity_object(e), id.value);
      return found.is_none() ? row_ptr() : row_from(e, found.ptr());
    });
  }

  std::unique_ptr<cursor> scan(const scan_request& request) override {
    return in_python([&]() -> std::unique_ptr<cursor> {
      const bool ordered = by_id(request.order);
      const bool descending = ordered && !request.order.empty() && request.order[0].descending;
      py::object after = py::none();
      if (ordered && !request.after.empty()) after = py::int_(request.after.back().as_integer());
      const char* const rows[] = {"live", "deleted", "all"};
      const py::object found = (*line_).attr("scan")(
          entity_object(*request.entity), rows[static_cast<int>(request.rows)], descending, after);
      // The limit is ours: Python's iterator ends when nobody asks it any more.
      const std::uint64_t limit = ordered && request.conditions.empty() ? request.limit : 0;
      return std::make_unique<python_cursor>(*request.entity, taken_iterator(found.ptr()), ordered,
                                             limit);
    });
  }

  void write(const row_change& change) override {
    writes();
    in_python([&] {
      const entity_type& e = *change.entity;
      const py::object before =
          change.before ? row_tuple(e, *change.before) : py::object(py::none());
      const py::object taken_by =
          (*line_).attr("write")(entity_object(e), before, row_tuple(e, *change.after));
      if (taken_by.is_none()) return;
      const auto [name, other] = py::cast<std::pair<std::string, std::int64_t>>(taken_by);
      for (const index_type& i : e.indexes) {
        if (i.name == name) throw exists_already(e, i, *change.after, other);
      }
      // Of another program's description; or no index at all.
      throw error(error_code::exists,
                  "the unique index " + name + " has these values already, in the record " +
                      std::to_string(other),
                  {std::string(e.name()), other, {}});
    });
  }
  void erase(const entity_type& e, record_id id) override {
    writes();
    in_python([&] { (*line_).attr("erase")(entity_object(e), id.value); });
  }
  bool has(const entity_type& e) override {
    return in_python([&] { return py::cast<bool>((*line_).attr("has")(entity_object(e))); });
  }
  void apply(const entity_type& e) override {
    writes();
    in_python([&] { (*line_).attr("apply")(entity_object(e)); });
  }

 private:
  template <class... Arguments>
  void call(const char* method, Arguments... arguments) {
    in_python([&] { (*line_).attr(method)(arguments...); });
  }
  static py::object taken_iterator(PyObject* of) { return taken(PyObject_GetIter(of)); }
  void writes() const {
    if (open_ == open::nothing) {
      throw error(error_code::misuse, "nothing is written outside of a transaction");
    }
    if (open_ == open::to_read) throw error(error_code::read_only, "this is a read transaction");
  }
  [[noreturn]] static void no_such(int level) {
    throw error(error_code::misuse, "there is no savepoint " + std::to_string(level));
  }
  void end() {
    open_ = open::nothing;
    depth_ = 0;
  }

  held line_;
  enum class open { nothing, to_read, to_write } open_ = open::nothing;
  int depth_ = 0;
};

class python_store final : public store {
 public:
  explicit python_store(py::object of) : name_(py::cast<std::string>(of.attr("name"))), of_(of) {
    can_.name = name_;
    can_.durable = py::cast<bool>(of.attr("durable")) ? capabilities::durability::on_commit
                                                      : capabilities::durability::in_process;
  }
  const capabilities& can() const noexcept override { return can_; }
  std::unique_ptr<connection> connect() override {
    return in_python([&]() -> std::unique_ptr<connection> {
      return std::make_unique<python_connection>((*of_).attr("connect")());
    });
  }
  void check() const override {
    in_python([&] { (*of_).attr("check")(); });
  }

 private:
  std::string name_;
  capabilities can_;
  held of_;
};

}  // namespace

std::unique_ptr<store> store_from(py::object of) {
  return std::make_unique<python_store>(std::move(of));
}

}  // namespace kith::python
