// SPDX-License-Identifier: Apache-2.0
//
// Transactions and savepoints.
#include "handles.hpp"
#include "values.hpp"

namespace kith::capi {
namespace {

origin origin_of(std::int32_t number) {
  if (number == 0) return origin::user;
  if (number < KITH_ORIGIN_USER || number > KITH_ORIGIN_SYNC) {
    misuse("origin " + std::to_string(number) + " is none; it is KITH_ORIGIN_USER to _SYNC");
  }
  return static_cast<origin>(number);
}

transaction begun(session& s, const kith_transaction_options& o) {
  if (o.mode == KITH_READ) return s.read();
  if (o.mode != KITH_WRITE) misuse("the mode of a transaction is KITH_WRITE or KITH_READ");
  transaction_options plain;
  plain.reason = string_of(o.reason, "the reason");
  plain.from = origin_of(o.origin);
  plain.operation_key = std::string(bytes_of(o.operation_key, "the operation key"));
  plain.batch = {o.batch};
  return s.write(std::move(plain));
}

transaction& tx_of(kith_transaction* t) { return *use(t).tx; }

value cell_value(const cell& c) {
  switch (c.type()) {
    case storage::integer: return value(c.as_integer());
    case storage::real: return value(c.as_real());
    case storage::text: return value(c.as_bytes());
    case storage::blob: return value::of(kind_id::blob, {}, {&c, 1});
    case storage::null: break;
  }
  return {};
}

// Names of a statement's columns are not told: they are numbered.
kith::table numbered(std::vector<std::vector<value>> rows) {
  kith::table t;
  const std::size_t columns = rows.empty() ? 0 : rows.front().size();
  for (std::size_t c = 0; c < columns; ++c) {
    t.columns.push_back({"column_" + std::to_string(c + 1), kind_id::text, {}});
    for (const auto& row : rows) {
      if (row[c].is_null()) continue;
      t.columns[c].kind = row[c].kind();
      break;
    }
  }
  t.rows = std::move(rows);
  return t;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_begin(kith_session* session, const kith_transaction_options* options,
                       kith_transaction** transaction, kith_error** err) {
  return guard(err, outs(transaction), [&] {
    need(transaction, "transaction");
    auto made = std::make_unique<kith_transaction>();
    made->box = use(session).box;
    made->tx.emplace(begun(made->box->session, taken(options, "options")));
    *transaction = made.release();
    return KITH_OK;
  });
}

kith_status kith_transaction_commit(kith_transaction* transaction, kith_error** err) {
  return guard(err, nothing, [&] {
    kith::transaction& tx = tx_of(transaction);
    const bool done_before = tx.already_done();
    tx.commit();
    return done_before ? KITH_UNCHANGED : KITH_OK;
  });
}

kith_status kith_transaction_rollback(kith_transaction* transaction, kith_error** err) {
  return guard(err, nothing, [&] {
    tx_of(transaction).rollback();
    return KITH_OK;
  });
}

kith_status kith_transaction_info(kith_transaction* transaction, kith_transaction_state* state,
                                  kith_error** err) {
  return guard(err, outs(state), [&] {
    need(state, "state");
    const kith::transaction& tx = tx_of(transaction);
    kith_transaction_state s{};
    s.open = tx.open();
    s.already_done = tx.already_done();
    s.sequence = tx.sequence();
    s.operation_key = to_c(tx.operation_key());
    give(state, s);
    return KITH_OK;
  });
}

kith_status kith_transaction_sql(kith_transaction* transaction, kith_text statement,
                                 const kith_value* values, size_t value_count, kith_table** rows,
                                 kith_error** err) {
  return guard(err, outs(rows), [&] {
    kith::transaction& tx = tx_of(transaction);
    std::vector<std::vector<value>> found;
    tx.sql(text_of(statement, "the statement"), values_of(values, value_count),
           [&](std::span<const cell> cells) {
             if (rows == nullptr) return;
             std::vector<value> row;
             for (const cell& c : cells) row.push_back(cell_value(c));
             found.push_back(std::move(row));
           });
    if (rows != nullptr) *rows = table_of({}, numbered(std::move(found))).release();
    return KITH_OK;
  });
}

void kith_transaction_free(kith_transaction* transaction) { dispose(transaction); }
