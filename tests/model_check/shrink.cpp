// SPDX-License-Identifier: Apache-2.0
//
// Making a failing question small: without conditions, keys, columns and records one after another,
// as long as it still fails.
#include <algorithm>

#include "model_check/run.hpp"

namespace kith::model_check {
namespace {

std::shared_ptr<tree> copy_of(const tree& t) { return std::make_shared<tree>(t); }

// The same condition with one part less.
std::vector<tree_ptr> smaller(const tree_ptr& t) {
  std::vector<tree_ptr> all;
  if (!t) return all;
  const bool logic = t->what == op::and_ || t->what == op::or_ || t->what == op::not_;
  if (logic) all = t->args;
  if (logic && t->args.size() > 2) {
    for (std::size_t i = 0; i < t->args.size(); ++i) {
      auto one = copy_of(*t);
      one->args.erase(one->args.begin() + static_cast<std::ptrdiff_t>(i));
      all.push_back(one);
    }
  }
  if (t->what == op::in && t->args.size() > 2) {
    for (std::size_t i = 1; i < t->args.size(); ++i) {
      auto one = copy_of(*t);
      one->args.erase(one->args.begin() + static_cast<std::ptrdiff_t>(i));
      all.push_back(one);
    }
  }
  for (std::size_t i = 0; i < t->args.size(); ++i) {
    for (const tree_ptr& s : smaller(t->args[i])) {
      if (s->is.kind != t->args[i]->is.kind || s->is.scale != t->args[i]->is.scale) continue;
      auto one = copy_of(*t);
      one->args[i] = s;
      all.push_back(one);
    }
  }
  if (t->where) {
    auto plain = copy_of(*t);
    plain->where = nullptr;
    all.push_back(plain);
    for (const tree_ptr& s : smaller(t->where)) {
      auto one = copy_of(*t);
      one->where = s;
      all.push_back(one);
    }
  }
  return all;
}

template <class List>
void add_without_one(const question& q, List question::*list, std::vector<question>& all) {
  for (std::size_t i = 0; i < (q.*list).size(); ++i) {
    question next = q;
    (next.*list).erase((next.*list).begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(std::move(next));
  }
}

std::vector<question> smaller(const question& q) {
  std::vector<question> all;
  const auto changed = [&](auto change) {
    question next = q;
    change(next);
    all.push_back(std::move(next));
  };
  if (q.where) changed([](question& n) { n.where = nullptr; });
  for (const tree_ptr& t : smaller(q.where)) changed([&](question& n) { n.where = t; });
  add_without_one(q, &question::order, all);
  add_without_one(q, &question::table_order, all);
  const bool in_use = q.having || !q.table_order.empty();  // by column
  if (!in_use) add_without_one(q, &question::measures, all);
  if (!in_use && q.columns.size() > 1) add_without_one(q, &question::columns, all);
  if (q.having) changed([](question& n) { n.having = nullptr; });
  for (const tree_ptr& t : smaller(q.having)) changed([&](question& n) { n.having = t; });
  for (std::size_t i = 0; i < q.measures.size(); ++i) {
    if (!q.measures[i].where) continue;
    changed([&](question& n) { n.measures[i].where = nullptr; });
    for (const tree_ptr& t : smaller(q.measures[i].where)) {
      changed([&](question& n) { n.measures[i].where = t; });
    }
  }
  if (q.limit != 0) changed([](question& n) { n.limit = 0; });
  if (q.rows != lifecycle::live) changed([](question& n) { n.rows = lifecycle::live; });
  if (q.in_transaction || q.in_writing) {
    changed([](question& n) { n.in_transaction = n.in_writing = false; });
  }
  return all;
}

bool fails(const conformance::backend& where, const failing& f) {
  try {
    world w = f.w;
    loaded in(where, w);
    in.copy_numbers(w);
    const answer is = ask(in, w, f.q);
    const auto want = expect(w, f.q);
    return std::find(want.begin(), want.end(), is) == want.end();
  } catch (const refused&) {
    return false;
  }
}

}  // namespace

failing shrunk(const conformance::backend& where, failing from) {
  int attempts = 600;
  for (bool again = true; again;) {
    again = false;
    for (const question& next : smaller(from.q)) {
      if (--attempts < 0) return from;
      if (!fails(where, {from.w, next})) continue;
      from.q = next;
      again = true;
      break;
    }
  }
  std::vector<std::int64_t> handles;
  for (const auto& all : from.w.records) {
    for (const record_plan& r : all) handles.push_back(r.handle);
  }
  for (const std::int64_t handle : handles) {
    failing next{without(from.w, handle), from.q};
    if (fails(where, next)) from = std::move(next);
  }
  return from;
}

std::string report(const conformance::backend& where, const failing& f) {
  world w = f.w;
  loaded in(where, w);
  in.copy_numbers(w);
  const auto lines = [](const answer& a) {
    std::string all;
    for (const std::string& l : a.lines) all += "    " + l + "\n";
    return all + (a.why.empty() ? "" : "    (" + a.why + ")\n");
  };
  std::string all = "on " + where.name + ", world " + std::to_string(w.seed) + ", zone " +
                    w.zone_name + ", now " + instant{w.now}.to_string() + "\n  " +
                    described(w, in, f.q) + "\n";
  all += "  is:\n" + lines(ask(in, w, f.q));
  for (const answer& a : expect(w, f.q)) all += "  expected:\n" + lines(a);
  all += "  records:\n";
  std::size_t shown = 0;
  for (const std::string& line : in.dump()) {
    if (++shown <= 40) all += "    " + line + "\n";
  }
  return all;
}

}  // namespace kith::model_check
