// SPDX-License-Identifier: Apache-2.0
//
// Opening and closing, sessions for calls, transactions and the context that they belong to.
#include "hub.hpp"

#include <csignal>

#include <algorithm>
#include <atomic>

#include "kith/kith.hpp"
#include "record.hpp"
#include "store.hpp"
#include "values.hpp"

namespace kith::python {

PyTypeObject* hub_type = nullptr;

namespace {

PyObject* open_tokens = nullptr;  // ContextVar: a tuple of the transactions that are open here
unsigned long main_thread = 0;

bool has_token(PyObject* token) {
  PyObject* value = nullptr;
  check(PyContextVar_Get(open_tokens, nullptr, &value));
  if (value == nullptr) return false;
  const int found = PySequence_Contains(value, token);
  Py_DECREF(value);
  check(found);
  return found == 1;
}

py::list tokens() {
  PyObject* value = nullptr;
  check(PyContextVar_Get(open_tokens, nullptr, &value));
  py::list all;
  if (value != nullptr) all = py::list(py::reinterpret_steal<py::object>(value));
  return all;
}

void set_tokens(const py::list& all) {
  PyObject* const reset = PyContextVar_Set(open_tokens, py::tuple(all).ptr());
  check(reset == nullptr ? -1 : 0);
  Py_DECREF(reset);
}

bool is_here(const open_work& work) {
  return work.thread == PyThread_get_thread_ident() && has_token(work.token);
}

// Of a store that others may close meanwhile.
std::unique_ptr<session> new_session(hub_object& h) {
  const std::shared_ptr<crm> base = h.store->base;
  if (!base) require_open(h);
  return without_gil([&] {
    auto s = std::make_unique<session>(base->open_session(h.options));
    if (h.past) *s = s->as_of(*h.past);
    return s;
  });
}

std::unique_ptr<session> idle_session(hub_object& h) {
  if (h.idle.empty()) return new_session(h);
  auto s = std::move(h.idle.back());
  h.idle.pop_back();
  return s;
}

void give_back(hub_object& h, std::unique_ptr<session> s) {
  std::erase(h.busy, s.get());
  constexpr std::size_t most_idle = 16;
  if (!h.closed && h.idle.size() < most_idle) {
    h.idle.push_back(std::move(s));
    return;
  }
  without_gil([&] { s.reset(); });
}

// ------------------------------------------------------------------------------------- the type

PyObject* new_hub(PyTypeObject* type) {
  auto* const h = reinterpret_cast<hub_object*>(checked(type->tp_alloc(type, 0)));
  new (&h->store) std::shared_ptr<opened>();
  new (&h->options) session_options();
  new (&h->past) std::optional<std::int64_t>();
  new (&h->idle) std::vector<std::unique_ptr<session>>();
  new (&h->busy) std::vector<session*>();
  new (&h->work) std::unique_ptr<open_work>();
  new (&h->snapshots) std::vector<std::weak_ptr<snapshot>>();
  h->closed = false;
  return reinterpret_cast<PyObject*>(h);
}

void close(hub_object& h) {
  if (h.closed) return;
  h.closed = true;
  for (session* s : h.busy) s->interrupt();
  auto work = std::move(h.work);
  auto idle = std::move(h.idle);
  h.idle.clear();
  for (const auto& weak : h.snapshots) {
    if (const auto alive = weak.lock(); alive && !alive->in_call) alive->end();
  }
  h.snapshots.clear();
  if (work) Py_CLEAR(work->token);
  without_gil([&] {
    if (work) {
      while (!work->levels.empty()) work->levels.pop_back();
      work.reset();
    }
    idle.clear();
  });
}

void free_hub(PyObject* self) {
  auto* const h = reinterpret_cast<hub_object*>(self);
  PyTypeObject* const type = Py_TYPE(self);
  close(*h);
  auto store = std::move(h->store);
  without_gil([&] { store.reset(); });
  h->snapshots.~vector();
  h->work.~unique_ptr();
  h->busy.~vector();
  h->idle.~vector();
  h->past.~optional();
  h->options.~session_options();
  h->store.~shared_ptr();
  type->tp_free(self);
  Py_DECREF(type);
}

// A clock that asks Python.
class python_clock final : public clock {
 public:
  explicit python_clock(py::object ask) : ask_(std::move(ask)) {}
  ~python_clock() override {
    const py::gil_scoped_acquire lock;
    ask_.release().dec_ref();
  }
  instant now() override {
    const py::gil_scoped_acquire lock;
    PyObject* const said = PyObject_CallNoArgs(ask_.ptr());
    if (said == nullptr) throw_from_callback();
    const py::object held = py::reinterpret_steal<py::object>(said);
    try {
      return instant_from(said);
    } catch (const python_error&) {
      throw_from_callback();
    }
  }

 private:
  py::object ask_;
};

session_options options_from(const py::dict& given) {
  session_options o;
  o.actor = py::cast<std::string>(given["actor"]);
  const py::object user = given["actor_id"];
  if (!user.is_none()) o.actor_id = id_from(user.ptr());
  const std::string zone = py::cast<std::string>(given["zone"]);
  if (!zone.empty()) o.zone = time_zone::named(zone);
  const py::object sees = given["sees"];
  if (!sees.is_none()) o.sees = py::cast<std::shared_ptr<visibility>>(sees);
  return o;
}

crm_options crm_options_from(const py::dict& given) {
  crm_options o;
  o.read_only = py::cast<bool>(given["read_only"]);
  o.busy_timeout_ms = py::cast<int>(given["busy_timeout_ms"]);
  o.origin_number = py::cast<std::uint16_t>(given["origin_number"]);
  const py::object clock = given["clock"];
  if (!clock.is_none()) o.clock = std::make_shared<python_clock>(clock);
  const py::object key = given["audit_key"];
  if (!key.is_none()) {
    const std::string bytes = py::cast<std::string>(py::bytes(key));
    o.audit_key = [bytes] { return bytes; };
  }
  return o;
}

py::object hub_with(std::shared_ptr<opened> store, session_options options) {
  py::object made = py::reinterpret_steal<py::object>(new_hub(hub_type));
  hub_object& h = hub_of(made);
  h.store = std::move(store);
  h.options = std::move(options);
  return made;
}

py::object open_store(const std::string& where, const py::dict& given, std::uintptr_t connection,
                      const py::object& own) {
  session_options who = options_from(given);
  crm_options how = crm_options_from(given);
  const bool weak = py::cast<bool>(given["accept_weak_durability"]);
  std::unique_ptr<kith::store> rows;
  if (!own.is_none()) rows = store_from(own);
  auto store = std::make_shared<opened>();
  store->base = without_gil([&] {
    if (rows) return std::make_shared<crm>(kith::open(std::move(rows), std::move(how)));
    if (connection == 0) return std::make_shared<crm>(kith::open(where, std::move(how)));
    return std::make_shared<crm>(open_guest(reinterpret_cast<::sqlite3*>(connection),
                                            std::move(how), {.accept_weak_durability = weak}));
  });
  return hub_with(std::move(store), std::move(who));
}

py::object another(py::handle hub, const py::dict& given) {
  hub_object& h = hub_of(hub);
  require_open(h);
  return hub_with(h.store, options_from(given));
}

py::object at_sequence(py::handle hub, std::int64_t sequence) {
  hub_object& h = hub_of(hub);
  require_open(h);
  py::object made = hub_with(h.store, h.options);
  hub_of(made).past = sequence;
  lease(hub_of(made), access::read);  // an instant that is gone is refused here
  return made;
}

// ---------------------------------------------------------------------------------- transactions

transaction_options transaction_options_from(const std::string& reason, const std::string& key,
                                             const std::string& from) {
  transaction_options o;
  o.reason = reason;
  o.operation_key = key;
  for (const choice_option& option : choices<origin>) {
    if (option.name == from) o.from = static_cast<origin>(option.number);
  }
  return o;
}

// The level that was begun: 0 is the transaction, others are savepoints.
std::size_t begin(py::handle hub, const std::string& reason, const std::string& key,
                  const std::string& from, bool reads) {
  hub_object& h = hub_of(hub);
  require_open(h);
  if (h.work && is_here(*h.work)) {
    session& s = *h.work->own;
    transaction next = without_gil(
        [&] { return reads ? s.read() : s.write(transaction_options_from(reason, key, from)); });
    h.work->levels.push_back(std::move(next));
    return h.work->levels.size() - 1;
  }
  if (h.work) {
    throw error(error_code::wrong_thread,
                "this handle has a transaction open in another thread or task; give each its own: "
                "crm.session()");
  }
  auto work = std::make_unique<open_work>();
  work->own = idle_session(h);
  try {
    transaction first = without_gil([&] {
      return reads ? work->own->read()
                   : work->own->write(transaction_options_from(reason, key, from));
    });
    work->levels.push_back(std::move(first));
  } catch (...) {
    give_back(h, std::move(work->own));
    throw;
  }
  if (h.work || h.closed) {  // while we waited
    without_gil([&] { work->levels.clear(); });
    give_back(h, std::move(work->own));
    throw error(h.closed ? error_code::closed : error_code::wrong_thread,
                "this handle was closed, or another thread began a transaction, meanwhile");
  }
  work->thread = PyThread_get_thread_ident();
  work->reads = reads;
  work->token = checked(PyObject_CallNoArgs(reinterpret_cast<PyObject*>(&PyBaseObject_Type)));
  py::list all = tokens();
  all.append(py::reinterpret_borrow<py::object>(work->token));
  set_tokens(all);
  h.work = std::move(work);
  return 0;
}

open_work& work_at(hub_object& h, std::size_t level) {
  require_open(h);
  if (!h.work || level >= h.work->levels.size()) {
    throw error(error_code::closed, "the transaction has ended");
  }
  if (!is_here(*h.work)) {
    throw error(error_code::wrong_thread,
                "the transaction belongs to another thread or task; end it there");
  }
  return *h.work;
}

void leave(hub_object& h) {
  auto work = std::move(h.work);
  py::list rest;
  for (const py::handle token : tokens()) {
    if (token.ptr() != work->token) rest.append(token);
  }
  set_tokens(rest);
  Py_CLEAR(work->token);
  give_back(h, std::move(work->own));
}

// Ends a level and those inside it that were left open.
void end(py::handle hub, std::size_t level, bool commit) {
  hub_object& h = hub_of(hub);
  open_work& work = work_at(h, level);
  while (work.levels.size() > level + 1) {
    without_gil([&] { work.levels.back().rollback(); });
    work.levels.pop_back();
  }
  transaction& last = work.levels.back();
  try {
    without_gil([&] {
      if (commit) {
        last.commit();
      } else {
        last.rollback();
      }
    });
  } catch (...) {
    without_gil([&] { work.levels.pop_back(); });
    if (level == 0) leave(h);
    throw;
  }
  work.levels.pop_back();
  if (level == 0) leave(h);
}

py::list run_sql(py::handle hub, std::size_t level, const std::string& text, py::tuple given) {
  hub_object& h = hub_of(hub);
  open_work& work = work_at(h, level);
  const parameters values = parameters_from(given.ptr(), nullptr);
  std::vector<std::vector<owned_cell>> rows;
  without_gil([&] {
    work.levels[level].sql(text, values.placed, [&](std::span<const cell> cells) {
      rows.emplace_back(cells.begin(), cells.end());
    });
  });
  py::list out;
  for (const auto& r : rows) {
    py::tuple line(r.size());
    for (std::size_t i = 0; i < r.size(); ++i) {
      const cell c = r[i].view();
      switch (c.type()) {
        case storage::null: line[i] = py::none(); break;
        case storage::integer: line[i] = py::int_(c.as_integer()); break;
        case storage::real: line[i] = py::float_(c.as_real()); break;
        case storage::text: line[i] = text_of(c.as_bytes()); break;
        case storage::blob: line[i] = py::bytes(c.as_bytes().data(), c.as_bytes().size()); break;
      }
    }
    out.append(std::move(line));
  }
  return out;
}

// --------------------------------------------------------------------------------- interruption

std::atomic<session*> interrupted_by_signal{nullptr};
struct sigaction python_action;

void stop_query(int number) {
  if (session* s = interrupted_by_signal.load()) s->interrupt();
  if (python_action.sa_handler != SIG_DFL && python_action.sa_handler != SIG_IGN) {
    python_action.sa_handler(number);  // notes the signal for the interpreter
  }
}

}  // namespace

interruptible::interruptible(session& s) {
  if (PyThread_get_thread_ident() != main_thread) return;
  if (interrupted_by_signal.load() != nullptr) return;  // a call inside a call
  struct sigaction current {};
  if (sigaction(SIGINT, nullptr, &current) != 0) return;
  const bool other = (current.sa_flags & SA_SIGINFO) != 0 || current.sa_handler == SIG_IGN ||
                     current.sa_handler == SIG_DFL;
  if (other) return;  // the host handles it in its own way
  python_action = current;
  interrupted_by_signal.store(&s);
  struct sigaction ours = current;
  ours.sa_handler = stop_query;
  installed_ = sigaction(SIGINT, &ours, nullptr) == 0;
  if (!installed_) interrupted_by_signal.store(nullptr);
}

interruptible::~interruptible() {
  if (!installed_) return;
  sigaction(SIGINT, &python_action, nullptr);
  interrupted_by_signal.store(nullptr);
}

shapes& opened::of(const model_ptr& m) {
  if (!latest || latest->model() != m) latest = std::make_shared<shapes>(m);
  return *latest;
}

hub_object& hub_of(py::handle object) {
  if (PyObject_TypeCheck(object.ptr(), hub_type) == 0) throw_wrong_type("not an open store");
  return *reinterpret_cast<hub_object*>(object.ptr());
}

void require_open(const hub_object& h) {
  if (h.closed || h.store->closed) {
    throw error(error_code::closed, "the store is closed; open it again with kith.open()");
  }
}

lease::lease(hub_object& of, access how) : hub_(of) {
  require_open(of);
  if (of.work) {
    if (is_here(*of.work)) {
      session_ = of.work->own.get();
      return;
    }
    if (how == access::write) {
      throw error(error_code::wrong_thread,
                  "this handle has a transaction open in another thread or task; write there, or "
                  "with a handle of its own: crm.session()");
    }
  }
  own_ = idle_session(of);
  session_ = own_.get();
  of.busy.push_back(session_);
  Py_INCREF(&of);
}

lease::~lease() noexcept(false) {
  if (!own_) return;
  give_back(hub_, std::move(own_));
  Py_DECREF(&hub_);
}

snapshot::snapshot(hub_object& of) : hub(&of), own(idle_session(of)) {
  Py_INCREF(hub);
  try {
    without_gil([&] {
      reading.emplace(own->read());
      sequence = own->sequence();
    });
  } catch (const error&) {
    end();
    throw;
  }
}

void snapshot::end() {
  if (!own) return;
  auto s = std::move(own);
  without_gil([&] { reading.reset(); });
  hub_object* const h = std::exchange(hub, nullptr);
  give_back(*h, std::move(s));
  Py_DECREF(h);
}

snapshot::~snapshot() noexcept(false) { end(); }

void bind_hub(py::module_& m) {
  main_thread = PyThread_get_thread_ident();
  open_tokens = checked(PyContextVar_New("kith transactions", nullptr));
  PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(free_hub)},
                         {Py_tp_doc, const_cast<char*>("An open store.")},
                         {0, nullptr}};
  PyType_Spec spec{"kith._kith.Hub", static_cast<int>(sizeof(hub_object)), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  hub_type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)));
  m.attr("Hub") = py::handle(reinterpret_cast<PyObject*>(hub_type));

  m.def("open_store", &open_store);
  m.def("another", &another);
  m.def("at_sequence", &at_sequence);
  m.def("close", [](py::handle hub, bool whole) {
    hub_object& h = hub_of(hub);
    close(h);
    if (!whole) return;
    h.store->closed = true;
    h.store->latest.reset();
    auto base = h.store->base;
    h.store->base.reset();
    without_gil([&] { base.reset(); });
  });
  m.def("is_closed", [](py::handle hub) {
    const hub_object& h = hub_of(hub);
    return h.closed || h.store->closed;
  });
  m.def("begin", &begin);
  m.def("end", &end);
  m.def("sql", &run_sql);
  m.def("already_done", [](py::handle hub, std::size_t level) {
    return work_at(hub_of(hub), level).levels[level].already_done();
  });
  m.def("transaction_sequence", [](py::handle hub, std::size_t level) {
    return work_at(hub_of(hub), level).levels[level].sequence();
  });
  m.def("operation_key", [](py::handle hub, std::size_t level) {
    return py::bytes(work_at(hub_of(hub), level).levels[level].operation_key());
  });
  m.def("in_transaction", [](py::handle hub) {
    const hub_object& h = hub_of(hub);
    return h.work != nullptr && is_here(*h.work);
  });
  m.def("interrupt", [](py::handle hub) {
    hub_object& h = hub_of(hub);
    for (session* s : h.busy) s->interrupt();
    if (h.work) h.work->own->interrupt();
    for (const auto& weak : h.snapshots) {
      if (const auto alive = weak.lock(); alive && alive->own) alive->own->interrupt();
    }
  });
}

}  // namespace kith::python
