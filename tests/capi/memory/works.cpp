// SPDX-License-Identifier: Apache-2.0
#include "works.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

#include "capi/arrow_abi.h"
#include "kith_model.h"

namespace kith::capi_memory {
namespace {

#define TRY(call)                       \
  do {                                  \
    const kith_status status_ = (call); \
    if (status_ < 0) return status_;    \
  } while (0)

template <class H, void (*Free)(H*)>
struct owned {
  H* handle = nullptr;
  ~owned() { Free(handle); }
  H** operator&() { return &handle; }
  operator H*() const { return handle; }
};
using record = owned<kith_record, kith_record_free>;
using query = owned<kith_query, kith_query_free>;
using cursor = owned<kith_cursor, kith_cursor_free>;
using table = owned<kith_table, kith_table_free>;
using transaction = owned<kith_transaction, kith_transaction_free>;
using model = owned<kith_model, kith_model_free>;

kith_text text(const char* words) { return kith_text_of(words); }

kith_value text_value(const char* words) {
  kith_value v{};
  v.kind = KITH_KIND_TEXT;
  v.text = text(words);
  return v;
}

kith_status id_of(kith_record* r, std::int64_t* id) {
  kith_record_state state{};
  state.struct_size = sizeof state;
  const kith_status status = kith_record_info(r, &state, nullptr);
  if (id != nullptr) *id = state.id;
  return status;
}

kith_status add_user(kith_session* s, std::int64_t* id) {
  record r;
  const kith_value name = text_value("anna");
  TRY(kith_record_new(s, KITH_USER, 0, &r, nullptr));
  TRY(kith_record_set(r, KITH_USER_LOGIN, &name, nullptr));
  TRY(kith_record_set(r, KITH_USER_NAME, &name, nullptr));
  TRY(kith_put(s, r, nullptr));
  return id_of(r, id);
}

kith_status add_client(kith_session* s, const char* name, kith_error** err,
                       std::int64_t* id = nullptr) {
  record r;
  const kith_value n = text_value(name), city = text_value("Тобольск, a town with a long name");
  TRY(kith_record_new(s, KITH_CLIENT, 0, &r, err));
  TRY(kith_record_set(r, KITH_CLIENT_NAME, &n, err));
  TRY(kith_record_set_by_name(r, text("city"), &city, err));
  TRY(kith_put(s, r, err));
  return id != nullptr ? id_of(r, id) : KITH_OK;
}

kith_status all_clients(host& h, const char* condition, query& q, kith_error** err) {
  return kith_query_parse(h.session, KITH_CLIENT, text(condition), &q, err);
}

kith_status open(host& h, kith_error** err) {
  kith_config* config = nullptr;
  kith_crm* crm = nullptr;
  kith_session* session = nullptr;
  TRY(kith_config_new(&config, err));
  kith_status status = kith_config_set(config, text("limits.page_rows"), text("500"), err);
  if (status >= 0) status = kith_open(text(h.place), config, &crm, err);
  if (status >= 0) status = kith_session_open(crm, nullptr, &session, err);
  kith_session_free(session);
  kith_close(crm);
  kith_config_free(config);
  return status;
}

kith_status open_session(host& h, kith_error** err) {
  kith_session_options options{sizeof options, text("somebody with quite a long name"), 0,
                               text("Asia/Omsk"), nullptr};
  kith_rights* rights = nullptr;
  kith_session* session = nullptr;
  const kith_value value = text_value("a value that does not fit into a short string");
  TRY(kith_rights_new(0, &rights, err));
  kith_status status =
      kith_rights_add(rights, KITH_RIGHT_ONLY, text("client"), text("name <> ?"), &value, 1, err);
  options.rights = rights;
  if (status >= 0) status = kith_session_open(h.crm, &options, &session, err);
  kith_session_free(session);
  kith_rights_free(rights);
  return status;
}

kith_status write(host& h, kith_error** err) {
  kith_transaction_options options{sizeof options,
                                   KITH_WRITE,
                                   0,
                                   text("a reason that does not fit into a short string"),
                                   text("a key that does not fit into a short string"),
                                   0};
  transaction tx;
  TRY(kith_begin(h.session, &options, &tx, err));
  TRY(add_client(h.session, "The first of two clients with long names", err));
  TRY(add_client(h.session, "The second of two clients with long names", err));
  return kith_transaction_commit(tx, err);
}

kith_status write_many(host& h, kith_error** err) {
  record all[8];
  kith_record* records[8] = {};
  kith_item items[8] = {};
  const kith_value name = text_value("One of many, whose name does not fit into a short string");
  for (int i = 0; i < 8; ++i) {
    TRY(kith_record_new(h.session, KITH_CLIENT, 0, &all[i], err));
    if (i % 4 != 3) TRY(kith_record_set(all[i], KITH_CLIENT_NAME, &name, err));
    records[i] = all[i];
  }
  const kith_status status = kith_put_many(h.session, records, 8, KITH_PER_ITEM, items, err);
  for (const kith_item& i : items) kith_error_free(i.error);
  return status;
}

kith_status refused(host& h, kith_error** err) {
  record r;
  const kith_value kind = text_value("neither a person nor anything else that has a name");
  TRY(kith_record_new(h.session, KITH_CLIENT, 0, &r, err));
  const kith_status status = kith_record_set(r, KITH_CLIENT_KIND, &kind, nullptr);
  return status == KITH_E_INVALID ? kith_put(h.session, r, err) : status;
}

kith_status ask(host& h, kith_error** err) {
  query q;
  cursor c;
  const kith_value name = text_value("A name that nobody has, and a long one at that");
  std::uint64_t count = 0;
  TRY(all_clients(h, "name <> ? and city like 'Т%' order by name", q, err));
  TRY(kith_query_bind(q, 0, &name, err));
  TRY(kith_query_count(q, &count, err));
  TRY(kith_query_run(q, &c, err));
  const kith_record* r = nullptr;
  kith_status status = KITH_OK;
  while ((status = kith_cursor_next(c, &r, err)) == KITH_ROW) {
    kith_value v{};
    TRY(kith_record_get_by_name(r, text("address"), &v, err));
  }
  return status;
}

kith_status ask_for_tables(host& h, kith_error** err) {
  query q;
  table rows, groups;
  cursor page;
  kith_text shown{};
  const kith_named columns[] = {{text("name"), text("name")},
                                {text("deals"), text("count(deals)")}};
  const kith_named by{text("city"), text("city")}, count{text("n"), text("count()")};
  const kith_aggregation what{sizeof what, &by, 1, &count, 1, text("n > 0"), nullptr, 0};
  TRY(all_clients(h, "order by name", q, err));
  TRY(kith_query_select(q, columns, 2, &rows, err));
  TRY(kith_table_text(rows, &shown, err));
  TRY(kith_query_aggregate(q, &what, &groups, err));
  TRY(kith_query_page(q, 2, &page, err));
  return kith_cursor_mark(page, &shown, err);
}

std::size_t read_once(void* data, char* to, std::size_t, kith_error**) {
  constexpr char file[] =
      "name,city,phones\nA client out of a file,Омск,+7 3812 55-01-10\nAnother one,Томск,\n";
  if (std::exchange(*static_cast<bool*>(data), true)) return 0;
  std::memcpy(to, file, sizeof file - 1);
  return sizeof file - 1;
}

kith_status read_file(host& h, kith_error** err) {
  bool read = false;
  kith_import_options options{};
  options.struct_size = sizeof options;
  options.entity = KITH_CLIENT;
  options.read = &read_once;
  options.user_data = &read;
  kith_imported imported{};
  imported.struct_size = sizeof imported;
  table errors;
  return kith_import(h.session, &options, &imported, &errors, err);
}

kith_status write_file(host& h, kith_error** err) {
  query q;
  kith_export_options options{};
  options.struct_size = sizeof options;
  options.write = [](void*, kith_text, kith_error**) -> kith_status { return KITH_OK; };
  TRY(all_clients(h, "", q, err));
  return kith_export(q, &options, nullptr, err);
}

template <class T>
void release(T& t) {
  if (t.release != nullptr) t.release(&t);
}

// A stream says errno; what it cannot do for lack of memory is ENOMEM.
kith_status consume(ArrowArrayStream& stream) {
  ArrowSchema schema{};
  int problem = stream.get_schema(&stream, &schema);
  release(schema);
  for (bool more = problem == 0; more;) {
    ArrowArray batch{};
    problem = stream.get_next(&stream, &batch);
    more = problem == 0 && batch.release != nullptr;
    release(batch);
  }
  release(stream);
  return problem == 0 ? KITH_OK : problem == ENOMEM ? KITH_E_NO_MEMORY : KITH_E_INTERNAL;
}

kith_status arrow_out(host& h, kith_error** err) {
  query q;
  ArrowArrayStream stream{};
  TRY(all_clients(h, "", q, err));
  TRY(kith_query_arrow(q, nullptr, 0, 0, &stream, err));
  return consume(stream);
}

kith_status arrow_of_a_table(host& h, kith_error** err) {
  table t;
  ArrowArrayStream stream{};
  TRY(kith_report(h.session, KITH_REPORT_CLIENTS, nullptr, &t, err));
  TRY(kith_table_arrow(t, &stream, err));
  return consume(stream);
}

kith_status report(host& h, kith_error** err) {
  table t;
  kith_text chart{};
  TRY(kith_report(h.session, KITH_REPORT_PIPELINE, nullptr, &t, err));
  return kith_table_chart(t, &chart, err);
}

kith_status take_back(host& h, kith_error** err) {
  kith_changes* changes = nullptr;
  table history, contested;
  query q;
  cursor c;
  const kith_record* r = nullptr;
  kith_record_state state{};
  state.struct_size = sizeof state;
  TRY(kith_changes_since(h.session, 0, 0, 0, &changes, err));
  kith_changes_free(changes);
  TRY(all_clients(h, "order by id", q, err));
  TRY(kith_query_page(q, 1, &c, err));
  TRY(kith_cursor_next(c, &r, err));
  TRY(kith_record_info(r, &state, err));
  TRY(kith_history(h.session, KITH_CLIENT, state.id, 0, &history, err));
  std::int64_t sequence = 0;
  TRY(kith_session_sequence(h.session, &sequence, err));
  return kith_undo(h.session, sequence, KITH_UNDO_ALL, nullptr, &contested, err);
}

kith_status restore(host& h, kith_error** err) {
  record r;
  return kith_restore(h.session, KITH_CLIENT, h.deleted, &r, err);
}

kith_status act(host& h, kith_error** err) {
  record arguments, answer;
  kith_value owner{};
  owner.kind = KITH_KIND_REF;
  owner.integer = h.user;
  kith_call_options options{};
  options.struct_size = sizeof options;
  options.reason = text("a reason that does not fit into a short string");
  options.operation_key = text("a key that does not fit into a short string");
  TRY(kith_record_new(h.session, KITH_ACTION_CLIENT_HAND_OVER, 0, &arguments, err));
  TRY(kith_record_set(arguments, KITH_ACTION_CLIENT_HAND_OVER_OWNER, &owner, err));
  return kith_call(h.session, KITH_ACTION_CLIENT_HAND_OVER, h.client, arguments, &options, &answer,
                   err);
}

kith_status new_field(host& h, kith_error** err) {
  kith_field_definition definition{};
  kith_field field = 0;
  definition.struct_size = sizeof definition;
  definition.name = text("x_a_field_with_a_long_name");
  definition.kind = KITH_KIND_TEXT;
  return kith_session_add_field(h.session, KITH_CLIENT, &definition, &field, err);
}

kith_status describe(host& h, kith_error** err) {
  model m;
  kith_entity_info entity{};
  kith_field_info field{};
  entity.struct_size = sizeof entity;
  field.struct_size = sizeof field;
  TRY(kith_session_model(h.session, &m, err));
  TRY(kith_model_entity_at(m, 5, &entity, err));
  for (std::size_t i = 0; i < entity.fields; ++i) {
    TRY(kith_model_field_at(m, entity.number, i, &field, err));
  }
  return KITH_OK;
}

kith_status listen(host& h, kith_error** err) {
  kith_subscription* told = nullptr;
  const kith_commit_fn none = [](void*, const kith_changes*, kith_error**) -> kith_status {
    return KITH_OK;
  };
  TRY(kith_on_commit(h.crm, none, nullptr, nullptr, &told, err));
  const kith_status status = add_client(h.session, "Somebody of whom listeners are told", err);
  kith_subscription_free(told);
  return status;
}

}  // namespace

host::host(const char* where) : place(where) {
  kith_status status = kith_open(text(place), nullptr, &crm, nullptr);
  if (status >= 0) status = kith_session_open(crm, nullptr, &session, nullptr);
  for (const char* name :
       {"Acme", "Bolt", "ООО «Автопарк», whose name does not fit into a short string"}) {
    if (status >= 0) status = add_client(session, name, nullptr);
  }
  if (status >= 0) status = add_client(session, "With an owner", nullptr, &client);
  if (status >= 0) status = add_client(session, "Gone", nullptr, &deleted);
  if (status >= 0) status = add_user(session, &user);
  if (status >= 0) status = kith_delete(session, KITH_CLIENT, deleted, nullptr);
  if (status >= 0) status = add_client(session, "The latest", nullptr);
  if (status < 0) throw std::runtime_error("a host cannot be made");
}

host::~host() {
  kith_session_free(session);
  kith_close(crm);
}

std::int64_t host::clients() const {
  kith_query* q = nullptr;
  std::uint64_t count = 0;
  if (kith_query_parse(session, KITH_CLIENT, text(""), &q, nullptr) < 0) return -1;
  const kith_status status = kith_query_count(q, &count, nullptr);
  kith_query_free(q);
  return status < 0 ? -1 : static_cast<std::int64_t>(count);
}

std::string host::goes_on() const {
  kith_error* err = nullptr;
  const std::int64_t before = clients();
  const kith_status status = add_client(session, "One more", &err);
  const kith_text why = kith_error_message(err);
  std::string problem(why.data == nullptr ? "" : why.data, why.size);
  kith_error_free(err);
  if (before < 0) problem += " clients cannot be counted";
  if (problem.empty() && (status < 0 || clients() != before + 1))
    problem = "what is added is not there";
  return problem;
}

const std::vector<work>& works() {
  static const std::vector<work> all{
      {"open", open},
      {"session", open_session},
      {"write", write, 2},
      {"write_many", write_many, 6},
      {"refused", refused, 0, KITH_E_INVALID},
      {"query", ask},
      {"tables", ask_for_tables},
      {"import", read_file, 2, KITH_E_NO_MEMORY, true},
      {"export", write_file},
      {"arrow", arrow_out},
      {"arrow_of_a_table", arrow_of_a_table},
      {"report", report},
      {"undo", take_back, -1},
      {"restore", restore, 1},
      {"action", act},
      {"new_field", new_field},
      {"model", describe},
      {"listener", listen, 1},
  };
  return all;
}

}  // namespace kith::capi_memory
