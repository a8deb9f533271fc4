// SPDX-License-Identifier: Apache-2.0
//
// What tests of undo share: changes with their sequence, and what an undo told in a few words.
#pragma once

#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {

class undoing : public suite {
 protected:
  // Runs a change and answers its sequence.
  std::int64_t did(const std::function<void()>& work) {
    work();
    return s->sequence();
  }
  std::int64_t together(const std::function<void()>& work) {
    transaction tx = s->write();
    work();
    tx.commit();
    return s->sequence();
  }
  // `field, field` of what was contested, or `record`; `done` and `nothing` where nothing was.
  static std::string told(const undo_result& r) {
    std::string text;
    for (const contested_change& c : r.contested) {
      text += text.empty() ? "" : ", ";
      text += c.field.empty() ? std::string(c.entity->name()) : c.field;
    }
    if (text.empty()) return r.sequence == 0 ? "nothing" : "done";
    return text + (r.sequence == 0 ? "" : "; the rest is done");
  }
  std::string taken_back(std::int64_t sequence, undo_mode mode = undo_mode::all) {
    std::string text;
    const std::string refused = outcome([&] { text = told(s->undo(sequence, mode)); });
    return refused == "done" ? text : refused;
  }
  std::string skipping(std::int64_t sequence) { return taken_back(sequence, undo_mode::skip); }

  record<client> now(const record<client>& r) { return s->get<client>(r.id()); }
  record<strict> now(const record<strict>& r) { return s->get<strict>(r.id()); }
  template <class E>
  bool live(const record<E>& r) {
    return !s->get<E>(r.id()).deleted();
  }
};

}  // namespace kith::lab
