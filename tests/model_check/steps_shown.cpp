// SPDX-License-Identifier: Apache-2.0
//
// Steps as people read them.
#include <algorithm>

#include "model_check/ledger.hpp"

namespace kith::model_check {

std::string shown(const world& w, const step& s) {
  constexpr const char* names[] = {
      "begin",   "commit", "roll back", "add",          "change",     "remove",
      "restore", "batch",  "add field", "retire field", "add entity", "look",
      "reopen",  "repeat", "import",    "take",         "save"};
  std::string text = names[static_cast<std::size_t>(s.what)];
  if (!s.key.empty()) text += " with key " + s.key;
  if (!s.made.name.empty()) text += " " + s.made.name;
  const bool about_entity =
      (s.what >= act::add && s.what <= act::retire_field) || s.what >= act::import;
  if (!about_entity || static_cast<std::size_t>(s.entity) >= w.entities.size()) return text;
  const entity_plan& e = w.entities[static_cast<std::size_t>(s.entity)];
  text += " " + e.name;
  if (s.what == act::import) return text + shown(e, s.file);
  if (s.handle != 0) text += "#" + std::to_string(s.handle);
  if (!s.field.name.empty()) {
    text += " " + s.field.name + (s.field.unique ? " unique" : "") +
            (s.field.indexed ? " indexed" : "");
    constexpr const char* policies[] = {" restrict", " clear", " cascade", " keep"};
    if (s.field.is.kind == kind_id::ref) {
      text += " to entity " + std::to_string(s.field.is.target);
      text += policies[static_cast<std::size_t>(s.field.policy)];
    }
  }
  for (const auto& [name, d] : s.values) {
    const auto f = std::find_if(e.fields.begin(), e.fields.end(),
                                [&, n = name](const field_plan& p) { return p.name == n; });
    if (f == e.fields.end()) continue;
    const bool odd = f->is.kind == kind_id::choice && d.known && (d.units < 1 || d.units > 3);
    text += " " + name + "=" + (odd ? "?" : shown(f->is, d));
  }
  if (s.draft != 0) text += " (draft " + std::to_string(s.draft) + ")";
  if (s.other) text += " (another session)";
  if (s.what == act::batch) text += s.all_or_nothing ? " (all or nothing)" : " (one by one)";
  for (const step& item : s.items) text += "\n      " + shown(w, item);
  return text;
}

}  // namespace kith::model_check
