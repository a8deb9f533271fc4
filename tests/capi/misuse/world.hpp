// SPDX-License-Identifier: Apache-2.0
//
// A store with a little of everything, and one valid handle of each sort, made when it is asked
// for.
#pragma once

#include <sqlite3.h>

#include <string>
#include <vector>

#include "capi/arrow_abi.h"
#include "kith.h"
#include "kith_model.h"

namespace kith::misuse {

inline kith_text text(const char* words) { return kith_text_of(words); }
kith_value text_value(const char* words);
kith_value number_value(std::uint16_t kind, std::int64_t number);

class world {
 public:
  world();
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  // Each is a place that keeps its handle: who takes it away leaves NULL.
  kith_config*& config();
  kith_crm*& crm() { return crm_; }
  kith_subscription*& subscription();
  kith_model*& model();
  kith_rights*& rights();
  kith_session*& session() { return session_; }
  kith_transaction*& transaction();
  kith_record*& record();
  kith_query*& query();
  kith_cursor*& cursor();
  kith_table*& table();
  kith_changes*& changes();
  kith_error*& error();

  kith_table*& report_table();
  kith_record*& action_arguments() { return arguments_of(KITH_ACTION_CLIENT_HAND_OVER); }
  kith_record*& report_arguments() { return arguments_of(KITH_REPORT_PIPELINE); }
  ArrowArrayStream* stream_out() { return &stream_; }
  ArrowArrayStream* stream_in();
  sqlite3* database();
  const void* zeros() const { return zeros_.data(); }
  kith_record* const* records();
  const kith_record* borrowed();

  const kith_value* value() { return &value_; }
  const kith_value* values() { return &value_; }
  const kith_value* group() {
    value_ = number_value(KITH_KIND_REF, client);
    return &value_;
  }
  const kith_named* named() { return named_; }
  const kith_text* columns() { return columns_; }
  const kith_erased* erased() { return &erased_; }

  std::int64_t client = 0;  ///< with this id
  std::int64_t person = 0;
  std::int64_t user = 0;
  std::int64_t deleted = 0;
  const kith_import_options* importing();
  std::int64_t held();
  std::int64_t batch();
  std::int64_t last_sequence();
  kith_field custom_field();
  const char* total();
  std::string fresh_path();

  kith_session_options session_options{};
  kith_transaction_options transaction_options{};
  kith_field_definition field_definition{};
  kith_entity_definition entity_definition{};
  kith_total_definition total_definition{};
  kith_query_options query_options{};
  kith_aggregation aggregation{};
  kith_call_options call_options{};
  kith_import_options import_options{};
  kith_export_options export_options{};
  kith_retention retention{};
  kith_anchor anchor{};

  /// Frees what the handles of a call came from, except those.
  void close_parents(const std::vector<const void*>& used);
  bool in_transaction() const { return transaction_ != nullptr; }
  std::int64_t add(const char* name, std::int64_t kind);

 private:
  kith_record*& arguments_of(std::uint16_t number);
  void fill_structures();

  kith_config* config_ = nullptr;
  kith_crm* crm_ = nullptr;
  kith_subscription* subscription_ = nullptr;
  kith_model* model_ = nullptr;
  kith_rights* rights_ = nullptr;
  kith_session* session_ = nullptr;
  kith_transaction* transaction_ = nullptr;
  kith_record* record_ = nullptr;
  kith_record* arguments_ = nullptr;
  kith_query* query_ = nullptr;
  kith_cursor* cursor_ = nullptr;
  kith_table* table_ = nullptr;
  kith_changes* changes_ = nullptr;
  kith_error* error_ = nullptr;
  kith_record* batch_records_[2] = {};
  ArrowArrayStream stream_{};
  sqlite3* database_ = nullptr;
  std::vector<unsigned char> zeros_ = std::vector<unsigned char>(4096);
  kith_value value_{};
  kith_named named_[2]{};
  kith_text columns_[1]{};
  kith_erased erased_{};
  kith_text choices_[2]{};
  kith_order order_{};
  kith_import_column import_column_{};
  kith_field custom_field_ = 0;
  bool has_total_ = false;
  bool is_held_ = false;
  bool was_read_ = false;
  std::int64_t batch_ = 0;
  std::string path_;
};

}  // namespace kith::misuse
