// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace kith::misuse {
namespace {

constexpr std::int64_t morning = 1'772'442'000'000'000;

// What prepares a call must work.
void ok(kith_status status, kith_error* err) {
  if (status >= 0) return;
  const kith_text why = kith_error_message(err);
  const std::string message(why.data, why.size);
  kith_error_free(err);
  throw std::runtime_error("a world cannot be made: " + message);
}

template <class... Parameters, class... Arguments>
void call(kith_status (*function)(Parameters...), Arguments... arguments) {
  kith_error* err = nullptr;
  const kith_status status = function(arguments..., &err);
  ok(status, err);
}

std::size_t read_once(void* data, char* to, std::size_t, kith_error**) {
  auto& read = *static_cast<bool*>(data);
  constexpr char file[] = "name\nZoe\n";
  if (std::exchange(read, true)) return 0;
  std::memcpy(to, file, sizeof file - 1);
  return sizeof file - 1;
}

kith_status write_nowhere(void*, kith_text, kith_error**) { return KITH_OK; }
std::int32_t go_on(void*, std::uint64_t) { return 1; }

std::size_t put_key(void*, std::uint8_t* key, std::size_t, kith_error**) {
  std::memset(key, 7, 32);
  return 32;
}

}  // namespace

kith_value text_value(const char* words) {
  kith_value v{};
  v.kind = KITH_KIND_TEXT;
  v.text = text(words);
  return v;
}

kith_value number_value(std::uint16_t kind, std::int64_t number) {
  kith_value v{};
  v.kind = kind;
  v.integer = number;
  return v;
}

world::world() {
  kith_config* c = nullptr;
  call(kith_config_new, &c);
  call(kith_config_set_audit_key, c, &put_key, nullptr, nullptr);
  call(
      kith_config_set_clock, c, [](void*) { return morning; }, nullptr, nullptr);
  call(kith_open, text("sqlite::memory:"), c, &crm_);
  kith_config_free(c);
  call(kith_session_open, crm_, nullptr, &session_);
  client = add("Acme", KITH_CLIENT_KIND_ORGANISATION);
  person = add("Anna", KITH_CLIENT_KIND_PERSON);
  deleted = add("Gone", KITH_CLIENT_KIND_ORGANISATION);
  call(kith_delete, session_, std::uint16_t{KITH_CLIENT}, deleted);
  kith_record* r = nullptr;
  const kith_value login = text_value("anna");
  call(kith_record_new, session_, std::uint16_t{KITH_USER}, std::int64_t{0}, &r);
  call(kith_record_set_by_name, r, text("login"), &login);
  call(kith_record_set_by_name, r, text("name"), &login);
  call(kith_put, session_, r);
  kith_record_state state{};
  state.struct_size = sizeof state;
  call(kith_record_info, r, &state);
  user = state.id;
  kith_record_free(r);
  fill_structures();
}

world::~world() {
  kith_record_free(arguments_);
  kith_record_free(record_);
  for (kith_record* r : batch_records_) kith_record_free(r);
  kith_changes_free(changes_);
  kith_table_free(table_);
  kith_error_free(error_);
  kith_cursor_free(cursor_);
  kith_query_free(query_);
  if (stream_.release != nullptr) stream_.release(&stream_);
  kith_transaction_free(transaction_);
  kith_subscription_free(subscription_);
  kith_rights_free(rights_);
  kith_model_free(model_);
  kith_session_free(session_);
  kith_close(crm_);
  kith_config_free(config_);
  if (database_ != nullptr) sqlite3_close(database_);
  if (!path_.empty()) std::filesystem::remove(path_);
}

void world::fill_structures() {
  value_ = text_value("Acme");
  named_[0] = {text("n"), text("name")};
  named_[1] = {text("c"), text("count()")};
  columns_[0] = text("name");
  choices_[0] = text("gold");
  choices_[1] = text("Золото");
  erased_.entity = KITH_CLIENT;
  erased_.subject = person;
  erased_.reason = erased_.legal_basis = text("asked");
  session_options = {sizeof session_options, text("anna"), user, text("Asia/Omsk"), nullptr};
  transaction_options = {
      sizeof transaction_options, KITH_WRITE, KITH_ORIGIN_USER, text("why"), text("key"), 0};
  field_definition = {};
  field_definition.struct_size = sizeof field_definition;
  field_definition.name = text("x_level");
  field_definition.kind = KITH_KIND_CHOICE;
  field_definition.choices = choices_;
  field_definition.choice_count = 1;
  field_definition.label = field_definition.ru = field_definition.doc = text("Level");
  entity_definition = {sizeof entity_definition, text("x_vehicle"), text("x_vehicles"),
                       text("x_level"),          text("Машина"),    text("Машины"),
                       text("A car."),           &field_definition, 1};
  total_definition = {sizeof total_definition, text("x_by_kind"), text("client"),
                      text("name <> 'x'"),     text("kind"),      text("count() as n")};
  query_options = {sizeof query_options, 10, KITH_LIVE, 0, {}};
  order_ = {text("c"), 1};
  aggregation = {sizeof aggregation, &named_[0], 1, &named_[1], 1, text("c > 0"), &order_, 1};
  call_options = {sizeof call_options, text("why"), text("key"), 0};
  import_column_ = {};
  import_column_.struct_size = sizeof import_column_;
  import_column_.column = import_column_.to = text("name");
  import_options = {};
  import_options.struct_size = sizeof import_options;
  import_options.entity = KITH_CLIENT;
  import_options.columns = &import_column_;
  import_options.column_count = 1;
  import_options.reason = text("why");
  import_options.zone = text("Asia/Omsk");
  import_options.currency = text("RUB");
  import_options.delimiter = text(",");
  import_options.encoding = text("utf-8");
  import_options.decimal_point = text(".");
  import_options.dates = text("ymd");
  import_options.read = &read_once;
  import_options.progress = &go_on;
  import_options.user_data = &was_read_;
  export_options = {};
  export_options.struct_size = sizeof export_options;
  export_options.columns = columns_;
  export_options.column_count = 1;
  export_options.delimiter = text(",");
  export_options.write = &write_nowhere;
  export_options.progress = &go_on;
  retention = {sizeof retention, KITH_CLIENT, 0, text("name = 'nobody'"), text("old"), text("law")};
  anchor.struct_size = sizeof anchor;
  ok(kith_crm_anchor(crm_, &anchor, nullptr), nullptr);
}

std::int64_t world::add(const char* name, std::int64_t kind) {
  kith_record* r = nullptr;
  const kith_value n = text_value(name);
  const kith_value k = number_value(KITH_KIND_CHOICE, kind);
  call(kith_record_new, session_, std::uint16_t{KITH_CLIENT}, std::int64_t{0}, &r);
  call(kith_record_set, r, kith_field{KITH_CLIENT_NAME}, &n);
  call(kith_record_set, r, kith_field{KITH_CLIENT_KIND}, &k);
  call(kith_put, session_, r);
  kith_record_state state{};
  state.struct_size = sizeof state;
  call(kith_record_info, r, &state);
  kith_record_free(r);
  return state.id;
}

kith_config*& world::config() {
  if (config_ == nullptr) {
    call(kith_config_new, &config_);
    call(kith_config_set, config_, text("accept_weak_durability"), text("yes"));
  }
  return config_;
}

kith_subscription*& world::subscription() {
  if (subscription_ == nullptr) {
    const kith_commit_fn told = [](void*, const kith_changes*, kith_error**) {
      return KITH_OK + 0;
    };
    call(kith_on_commit, crm_, told, nullptr, nullptr, &subscription_);
  }
  return subscription_;
}

kith_model*& world::model() {
  if (model_ == nullptr) call(kith_crm_model, crm_, &model_);
  return model_;
}

kith_rights*& world::rights() {
  if (rights_ == nullptr) call(kith_rights_new, std::int32_t{0}, &rights_);
  return rights_;
}

kith_transaction*& world::transaction() {
  if (transaction_ == nullptr) call(kith_begin, session_, nullptr, &transaction_);
  return transaction_;
}

kith_record*& world::record() {
  if (record_ == nullptr) {
    const kith_value city = text_value("Омск");
    call(kith_get, session_, std::uint16_t{KITH_CLIENT}, client, &record_);
    call(kith_record_set_by_name, record_, text("city"), &city);
  }
  return record_;
}

kith_record*& world::arguments_of(std::uint16_t number) {
  if (arguments_ == nullptr) {
    call(kith_record_new, session_, number, std::int64_t{0}, &arguments_);
    if (number == KITH_ACTION_CLIENT_HAND_OVER) {
      const kith_value owner = number_value(KITH_KIND_REF, user);
      call(kith_record_set_by_name, arguments_, text("owner"), &owner);
    }
  }
  return arguments_;
}

kith_query*& world::query() {
  if (query_ == nullptr) {
    const kith_value other = text_value("Zorro");
    call(kith_query_parse, session_, std::uint16_t{KITH_CLIENT}, text("name <> ? order by name"),
         &query_);
    call(kith_query_bind, query_, std::size_t{0}, &other);
  }
  return query_;
}

kith_cursor*& world::cursor() {
  if (cursor_ == nullptr) call(kith_query_page, query(), std::uint64_t{1}, &cursor_);
  return cursor_;
}

kith_table*& world::table() {
  if (table_ == nullptr) call(kith_query_select, query(), named(), std::size_t{1}, &table_);
  return table_;
}

kith_table*& world::report_table() {
  if (table_ == nullptr) {
    call(kith_report, session_, std::uint16_t{KITH_REPORT_PIPELINE}, nullptr, &table_);
  }
  return table_;
}

kith_changes*& world::changes() {
  if (changes_ == nullptr) {
    call(kith_changes_since, session_, std::int64_t{0}, std::size_t{0}, std::int32_t{0}, &changes_);
  }
  return changes_;
}

kith_error*& world::error() {
  if (error_ == nullptr) {
    kith_record* r = nullptr;
    call(kith_record_new, session_, std::uint16_t{KITH_CLIENT}, std::int64_t{0}, &r);
    kith_put(session_, r, &error_);
    kith_record_free(r);
  }
  return error_;
}

ArrowArrayStream* world::stream_in() {
  if (stream_.release == nullptr) {
    call(kith_query_arrow, query(), static_cast<const kith_text*>(columns_), std::size_t{1},
         std::size_t{0}, &stream_);
  }
  return &stream_;
}

sqlite3* world::database() {
  if (database_ == nullptr && sqlite3_open(":memory:", &database_) != SQLITE_OK) {
    throw std::runtime_error("SQLite does not open");
  }
  return database_;
}

kith_record* const* world::records() {
  const char* const names[] = {"First", "Second"};
  for (int i = 0; i < 2 && batch_records_[i] == nullptr; ++i) {
    const kith_value name = text_value(names[i]);
    call(kith_record_new, session_, std::uint16_t{KITH_CLIENT}, std::int64_t{0},
         &batch_records_[i]);
    call(kith_record_set_by_name, batch_records_[i], text("name"), &name);
  }
  return batch_records_;
}

const kith_record* world::borrowed() {
  const kith_record* r = nullptr;
  call(kith_cursor_next, cursor(), &r);
  return r;
}

const kith_import_options* world::importing() {
  was_read_ = false;
  return &import_options;
}

std::int64_t world::held() {
  if (std::exchange(is_held_, true)) return client;
  call(kith_hold, session_, std::uint16_t{KITH_CLIENT}, client, text("a suit"));
  return client;
}

std::int64_t world::batch() {
  if (batch_ != 0) return batch_;
  kith_imported imported{};
  imported.struct_size = sizeof imported;
  call(kith_import, session_, importing(), &imported, nullptr);
  return batch_ = imported.batch;
}

std::int64_t world::last_sequence() {
  std::int64_t sequence = 0;
  add("Latest", KITH_CLIENT_KIND_ORGANISATION);
  call(kith_session_sequence, session_, &sequence);
  return sequence;
}

kith_field world::custom_field() {
  if (custom_field_ == 0) {
    call(kith_session_add_field, session_, std::uint16_t{KITH_CLIENT}, &field_definition,
         &custom_field_);
  }
  return custom_field_;
}

const char* world::total() {
  if (!std::exchange(has_total_, true)) call(kith_total_add, session_, &total_definition);
  return "x_by_kind";
}

std::string world::fresh_path() {
  static int made = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("kith-misuse-" + std::to_string(getpid()) + "-" + std::to_string(++made));
  return path_;
}

void world::close_parents(const std::vector<const void*>& used) {
  const auto close = [&](auto*& handle, auto free) {
    if (handle == nullptr || std::find(used.begin(), used.end(), handle) != used.end()) return;
    free(std::exchange(handle, nullptr));
  };
  close(config_, kith_config_free);
  close(crm_, kith_close);
  close(session_, kith_session_free);
  close(transaction_, kith_transaction_free);
  close(query_, kith_query_free);
  close(model_, kith_model_free);
  close(rights_, kith_rights_free);
}

}  // namespace kith::misuse
