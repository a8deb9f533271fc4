// SPDX-License-Identifier: Apache-2.0
//
// Cells to Python objects. What is read most is written without pybind11.
#include "values.hpp"

#include <datetime.h>

#include <array>
#include <map>

namespace kith::python {
namespace {

PyObject* decimal_class = nullptr;
PyObject* money_class = nullptr;
PyObject *amount_name = nullptr, *currency_name = nullptr;

PyObject* text_or_none(std::string_view text) {
  if (text.empty()) Py_RETURN_NONE;
  return unicode(text);
}

// Decimals are immutable, amounts repeat: `0.00`, the price of a product.
PyObject* decimal_of(std::int64_t units, int scale) {
  std::array<char, 32> text;
  char* const end = text.data() + text.size();
  char* at = end;
  const bool negative = units < 0;
  auto rest = negative ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
  for (int digit = 0; digit <= scale || rest != 0; ++digit) {
    if (digit == scale && scale != 0) *--at = '.';
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  if (negative) *--at = '-';
  PyObject* const written = unicode({at, static_cast<std::size_t>(end - at)});
  PyObject* const made = PyObject_CallOneArg(decimal_class, written);
  Py_DECREF(written);
  return checked(made);
}

// Money is immutable to Python; here its two slots are filled without its checks.
PyObject* money_of(std::int64_t units, int scale, std::string_view currency) {
  const py::object amount = py::reinterpret_steal<py::object>(decimal_of(units, scale));
  const py::object code = py::reinterpret_steal<py::object>(unicode(currency));
  auto* const type = reinterpret_cast<PyTypeObject*>(money_class);
  py::object made = taken(type->tp_alloc(type, 0));
  check(PyObject_GenericSetAttr(made.ptr(), amount_name, amount.ptr()));
  check(PyObject_GenericSetAttr(made.ptr(), currency_name, code.ptr()));
  return made.release().ptr();
}

int money_scale(const kind_options& options, std::string_view currency) {
  if (options.scale >= 0) return options.scale;
  const auto code = currency_code::parse(currency);
  return digits_of(options.scale, code ? *code : currency_code());
}

PyObject* person_of(std::string_view last, std::string_view first, std::string_view patronymic) {
  const py::handle cls = from_package("kith._values", "PersonName");
  return cls(text_of(last), text_of(first), text_of(patronymic)).release().ptr();
}

PyObject* address_of(std::array<std::string_view, 5> parts) {
  const py::handle cls = from_package("kith._values", "PostalAddress");
  return cls(text_of(parts[0]), text_of(parts[1]), text_of(parts[2]), text_of(parts[3]),
             text_of(parts[4]))
      .release()
      .ptr();
}

// The value parts of a value, in their order, whatever it came from.
PyObject* from_parts(kind_id kind, const kind_options& options, std::span<const cell> p) {
  const auto text = [&](std::size_t i) {
    return i < p.size() && p[i].has_bytes() ? p[i].as_bytes() : std::string_view{};
  };
  switch (kind) {
    case kind_id::text:
    case kind_id::email:
    case kind_id::phone:
    case kind_id::url: return unicode(text(0));
    case kind_id::blob:
      return checked(
          PyBytes_FromStringAndSize(text(0).data(), static_cast<Py_ssize_t>(text(0).size())));
    case kind_id::integer:
    case kind_id::ref:
    case kind_id::any_ref: return checked(PyLong_FromLongLong(p[0].as_integer()));
    case kind_id::real: return checked(PyFloat_FromDouble(p[0].as_real()));
    case kind_id::decimal: return decimal_of(p[0].as_integer(), options.scale);
    case kind_id::boolean: return PyBool_FromLong(p[0].as_integer() != 0);
    case kind_id::date:
      return to_python(date::from_days(static_cast<std::int32_t>(p[0].as_integer())));
    case kind_id::instant: return to_python(instant{p[0].as_integer()});
    case kind_id::duration: return to_python(duration{p[0].as_integer()});
    case kind_id::money: return money_of(p[0].as_integer(), money_scale(options, text(1)), text(1));
    case kind_id::choice: return checked(PyLong_FromLongLong(p[0].as_integer()));
    case kind_id::person_name: return person_of(text(0), text(1), text(2));
    case kind_id::postal_address: return address_of({text(0), text(1), text(2), text(3), text(4)});
  }
  Py_RETURN_NONE;
}

PyObject* sum_of(const value& v) {
  const money_sum sum = v.as<money_sum>();
  py::dict parts;
  for (const auto& [code, amount] : sum.parts()) {
    parts[text_of(code.text())] =
        py::reinterpret_steal<py::object>(money_of(amount.units(), amount.scale(), code.text()));
  }
  const py::handle cls = from_package("kith._values", "MoneySum");
  return cls(parts).release().ptr();
}

}  // namespace

PyObject* to_python(date d) {
  const auto civil = d.civil();
  return checked(PyDate_FromDate(static_cast<int>(civil.year()),
                                 static_cast<int>(static_cast<unsigned>(civil.month())),
                                 static_cast<int>(static_cast<unsigned>(civil.day()))));
}

PyObject* to_python(instant t) {
  constexpr std::int64_t day = 86'400'000'000;
  std::int64_t days = t.microseconds / day, rest = t.microseconds % day;
  if (rest < 0) {
    rest += day;
    --days;
  }
  const auto civil = date::from_days(static_cast<std::int32_t>(days)).civil();
  const auto seconds = static_cast<int>(rest / 1'000'000);
  return checked(PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(civil.year()), static_cast<int>(static_cast<unsigned>(civil.month())),
      static_cast<int>(static_cast<unsigned>(civil.day())), seconds / 3600, seconds / 60 % 60,
      seconds % 60, static_cast<int>(rest % 1'000'000), PyDateTime_TimeZone_UTC,
      PyDateTimeAPI->DateTimeType));
}

PyObject* to_python(duration d) {
  constexpr std::int64_t day = 86'400'000'000;
  std::int64_t days = d.microseconds / day, rest = d.microseconds % day;
  if (rest < 0) {
    rest += day;
    --days;
  }
  return checked(PyDelta_FromDSU(static_cast<int>(days), static_cast<int>(rest / 1'000'000),
                                 static_cast<int>(rest % 1'000'000)));
}

PyObject* to_python(const decimal& d) { return decimal_of(d.units(), d.scale()); }

PyObject* choice_enum(const entity_type& e, const field_type& f) {
  py::list members;
  for (const choice_option& option : f.def->options.choices) {
    members.append(py::make_tuple(text_of(option.name), option.number, text_of(option.ru)));
  }
  const py::handle make = from_package("kith._values", "choice_class");
  return make(camel(e.name()) + camel(f.name()), members, f.custom).release().ptr();
}

PyObject* choice_member(const attribute& a, std::int64_t number) {
  auto& mutable_attribute = const_cast<attribute&>(a);
  if (a.choices == nullptr) {
    const py::object made = taken(choice_enum(*a.of->entity, *a.field));
    mutable_attribute.choices = py::object(made.attr("by_number_")).release().ptr();
  }
  const py::object key = taken(PyLong_FromLongLong(number));
  PyObject* const found = PyDict_GetItemWithError(a.choices, key.ptr());
  if (found == nullptr) {
    if (PyErr_Occurred() != nullptr) throw python_error();
    return key.inc_ref().ptr();  // written by a newer program
  }
  return Py_NewRef(found);
}

PyObject* to_python(const attribute& a, const row& r) {
  const unsigned s = a.slot;
  if (a.part != whole_value) return text_or_none(r.text(s));
  const kind_options& options = a.field->def->options;
  switch (a.kind) {
    case kind_id::person_name:
      if (!r.has(s) && !r.has(s + 2) && !r.has(s + 4)) Py_RETURN_NONE;
      return person_of(r.text(s), r.text(s + 2), r.text(s + 4));
    case kind_id::postal_address:
      if (!r.has(s) && !r.has(s + 1) && !r.has(s + 3) && !r.has(s + 4) && !r.has(s + 5)) {
        Py_RETURN_NONE;
      }
      return address_of({r.text(s), r.text(s + 1), r.text(s + 3), r.text(s + 4), r.text(s + 5)});
    default: break;
  }
  if (!r.has(s)) Py_RETURN_NONE;
  switch (a.kind) {
    case kind_id::text:
    case kind_id::email:
    case kind_id::phone:
    case kind_id::url: return unicode(r.text(s));
    case kind_id::choice: return choice_member(a, r.integer(s));
    case kind_id::money:
      return money_of(r.integer(s), money_scale(options, r.text(s + 1)), r.text(s + 1));
    case kind_id::real: return checked(PyFloat_FromDouble(r.real(s)));
    case kind_id::blob: {
      const cell c = cell::blob(r.text(s));
      return from_parts(a.kind, options, {&c, 1});
    }
    default: {
      const cell c = cell::integer(r.integer(s));
      return from_parts(a.kind, options, {&c, 1});
    }
  }
}

PyObject* to_python(const value& v) {
  if (v.is_null()) Py_RETURN_NONE;
  if (v.kind() == kind_id::choice) return unicode(v.to_string());
  if (v.kind() == kind_id::money && v.cells().size() != 2) return sum_of(v);
  std::array<cell, max_parts> cells;
  const std::size_t count = std::min<std::size_t>(v.cells().size(), cells.size());
  for (std::size_t i = 0; i < count; ++i) cells[i] = v.cells()[i].view();
  return from_parts(v.kind(), v.options(), {cells.data(), count});
}

void bind_values(py::module_& m) {
  PyDateTime_IMPORT;
  decimal_class = py::object(py::module_::import("decimal").attr("Decimal")).release().ptr();
  amount_name = PyUnicode_InternFromString("amount");
  currency_name = PyUnicode_InternFromString("currency");
  m.def(
      "currency_digits", [](const std::string& code) { return currency_code(code).exponent(); },
      "How many digits the minor unit of a currency has; kith.Invalid for one that is none.");
  m.def("use_money", [](py::object cls) { money_class = cls.release().ptr(); });
}

}  // namespace kith::python
