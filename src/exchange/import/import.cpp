// SPDX-License-Identifier: Apache-2.0
//
// The run of an import: rows in chunks, each a transaction, under one batch; rows that name others
// to come wait for them.
#include <algorithm>
#include <optional>
#include <utility>

#include "core/session/state.hpp"
#include "exchange/import/batch.hpp"
#include "exchange/import/rejects.hpp"
#include "exchange/import/row.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1 {
namespace {

using detail::row_import;

// Rows that wait are kept in memory: so many bytes of them, then those to come must not wait.
constexpr std::size_t most_waiting = 4 << 20;

struct waiting_row {
  std::uint64_t row;
  std::uint64_t line;
  std::vector<std::string> cells;
};

std::vector<std::string_view> views_of(const std::vector<std::string>& cells) {
  return {cells.begin(), cells.end()};
}

class import_run {
 public:
  import_run(session& into, row_source_of_text& from, const import_options& options)
      : session_(into),
        from_(from),
        options_(options),
        keys_(into),
        columns_(read_columns()),
        plan_(detail::make_plan(into, keys_, columns_, options)),
        rows_(into, keys_, plan_, columns_, options_, from.doubts()),
        batch_(into, !options.dry_run),
        rejects_(options.rejected_file, columns_.headers()) {
    if (options.chunk_rows == 0) throw error(error_code::misuse, "chunk_rows is at least 1");
  }

  import_result run() {
    result_.columns = plan_.became;
    result_.ignored_columns = plan_.ignored;
    // Held to the end, so that queries about rows do not forget an interruption.
    const std::shared_ptr<char> running = session_.internals().running();
    std::optional<transaction> trial;
    if (options_.dry_run) trial.emplace(session_.write(about()));
    begin_batch();
    try {
      while (!at_end_ && !result_.cancelled) chunk();
    } catch (...) {
      keep_rejects();
      throw;
    }
    finish();
    return std::move(result_);
  }

 private:
  detail::column_names read_columns() {
    std::vector<std::string> headers = from_.headers();
    if (headers.empty()) {
      have_row_ = next();
      at_end_ = !have_row_;
    }
    return {std::move(headers), cells_.size()};
  }

  transaction_options about() const {
    transaction_options o;
    o.reason = options_.reason.empty() ? from_.name() : options_.reason;
    o.from = origin::import;
    o.batch = result_.batch;
    return o;
  }

  void begin_batch() {
    if (options_.dry_run) return;
    transaction tx = session_.write(about());
    result_.batch = batch_.begin(from_.format_name(), from_.name(), plan_.entity->name());
    tx.commit();
  }

  void chunk() {
    transaction tx = session_.write(about());
    for (std::size_t n = 0; n < options_.chunk_rows && !at_end_; ++n) {
      if (!have_row_ && !next()) {
        at_end_ = true;
        break;
      }
      have_row_ = false;
      stop_if_interrupted();
      ++result_.rows;
      take_row(result_.rows, from_.line(), cells_, {from_.is_text(), false, &from_});
    }
    if (at_end_) settle_waiting();
    batch_.count(result_);
    tx.commit();
    if (options_.progress && !options_.progress(result_.rows) && !at_end_) result_.cancelled = true;
  }

  void stop_if_interrupted() {
    if (!session_.internals().interrupted->exchange(false)) return;
    throw error(error_code::interrupted,
                "the import was interrupted; the chunks before stay, and can be undone");
  }

  // The next row; false at the end, and where the source cannot be read on.
  bool next() {
    try {
      return from_.next(cells_);
    } catch (const error& e) {
      if (e.code() != error_code::invalid && e.code() != error_code::limit) throw;
      if (columns_unknown()) throw;
      import_error what;
      what.row = result_.rows + 1;
      what.line = from_.line();
      what.message = e.message();
      result_.errors.push_back(std::move(what));
      result_.cut_short = true;
      return false;
    }
  }
  bool columns_unknown() const { return result_.columns.empty(); }

  void take_row(std::uint64_t row, std::uint64_t line, detail::row_cells cells,
                row_import::circumstances known) {
    known.last = known.last || waiting_is_full_;
    switch (rows_.take(row, line, cells, known)) {
      case row_import::fate::inserted: ++result_.inserted; break;
      case row_import::fate::updated: ++result_.updated; break;
      case row_import::fate::unchanged: ++result_.unchanged; break;
      case row_import::fate::refused: refuse(cells); break;
      case row_import::fate::later: wait(row, line, cells); break;
    }
  }

  void refuse(detail::row_cells cells) {
    ++result_.failed;
    if (options_.rejected || !options_.rejected_file.empty()) {
      const std::string why = rows_.problems().joined();
      if (options_.rejected) options_.rejected(cells, why);
      rejects_.add(cells, why);
    }
    rows_.problems().give_to(result_, options_.most_errors);
  }

  void wait(std::uint64_t row, std::uint64_t line, detail::row_cells cells) {
    waiting_row w{row, line, {cells.begin(), cells.end()}};
    waiting_bytes_ += sizeof w;
    for (const std::string& cell : w.cells) waiting_bytes_ += sizeof cell + cell.size();
    waiting_.push_back(std::move(w));
    if (waiting_bytes_ < most_waiting || retrying_) return;
    retry(false);
    waiting_is_full_ = waiting_bytes_ > most_waiting / 2;
  }

  // Tries the waiting rows once more; whether some are done now. In turn from either end, so that
  // a chain of rows in any order takes few rounds.
  bool retry(bool last) {
    std::vector<waiting_row> rows = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    retrying_ = true;
    if (!last) std::reverse(rows.begin(), rows.end());
    for (const waiting_row& w : rows) {
      take_row(w.row, w.line, views_of(w.cells), {true, last, nullptr});
    }
    retrying_ = false;
    return waiting_.size() < rows.size();
  }

  void settle_waiting() {
    while (!waiting_.empty() && retry(false)) continue;
    if (!waiting_.empty()) retry(true);
  }

  void finish() {
    if (!options_.dry_run) {
      transaction tx = session_.write(about());
      batch_.count(result_);
      if (!result_.cancelled) batch_.finish();
      tx.commit();
    }
    rejects_.finish();
    std::stable_sort(result_.errors.begin(), result_.errors.end(),
                     [](const import_error& a, const import_error& b) { return a.row < b.row; });
  }

  // What was refused before the import failed as a whole is not lost.
  void keep_rejects() noexcept {
    try {
      rejects_.finish();
    } catch (...) {  // the reason that is being thrown counts
    }
  }

  session& session_;
  row_source_of_text& from_;
  const import_options& options_;
  import_result result_;
  std::vector<std::string_view> cells_;
  bool have_row_ = false;  // the first one, read to count the columns
  bool at_end_ = false;
  detail::external_keys keys_;
  detail::column_names columns_;
  detail::import_plan plan_;
  row_import rows_;
  detail::batch_record batch_;
  detail::reject_file rejects_;

  std::vector<waiting_row> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool waiting_is_full_ = false;
  bool retrying_ = false;
};

}  // namespace

import_result import_rows(session& into, row_source_of_text& from, import_options options) {
  return import_run(into, from, options).run();
}

}  // namespace kith::inline v1
