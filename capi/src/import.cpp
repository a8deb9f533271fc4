// SPDX-License-Identifier: Apache-2.0
//
// Files into records.
#include "imports.hpp"
#include "kith/core/text.hpp"
#include "tables.hpp"

namespace kith::capi {
namespace {

// A size without data is given, too: it is refused where it is read.
bool is_given(kith_text text) { return text.data != nullptr || text.size != 0; }

std::vector<std::string> texts_of(const kith_text* first, std::size_t count, const char* what) {
  std::vector<std::string> all;
  for (const kith_text& t : array_of(first, count, what)) all.push_back(string_of(t, what));
  return all;
}

column_mapping mapping_of(const kith_import_column& c) {
  column_mapping m;
  m.column = string_of(c.column, "a column");
  m.to = string_of(c.to, "where a column goes");
  for (const kith_named& t : array_of(c.translate, c.translate_count, "translate")) {
    m.how.translate[string_of(t.name, "translate")] = string_of(t.expression, "translate");
  }
  if (is_given(c.times)) m.how.times = decimal(text_of(c.times, "times"));
  if (is_given(c.currency)) m.how.currency = currency_code(text_of(c.currency, "currency"));
  m.how.create_missing = c.create_missing != 0;
  return m;
}

// Mappings are as far apart as their owner says.
std::vector<column_mapping> mappings_of(const kith_import_column* first, std::size_t count) {
  std::vector<column_mapping> all;
  require_array(first, count, "columns");
  if (first == nullptr || count == 0) return all;
  require_size(*first, "columns");
  const auto* const bytes = reinterpret_cast<const char*>(first);
  for (std::size_t i = 0; i < count; ++i) {
    const auto* const c =
        reinterpret_cast<const kith_import_column*>(bytes + i * first->struct_size);
    all.push_back(mapping_of(taken(c, "columns")));
  }
  return all;
}

text_encoding encoding_of(std::string_view name) {
  constexpr std::pair<std::string_view, text_encoding> known[] = {
      {"utf-8", text_encoding::utf8},
      {"utf-16le", text_encoding::utf16_le},
      {"utf-16be", text_encoding::utf16_be},
      {"windows-1251", text_encoding::windows_1251}};
  for (const auto& [word, encoding] : known) {
    if (word == name) return encoding;
  }
  throw error(error_code::invalid, "the encoding '" + shortened(name) +
                                       "' is not one of utf-8, utf-16le, utf-16be, windows-1251");
}

text_format::date_order dates_of(std::string_view name) {
  if (name == "ymd") return text_format::date_order::ymd;
  if (name == "dmy") return text_format::date_order::dmy;
  if (name == "mdy") return text_format::date_order::mdy;
  throw error(error_code::invalid,
              "the order of dates '" + shortened(name) + "' is not one of ymd, dmy, mdy");
}

csv_dialect dialect_of(const kith_import_options& o) {
  csv_dialect d;
  if (is_given(o.delimiter)) d.delimiter = letter_of(o.delimiter, "the delimiter");
  if (is_given(o.encoding)) d.encoding = encoding_of(text_of(o.encoding, "the encoding"));
  if (is_given(o.decimal_point)) {
    d.decimal_point = letter_of(o.decimal_point, "the decimal point");
  }
  if (is_given(o.dates)) d.dates = dates_of(text_of(o.dates, "the order of dates"));
  d.header = o.no_header == 0;
  return d;
}

byte_source source_of(const kith_import_options& o) {
  return [read = o.read, data = o.user_data](char* to, std::size_t room) {
    kith_error* err = nullptr;
    const std::size_t size = read(data, to, room, &err);
    rethrow(KITH_OK, err, "the read callback");
    if (size > room) misuse("the read callback gives more bytes than there is room");
    return size;
  };
}

}  // namespace

import_options import_options_of(const kith_import_options& o, const model& of) {
  import_options plain;
  if (o.mode < KITH_UPSERT || o.mode > KITH_UPDATE_ONLY) {
    misuse("the mode of an import is KITH_UPSERT, KITH_INSERT_ONLY or KITH_UPDATE_ONLY");
  }
  plain.entity = std::string(entity_of(of, o.entity).name());
  plain.columns = mappings_of(o.columns, o.column_count);
  plain.only_mapped = o.only_mapped != 0;
  for (const kith_named& c : array_of(o.constants, o.constant_count, "constants")) {
    plain.constants[string_of(c.name, "constants")] = string_of(c.expression, "constants");
  }
  plain.match = texts_of(o.match, o.match_count, "match");
  plain.how = static_cast<import_options::mode>(o.mode);
  plain.empty_clears = o.empty_clears != 0;
  plain.dry_run = o.dry_run != 0;
  plain.reason = string_of(o.reason, "the reason");
  if (o.chunk_rows != 0) plain.chunk_rows = o.chunk_rows;
  if (o.most_errors != 0) plain.most_errors = o.most_errors;
  const std::string_view zone = text_of(o.zone, "the zone");
  if (!zone.empty()) plain.format.zone = time_zone::named(zone);
  if (is_given(o.currency)) {
    plain.format.currency = currency_code(text_of(o.currency, "the currency"));
  }
  if (o.progress != nullptr) {
    plain.progress = [told = o.progress, data = o.user_data](std::uint64_t rows) {
      return told(data, rows) != 0;
    };
  }
  plain.rejected_file = string_of(o.rejected_file, "the file of refused rows");
  return plain;
}

void check_file_settings(const kith_import_options& o) {
  dialect_of(o);
  text_of(o.path, "the path");
}

void give_import(const import_result& result, kith_imported* imported, kith_table** errors) {
  if (errors != nullptr) {
    table_builder t({"row", "line", "column", "field", "value", "message"});
    for (const import_error& e : result.errors) {
      t.row({count_value(e.row), count_value(e.line), text_value(e.column), text_value(e.field),
             text_value(e.value), text_value(e.message)});
    }
    *errors = table_of({}, t.done()).release();
  }
  kith_imported i{};
  i.rows = result.rows;
  i.inserted = result.inserted;
  i.updated = result.updated;
  i.unchanged = result.unchanged;
  i.failed = result.failed;
  i.batch = result.batch.value;
  i.cancelled = result.cancelled;
  i.cut_short = result.cut_short;
  give(imported, i);
}

}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_import(kith_session* session, const kith_import_options* options,
                        kith_imported* imported, kith_table** errors, kith_error** err) {
  return guard(err, outs(imported, errors), [&] {
    kith::session& s = session_of(session);
    if (options == nullptr) misuse("options is NULL");
    const kith_import_options o = taken(options, "options");
    import_options plain = import_options_of(o, *s.model());
    const std::string path = string_of(o.path, "the path");
    if (path.empty() == (o.read == nullptr))
      misuse("an import has either a path or a read callback");
    const import_result result = path.empty()
                                     ? import_csv(s, source_of(o), std::move(plain), dialect_of(o))
                                     : import_csv(s, path, std::move(plain), dialect_of(o));
    give_import(result, imported, errors);
    return KITH_OK;
  });
}

kith_status kith_export(kith_query* query, const kith_export_options* options, uint64_t* rows,
                        kith_error** err) {
  return guard(err, outs(rows), [&] {
    kith_query& q = use(query);
    if (options == nullptr) misuse("options is NULL");
    const kith_export_options o = taken(options, "options");
    csv_export_options plain;
    plain.columns = texts_of(o.columns, o.column_count, "columns");
    if (is_given(o.delimiter)) plain.delimiter = letter_of(o.delimiter, "the delimiter");
    plain.byte_order_mark = o.byte_order_mark != 0;
    plain.labels = o.labels != 0;
    plain.by_id = o.by_id != 0;
    if (o.progress != nullptr) {
      plain.progress = [told = o.progress, data = o.user_data](std::uint64_t done) {
        return told(data, done) != 0;
      };
    }
    const std::string path = string_of(o.path, "the path");
    if (path.empty() == (o.write == nullptr)) {
      misuse("an export has either a path or a write callback");
    }
    const any_query what(q.box->session, q.model, q.spec);
    const auto to_callback = [&o](std::string_view bytes) {
      kith_error* refusal = nullptr;
      const kith_status status = o.write(o.user_data, to_c(bytes), &refusal);
      rethrow(status, refusal, "the write callback");
    };
    const std::uint64_t written = path.empty() ? export_csv(what, to_callback, std::move(plain))
                                               : export_csv(what, path, std::move(plain));
    if (rows != nullptr) *rows = written;
    return KITH_OK;
  });
}
