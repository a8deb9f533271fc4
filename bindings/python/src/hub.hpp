// SPDX-License-Identifier: Apache-2.0
//
// An open store as Python holds it: sessions for whoever calls, the transaction that is open, and
// who may use it. Every field is used with the interpreter's lock held; sessions, one call at a
// time, without it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "kith/core/crm.hpp"
#include "python.hpp"
#include "shape.hpp"

namespace kith::python {

/// What all handles of one open store share; the store closes with the last use.
struct opened {
  std::shared_ptr<kith::crm> base;
  bool closed = false;
  std::shared_ptr<shapes> latest;
  /// The classes of this model.
  shapes& of(const model_ptr& m);
};

/// A transaction that Python opened, its savepoints behind it.
struct open_work {
  std::unique_ptr<kith::session> own;
  std::vector<kith::transaction> levels;
  unsigned long thread = 0;
  PyObject* token = nullptr;
  bool reads = false;
};

struct snapshot;

struct hub_object {
  PyObject_HEAD std::shared_ptr<opened> store;
  session_options options;
  std::optional<std::int64_t> past;  ///< a handle on an earlier state
  std::vector<std::unique_ptr<kith::session>> idle;
  std::vector<kith::session*> busy;
  std::unique_ptr<open_work> work;
  std::vector<std::weak_ptr<snapshot>> snapshots;
  bool closed = false;
};

hub_object& hub_of(py::handle object);
extern PyTypeObject* hub_type;

/// A session for one call: the open transaction's, or an idle one.
class lease {
 public:
  lease(hub_object& of, access how);
  ~lease() noexcept(false);
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  kith::session& operator*() const noexcept { return *session_; }
  kith::session* operator->() const noexcept { return session_; }
  bool in_transaction() const noexcept { return own_ == nullptr; }
  const shape& shape_of(const entity_type& e) const {
    return hub_.store->of(session_->model()).of(e);
  }

 private:
  hub_object& hub_;
  std::unique_ptr<kith::session> own_;
  kith::session* session_;
};

/// One instant that a result is read at: a session of its own with a read transaction.
struct snapshot {
  explicit snapshot(hub_object& of);
  ~snapshot() noexcept(false);
  /// Ends the read transaction and gives the session back.
  void end();
  hub_object* hub;
  std::unique_ptr<kith::session> own;
  std::optional<kith::transaction> reading;
  std::int64_t sequence = 0;
  bool in_call = false;
};

/// While it lives, SIGINT stops the session's running query; only in the main thread.
class interruptible {
 public:
  explicit interruptible(kith::session& s);
  ~interruptible();
  interruptible(const interruptible&) = delete;
  interruptible& operator=(const interruptible&) = delete;

 private:
  bool installed_ = false;
};

/// A long call: without the lock, stopped by Ctrl-C. KeyboardInterrupt wins over the error.
template <class Work>
auto long_call(kith::session& s, Work work) {
  try {
    const interruptible guard(s);
    return without_gil(work);
  } catch (const error& e) {
    if (e.code() == error_code::interrupted && PyErr_CheckSignals() != 0) throw python_error();
    throw;
  }
}

/// Closed, forked and the like are thrown here.
void require_open(const hub_object& h);

}  // namespace kith::python
