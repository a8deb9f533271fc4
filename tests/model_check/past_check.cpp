// SPDX-License-Identifier: Apache-2.0
#include "model_check/past_check.hpp"

#include <algorithm>

#include "model_check/generate.hpp"
#include "model_check/run.hpp"

namespace kith::model_check {
namespace {

datum value_of(const entity_plan& e, const record_plan& r, const std::string& field) {
  for (std::size_t f = 0; f < e.fields.size(); ++f) {
    if (e.fields[f].name == field) return r.values[f];
  }
  return {};
}

// The records of then under the entities and fields of now: fields that came later are null.
world in_model_of(const world& now, const world& then) {
  world w = now;
  for (std::size_t e = 0; e < now.entities.size(); ++e) {
    w.records[e].clear();
    if (e >= then.entities.size()) continue;
    for (record_plan r : then.records[e]) {
      std::vector<datum> values;
      for (const field_plan& f : now.entities[e].fields) {
        values.push_back(value_of(then.entities[e], r, f.name));
      }
      r.values = std::move(values);
      w.records[e].push_back(std::move(r));
    }
  }
  return w;
}

}  // namespace

void past_check::remember(const ledger& told, const feed_check& feed) {
  world& w = worlds_[told.sequence()] = told.committed();
  for (auto& records : w.records) {
    for (record_plan& r : records) r.revision = feed.revision(r.handle);
  }
}

std::unique_ptr<past_check::past> past_check::open(const world& now, std::int64_t sequence) {
  world w = in_model_of(now, worlds_.at(sequence));
  std::vector<std::int64_t> revisions;
  for (const auto& records : w.records) {
    for (const record_plan& r : records) revisions.push_back(r.revision);
  }
  in_.copy_numbers(w);
  std::size_t at = 0;
  for (auto& records : w.records) {
    for (record_plan& r : records) r.revision = revisions[at++];
  }
  return std::make_unique<past>(past{in_.session().as_of(sequence), std::move(w)});
}

std::string past_check::compare(const world& now, std::uint64_t& questions) {
  if (worlds_.empty()) return {};
  ++times_;
  std::string wrong;
  if (held_) wrong = compare(*held_, questions);
  if (!wrong.empty()) return "through a session that was opened earlier, " + wrong;
  auto then = worlds_.begin();
  std::advance(then, static_cast<std::ptrdiff_t>(times_ * 7 % worlds_.size()));
  auto fresh = open(now, then->first);
  wrong = compare(*fresh, questions);
  if (times_ % 3 == 1) held_ = std::move(fresh);
  return wrong;
}

std::string past_check::compare(past& p, std::uint64_t& questions) {
  const std::string as_of = "as of " + std::to_string(p.through.sequence()) + ", ";
  const std::string wrong = first_difference(in_.dump(p.through, p.w), expected_dump(p.w));
  if (!wrong.empty()) return as_of + wrong;
  for (std::size_t e = 0; e < p.w.entities.size(); ++e) {
    const entity_type& type = p.through.model()->entity(p.w.entities[e].name);
    for (const record_plan& r : p.w.records[e]) {
      const std::int64_t is = p.through.get_row(type, {r.id})->system().revision;
      if (is == r.revision) continue;
      return as_of + p.w.entities[e].name + "#" + std::to_string(r.handle) + " has the revision " +
             std::to_string(is) + ", then it was " + std::to_string(r.revision);
    }
    question all;
    all.entity = static_cast<int>(e);
    all.rows = lifecycle::all;
    if (ask(in_, p.through, p.w, all) != expect(p.w, all).front()) {
      return as_of + "there are other " + p.w.entities[e].plural;
    }
  }
  const std::string other = ask_some(p, questions);
  return other.empty() ? "" : as_of + other;
}

std::string past_check::ask_some(past& p, std::uint64_t& questions) {
  query_maker maker(p.w, times_ * 131);
  for (int i = 0; i < 4; ++i) {
    question q = maker.make();
    q.in_writing = false;
    ++questions;
    const answer is = ask(in_, p.through, p.w, q);
    const std::vector<answer> want = expect(p.w, q);
    if (std::find(want.begin(), want.end(), is) != want.end()) continue;
    std::string text = described(p.w, in_, q) + "\n    is";
    for (const std::string& line : is.lines) text += "\n      " + line;
    text += is.why + "\n    expected";
    for (const std::string& line : want.front().lines) text += "\n      " + line;
    return text;
  }
  return {};
}

}  // namespace kith::model_check
