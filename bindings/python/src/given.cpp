// SPDX-License-Identifier: Apache-2.0
//
// What Python gave, as cells and values. Nothing is guessed: a float is no amount, a time without
// a zone is no moment, and the message says what would be.
#include "values.hpp"

#include <datetime.h>

#include <array>
#include <map>

#include "record.hpp"

namespace kith::python {
namespace {

PyTypeObject* decimal_type() {
  static auto* const type = reinterpret_cast<PyTypeObject*>(from_package("decimal", "Decimal"));
  return type;
}
PyTypeObject* value_type(const char* name) {
  return reinterpret_cast<PyTypeObject*>(from_package("kith._values", name));
}
PyTypeObject* money_type() {
  static auto* const type = value_type("Money");
  return type;
}

void import_datetime() {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
}

[[noreturn]] void refuse(const attribute& a, std::string_view wanted, PyObject* given) {
  const std::string entity(a.of->entity->name());
  throw_wrong_type(
      entity + "." + a.text + " takes " + std::string(wanted) + ", not " + described(given), entity,
      a.text);
}

// Any exact number as decimal text without an exponent.
std::optional<decimal> exact(PyObject* given) {
  if (PyBool_Check(given) != 0) return {};
  if (PyLong_Check(given) != 0) {
    int overflow = 0;
    const long long n = PyLong_AsLongLongAndOverflow(given, &overflow);
    if (overflow != 0) {
      throw error(error_code::limit, "the number does not fit into 63 bits; give a smaller one");
    }
    return decimal(static_cast<std::int64_t>(n));
  }
  if (Py_TYPE(given) == decimal_type() || PyObject_TypeCheck(given, decimal_type())) {
    const py::object plain = py::handle(given).attr("__format__")("f");
    return decimal(utf8(plain.ptr()));
  }
  if (PyUnicode_Check(given) != 0) return decimal(utf8(given));
  return {};
}

std::optional<money> money_from(PyObject* given) {
  if (PyObject_TypeCheck(given, money_type())) {
    const py::object amount = py::handle(given).attr("amount");
    const py::object currency = py::handle(given).attr("currency");
    return money(*exact(amount.ptr()), currency_code(utf8(currency.ptr())));
  }
  if (PyUnicode_Check(given) != 0) return money::parse(utf8(given));
  return {};
}

std::int64_t whole(const attribute& a, PyObject* given) {
  if (PyLong_Check(given) == 0 || PyBool_Check(given) != 0)
    refuse(a, "a whole number (int)", given);
  int overflow = 0;
  const long long n = PyLong_AsLongLongAndOverflow(given, &overflow);
  if (overflow != 0) refuse(a, "a whole number of 64 bits", given);
  return n;
}

date date_from(PyObject* given) {
  date d(PyDateTime_GET_YEAR(given), static_cast<unsigned>(PyDateTime_GET_MONTH(given)),
         static_cast<unsigned>(PyDateTime_GET_DAY(given)));
  return d;
}

// Microseconds of a timedelta.
std::int64_t microseconds_of(PyObject* given) {
  std::int64_t us = PyDateTime_DELTA_GET_DAYS(given);
  us = us * 86'400 + PyDateTime_DELTA_GET_SECONDS(given);
  if (us > INT64_MAX / 1'000'000 || us < INT64_MIN / 1'000'000) {
    throw error(error_code::limit, "a length of time is at most 292'000 years");
  }
  return us * 1'000'000 + PyDateTime_DELTA_GET_MICROSECONDS(given);
}

bool is_aware(PyObject* given) {
  if (PyDateTime_DATE_GET_TZINFO(given) == Py_None) return false;
  return !py::handle(given).attr("utcoffset")().is_none();
}

instant instant_of(PyObject* given) {
  const py::object offset = py::handle(given).attr("utcoffset")();
  const std::int64_t days = date_from(given).days;
  std::int64_t us = days * 86'400 + PyDateTime_DATE_GET_HOUR(given) * 3600 +
                    PyDateTime_DATE_GET_MINUTE(given) * 60 + PyDateTime_DATE_GET_SECOND(given);
  us = us * 1'000'000 + PyDateTime_DATE_GET_MICROSECOND(given);
  return {us - microseconds_of(offset.ptr())};
}

void put_choice(any_draft& d, const attribute& a, PyObject* given) {
  if (PyUnicode_Check(given) == 0) refuse(a, "the name of a choice (str)", given);
  std::string_view name = utf8(given);
  std::string names;
  for (const choice_option& option : a.field->def->options.choices) {
    if (option.name == name) {
      d.put(a.slot, cell::integer(option.number));
      return;
    }
    names += (names.empty() ? "" : ", ") + std::string(option.name);
  }
  throw error({{std::string(a.of->entity->name()), a.text, "choice", std::string(name),
                "'" + std::string(name) + "' is none of " + names}});
}

void put_ref(any_draft& d, const attribute& a, PyObject* given) {
  if (const row_object* r = as_record(given)) {
    if (a.field->target != nullptr && r->of->entity->number != a.field->target->number) {
      refuse(a, "a record of " + std::string(a.field->target->plural()) + " or its id", given);
    }
    d.put(a.slot, cell::integer(r->row->id().value));
    return;
  }
  if (PyLong_Check(given) == 0 || PyBool_Check(given) != 0) {
    refuse(a, "a record of " + std::string(a.field->target->plural()) + " or its id", given);
  }
  d.put(a.slot, cell::integer(whole(a, given)));
}

void put_any_ref(any_draft& d, const attribute& a, PyObject* given) {
  const row_object* const r = as_record(given);
  if (r == nullptr) refuse(a, "a record", given);
  d.put(a.slot, cell::integer(r->row->id().value));
  d.put(static_cast<slot_number>(a.slot + 1), cell::integer(r->of->entity->number));
}

// `{"last_name": "…"}`, a PersonName or PostalAddress, or text that the kind reads.
void put_parts(any_draft& d, const attribute& a, PyObject* given, const char* type) {
  const auto parts = a.field->parts();
  if (PyUnicode_Check(given) != 0) {
    draft_sink sink(d, a.slot);
    if (const auto why = a.field->kind().parse(a.field->def->options, utf8(given), {}, sink)) {
      throw error({{std::string(a.of->entity->name()), a.text, "kind", {}, *why}});
    }
    return;
  }
  const bool is_dict = PyDict_Check(given) != 0;
  if (!is_dict && !PyObject_TypeCheck(given, value_type(type))) {
    refuse(a, std::string("kith.") + type + ", a dict of its parts or text", given);
  }
  std::size_t taken_from_dict = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].role == part_role::key) continue;
    const std::string name(parts[i].name);
    py::object part;
    if (!is_dict) {
      part = py::handle(given).attr(name.c_str());
    } else if (PyObject* const found = PyDict_GetItemString(given, name.c_str())) {
      part = py::reinterpret_borrow<py::object>(found);
      ++taken_from_dict;
    }
    const auto slot = static_cast<slot_number>(a.slot + i);
    if (!part || part.is_none()) {
      d.put(slot, cell::null());
    } else if (PyUnicode_Check(part.ptr()) == 0) {
      refuse(a, "text (str) as " + name, part.ptr());
    } else {
      d.put(slot, detail::text_or_null(utf8(part.ptr())));
    }
  }
  if (is_dict && taken_from_dict != static_cast<std::size_t>(PyDict_Size(given))) {
    refuse(a, std::string("the parts of kith.") + type, given);
  }
}

void put_null(any_draft& d, const attribute& a) {
  if (a.part != whole_value) {
    d.put(a.slot, cell::null());
    return;
  }
  const auto parts = a.field->parts();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    d.put(static_cast<slot_number>(a.slot + i), cell::null());
  }
}

void put_exact(any_draft& d, const attribute& a, PyObject* given) {
  const auto n = exact(given);
  if (!n) refuse(a, "an exact number: Decimal, int or str (a float is not exact)", given);
  d.put(a.slot, cell::integer(detail::units_for(*a.field->def, *n)));
}

void put_money(any_draft& d, const attribute& a, PyObject* given) {
  const auto m = money_from(given);
  if (!m) refuse(a, "kith.Money(\"12.50\", \"EUR\") or text such as '12.50 EUR'", given);
  d.put(a.slot, cell::integer(detail::units_for(*a.field->def, *m)));
  d.put(static_cast<slot_number>(a.slot + 1), cell::text(m->currency().text()));
}

void put_time(any_draft& d, const attribute& a, PyObject* given) {
  import_datetime();
  switch (a.kind) {
    case kind_id::date:
      if (PyDate_Check(given) == 0 || PyDateTime_Check(given) != 0) {
        refuse(a, "a datetime.date", given);
      }
      d.put(a.slot, cell::integer(date_from(given).days));
      return;
    case kind_id::instant:
      if (PyDateTime_Check(given) == 0 || !is_aware(given)) {
        refuse(a, "a datetime.datetime with a time zone", given);
      }
      d.put(a.slot, cell::integer(instant_of(given).microseconds));
      return;
    default:
      if (PyDelta_Check(given) == 0) refuse(a, "a datetime.timedelta", given);
      d.put(a.slot, cell::integer(microseconds_of(given)));
  }
}

}  // namespace

void put(any_draft& d, const attribute& a, PyObject* given) {
  if (a.slot == no_slot) detail::throw_no_slot(*a.field->def);
  if (given == Py_None) {
    put_null(d, a);
    return;
  }
  if (a.bare_id) refuse(a, "nothing: set '" + std::string(a.field->name()) + "' instead", given);
  switch (a.part == whole_value ? a.kind : kind_id::text) {
    case kind_id::text:
    case kind_id::email:
    case kind_id::phone:
    case kind_id::url:
      if (PyUnicode_Check(given) == 0) refuse(a, "text (str)", given);
      d.put(a.slot, cell::text(utf8(given)));
      return;
    case kind_id::integer: d.put(a.slot, cell::integer(whole(a, given))); return;
    case kind_id::real: {
      const bool number = PyFloat_Check(given) != 0 || PyLong_Check(given) != 0;
      if (!number || PyBool_Check(given) != 0) refuse(a, "a number (float)", given);
      const double x = PyFloat_AsDouble(given);
      if (x == -1.0 && PyErr_Occurred() != nullptr) throw python_error();
      d.put(a.slot, cell::real(x));
      return;
    }
    case kind_id::decimal: put_exact(d, a, given); return;
    case kind_id::boolean:
      if (PyBool_Check(given) == 0) refuse(a, "True or False", given);
      d.put(a.slot, cell::integer(given == Py_True ? 1 : 0));
      return;
    case kind_id::date:
    case kind_id::instant:
    case kind_id::duration: put_time(d, a, given); return;
    case kind_id::money: put_money(d, a, given); return;
    case kind_id::choice: put_choice(d, a, given); return;
    case kind_id::ref: put_ref(d, a, given); return;
    case kind_id::any_ref: put_any_ref(d, a, given); return;
    case kind_id::person_name: put_parts(d, a, given, "PersonName"); return;
    case kind_id::postal_address: put_parts(d, a, given, "PostalAddress"); return;
    case kind_id::blob: {
      if (PyBytes_Check(given) == 0) refuse(a, "bytes", given);
      d.put(a.slot, cell::blob({PyBytes_AS_STRING(given),
                                static_cast<std::size_t>(PyBytes_GET_SIZE(given))}));
      return;
    }
  }
}

record_id id_from(PyObject* given) {
  if (const row_object* r = as_record(given)) return r->row->id();
  if (PyLong_Check(given) == 0 || PyBool_Check(given) != 0) {
    throw_wrong_type("a record or its id (int) is wanted, not " + described(given));
  }
  const long long n = PyLong_AsLongLong(given);
  if (n == -1 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    return {};  // no record has it
  }
  return {n};
}

instant instant_from(PyObject* given) {
  import_datetime();
  if (PyDateTime_Check(given) == 0 || !is_aware(given)) {
    throw_wrong_type("a datetime.datetime with a time zone is wanted, not " + described(given));
  }
  return instant_of(given);
}

value from_python(PyObject* given) {
  import_datetime();
  if (given == Py_None) return {};
  if (PyBool_Check(given) != 0) return value(given == Py_True);
  if (PyUnicode_Check(given) != 0) return value(utf8(given));
  if (PyLong_Check(given) != 0) return value(exact(given)->units());
  if (PyFloat_Check(given) != 0) return value(PyFloat_AS_DOUBLE(given));
  if (const row_object* r = as_record(given)) return value(r->row->id());
  if (PyObject_TypeCheck(given, money_type())) return value(*money_from(given));
  if (PyObject_TypeCheck(given, decimal_type())) return value(*exact(given));
  if (PyDateTime_Check(given) != 0) return value(instant_from(given));
  if (PyDate_Check(given) != 0) return value(date_from(given));
  if (PyDelta_Check(given) != 0) return value(duration{microseconds_of(given)});
  throw_wrong_type(
      "a value for a query is text, a number, Money, a date, a datetime with a zone, "
      "a timedelta or a record, not " +
      described(given));
}

parameters parameters_from(PyObject* placed, PyObject* named) {
  parameters all;
  for (const py::handle given : py::reinterpret_borrow<py::tuple>(placed)) {
    all.placed.push_back(from_python(given.ptr()));
  }
  if (named == nullptr || named == Py_None) return all;
  for (const auto& [name, given] : py::reinterpret_borrow<py::dict>(named)) {
    all.named.emplace(std::string(utf8(name.ptr())), from_python(given.ptr()));
  }
  return all;
}

}  // namespace kith::python
