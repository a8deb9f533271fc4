// SPDX-License-Identifier: Apache-2.0
//
// Random rights, worlds and questions against a naive model: a second store that holds only what
// the actor may see, hidden records left out, references to them and masked fields empty. Whatever
// is asked must be answered alike, and what hidden records hold must occur in no answer.
// KITH_PROBES sets how many questions are asked.
#include <chrono>
#include <iostream>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "environment.hpp"
#include "kith/storage/memory.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

struct person {
  std::string name;
  int employees = 0;
  std::string city;
  int parent = -1;  // place in the list
  bool deleted = false;
};
struct paper {
  int folder = -1;
  int pages = 1;
};
struct binder {
  int factor = 1;
};
struct bond {
  std::string name;
  int holds = -1;  // a client, through any_ref
};

// Plain lists; what the rules mean is said here a second time.
struct world {
  std::vector<person> people;
  std::vector<binder> folders;
  std::vector<paper> files;
  std::vector<bond> bonds;
};

struct rights {
  std::shared_ptr<visibility> rules = std::make_shared<visibility>();
  std::vector<bool> people, folders, files, bonds;
  bool masks_employees = false, masks_city = false, masks_pages = false, masks_factor = false;
  std::string said;
};

class dice {
 public:
  explicit dice(std::uint64_t seed) : numbers_(seed) {}
  int below(int n) { return static_cast<int>(numbers_() % static_cast<unsigned>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  template <class T, std::size_t N>
  const T& of(const T (&list)[N]) {
    return list[below(static_cast<int>(N))];
  }

 private:
  std::mt19937_64 numbers_;
};

world make_world(dice& d) {
  constexpr const char* cities[] = {"", "Омск", "омск", "Тверь"};
  world w;
  for (int i = 0, n = 2 + d.below(9); i < n; ++i) {
    person p;
    p.name = std::string(d.one_in(2) ? "Анна " : "Борис ") + std::to_string(i);
    p.employees = d.below(6);
    p.city = d.of(cities);
    p.parent = i > 0 && !d.one_in(3) ? d.below(i) : -1;
    p.deleted = d.one_in(8);
    w.people.push_back(p);
  }
  for (int i = 0, n = 1 + d.below(4); i < n; ++i) w.folders.push_back({d.below(4)});
  for (int i = 0, n = d.below(10); i < n; ++i) {
    w.files.push_back(
        {d.one_in(6) ? -1 : d.below(static_cast<int>(w.folders.size())), d.below(20)});
  }
  for (int i = 0, n = d.below(6); i < n; ++i) {
    w.bonds.push_back({"bond " + std::to_string(i),
                       d.one_in(4) ? -1 : d.below(static_cast<int>(w.people.size()))});
  }
  for (person& p : w.people) {  // who is gone is named by nobody
    if (p.parent >= 0 && w.people[static_cast<std::size_t>(p.parent)].deleted) p.parent = -1;
  }
  for (bond& b : w.bonds) {
    if (b.holds >= 0 && w.people[static_cast<std::size_t>(b.holds)].deleted) b.holds = -1;
  }
  return w;
}

rights make_rights(dice& d, const world& w) {
  rights r;
  r.rules->mask(client::note);
  r.people.assign(w.people.size(), true);
  r.folders.assign(w.folders.size(), true);
  r.files.assign(w.files.size(), true);
  r.bonds.assign(w.bonds.size(), true);
  const auto parent_of = [&](std::size_t i) -> const person* {
    const int p = w.people[i].parent;
    return p < 0 ? nullptr : &w.people[static_cast<std::size_t>(p)];
  };
  const auto keep = [](std::vector<bool>& seen, const auto& meets) {
    for (std::size_t i = 0; i < seen.size(); ++i) seen[i] = seen[i] && meets(i);
  };
  const auto only = [&](const char* entity, const std::string& text) {
    r.rules->only(entity, text);
    r.said += std::string(entity) + ": " + text + "; ";
  };
  for (int i = 0, n = d.below(3); i < n; ++i) {
    const int k = d.below(6);
    const std::string number = std::to_string(k);
    switch (d.below(6)) {
      case 0:
        only("client", "employees < " + number);
        keep(r.people, [&](std::size_t p) { return w.people[p].employees < k; });
        break;
      case 1:
        only("client", "city = 'ОМСК' or employees = " + number);
        keep(r.people, [&](std::size_t p) {
          return w.people[p].city == "Омск" || w.people[p].city == "омск" ||
                 w.people[p].employees == k;
        });
        break;
      case 2:
        only("client", "parent is null or parent.employees > " + number);
        keep(r.people,
             [&](std::size_t p) { return parent_of(p) == nullptr || parent_of(p)->employees > k; });
        break;
      case 3:
        only("client", "not exists(branches)");
        keep(r.people, [&](std::size_t p) {
          for (const person& other : w.people) {
            if (other.parent == static_cast<int>(p) && !other.deleted) return false;
          }
          return true;
        });
        break;
      case 4:
        r.rules->permit("client", "employees = " + number).permit("client", "name like 'Анна%'");
        r.said += "client permitted: " + number + "; ";
        keep(r.people, [&](std::size_t p) {
          return w.people[p].employees == k || w.people[p].name.starts_with("Анна");
        });
        i = n;  // permissions add up: only once
        break;
      default:
        only("client", "employees * 2 >= " + number);
        keep(r.people, [&](std::size_t p) { return w.people[p].employees * 2 >= k; });
    }
  }
  if (d.one_in(3)) {
    const int k = d.below(4);
    only("lab_folder", "factor <> " + std::to_string(k));
    keep(r.folders, [&](std::size_t f) { return w.folders[f].factor != k; });
  }
  if (d.one_in(3)) {
    only("lab_file", "pages < 12");
    keep(r.files, [&](std::size_t f) { return w.files[f].pages < 12; });
  }
  if (d.one_in(6)) {
    r.rules->hide("lab_link");
    r.said += "no links; ";
    keep(r.bonds, [](std::size_t) { return false; });
  }
  if ((r.masks_employees = d.one_in(5))) r.rules->mask(client::employees);
  if ((r.masks_city = d.one_in(5))) r.rules->mask(client::address);
  if ((r.masks_pages = d.one_in(8))) r.rules->mask(file::pages);
  if ((r.masks_factor = d.one_in(8))) r.rules->mask("lab_folder", "factor");
  r.said += std::string(r.masks_employees ? "employees masked; " : "") +
            (r.masks_city ? "city masked; " : "") + (r.masks_pages ? "pages masked; " : "") +
            (r.masks_factor ? "factor masked; " : "");
  return r;
}

// Ids differ between two stores: records go by their names.
using names_of = std::map<std::int64_t, std::string>;
constexpr const char* canary = "канарейка";

struct filled {
  std::vector<record_id> people;
  names_of names;
};

filled fill(session& to, const world& w, const rights* seen) {
  const auto sees = [&](const std::vector<bool> rights::*list, std::size_t i) {
    return seen == nullptr || (seen->*list)[i];
  };
  const auto place = [](int i) { return static_cast<std::size_t>(i); };
  filled f;
  transaction tx = to.write();
  f.people.resize(w.people.size());
  for (std::size_t i = 0; i < w.people.size(); ++i) {
    if (!sees(&rights::people, i)) continue;
    const person& p = w.people[i];
    draft<client> d;
    d.set(client::name = p.name);
    if (seen == nullptr) d.set(client::note = canary);
    if (seen == nullptr || !seen->masks_employees) d.set(client::employees = p.employees);
    if (!p.city.empty() && (seen == nullptr || !seen->masks_city)) d.set(client::city = p.city);
    if (p.parent >= 0 && sees(&rights::people, place(p.parent))) {
      d.set(client::parent = ref<client>{f.people[place(p.parent)]});
    }
    f.people[i] = to.add(d).id();
    f.names[f.people[i].value] = p.name;
  }
  std::vector<record_id> folders(w.folders.size());
  for (std::size_t i = 0; i < w.folders.size(); ++i) {
    if (!sees(&rights::folders, i)) continue;
    draft<folder> d;
    if (seen != nullptr && seen->masks_factor) {
      d.set(folder::factor = none);
    } else {
      d.set(folder::factor = w.folders[i].factor);
    }
    folders[i] = to.add(d).id();
    f.names[folders[i].value] = "folder " + std::to_string(i);
  }
  for (std::size_t i = 0; i < w.files.size(); ++i) {
    if (!sees(&rights::files, i)) continue;
    const paper& p = w.files[i];
    draft<file> d;
    if (seen != nullptr && seen->masks_pages) {
      d.set(file::pages = none);
    } else {
      d.set(file::pages = p.pages);
    }
    if (p.folder >= 0 && sees(&rights::folders, place(p.folder))) {
      d.set(file::folder = ref<folder>{folders[place(p.folder)]});
    }
    f.names[to.add(d).id().value] = "file " + std::to_string(i);
  }
  for (std::size_t i = 0; i < w.bonds.size(); ++i) {
    if (!sees(&rights::bonds, i)) continue;
    draft<link> d;
    d.set(link::name = w.bonds[i].name);
    const int holds = w.bonds[i].holds;
    if (holds >= 0 && sees(&rights::people, place(holds))) {
      d.set(link::anything = any_ref{to.model()->entity<client>().number, f.people[place(holds)]});
    }
    f.names[to.add(d).id().value] = w.bonds[i].name;
  }
  tx.commit();
  return f;
}

struct question {
  std::string entity, text, group, measure, column;
};

constexpr const char* of_people[] = {"name",
                                     "employees",
                                     "city",
                                     "parent.name",
                                     "parent.employees",
                                     "parent.city",
                                     "parent",
                                     "parent.parent.name",
                                     "count(branches)",
                                     "id",
                                     "parent.id",
                                     "sum(branches.employees)",
                                     "max(branches.employees)",
                                     "count(branches where employees > 2)",
                                     "coalesce(parent.name, 'nobody')",
                                     "employees + parent.employees",
                                     "deleted",
                                     "parent.deleted"};
constexpr const char* of_folders[] = {"total",        "factor",           "large",
                                      "count(files)", "sum(files.pages)", "sum(files.size)",
                                      "id",           "max(files.twice)"};
constexpr const char* of_files[] = {"pages",  "size",         "twice",
                                    "folder", "folder.total", "folder.factor",
                                    "id",     "folder.large", "pages + folder.total"};
constexpr const char* of_bonds[] = {"name", "id", "anything is null", "follows.name"};

std::string term(dice& d, const std::string& entity) {
  if (entity == "client") return d.of(of_people);
  if (entity == "lab_folder") return d.of(of_folders);
  if (entity == "lab_file") return d.of(of_files);
  return d.of(of_bonds);
}

bool is_text(const std::string& t) {
  return t.find("name") != std::string::npos || t.find("city") != std::string::npos;
}
bool is_truth(const std::string& t) { return t.ends_with("is null") || t.ends_with("deleted"); }

std::string condition(dice& d, const std::string& entity, int depth) {
  if (depth > 0 && d.one_in(3)) {
    return "(" + condition(d, entity, depth - 1) + (d.one_in(2) ? " and " : " or ") +
           condition(d, entity, depth - 1) + ")";
  }
  if (depth > 0 && d.one_in(8)) return "not (" + condition(d, entity, depth - 1) + ")";
  const std::string t = term(d, entity);
  if (is_truth(t)) return t;
  if (d.one_in(5)) return t + (d.one_in(2) ? " is null" : " is not null");
  constexpr const char* signs[] = {" = ", " <> ", " < ", " >= "};
  constexpr const char* texts[] = {"'анна 1'", "'борис 2'", "'омск'", "'АННА 0'"};
  if (t == "id" || t == "parent" || t == "folder" || t.ends_with(".id")) return t + " is null";
  if (is_text(t)) return t + (d.one_in(4) ? " like 'А%'" : d.of(signs) + std::string(d.of(texts)));
  return t + d.of(signs) + std::to_string(d.below(30));
}

question make_question(dice& d) {
  constexpr const char* entities[] = {"client",     "client",   "client",
                                      "lab_folder", "lab_file", "lab_link"};
  question q;
  q.entity = d.of(entities);
  if (!d.one_in(4)) q.text = condition(d, q.entity, 2);
  if (d.one_in(2)) {
    std::string key = term(d, q.entity);
    if (key == "parent" || key == "folder") key = "id";
    q.text += " order by " + key + (d.one_in(2) ? " desc" : "");
  }
  if (d.one_in(5)) q.text += " limit " + std::to_string(1 + d.below(4));
  q.group = term(d, q.entity);
  q.column = term(d, q.entity);
  const std::string of = term(d, q.entity);
  q.measure = is_text(of) || is_truth(of) || of == "id" || of.ends_with(".id") || of == "parent" ||
                      of == "folder"
                  ? "count()"
                  : "sum(" + of + ")";
  return q;
}

std::string named(const names_of& names, const value& v) {
  if (v.is_null()) return "-";
  if (v.kind() != kind_id::ref && v.kind() != kind_id::any_ref) return v.to_string();
  const auto found = names.find(v.cells()[0].view().as_integer());
  return found == names.end() ? "unknown " + v.to_string() : found->second;
}

std::string shown(const names_of& names, const any_record& r) {
  std::string text = names.at(r.id().value) + (r.deleted() ? " deleted" : "") + " {";
  for (const field_type& f : r.entity().fields) {
    if (f.is_stored() && !r[f].is_null()) {
      text += std::string(f.name()) + "=" + named(names, r[f]) + " ";
    }
  }
  return text + "}";
}

void put(const names_of& names, const table& t, std::string& to) {
  for (const auto& row : t.rows) {
    for (const value& v : row) to += named(names, v) + " | ";
    to += "/ ";
  }
}

// One way to ask; errors are answers, too.
std::string answer(session& s, const names_of& names, const question& q, int way) {
  std::string text;
  try {
    const any_query asked = s.query(q.entity, q.text);
    switch (way) {
      case 0:
        for (const any_record& r : asked) text += shown(names, r) + "; ";
        break;
      case 1: text = std::to_string(asked.count()) + (asked.exists() ? " some" : " none"); break;
      case 2:
        put(names, asked.aggregate({{"g", q.group}}, {{"m", q.measure}, {"n", "count()"}}), text);
        break;
      case 3: put(names, asked.select({{"c", q.column}, {"i", "id"}}), text); break;
      case 4: {
        page_mark mark;
        do {
          const auto page = mark.empty() ? asked.page(2) : asked.after(mark).page(2);
          for (const any_record& r : page.records) text += names.at(r.id().value) + "; ";
          mark = page.next;
          text += "| ";
        } while (!mark.empty());
        break;
      }
      case 5:
        for (const any_record& r : asked.including(lifecycle::all).all()) {
          text += shown(names, r) + "; ";
        }
        break;
      default:
        for (const any_record& r : asked) {
          const value v =
              s.compute(r.entity(), r.row(), parse_expression(*s.model(), r.entity(), q.column));
          text += named(names, v) + "; ";
        }
    }
  } catch (const error& e) {
    text += std::string(name_of(e.code())) + ": " + e.message();
  }
  return text;
}

class probes : public suite {
 protected:
  struct tally {
    std::uint64_t asked = 0, refused = 0, differ = 0;
  };

  static session open_with(kith::crm& of, std::shared_ptr<const visibility> sees) {
    return of.open_session({.actor = "anna", .sees = std::move(sees)});
  }

  // Whatever a hidden record holds, nobody finds it in an answer.
  static void expect_no_canary(const world& w, const rights& r, const std::string& text) {
    for (std::size_t i = 0; i < w.people.size(); ++i) {
      if (r.people[i]) continue;
      ASSERT_EQ(text.find(w.people[i].name), std::string::npos) << text << "\n" << r.said;
    }
    ASSERT_EQ(text.find(canary), std::string::npos) << text << "\n" << r.said;
  }

  // All that the feed tells, as text.
  static std::string told(session& by, const filled& all) {
    std::string text;
    for (const change_set& set : by.changes(0)) {
      for (const record_change& c : set.changes) {
        text += std::to_string(c.id.value) + " ";
        for (const cell_before& b : c.before) {
          const cell v = b.before.view();
          text += v.has_bytes() ? std::string(v.as_bytes()) : std::string("-");
        }
      }
    }
    const entity_type& clients = by.model()->entity<client>();
    for (const record_id id : all.people) {
      try {
        for (const history_entry& h : by.history_of(clients, id)) {
          for (const field_change& f : h.fields) {
            text += named(all.names, f.before) + " " + named(all.names, f.after) + "; ";
          }
        }
      } catch (const error& e) {
        text += e.message();
      }
    }
    for (const record_difference& d : by.difference(1, by.sequence())) {
      if (d.before) text += shown(all.names, d.before);
      if (d.after) text += shown(all.names, d.after);
    }
    return text;
  }

  // What is said of a record, its number left out.
  static std::string said_of(session& by, record_id id) {
    std::string text;
    const auto note = [&](const std::function<void()>& call) {
      const auto e = refusal(call);
      text += e ? std::string(name_of(e->code())) + " " + e->message() + "; " : "done; ";
    };
    const ref<client> of{id};
    note([&] { by.get(of); });
    note([&] { by.history(of); });
    note([&] { by.update(of, client::website = "https://example.com"); });
    note([&] { by.remove(of); });
    note([&] { by.restore(of); });
    note([&] { by.add(client::name = "new", client::parent = of); });
    const std::string number = std::to_string(id.value);
    for (auto at = text.find(number); at != std::string::npos; at = text.find(number)) {
      text.replace(at, number.size(), "#");
    }
    return text;
  }

  void expect_past_and_feed(dice& d, session& seer, const filled& all, const world& w,
                            const rights& r, tally& t) {
    const std::int64_t then = s->sequence();
    std::vector<std::pair<question, int>> asked;
    std::vector<std::string> before;
    for (int i = 0; i < 10; ++i) {
      asked.emplace_back(make_question(d), d.below(7));
      before.push_back(answer(seer, all.names, asked.back().first, asked.back().second));
    }
    for (std::size_t i = 0; i < w.people.size(); ++i) {
      if (w.people[i].deleted || d.one_in(2)) continue;
      s->update(ref<client>{all.people[i]}, client::note = std::string(canary) + " 2",
                client::industry = r.people[i] ? "trade" : canary);
    }
    session past = seer.as_of(then);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto& [q, way] = asked[i];
      EXPECT_EQ(answer(past, all.names, q, way), before[i])
          << "as of " << then << ": " << q.entity << " " << q.text << " way " << way << "\n"
          << r.said;
      ++t.asked;
    }
    expect_no_canary(w, r, told(seer, all));
    for (std::size_t i = 0; i < w.people.size(); ++i) {
      if (r.people[i]) continue;
      const record_id none{all.people[i].value + (std::int64_t{1} << 40)};
      EXPECT_EQ(said_of(seer, all.people[i]), said_of(seer, none)) << r.said;
      ++t.asked;
    }
  }

  void probe_world(std::uint64_t seed, tally& t) {
    dice d(seed);
    world w = make_world(d);
    open();
    const rights first = make_rights(d, w);
    const filled all = fill(*s, w, nullptr);
    kith::crm little(open_memory(), completed({}));
    session naive = little.open_session({.actor = "anna"});
    const filled few = fill(naive, w, &first);
    for (std::size_t i = 0; i < w.people.size(); ++i) {
      if (!w.people[i].deleted) continue;
      s->remove(ref<client>{all.people[i]});
      if (first.people[i]) naive.remove(ref<client>{few.people[i]});
    }
    session seer = open_with(*base, first.rules);
    for (std::size_t i = 0; i < w.people.size(); ++i) {
      EXPECT_EQ(static_cast<bool>(seer.get_if(ref<client>{all.people[i]})), first.people[i])
          << first.said << w.people[i].name;
      const std::string& name = w.people[i].name;
      EXPECT_EQ(static_cast<bool>(seer.find_natural(entity("client"), name)),
                static_cast<bool>(naive.find_natural(entity("client"), name)));
    }
    for (int i = 0; i < 60 && !HasFailure(); ++i) {
      const question q = make_question(d);
      const int way = d.below(7);
      const std::string mine = answer(seer, all.names, q, way);
      ++t.asked;
      expect_no_canary(w, first, mine);
      if (mine.starts_with("denied: ")) {
        ++t.refused;
        EXPECT_TRUE(first.masks_employees || first.masks_city || first.masks_pages ||
                    first.masks_factor)
            << q.text << " " << first.said;
        continue;
      }
      std::string right = answer(naive, few.names, q, way);
      if (first.masks_pages) {  // a count of nothing is 0 there; here it is computed from pages
        if (q.column.find("large") != std::string::npos) continue;
        for (auto at = right.find("large=0 "); at != std::string::npos; at = right.find("large=0 "))
          right.erase(at, 8);
      }
      EXPECT_EQ(mine, right) << "seed " << seed << " way " << way << "\n"
                             << q.entity << " " << q.text << "\ngroup " << q.group << " measure "
                             << q.measure << " column " << q.column << "\n"
                             << first.said;
    }
    if (!HasFailure()) expect_past_and_feed(d, seer, all, w, first, t);
  }
};
INSTANTIATE_TEST_SUITE_P(stores, probes, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(probes, answers_are_those_of_a_store_with_nothing_else) {
  const std::uint64_t most = number_in("KITH_PROBES", rounds(2'000, 4));
  const auto began = std::chrono::steady_clock::now();
  tally t;
  for (std::uint64_t seed = 1; t.asked < most && !HasFailure(); ++seed) probe_world(seed, t);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << t.asked << " questions, " << t.refused << " refused, "
            << static_cast<std::uint64_t>(static_cast<double>(t.asked) / took.count())
            << " a second\n";
}

}  // namespace
}  // namespace kith::lab
