// SPDX-License-Identifier: Apache-2.0
//
// Records, questions, pages, groups, single look-ups.
#include "answers.hpp"

#include "suite.hpp"

namespace kith::lab {
namespace {

std::string line_of(session& of, std::string_view entity, const any_record& r) {
  std::string line = std::string(entity) + " " + std::to_string(r.id().value) + " revision " +
                     std::to_string(r.row()->system().revision) + " deleted " +
                     std::to_string(r.row()->system().deleted) + " merged " +
                     std::to_string(r.row()->system().merged_into.value);
  for (const field_type& f : of.model()->entity(entity).fields) {
    if (!f.is_stored()) continue;
    line += " " + std::string(f.name()) + "=" + r[f.name()].to_string();
  }
  return line;
}
void put_records(session& of, answers& to) {
  for (const char* entity : {"client", "deal", "lab_node", "lab_link", "lab_strict", "lab_folder",
                             "lab_file", "lab_drawer"}) {
    const std::string plural(of.model()->entity(entity).plural());
    for (const lifecycle rows : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
      for (const any_record& r : of.query(plural, "order by id").including(rows).all()) {
        to.push_back(line_of(of, entity, r));
      }
    }
  }
}
struct question {
  const char* entity;
  const char* text;
};
constexpr question questions[] = {
    {"clients", "name = 'анна'"},
    {"clients", "name like 'А%' order by name"},
    {"clients", "order by name desc"},
    {"clients", "status = 'existing' order by city, name limit 2"},
    {"clients", "count(branches) > 0"},
    {"clients", "parent.name = 'Анна' order by parent.name, name"},
    {"clients", "order by parent.name desc, employees limit 3"},
    {"clients", "employees >= 10 and parent.employees > 1"},
    {"clients", "sum(branches.employees) >= 5 order by employees desc"},
    {"clients", "count(branches where employees > 4) > 0"},
    {"lab_stricts", "code = 'a'"},
    {"lab_stricts", "code = 'B'"},
    {"lab_links", "forgets.name = 'b' order by name"},
    {"lab_links", "holds.inside.name like '%a%'"},
    {"lab_nodes", "inside is null order by name desc"},
    {"lab_folders", "total > 3 order by total"},
    {"lab_folders", "count(files) = large"},
};
void put_questions(session& of, answers& to) {
  for (const question& q : questions) {
    std::string line = std::string(q.entity) + " " + q.text + ":";
    const any_query asked = of.query(q.entity, q.text);
    for (const any_record& r : asked.all()) line += " " + std::to_string(r.id().value);
    line += "; " + std::to_string(asked.count()) + (asked.exists() ? " exist" : " none");
    if (const auto first = asked.first()) line += " first " + std::to_string(first->id().value);
    to.push_back(line);
  }
}
void put_pages(session& of, answers& to) {
  for (const char* order : {"order by name", "order by employees desc", "order by parent.name"}) {
    std::string line = order;
    any_query q = of.query("clients", order);
    for (;;) {
      const page_of<any_record> page = q.page(2);
      line += " |";
      for (const any_record& r : page.records) line += " " + std::to_string(r.id().value);
      if (page.next.empty()) break;
      q = q.after(page.next, true);
    }
    to.push_back(line);
  }
}
void put_groups(session& of, answers& to) {
  const any_query clients = of.query("clients", "");
  to.push_back(
      clients
          .aggregate({{"status", "status"}},
                     {{"all", "count()"}, {"staff", "sum(employees)"}, {"most", "max(employees)"}})
          .to_string());
  to.push_back(
      clients.aggregate({{"above", "parent.name"}}, {{"all", "count()"}, {"first", "min(name)"}})
          .to_string());
  to.push_back(clients
                   .select({{"name", "name"},
                            {"above", "parent.name"},
                            {"below", "count(branches)"},
                            {"staff", "sum(branches.employees)"}})
                   .to_string());
}
void put_single(session& of, answers& to) {
  const auto id = [](const auto& r) { return r ? std::to_string(r->id().value) : "nobody"; };
  to.push_back("code a: " + id(of.find_one(strict::code, "a")));
  to.push_back("code b: " + id(of.find_one(strict::code, "b")));
  for (const record<client>& c : of.all<client>()) {
    to.push_back(of.get<client>(c.id())[client::name] +
                 (": " + of.value_of(c, client::parent / client::name).to_string()));
  }
}

}  // namespace

answers look(session& of) {
  answers all;
  put_records(of, all);
  put_questions(of, all);
  put_pages(of, all);
  put_groups(of, all);
  put_single(of, all);
  all.push_back("sequence " + std::to_string(of.sequence()));
  return all;
}

}  // namespace kith::lab
