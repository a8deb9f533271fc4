// SPDX-License-Identifier: Apache-2.0
//
// Plug-ins that break their contract, one function at a time: each is refused with an error that
// names the plug-in and the function, and nothing crashes. A good table is the start of each case.
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "c_table.hpp"
#include "conformance/programs.hpp"
#include "conformance/suite.hpp"
#include "kith/storage/memory.hpp"
#include "storage/plugin/call.hpp"

namespace kith::conformance {
namespace {

const kith_store_host& host = plugin::host_table;

std::unique_ptr<store> open_of(const kith_store_api& table) {
  export_store("hostile", [](const std::string&, const plugin_options& how) {
    return open_memory({.path = {}, .busy_timeout_ms = how.busy_timeout_ms});
  });
  return open_plugin(&table, "hostile:", {.busy_timeout_ms = busy_timeout_ms});
}

// `damaged: the store plug-in …`.
std::string said(const std::function<void()>& call) {
  try {
    call();
  } catch (const error& e) {
    return std::string(name_of(e.code())) + ": " + e.message();
  } catch (const std::bad_alloc&) {
    return "no memory";
  }
  return "done";
}

// --------------------------------------------------------------------------------- on being opened

struct bad_table {
  const char* name;
  void (*spoil)(kith_store_api&);
  const char* refused;  // part of the message
};
void PrintTo(const bad_table& b, std::ostream* out) { *out << b.name; }

// The store opens well, and then says something else.
void (*change_of_traits)(kith_store_traits&);
void with_traits(kith_store_api& t, void (*change)(kith_store_traits&)) {
  change_of_traits = change;
  t.open = [](kith_store_call* call, const kith_store_host* h, const char* uri,
              const kith_store_options* how, kith_store_traits* traits, void** out) {
    const kith_status answer = exported_table()->open(call, h, uri, how, traits, out);
    change_of_traits(*traits);
    return answer;
  };
}

const bad_table bad_tables[] = {
    {"too_small", [](kith_store_api& t) { t.struct_size = 16; }, "has 16 bytes"},
    {"of_no_size", [](kith_store_api& t) { t.struct_size = 0; }, "has 0 bytes"},
    {"of_interface_0", [](kith_store_api& t) { t.abi = 0; }, "of interface 0"},
    {"of_a_later_interface", [](kith_store_api& t) { t.abi = 1000; }, "of interface 1000"},
    {"without_get", [](kith_store_api& t) { t.get = nullptr; }, "get() is required, but NULL"},
    {"without_close", [](kith_store_api& t) { t.close = nullptr; }, "close() is required"},
    {"without_rollback", [](kith_store_api& t) { t.rollback = nullptr; }, "rollback() is required"},
    {"without_data_version", [](kith_store_api& t) { t.data_version = nullptr; },
     "data_version() is required"},
    {"without_a_declared_function", [](kith_store_api& t) { t.verify = nullptr; },
     "verify() is declared (KITH_CAN_…), but NULL"},
    {"without_the_end_that_it_declares",
     [](kith_store_api& t) { t.struct_size = offsetof(kith_store_api, verify); },
     "verify() is declared"},
    {"without_a_name",
     [](kith_store_api& a) { with_traits(a, [](kith_store_traits& t) { t.name = nullptr; }); },
     "open() gives no name"},
    {"of_strange_durability",
     [](kith_store_api& a) { with_traits(a, [](kith_store_traits& t) { t.durable = 3; }); },
     "a durability that has no meaning"},
    {"of_strange_capabilities",
     [](kith_store_api& a) { with_traits(a, [](kith_store_traits& t) { t.can |= 1ull << 40; }); },
     "declares something that has no meaning"},
    {"with_paths_alone",
     [](kith_store_api& a) {
       with_traits(a, [](kith_store_traits& t) {
         t.can &= ~(KITH_CAN_CONDITIONS | KITH_CAN_ORDERS);
         t.can |= KITH_CAN_PATHS;
       });
     },
     "declares paths, but neither"},
    {"without_a_store",
     [](kith_store_api& t) {
       t.open = [](kith_store_call*, const kith_store_host*, const char*, const kith_store_options*,
                   kith_store_traits*, void**) -> kith_status { return KITH_OK; };
     },
     "open() answered KITH_OK, but gave no store"},
    {"that_answers_nonsense",
     [](kith_store_api& t) {
       t.open = [](kith_store_call*, const kith_store_host*, const char*, const kith_store_options*,
                   kith_store_traits*, void**) -> kith_status { return 77; };
     },
     "open() answered 77, which has no meaning here"},
};

class bad_tables_are_refused : public ::testing::TestWithParam<bad_table> {};
INSTANTIATE_TEST_SUITE_P(tables, bad_tables_are_refused, ::testing::ValuesIn(bad_tables),
                         [](const auto& test) { return test.param.name; });

TEST_P(bad_tables_are_refused, with_what_is_wrong) {
  kith_store_api table = *exported_table();
  GetParam().spoil(table);
  const std::string result = said([&] { open_of(table); });
  EXPECT_TRUE(result.starts_with("misuse: ")) << result;
  EXPECT_NE(result.find(GetParam().refused), result.npos) << result;
}

TEST(bad_tables_are_refused, when_they_are_null) {
  EXPECT_TRUE(said([] { open_plugin(nullptr, "x:"); }).starts_with("misuse: ")) << "NULL";
}

// ------------------------------------------------------------------------------------- when in use

// Rows that a plug-in gives, from a good one.
kith_status give(kith_store_call* call, void (*spoil)(kith_store_row&, kith_cell*)) {
  kith_cell cells[64] = {};
  kith_store_row r = {};
  r.id = 1;
  r.revision = r.created = 1;
  r.cells = cells;
  r.count = conformance_model()->entity<sample>().columns.size();
  spoil(r, cells);
  return host.give_row(call, &r);
}
// get() gives such a row, and goes on whatever the host says.
void (*spoil_of_row)(kith_store_row&, kith_cell*);
void with_row(kith_store_api& t, void (*spoil)(kith_store_row&, kith_cell*)) {
  spoil_of_row = spoil;
  t.get = [](kith_store_call* call, void*, const kith_store_entity*, int64_t) -> kith_status {
    give(call, spoil_of_row);
    return KITH_OK;
  };
}
template <kith_status Answer>
kith_status get_nothing(kith_store_call*, void*, const kith_store_entity*, int64_t) {
  return Answer;
}
// A cursor that gives rows with these ids in its first batch.
template <int64_t First, int64_t Second, kith_status Answer>
kith_status next_rows(kith_store_call* call, void*, uint32_t) {
  for (const int64_t id : {First, Second}) {
    kith_store_row r = {};
    r.id = id;
    host.give_row(call, &r);
  }
  return Answer;
}

void read_one(connection& c, const entity_type& e) { c.get(e, {1}); }
void read_all(connection& c, const entity_type& e) {
  const auto found = c.scan(scan_of(e));
  while (found->next()) {
  }
}
void read_down(connection& c, const entity_type& e) {
  scan_request request = scan_of(e);
  const order_term down{load(e, id_slot), storage::integer, true};
  request.order = {&down, 1};
  const auto found = c.scan(request);
  while (found->next()) {
  }
}
void read_deleted(connection& c, const entity_type& e) {
  const auto found = c.scan(scan_of(e, lifecycle::deleted));
  while (found->next()) {
  }
}
void count_all(connection& c, const entity_type& e) {
  const aggregate_request::measure count{aggregate::count, {}};
  aggregate_request request;
  request.entity = &e;
  request.measures = {&count, 1};
  c.aggregate(request, [](auto) {});
}
void add_one(connection& c, const entity_type& e) {
  c.begin(access::write);
  version(e, 9).write(c);
  c.commit();
}

struct bad_answer {
  const char* name;
  void (*spoil)(kith_store_api&);
  void (*use)(connection&, const entity_type&);
  const char* refused;  // code and part of the message
  const char* why;
};
void PrintTo(const bad_answer& b, std::ostream* out) { *out << b.name; }

using row_of = kith_store_row&;
using cells_of_row = kith_cell*;

const bad_answer bad_answers[] = {
    {"a_row_for_nothing",
     [](kith_store_api& t) {
       t.get = [](kith_store_call* call, void*, const kith_store_entity*, int64_t) -> kith_status {
         give(call, [](row_of, cells_of_row) {});
         return KITH_ABSENT;
       };
     },
     read_one, "damaged", "get() gave a row, and answered that there is none"},
    {"no_row", [](kith_store_api& t) { t.get = get_nothing<KITH_OK>; }, read_one, "damaged",
     "get() gave no row, but answered"},
    {"another_record",
     [](kith_store_api& t) { with_row(t, [](row_of r, cells_of_row) { r.id = 2; }); }, read_one,
     "damaged", "the record 2 instead of 1"},
    {"two_rows",
     [](kith_store_api& t) {
       t.get = [](kith_store_call* call, void*, const kith_store_entity*, int64_t) -> kith_status {
         give(call, [](row_of, cells_of_row) {});
         give(call, [](row_of, cells_of_row) {});
         return KITH_OK;
       };
     },
     read_one, "damaged", "get() gave two rows for one record"},
    {"a_row_without_an_id", [](kith_store_api& t) { t.next = next_rows<0, 1, KITH_DONE>; },
     read_all, "damaged", "ids are greater than 0"},
    {"too_many_cells",
     [](kith_store_api& t) { with_row(t, [](row_of r, cells_of_row) { r.count = 60; }); }, read_one,
     "damaged", "60 cells for sample 1"},
    {"far_too_many_cells",
     [](kith_store_api& t) { with_row(t, [](row_of r, cells_of_row) { r.count = SIZE_MAX; }); },
     read_one, "damaged", "cells for sample 1"},
    {"null_for_cells",
     [](kith_store_api& t) { with_row(t, [](row_of r, cells_of_row) { r.cells = nullptr; }); },
     read_one, "damaged", "NULL for the cells of sample 1"},
    {"null_for_a_row",
     [](kith_store_api& t) {
       t.get = [](kith_store_call* call, void*, const kith_store_entity*, int64_t) -> kith_status {
         host.give_row(call, nullptr);
         return KITH_OK;
       };
     },
     read_one, "misuse", "gives NULL for a row"},
    {"a_cell_of_another_class",
     [](kith_store_api& t) { with_row(t, [](row_of, cells_of_row c) { c[0].type = KITH_REAL; }); },
     read_one, "damaged", "a real for sample 1, column whole, which holds an integer"},
    {"a_cell_of_no_class",
     [](kith_store_api& t) { with_row(t, [](row_of, cells_of_row c) { c[0].type = 9; }); },
     read_one, "damaged", "a cell of the class 9"},
    {"a_text_without_bytes",
     [](kith_store_api& t) { with_row(t, [](row_of, cells_of_row c) { c[2].type = KITH_TEXT; }); },
     read_one, "damaged", "a text or blob without bytes"},
    {"a_text_larger_than_the_machine",
     [](kith_store_api& t) {
       with_row(t, [](row_of, cells_of_row c) {
         c[2].type = KITH_TEXT;
         c[2].as.bytes = {"", SIZE_MAX};
       });
     },
     read_one, "damaged", "more than 2 GiB"},
    {"a_revision_below_zero",
     [](kith_store_api& t) { with_row(t, [](row_of r, cells_of_row) { r.revision = -1; }); },
     read_one, "damaged", "system cells less than 0"},
    {"unsorted_ids", [](kith_store_api& t) { t.next = next_rows<2, 1, KITH_DONE>; }, read_all,
     "damaged", "next() gave the record 1 behind 2"},
    {"the_same_id_twice", [](kith_store_api& t) { t.next = next_rows<2, 2, KITH_DONE>; }, read_all,
     "damaged", "next() gave the record 2 behind 2"},
    {"ids_the_wrong_way_round", [](kith_store_api& t) { t.next = next_rows<1, 2, KITH_DONE>; },
     read_down, "damaged", "next() gave the record 2 behind 1"},
    {"live_rows_for_deleted_ones", [](kith_store_api& t) { t.next = next_rows<1, 2, KITH_DONE>; },
     read_deleted, "damaged", "a live record, 1, where none was asked for"},
    {"rows_without_end", [](kith_store_api& t) { t.next = next_rows<1, 2, KITH_ROW>; }, read_all,
     "damaged", "next() gave the record 1 behind 2"},
    {"no_rows_without_end",
     [](kith_store_api& t) {
       t.next = [](kith_store_call*, void*, uint32_t) { return kith_status(KITH_ROW); };
     },
     read_all, "damaged", "next() gave no row, but answered that there are more"},
    {"more_rows_than_asked_for",
     [](kith_store_api& t) {
       t.next = [](kith_store_call* call, void*, uint32_t most) -> kith_status {
         for (uint32_t i = 1; i <= most + 1; ++i) {
           kith_store_row r = {};
           r.id = i;
           host.give_row(call, &r);
         }
         return KITH_DONE;
       };
     },
     read_all, "damaged", "next() gave more rows than it was asked for"},
    {"next_answers_absent",
     [](kith_store_api& t) {
       t.next = [](kith_store_call*, void*, uint32_t) { return kith_status(KITH_ABSENT); };
     },
     read_all, "misuse", "next() answered 3, which has no meaning here"},
    {"a_scan_without_a_cursor",
     [](kith_store_api& t) {
       t.scan = [](kith_store_call*, void*, const kith_store_scan*, kith_store_scan_answer*) {
         return kith_status(KITH_OK);
       };
     },
     read_all, "misuse", "scan() answered KITH_OK, but gave no cursor"},
    {"conditions_that_were_not_there",
     [](kith_store_api& t) {
       t.scan = [](kith_store_call* call, void* c, const kith_store_scan* wanted,
                   kith_store_scan_answer* answer) {
         const kith_status done = exported_table()->scan(call, c, wanted, answer);
         answer->taken = 4;
         return done;
       };
     },
     read_all, "misuse", "scan() took conditions that were not there"},
    {"a_positive_answer_for_a_write",
     [](kith_store_api& t) {
       t.write = [](kith_store_call*, void*, const kith_store_change*) {
         return kith_status(KITH_UNCHANGED);
       };
     },
     add_one, "misuse", "write() answered 4, which has no meaning here"},
    {"a_code_out_of_range",
     [](kith_store_api& t) {
       t.write = [](kith_store_call*, void*, const kith_store_change*) {
         return kith_status(-1000);
       };
     },
     add_one, "misuse", "write() answered -1000, which has no meaning here"},
    {"the_least_code",
     [](kith_store_api& t) {
       t.write = [](kith_store_call*, void*, const kith_store_change*) {
         return std::numeric_limits<kith_status>::min();
       };
     },
     add_one, "misuse", "which has no meaning here"},
    {"a_mistake_of_its_own",
     [](kith_store_api& t) {
       t.write = [](kith_store_call* call, void*, const kith_store_change*) {
         return host.fail(call, KITH_E_INTERNAL, "a pointer was NULL", nullptr, 0, nullptr);
       };
     },
     add_one, "misuse", "write() reports a mistake of its own: a pointer was NULL"},
    {"an_index_that_is_not_there",
     [](kith_store_api& t) {
       t.write = [](kith_store_call* call, void*, const kith_store_change*) {
         return host.exists(call, 1000, 1);
       };
     },
     add_one, "misuse", "exists() names an index that the entity does not have"},
    {"a_row_where_none_is_wanted",
     [](kith_store_api& t) {
       t.write = [](kith_store_call* call, void*, const kith_store_change* change) {
         return host.give_row(call, change->row);
       };
     },
     add_one, "misuse", "write() gives a row where none is wanted"},
    {"an_error_that_says_nothing",
     [](kith_store_api& t) {
       t.write = [](kith_store_call*, void*, const kith_store_change*) {
         return kith_status(KITH_E_FULL);
       };
     },
     add_one, "full", "could not do write()"},
    {"no_memory",
     [](kith_store_api& t) {
       t.write = [](kith_store_call*, void*, const kith_store_change*) {
         return kith_status(KITH_E_NO_MEMORY);
       };
     },
     add_one, "no memory", ""},
    {"an_exception",
     [](kith_store_api& t) {
       t.write = [](kith_store_call*, void*, const kith_store_change*) -> kith_status {
         throw std::runtime_error("through C");
       };
     },
     add_one, "misuse", "write() threw an exception"},
    {"groups_of_too_many_cells",
     [](kith_store_api& t) {
       with_traits(t, [](kith_store_traits& traits) { traits.can |= KITH_CAN_AGGREGATES; });
       t.aggregate = [](kith_store_call* call, void*, const kith_store_aggregate*) -> kith_status {
         const kith_cell cells[3] = {};
         host.give_cells(call, cells, 3);
         return KITH_OK;
       };
     },
     count_all, "damaged", "aggregate() gave 3 cells for a group of 1"},
    {"groups_that_it_did_not_take",
     [](kith_store_api& t) {
       with_traits(t, [](kith_store_traits& traits) { traits.can |= KITH_CAN_AGGREGATES; });
       t.aggregate = [](kith_store_call* call, void*, const kith_store_aggregate*) -> kith_status {
         const kith_cell cells[1] = {};
         host.give_cells(call, cells, 1);
         return KITH_E_UNSUPPORTED;
       };
     },
     count_all, "damaged", "aggregate() gave groups of a request that it does not take"},
};

class bad_answers_are_refused : public ::testing::TestWithParam<bad_answer> {};
INSTANTIATE_TEST_SUITE_P(answers, bad_answers_are_refused, ::testing::ValuesIn(bad_answers),
                         [](const auto& test) { return test.param.name; });

TEST_P(bad_answers_are_refused, with_plug_in_and_function) {
  kith_store_api table = *exported_table();
  GetParam().spoil(table);
  const model_ptr model = conformance_model();
  const entity_type& samples = model->entity<sample>();
  const auto kept = open_of(table);
  const auto rows = kept->connect();
  transaction(*rows, [&] { rows->apply(samples); });
  const std::string result = said([&] { GetParam().use(*rows, samples); });
  EXPECT_TRUE(result.starts_with(GetParam().refused)) << result;
  EXPECT_NE(result.find(GetParam().why), result.npos) << result;
  if (result != "no memory") {
    EXPECT_NE(result.find("plug-in c_memory"), result.npos) << result;
  }
  rows->rollback();  // and the store closes as usual
}

// A commit that the plug-in cannot speak about, or speaks nonsense about, makes the store useless,
// not wrong.
template <kith_status Answer>
void commit_without_an_outcome() {
  kith_store_api table = *exported_table();
  table.commit = [](kith_store_call*, void*) { return Answer; };
  const auto kept = open_of(table);
  const auto rows = kept->connect();
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { rows->commit(); }), "outcome_unknown");
  EXPECT_EQ(outcome([&] { rows->begin(access::read); }), "poisoned");
  EXPECT_EQ(outcome([&] { kept->check(); }), "poisoned");
}
TEST(a_plug_in, that_cannot_tell_what_it_committed_is_not_used_any_more) {
  commit_without_an_outcome<KITH_E_OUTCOME_UNKNOWN>();
  commit_without_an_outcome<77>();
  commit_without_an_outcome<-1000>();
  commit_without_an_outcome<KITH_E_INTERNAL>();
}

}  // namespace
}  // namespace kith::conformance
