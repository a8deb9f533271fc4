// SPDX-License-Identifier: Apache-2.0
//
// Neutral values, by kind. A unique field has the record's id in it.
#include "core/erasure/neutral.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kith::inline v1::detail {
namespace {

bool must_differ(const entity_type& e, const field_type& f) {
  return std::any_of(e.indexes.begin(), e.indexes.end(), [&](const index_type& i) {
    return i.as == index_def::shape::exclusive &&
           std::find(i.fields.begin(), i.fields.end(), &f) != i.fields.end();
  });
}

std::string neutral_text(const field_type& f, const std::string& id, bool unique) {
  switch (f.def->kind) {
    case kind_id::email: return (unique ? "erased-" + id : "erased") + "@erased.invalid";
    case kind_id::url: return "https://erased.invalid/" + (unique ? id : "");
    case kind_id::phone:
      return "+000" +
             (unique ? id.substr(id.size() > 12 ? id.size() - 12 : 0) : std::string("0000000"));
    default: break;
  }
  std::string text = unique ? "erased " + id : "erased";
  const std::size_t most = f.def->options.max_length;
  if (most != 0 && text.size() > most) text = unique ? id : text.substr(0, most);
  return text;
}

std::int64_t neutral_number(const field_type& f) {
  const kind_options& o = f.def->options;
  if (f.def->kind == kind_id::choice) return o.choices.empty() ? 0 : o.choices.front().number;
  return 0;
}

}  // namespace

void put_neutral(const entity_type& e, const field_type& f, record_id id, any_draft& d) {
  const auto parts = f.parts();
  const auto put = [&](unsigned part, cell c) {
    d.put(static_cast<slot_number>(f.slot + part), c);
  };
  const bool refers = f.def->kind == kind_id::ref || f.def->kind == kind_id::any_ref;
  if (f.def->required && refers) return;  // the record it names says what is to be said
  for (unsigned i = 0; i < parts.size(); ++i) put(i, cell::null());
  if (!f.def->required || f.retired) return;
  const bool unique = must_differ(e, f);
  const std::string text = neutral_text(f, std::to_string(id.value), unique);
  switch (parts.front().type) {
    case storage::text: put(0, cell::text(text)); break;
    case storage::blob: put(0, cell::blob(text)); break;
    case storage::real: put(0, cell::real(unique ? static_cast<double>(id.value) : 0)); break;
    default: put(0, cell::integer(unique ? id.value : neutral_number(f)));
  }
  if (f.def->kind == kind_id::money) put(1, cell::text("EUR"));
}

bool has_personal_value(const entity_type& e, const field_type& f, const row_ptr& r) {
  if (!f.is_stored()) return false;
  any_draft d(r);
  put_neutral(e, f, r->id(), d);
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    if (f.parts()[i].role != part_role::value) continue;
    const auto s = static_cast<slot_number>(f.slot + i);
    const cell now = r->at(s, f.parts()[i].type);
    if (!now.is_null() && now != d.at(s, f.parts()[i].type)) return true;
  }
  return false;
}

}  // namespace kith::inline v1::detail
