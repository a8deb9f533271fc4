// SPDX-License-Identifier: Apache-2.0
//
// The binary interface of stores: sizes and offsets that compiled plug-ins rely on, and how host
// and plug-in agree on one.
#include <gtest/gtest.h>

#include <cstddef>

#include "c_table.hpp"
#include "conformance/suite.hpp"
#include "kith_plugin.h"
#include "storage/plugin/load.hpp"
#include "storage/plugin/site.hpp"

// Of 64-bit machines. A line may be added; none may change.
static_assert(sizeof(void*) != 8 || (sizeof(kith_cell) == 24 && sizeof(kith_store_row) == 64));
#define AT(type, member, offset) \
  static_assert(sizeof(void*) != 8 || offsetof(type, member) == (offset))
AT(kith_store_row, id, 0);
AT(kith_store_row, deleted, 24);
AT(kith_store_row, checksum, 40);
AT(kith_store_row, cells, 48);
AT(kith_store_row, count, 56);
AT(kith_store_host, abi, 8);
AT(kith_store_host, alloc, 16);
AT(kith_store_host, free, 24);
AT(kith_store_host, fail, 32);
AT(kith_store_host, exists, 40);
AT(kith_store_host, give_row, 48);
AT(kith_store_host, give_cells, 56);
AT(kith_store_host, give_damage, 64);
AT(kith_store_host, check_copy, 72);
AT(kith_store_host, cancelled, 80);
AT(kith_store_host, log, 88);
AT(kith_store_column, type, 8);
AT(kith_store_column, role, 12);
AT(kith_store_index, keys, 16);
AT(kith_store_index, shown, 24);
AT(kith_store_index, shape, 32);
AT(kith_store_index, key_count, 36);
AT(kith_store_index, shown_count, 38);
AT(kith_store_entity, layout, 8);
AT(kith_store_entity, name, 16);
AT(kith_store_entity, columns, 24);
AT(kith_store_entity, indexes, 32);
AT(kith_store_entity, retired_indexes, 40);
AT(kith_store_entity, column_count, 48);
AT(kith_store_entity, number, 60);
AT(kith_store_instruction, slot, 2);
AT(kith_store_instruction, entity, 4);
AT(kith_store_instruction, type, 6);
AT(kith_store_instruction, count, 8);
AT(kith_store_instruction, constant, 16);
AT(kith_store_order, type, 16);
AT(kith_store_scan, entity, 8);
AT(kith_store_scan, rows, 16);
AT(kith_store_scan, by_id, 20);
AT(kith_store_scan, after_id, 24);
AT(kith_store_scan, any_order, 32);
AT(kith_store_scan, conditions, 40);
AT(kith_store_scan, order, 56);
AT(kith_store_scan, after, 72);
AT(kith_store_scan, limit, 88);
AT(kith_store_scan, slots, 96);
AT(kith_store_scan_answer, cursor, 8);
AT(kith_store_scan_answer, taken, 16);
AT(kith_store_scan_answer, ordered, 24);
AT(kith_store_change, entity, 8);
AT(kith_store_change, row, 16);
AT(kith_store_change, changed, 24);
AT(kith_store_change, is_new, 40);
AT(kith_store_aggregate, entity, 8);
AT(kith_store_aggregate, conditions, 24);
AT(kith_store_aggregate, groups, 40);
AT(kith_store_aggregate, group_types, 48);
AT(kith_store_aggregate, measures, 64);
AT(kith_store_options, busy_timeout_ms, 8);
AT(kith_store_options, read_only, 12);
AT(kith_store_traits, name, 8);
AT(kith_store_traits, can, 16);
AT(kith_store_traits, durable, 24);
AT(kith_store_api, abi, 8);
AT(kith_store_api, open, 16);
AT(kith_store_api, commit, 56);
AT(kith_store_api, get, 80);
AT(kith_store_api, write, 112);
AT(kith_store_api, data_version, 144);
AT(kith_store_api, aggregate, 152);
AT(kith_store_api, check, 200);
#undef AT

namespace kith::conformance {
namespace {

using plugin::negotiated;

// A plug-in that knows the interfaces from one number to another.
template <std::uint32_t From, std::uint32_t To>
kith_status knows(std::uint32_t abi, const kith_store_api** out) {
  static kith_store_api table = *exported_table();
  if (abi < From || abi > To) return KITH_E_NEWER;
  table.abi = abi;
  *out = &table;
  return KITH_OK;
}

TEST(interfaces_of_stores, the_newest_that_both_know_is_taken) {
  EXPECT_EQ((negotiated(knows<1, 1>, "x", 1)->abi), 1u);
  EXPECT_EQ((negotiated(knows<1, 1>, "x", 5)->abi), 1u);  // an old plug-in in a new host
  EXPECT_EQ((negotiated(knows<1, 3>, "x", 5)->abi), 3u);
  EXPECT_EQ((negotiated(knows<2, 9>, "x", 5)->abi), 5u);
}

TEST(interfaces_of_stores, a_plug_in_of_the_future_is_refused) {
  const std::optional<error> e = refusal([] { negotiated(knows<6, 9>, "./new.so", 5); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::newer);
  EXPECT_NE(e->message().find("./new.so"), std::string::npos) << e->message();
}

TEST(interfaces_of_stores, nonsense_is_refused) {
  const auto code = [](kith_store_init_function init) {
    return outcome([&] { negotiated(init, "x", 2); });
  };
  EXPECT_EQ(code([](uint32_t, const kith_store_api**) { return kith_status(KITH_OK); }), "misuse");
  EXPECT_EQ(code([](uint32_t, const kith_store_api**) { return kith_status(5); }), "misuse");
  EXPECT_EQ(code([](uint32_t, const kith_store_api**) { return kith_status(KITH_E_FULL); }),
            "misuse");
  EXPECT_EQ(code([](uint32_t, const kith_store_api** out) {
              static kith_store_api other = *exported_table();
              other.abi = 7;
              *out = &other;
              return kith_status(KITH_OK);
            }),
            "misuse");
}

// A table that ends where the required part does is whole; one that goes on is, too.
TEST(interfaces_of_stores, tables_may_be_shorter_and_longer) {
  export_store("sized", [](const std::string&, const plugin_options& how) {
    (void)how;
    return backends()[0].fresh();  // without anything optional
  });
  struct {
    kith_store_api known;
    void* later[4] = {};
  } table{*exported_table(), {}};
  table.known.verify = nullptr;
  table.known.open = [](kith_store_call* call, const kith_store_host* host, const char* uri,
                        const kith_store_options* how, kith_store_traits* traits, void** out) {
    const kith_status done = exported_table()->open(call, host, uri, how, traits, out);
    traits->can = 0;
    return done;
  };
  for (const std::size_t size : {plugin::required_size, sizeof table}) {
    table.known.struct_size = size;
    const auto kept = open_plugin(&table.known, "sized:");
    EXPECT_EQ(outcome([&] { kept->save(); }), "unsupported");
    EXPECT_EQ(outcome([&] { kept->compact(); }), "unsupported");
    EXPECT_EQ(outcome([&] { kept->backup("/nowhere", {}); }), "unsupported");
    EXPECT_EQ(outcome([&] { kept->verify([](auto, auto) {}); }), "done");
    EXPECT_EQ(outcome([&] { kept->connect()->begin(access::write); }), "done");
  }
}

TEST(libraries_of_stores, are_loaded_by_path_only) {
  EXPECT_EQ(outcome([] { load_store_plugin("libown_store.so"); }), "invalid");
  EXPECT_EQ(outcome([] { load_store_plugin("./no_such_store.so"); }), "not_found");
  EXPECT_EQ(outcome([] { load_store_plugin(KITH_TESTS_DIR "/CMakeLists.txt"); }), "storage");
}

}  // namespace
}  // namespace kith::conformance
