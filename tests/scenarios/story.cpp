// SPDX-License-Identifier: Apache-2.0
#include "story.hpp"

#include <sstream>

namespace kith::scenarios {
namespace {

constexpr instant morning{1'772'442'000'000'000};  // 2026-03-02T09:00:00Z

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

/// The parts between separators, without blanks around them.
std::vector<std::string> parts(std::string_view text, std::string_view separator) {
  std::vector<std::string> all;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(separator, at);
    all.push_back(trimmed(text.substr(at, end - at)));
    if (end == text.npos) return all;
    at = end + separator.size();
  }
}

/// What stands before and behind the first separator.
std::pair<std::string, std::string> cut(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == text.npos) return {trimmed(text), {}};
  return {trimmed(text.substr(0, at)), trimmed(text.substr(at + separator.size()))};
}

std::string joined(const std::vector<std::string>& all, std::string_view between) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : std::string(between)) + one;
  return text;
}

std::string refused(const error& e) {
  std::string text = "! " + std::string(name_of(e.code()));
  std::vector<std::string> all;
  for (const violation& v : e.violations()) {
    all.push_back(v.field.empty() ? v.rule : v.rule.empty() ? v.field : v.field + " " + v.rule);
  }
  if (all.empty() && !e.field().empty()) all.push_back(e.field());
  return all.empty() ? text : text + ": " + joined(all, ", ");
}

}  // namespace

story::story()
    : clock_(std::make_shared<manual_clock>(morning)),
      base_(kith::open(":memory:", {.clock = clock_})),
      session_(base_.open_session({.actor = "anna"})) {}

std::string story::told(std::string_view file) {
  std::string text;
  std::istringstream in{std::string(file)};
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("= ") || line.starts_with("! ")) continue;  // what it should answer
    text += line + "\n";
    if (line.empty() || line.starts_with('#')) continue;
    for (const std::string& answered : answer(line)) text += answered + "\n";
  }
  return text;
}

story::lines story::answer(const std::string& line) {
  const auto [word, rest] = cut(line, " ");
  try {
    return does(word, rest);
  } catch (const error& e) {
    return {refused(e)};
  }
}

story::lines story::does(const std::string& word, const std::string& rest) {
  if (word == "add") return add(rest), lines{};
  if (word == "set") return set(rest), lines{};
  if (word == "call") return call(rest), lines{};
  if (word == "report") return report(rest);
  if (word == "history") return history(rest);
  if (word == "total") return rows(session_.total(rest));
  if (word == "as") return work_as(rest), lines{};
  if (word == "wait") return clock_->advance(duration::parse(rest).value()), lines{};
  if (word == "mark") return marks_[rest] = session_.sequence(), lines{};
  if (word == "begin") return open_.push_back(session_.write({.reason = rest})), lines{};
  if (word == "commit") return open_.back().commit(), open_.pop_back(), lines{};
  if (word == "rollback") return open_.pop_back(), lines{};
  if (word == "delete") {
    return session_.remove_row(named(rest).entity(), named(rest).id), lines{};
  }
  if (word == "restore") {
    return session_.restore_row(named(rest).entity(), named(rest).id), lines{};
  }
  if (word == "undo") {
    return {"= " + std::to_string(session_.undo(marks_.at(rest)).records)};
  }
  if (word == "field") {
    const std::vector<std::string> words = parts(rest, " ");
    return session_.add_field(words.at(0),
                              {.name = words.at(1), .kind = find_kind(words.at(2))->id}),
           lines{};
  }
  if (word == "then") {
    const auto [mark, command] = cut(rest, " ");
    const auto [asked, about] = cut(command, " ");
    session past = session_.as_of(marks_.at(mark));
    return asks(past, asked, about);
  }
  return asks(session_, word, rest);
}

story::lines story::asks(session& in, const std::string& word, const std::string& rest) {
  if (word == "show") return show(in, rest);
  if (word == "list") return list(in, rest);
  if (word == "group") return group(in, rest);
  if (word == "count") return {"= " + std::to_string(ask(in, rest).count())};
  throw error(error_code::misuse, "a scenario has no command " + word);
}

std::vector<story::assigned> story::assignments(std::string_view text) {
  std::vector<assigned> all;
  if (text.empty()) return all;
  for (const std::string& one : parts(text, ";")) {
    auto [name, value] = cut(one, "=");
    all.push_back({std::move(name), std::move(value)});
  }
  return all;
}

story::known story::named(const std::string& name) const {
  const auto found = records_.find(name);
  if (found == records_.end()) throw error(error_code::misuse, "no record is called " + name);
  return {&session_.model()->entity(found->second.first), found->second.second};
}

void story::put(any_draft& d, const entity_type& e, const assigned& a) const {
  const field_place place = e.field(a.name);
  const field_type& f = *place.field;
  if (a.text.starts_with('@')) {
    return d.put(f.slot, cell::integer(named(a.text.substr(1)).id.value));
  }
  if (place.part != whole_value) {
    return d.put(static_cast<slot_number>(f.slot + place.part), cell::text(a.text));
  }
  if (a.text.empty()) {
    for (unsigned i = 0; i < f.parts().size(); ++i) {
      d.put(static_cast<slot_number>(f.slot + i), cell::null());
    }
    return;
  }
  draft_sink sink(d, f.slot);
  if (const auto problem = f.kind().parse(f.def->options, a.text, {}, sink)) {
    throw error(error_code::invalid, "'" + a.text + "' " + *problem,
                {std::string(e.name()), 0, std::string(f.name())});
  }
}

void story::add(const std::string& rest) {
  const auto [head, values] = cut(rest, ":");
  const auto [entity_name, name] = cut(head, " as ");
  const entity_type& e = session_.model()->entity(entity_name);
  any_draft d;
  for (const assigned& a : assignments(values)) put(d, e, a);
  const row_ptr r = session_.add_row(e, d);
  if (!name.empty()) records_[name] = {entity_name, r->id()};
}

void story::set(const std::string& rest) {
  const auto [name, values] = cut(rest, ":");
  const known k = named(name);
  any_draft d;
  for (const assigned& a : assignments(values)) put(d, k.entity(), a);
  session_.update_row(k.entity(), k.id, d);
}

story::lines story::show(session& in, const std::string& rest) {
  const auto [name, expressions] = cut(rest, ":");
  const known k = named(name);
  const row_ptr r = in.get_row(k.entity(), k.id);
  std::vector<std::string> values;
  for (const std::string& text : parts(expressions, ";")) {
    values.push_back(
        shown(in.compute(k.entity(), r, parse_expression(*in.model(), k.entity(), text))));
  }
  return {"= " + joined(values, " | ")};
}

// `@name` in a condition is a parameter.
any_query story::ask(session& in, const std::string& entity_and_condition) const {
  const auto [entity, condition] = cut(entity_and_condition, " ");
  std::string text;
  parameters values;
  for (std::size_t at = 0; at < condition.size(); ++at) {
    if (condition[at] != '@') {
      text += condition[at];
      continue;
    }
    const std::size_t end = condition.find_first_of(" )", at);
    values.placed.emplace_back(named(condition.substr(at + 1, end - at - 1)).id);
    text += '?';
    at = end == condition.npos ? condition.size() : end - 1;
  }
  return in.query(entity, text, std::move(values));
}

story::lines story::list(session& in, const std::string& rest) {
  const auto [asked, columns] = cut(rest, " : ");
  std::vector<std::pair<std::string, std::string>> wanted;
  for (const std::string& text : parts(columns, ";")) wanted.emplace_back(text, text);
  return rows(ask(in, asked).select(wanted));
}

story::lines story::group(session& in, const std::string& rest) {
  const std::vector<std::string> all = parts(rest, " : ");
  std::vector<std::pair<std::string, std::string>> by, measures;
  for (const std::string& text : parts(all.at(1), ";")) by.emplace_back(text, text);
  for (const assigned& m : assignments(all.at(2))) measures.emplace_back(m.name, m.text);
  return rows(ask(in, all.at(0)).aggregate(by, measures));
}

void story::call(const std::string& rest) {
  const auto [head, values] = cut(rest, ":");
  const auto [what, names] = cut(head, " ");
  const auto [subject, answer] = cut(names, " as ");
  const auto [entity, name] = cut(what, ".");
  const action_type& action = session_.model()->action(entity, name);
  any_draft d;
  transaction_options how;
  for (const assigned& a : assignments(values)) {
    if (a.name == "reason") {
      how.reason = a.text;
    } else {
      put(d, action.arguments, a);
    }
  }
  const any_record done = session_.call(action, named(subject).id, d, how);
  if (!answer.empty()) records_[answer] = {std::string(done.entity().name()), done.id()};
}

story::lines story::report(const std::string& rest) {
  const auto [name, values] = cut(rest, ":");
  const report_type& asked = session_.model()->report(name);
  any_draft d;
  for (const assigned& a : assignments(values)) put(d, asked.arguments, a);
  const table t = session_.report(asked, d);
  std::vector<std::string> names;
  for (const table::column& c : t.columns) names.push_back(c.name);
  lines all{"= " + joined(names, " | ")};
  for (std::string& line : rows(t)) all.push_back(std::move(line));
  return all;
}

story::lines story::history(const std::string& name) {
  const known k = named(name);
  lines all;
  for (const history_entry& h : session_.history_of(k.entity(), k.id)) {
    std::vector<std::string> fields;
    for (const field_change& f : h.fields) {
      fields.push_back(std::string(f.field->name()) + ": " + shown(f.before) + " -> " +
                       shown(f.after));
    }
    all.push_back("= " + h.actor + ": " + joined(fields, "; "));
  }
  return all;
}

void story::work_as(const std::string& rest) {
  const auto [actor, conditions] = cut(rest, " ");
  auto sees = std::make_shared<visibility>();
  for (const std::string& one : parts(conditions, ";")) {
    const auto [entity, condition] = cut(one, ":");
    sees->only(entity, condition);
  }
  session_ = base_.open_session({.actor = actor, .sees = sees});
}

std::string story::shown(const value& v) const {
  if (v.is_null()) return "-";
  if (v.kind() == kind_id::ref) {
    for (const auto& [name, of] : records_) {
      if (of.second == v.as<record_id>()) return "@" + name;
    }
  }
  return v.to_string();
}

story::lines story::rows(const table& t) const {
  lines all;
  for (const auto& row : t.rows) {
    std::vector<std::string> values;
    for (const value& v : row) values.push_back(shown(v));
    all.push_back("= " + joined(values, " | "));
  }
  return all;
}

}  // namespace kith::scenarios
