// SPDX-License-Identifier: Apache-2.0
//
// A child process with its parent's memory store: what it has is a copy that nobody would see.
#include "sqlite_suite.hpp"

#include "kith/storage/memory.hpp"

namespace kith::conformance {
namespace {

class memory_process : public sqlite_files {
 protected:
  memory_process() { write(*kept, 1, 600); }
  std::unique_ptr<store> kept = open_memory({.path = file("demo.snapshot")});
};

TEST_F(memory_process, a_child_cannot_use_the_store_of_its_parent) {
  const auto rows = kept->connect(), idle = kept->connect();
  const auto begun = idle->scan(scan_of(samples()));
  begun->next();
  rows->begin(access::write);
  version(samples(), 1000).write(*rows);
  const std::string answer = in_child([&] {
    const std::initializer_list<std::pair<const char*, std::function<void()>>> calls{
        {"check", [&] { kept->check(); }},
        {"connect", [&] { kept->connect(); }},
        {"save", [&] { kept->save(); }},
        {"backup", [&] { kept->backup(file("copy"), {}); }},
        {"verify", [&] { kept->verify([](auto&&...) {}); }},
        {"get", [&] { idle->get(samples(), {1}); }},
        {"scan", [&] { idle->scan(scan_of(samples())); }},
        {"a scan's next row", [&] { begun->next(); }},
        {"has", [&] { idle->has(samples()); }},
        {"begin", [&] { idle->begin(access::write); }},
        {"read", [&] { idle->begin(access::read); }},
        {"get in the transaction", [&] { rows->get(samples(), {1}); }},
        {"write", [&] { version(samples(), 1001).write(*rows); }},
        {"erase", [&] { rows->erase(samples(), {1}); }},
        {"apply", [&] { rows->apply(samples()); }},
        {"savepoint", [&] { rows->savepoint(1); }},
        {"commit", [&] { rows->commit(); }},
    };
    std::string wrong;
    for (const auto& [name, call] : calls) {
      const std::string result = outcome(call);
      if (result != "forked") wrong += std::string(name) + ": " + result + "; ";
    }
    return wrong;
  });
  EXPECT_EQ(answer, "");
  rows->commit();
  EXPECT_EQ(number_of_samples(*idle), 601) << "the parent goes on";
}

TEST_F(memory_process, a_child_may_let_go_of_it_and_open_one_of_its_own) {
  kept->save();
  auto rows = kept->connect();
  rows->begin(access::write);
  version(samples(), 1000).write(*rows);
  EXPECT_EQ(in_child([&] {
              rows->rollback();
              rows.reset();
              kept.reset();
              const auto own = open_memory({.path = file("demo.snapshot")});
              write(*own, 2000, 2001);
              return std::to_string(number_of_samples(*own));
            }),
            "602");
  rows->commit();
  EXPECT_EQ(number_of_samples(*rows), 601);
}

}  // namespace
}  // namespace kith::conformance
