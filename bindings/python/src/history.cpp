// SPDX-License-Identifier: Apache-2.0
//
// The change feed, histories, undo, as-of; what a crm itself offers: backup, verify, audit, totals.
#include "collection.hpp"

#include <pybind11/stl.h>

#include "query.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

const char* name_of(change_kind what) {
  switch (what) {
    case change_kind::add: return "add";
    case change_kind::update: return "update";
    case change_kind::remove: return "delete";
    case change_kind::restore: return "restore";
    case change_kind::erase: return "erase";
    case change_kind::merge: return "merge";
  }
  return "";
}

py::str origin_name(origin from) {
  for (const choice_option& option : choices<origin>) {
    if (option.number == static_cast<std::int64_t>(from)) return text_of(option.name);
  }
  return text_of("user");
}

py::object owned(PyObject* made) { return taken(made); }

py::dict head_of(const change_head& h) {
  py::dict d;
  d["sequence"] = h.sequence;
  d["at"] = owned(to_python(h.at));
  d["actor"] = text_of(h.actor);
  d["origin"] = origin_name(h.from);
  d["reason"] = text_of(h.reason);
  d["batch"] = h.batch ? py::object(py::int_(h.batch.value)) : py::object(py::none());
  d["undoes"] = h.undoes == 0 ? py::object(py::none()) : py::object(py::int_(h.undoes));
  return d;
}

// Values before, by field; a part alone has its own name.
py::dict before_of(const record_change& c, const entity_type* e, shapes& of) {
  py::dict before;
  if (e == nullptr) return before;
  const shape& s = of.of(*e);
  for (const attribute& a : s.attributes) {
    if (a.field == nullptr || a.bare_id || a.part != whole_value) continue;
    std::array<cell, max_parts> cells;
    bool changed = false;
    for (const cell_before& b : c.before) {
      if (b.field != a.field->number() || b.part >= max_parts) continue;
      cells[b.part] = b.before.view();
      changed = true;
    }
    if (!changed) continue;
    const value v =
        value::of(a.kind, a.field->def->options, {cells.data(), a.field->parts().size()});
    before[py::handle(a.name)] = owned(to_python(v));
  }
  return before;
}

py::dict change_set_of(const change_set& set, const model& of, shapes& classes) {
  py::dict d = head_of(set);
  d["operation_key"] = py::bytes(set.operation_key);
  py::list changes;
  for (const record_change& c : set.changes) {
    const entity_type* const e = of.find(c.entity);
    py::dict one;
    one["what"] = name_of(c.what);
    one["entity"] = e == nullptr ? py::object(py::none()) : py::object(text_of(e->name()));
    one["id"] = c.id.value;
    one["previous"] = c.previous;
    one["before"] = before_of(c, e, classes);
    changes.append(std::move(one));
  }
  d["changes"] = std::move(changes);
  return d;
}

py::list changes(py::handle hub, std::int64_t since, std::size_t most) {
  hub_object& h = hub_of(hub);
  const lease s(h, access::read);
  const auto sets = long_call(*s, [&] { return s->changes(since, most); });
  shapes& classes = h.store->of(s->model());
  py::list all;
  for (const change_set& set : sets) all.append(change_set_of(set, *s->model(), classes));
  return all;
}

py::list history(py::handle hub, const py::object& record, std::size_t most) {
  hub_object& h = hub_of(hub);
  const row_object* const r = as_record(record.ptr());
  if (r == nullptr) throw_wrong_type("a record is wanted, not " + described(record.ptr()));
  const lease s(h, access::read);
  const entity_type& e = s->model()->entity(r->of->entity->name());
  const record_id id = r->row->id();
  const auto entries = long_call(*s, [&] { return s->history_of(e, id, most); });
  py::list all;
  for (const history_entry& entry : entries) {
    py::dict d = head_of(entry);
    d["what"] = name_of(entry.what);
    py::list fields;
    for (const field_change& f : entry.fields) {
      fields.append(py::make_tuple(text_of(f.field->name()), owned(to_python(f.before)),
                                   owned(to_python(f.after))));
    }
    d["fields"] = std::move(fields);
    all.append(std::move(d));
  }
  return all;
}

py::dict undone(const undo_result& r) {
  py::dict d;
  d["sequence"] = r.sequence;
  d["records"] = r.records;
  py::list contested;
  for (const contested_change& c : r.contested) {
    contested.append(py::make_tuple(
        c.entity == nullptr ? py::object(py::none()) : py::object(text_of(c.entity->name())),
        c.id.value, text_of(c.field), text_of(c.why)));
  }
  d["contested"] = std::move(contested);
  return d;
}

py::dict undo(py::handle hub, std::int64_t number, bool batch, bool skip) {
  const lease s(hub_of(hub), access::write);
  const undo_mode mode = skip ? undo_mode::skip : undo_mode::all;
  return undone(
      long_call(*s, [&] { return batch ? s->undo_batch({number}, mode) : s->undo(number, mode); }));
}

py::list damage_of(const std::vector<damage>& found) {
  py::list all;
  for (const damage& one : found) {
    all.append(
        py::make_tuple(text_of(one.entity), one.id.value, text_of(one.what), text_of(one.remedy)));
  }
  return all;
}

crm& base_of(py::handle hub) {
  hub_object& h = hub_of(hub);
  require_open(h);
  return *h.store->base;
}

// Keeps the store open while the call runs, whoever closes it meanwhile.
template <class Work>
auto with_base(py::handle hub, Work work) {
  hub_object& h = hub_of(hub);
  require_open(h);
  auto base = h.store->base;
  return without_gil([&] { return work(*base); });
}

// -------------------------------------------------------------------------------------- listeners

// Calls Python; what it raises is shown as "unraisable", or vetoes.
class python_listener {
 public:
  python_listener(py::object call, std::weak_ptr<opened> store)
      : call_(call.release().ptr()), store_(std::move(store)) {}
  ~python_listener() {
    if (Py_IsInitialized() == 0) return;
    const py::gil_scoped_acquire lock;
    Py_CLEAR(call_);
  }
  python_listener(const python_listener&) = delete;
  python_listener& operator=(const python_listener&) = delete;

  void tell(const change_set& set, bool veto) {
    if (Py_IsInitialized() == 0) return;
    const py::gil_scoped_acquire lock;
    const auto store = store_.lock();
    if (!store || !store->base || call_ == nullptr) return;
    PyObject* said = nullptr;
    try {
      const model_ptr of = store->base->model();
      const py::handle make = from_package("kith._history", "change_set");
      const py::object shown = make(change_set_of(set, *of, store->of(of)));
      said = PyObject_CallOneArg(call_, shown.ptr());
    } catch (py::error_already_set& e) {
      e.restore();
    } catch (const python_error&) {
    }
    if (said != nullptr) {
      Py_DECREF(said);
    } else if (veto) {
      throw_from_callback();
    } else {
      PyErr_WriteUnraisable(call_);
    }
  }

 private:
  PyObject* call_;
  std::weak_ptr<opened> store_;
};

struct subscription {
  std::shared_ptr<void> token;
};

subscription subscribe(py::handle hub, py::object call, bool veto) {
  if (PyCallable_Check(call.ptr()) == 0) {
    throw_wrong_type("a function is wanted, not " + described(call.ptr()));
  }
  hub_object& h = hub_of(hub);
  require_open(h);
  auto listener = std::make_shared<python_listener>(std::move(call), h.store);
  return {with_base(hub, [&](crm& base) {
    const auto tell = [listener, veto](const change_set& set) { listener->tell(set, veto); };
    return veto ? base.subscribe_veto(tell) : base.subscribe(tell);
  })};
}

void bind_base(py::module_& m) {
  m.def("save", [](py::handle hub) { with_base(hub, [](crm& b) { b.save(); }); });
  m.def("backup", [](py::handle hub, const std::string& path) {
    with_base(hub, [&](crm& b) { b.backup(path); });
  });
  m.def("compact", [](py::handle hub) { with_base(hub, [](crm& b) { b.compact(); }); });
  m.def("write_views", [](py::handle hub) { with_base(hub, [](crm& b) { b.write_views(); }); });
  m.def("host_committed",
        [](py::handle hub) { with_base(hub, [](crm& b) { b.host_committed(); }); });
  m.def("verify", [](py::handle hub) {
    const verification v = with_base(hub, [](crm& b) { return b.verify(); });
    return py::make_tuple(v.records, v.change_sets, damage_of(v.found), v.more);
  });
  m.def("newest_anchor", [](py::handle hub) {
    const audit_anchor a = with_base(hub, [](crm& b) { return b.newest_anchor(); });
    return py::make_tuple(a.count, py::bytes(a.head));
  });
  m.def("check_audit", [](py::handle hub, std::int64_t count, const py::bytes& head) {
    const audit_anchor kept{count, std::string(head)};
    const audit_check c = with_base(hub, [&](crm& b) { return b.check_audit(kept); });
    return py::make_tuple(c.sets, c.first, damage_of(c.found));
  });
  m.def("outcome", [](py::handle hub, const std::string& key) {
    const outcome o = with_base(hub, [&](crm& b) { return b.outcome_of(key); });
    return o == outcome::committed ? "committed" : "absent";
  });
  m.def("capabilities", [](py::handle hub) {
    const capabilities& can = base_of(hub).can();
    py::dict d;
    d["name"] = text_of(can.name);
    d["durability"] = can.durable == capabilities::durability::on_commit ? "on_commit"
                      : can.durable == capabilities::durability::on_save ? "on_save"
                                                                         : "in_process";
    d["many_processes"] = can.many_processes;
    d["parallel_reads"] = can.parallel_reads;
    d["host_sql"] = can.host_sql;
    d["save"] = can.save;
    d["backup"] = can.backup;
    d["compact"] = can.compact;
    d["views"] = can.views;
    d["guest"] = can.guest;
    return d;
  });
}

table total(py::handle hub, const std::string& name, const py::object& group) {
  const lease s(hub_of(hub), access::read);
  if (group.is_none()) return long_call(*s, [&] { return s->total(name); });
  const parameters values = parameters_from(py::tuple(group).ptr(), nullptr);
  return long_call(*s, [&] { return s->total(name, std::span<const value>(values.placed)); });
}

}  // namespace

void bind_history(py::module_& m) {
  py::class_<subscription>(m, "SubscriptionToken").def("cancel", [](subscription& s) {
    auto token = std::move(s.token);
    without_gil([&] { token.reset(); });
  });
  m.def("subscribe", &subscribe);
  m.def("changes", &changes);
  m.def("history", &history);
  m.def("undo", &undo);
  m.def("sequence", [](py::handle hub) {
    const lease s(hub_of(hub), access::read);
    return without_gil([&] { return s->sequence(); });
  });
  m.def("sequence_at", [](py::handle hub, const py::object& when) {
    const instant at = instant_from(when.ptr());
    const lease s(hub_of(hub), access::read);
    return without_gil([&] { return s->sequence_at(at); });
  });
  m.def("consumed", [](py::handle hub, const std::string& consumer) {
    const lease s(hub_of(hub), access::read);
    return without_gil([&] { return s->consumed(consumer); });
  });
  m.def("consume", [](py::handle hub, const std::string& consumer, std::int64_t sequence) {
    const lease s(hub_of(hub), access::write);
    without_gil([&] { s->consume(consumer, sequence); });
  });
  m.def("trim", [](py::handle hub, const py::object& before) {
    const instant at = instant_from(before.ptr());
    const lease s(hub_of(hub), access::write);
    return long_call(*s, [&] { return s->trim(at); });
  });
  m.def("now", [](py::handle hub) {
    const lease s(hub_of(hub), access::read);
    return owned(to_python(without_gil([&] { return s->now(); })));
  });
  m.def("today", [](py::handle hub) {
    const lease s(hub_of(hub), access::read);
    return owned(to_python(without_gil([&] { return s->today(); })));
  });
  m.def("total", &total);
  m.def("add_total",
        [](py::handle hub, const std::string& name, const std::string& entity,
           const std::string& where, const std::string& by, const std::string& measures) {
          const lease s(hub_of(hub), access::write);
          const custom_total added{name, entity, where, by, measures};
          long_call(*s, [&] { s->add_total(added); });
        });
  m.def("remove_total", [](py::handle hub, const std::string& name) {
    const lease s(hub_of(hub), access::write);
    without_gil([&] { s->remove_total(name); });
  });
  bind_base(m);
}

}  // namespace kith::python
