// SPDX-License-Identifier: Apache-2.0
//
// The functions that modules call. They catch everything; what went wrong is kept in the scope, and
// thrown again when the callback answers with its code.
#include <algorithm>

#include "kith/core/error.hpp"
#include "module/registry.hpp"
#include "module/scope.hpp"

namespace kith::inline v1::module {
namespace {

std::string_view text_of(const char* text) { return text == nullptr ? "" : text; }

kith_status keep(::kith_scope& s, kith_status code, std::exception_ptr thrown) {
  s.thrown = std::move(thrown);
  return s.thrown_code = code;
}

// Every function of a scope.
template <class F>
kith_status guard(::kith_scope* s, F work) noexcept {
  if (s == nullptr) return KITH_E_MISUSE;
  try {
    return work(*s);
  } catch (const error& e) {
    return keep(*s, -static_cast<kith_status>(e.code()), std::current_exception());
  } catch (const std::bad_alloc&) {
    return keep(*s, KITH_E_NO_MEMORY, std::current_exception());
  } catch (...) {
    return keep(*s, KITH_E_INTERNAL, std::current_exception());
  }
}
[[noreturn]] void null_given(const ::kith_scope& s, const char* function) {
  throw error(error_code::misuse,
              "the " + s.name + " of a module gives NULL to " + std::string(function) + "()");
}

template <class F>
kith_status read_into(::kith_scope* s, ::kith_value* to, const char* function, F read) noexcept {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    if (to == nullptr) null_given(scope, function);
    *to = {};
    *to = to_c(read(scope), scope.texts);
    return KITH_OK;
  });
}

kith_status get(::kith_scope* s, const char* path, ::kith_value* to) {
  return read_into(s, to, "get", [&](::kith_scope& scope) { return scope.get(text_of(path)); });
}
kith_status get_old(::kith_scope* s, const char* path, ::kith_value* to) {
  return read_into(s, to, "get_old", [&](::kith_scope& scope) { return scope.old(text_of(path)); });
}
kith_status argument(::kith_scope* s, const char* name, ::kith_value* to) {
  return read_into(s, to, "argument",
                   [&](::kith_scope& scope) { return scope.argument(text_of(name)); });
}

// Those that answer a number: 0 when something is wrong, which set(), refuse() and so on then say.
template <class T, class F>
T number_of(::kith_scope* s, F read) noexcept {
  T answer{};
  guard(s, [&](::kith_scope& scope) -> kith_status {
    answer = read(scope);
    return KITH_OK;
  });
  return answer;
}
int32_t changed(::kith_scope* s, const char* field) {
  return number_of<int32_t>(s, [&](auto& scope) { return scope.changed(text_of(field)) ? 1 : 0; });
}
int32_t is_new(::kith_scope* s) {
  return number_of<int32_t>(s, [](auto& scope) { return scope.is_new() ? 1 : 0; });
}
int64_t id(::kith_scope* s) {
  return number_of<int64_t>(s, [](auto& scope) { return scope.id().value; });
}
int64_t now(::kith_scope* s) {
  return number_of<int64_t>(s, [](auto& scope) { return scope.now().microseconds; });
}
int64_t today(::kith_scope* s) {
  return number_of<int64_t>(s, [](auto& scope) { return int64_t{scope.today().days}; });
}
kith_text actor(::kith_scope* s) {
  return number_of<kith_text>(s, [](auto& scope) {
    const std::string_view name = scope.actor();
    return kith_text{name.data(), name.size()};
  });
}

kith_status set(::kith_scope* s, const char* field, const ::kith_value* to) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    if (to == nullptr) null_given(scope, "set");
    scope.set(text_of(field), *to);
    return KITH_OK;
  });
}
kith_status refuse(::kith_scope* s, const char* field, const char* message) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    scope.refuse(text_of(field), std::string(text_of(message)));
    return KITH_OK;
  });
}
kith_status fail(::kith_scope* s, kith_status code, const char* message) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    const bool known = code < 0 && code >= -static_cast<kith_status>(error_code::model);
    const error why(known ? static_cast<error_code>(-code) : error_code::misuse,
                    std::string(text_of(message)));
    return keep(scope, code, std::make_exception_ptr(why));
  });
}

// ----------------------------------------------------------------------------------- other records

value value_of_column(kith::session& s, const any_record& r, std::string_view column,
                      const expression* path) {
  if (column == "id") return {r.id()};
  return s.compute(r.entity(), r.row(), *path);
}

kith_status read(::kith_scope* s, const char* entity, int64_t record, const char* path,
                 ::kith_value* to) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    if (to == nullptr) null_given(scope, "read");
    *to = {};
    kith::session& through = scope.session("read");
    const model_ptr now_in_force = through.model();
    const entity_type& e = now_in_force->entity(text_of(entity));
    const row_ptr r = through.find_row(e, {record});
    if (!r) return KITH_ABSENT;
    const expression what = parse_expression(*now_in_force, e, text_of(path));
    *to = to_c(through.compute(e, r, what), scope.texts);
    return KITH_OK;
  });
}

kith_status query(::kith_scope* s, const char* entity, const char* text, const ::kith_value* given,
                  size_t given_count, const char* const* columns, size_t column_count,
                  kith_status (*take)(void*, const ::kith_value*), void* data) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    if (take == nullptr || (given == nullptr && given_count != 0) ||
        (columns == nullptr && column_count != 0)) {
      null_given(scope, "query");
    }
    kith::session& through = scope.session("query");
    const model_ptr in_force = through.model();
    const entity_type& e = in_force->entity(text_of(entity));
    parameters values;
    for (size_t i = 0; i < given_count; ++i) values.placed.push_back(from_c(given[i]));
    std::vector<expression> paths(column_count);
    for (size_t i = 0; i < column_count; ++i) {
      const std::string_view column = text_of(columns[i]);
      if (column != "id") paths[i] = parse_expression(*in_force, e, column);
    }
    std::vector<::kith_value> cells(column_count);
    const any_query asked = through.query(text_of(entity), text_of(text), std::move(values));
    for (const any_record& r : asked.all()) {
      std::deque<std::string> texts;  // of this record only
      for (size_t i = 0; i < column_count; ++i) {
        cells[i] = to_c(value_of_column(through, r, text_of(columns[i]), &paths[i]), texts);
      }
      if (const kith_status done = take(data, cells.data()); done != KITH_OK) return done;
    }
    return KITH_OK;
  });
}

kith::session& writer(::kith_scope& scope, const char* function) {
  if (!scope.writes()) scope.not_here(function);
  return scope.session(function);
}
void fill(any_draft& d, const ::kith_scope& scope, const entity_type& e, const char* const* fields,
          const ::kith_value* values, size_t count) {
  if ((fields == nullptr || values == nullptr) && count != 0) null_given(scope, "add or update");
  for (size_t i = 0; i < count; ++i) put(d, e, e.field(text_of(fields[i])), values[i]);
}

kith_status add(::kith_scope* s, const char* entity, const char* const* fields,
                const ::kith_value* values, size_t count, int64_t* made) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    if (made != nullptr) *made = 0;
    kith::session& through = writer(scope, "add");
    const entity_type& e = through.model()->entity(text_of(entity));
    any_draft d;
    fill(d, scope, e, fields, values, count);
    const row_ptr r = through.add_row(e, d);
    if (made != nullptr) *made = r->id().value;
    return KITH_OK;
  });
}
kith_status update(::kith_scope* s, const char* entity, int64_t record, const char* const* fields,
                   const ::kith_value* values, size_t count) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    kith::session& through = writer(scope, "update");
    const entity_type& e = through.model()->entity(text_of(entity));
    any_draft d;
    fill(d, scope, e, fields, values, count);
    through.update_row(e, {record}, d);
    return KITH_OK;
  });
}
kith_status remove(::kith_scope* s, const char* entity, int64_t record) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    kith::session& through = writer(scope, "remove");
    through.remove_row(through.model()->entity(text_of(entity)), {record});
    return KITH_OK;
  });
}

// ----------------------------------------------------------------------------------------- reports

kith_status column(::kith_scope* s, const char* name, uint32_t kind, int32_t scale) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    table& to = scope.answer();
    if (name == nullptr) null_given(scope, "column");
    if (kind < KITH_KIND_TEXT || kind > KITH_KIND_BLOB) {
      throw error(error_code::misuse, "the " + scope.name + " of a module has the column " + name +
                                          " of the kind " + std::to_string(kind));
    }
    if (!to.rows.empty()) {
      throw error(error_code::misuse,
                  "the " + scope.name + " of a module adds a column behind its first row");
    }
    table::column& made = to.columns.emplace_back();
    made.name = name;
    made.kind = static_cast<kind_id>(kind);
    made.options.scale = static_cast<std::int8_t>(scale);
    return KITH_OK;
  });
}
kith_status row(::kith_scope* s, const ::kith_value* values, size_t count) {
  return guard(s, [&](::kith_scope& scope) -> kith_status {
    table& to = scope.answer();
    if (count != to.columns.size() || (values == nullptr && count != 0)) {
      throw error(error_code::misuse, "the " + scope.name + " of a module gives " +
                                          std::to_string(count) + " values for " +
                                          std::to_string(to.columns.size()) + " columns");
    }
    std::vector<value> made;
    for (size_t i = 0; i < count; ++i) {
      const bool fits = values[i].kind == KITH_KIND_NONE ||
                        values[i].kind == static_cast<unsigned>(to.columns[i].kind);
      if (!fits) {
        throw error(error_code::misuse, "the " + scope.name +
                                            " of a module gives a value of another kind for the "
                                            "column " +
                                            to.columns[i].name);
      }
      made.push_back(from_c(values[i]));
    }
    to.rows.push_back(std::move(made));
    return KITH_OK;
  });
}

}  // namespace

const ::kith_module_host host_table = {
    sizeof(::kith_module_host),
    KITH_MODULE_ABI,
    0,
    add_entity,
    add_field,
    add_rule,
    add_action,
    add_report,
    fail_to_load,
    get,
    get_old,
    argument,
    changed,
    is_new,
    id,
    set,
    refuse,
    fail,
    now,
    today,
    actor,
    read,
    query,
    add,
    update,
    remove,
    column,
    row,
};

}  // namespace kith::inline v1::module
