// SPDX-License-Identifier: Apache-2.0
//
// Running a question: what the store takes it does; the rest of the conditions, the order and the
// limit are done here. Sorting holds rows up to limits::sort_bytes.
#include <algorithm>

#include "core/interruption.hpp"
#include "core/session/row_order.hpp"
#include "core/session/selected.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1 {
namespace {

// A question bound to a model, with what must outlive its cursor.
struct bound_query {
  const entity_type* entity = nullptr;
  lifecycle rows = lifecycle::live;
  std::vector<program> conditions;
  std::vector<order_term> order;
  std::vector<cell> after;
  std::vector<owned_cell> after_bytes;
  std::vector<slot_number> slots;
  std::uint64_t limit = 0;

  scan_request request() const {
    scan_request r;
    r.entity = entity;
    r.rows = rows;
    r.conditions = conditions;
    r.order = order;
    r.after = after;
    r.limit = limit;
    r.slots = slots;
    return r;
  }
};

// `only`: what will be read of each row, when that is not the whole record.
bound_query bind(const detail::bind_context& context, const query_spec& spec,
                 const detail::slot_set* only) {
  bound_query q;
  q.entity = spec.entity;
  q.rows = spec.rows;
  q.conditions = detail::bind_condition(context, *spec.entity, spec.where);
  q.order = detail::bind_order(context, *spec.entity, spec.order);
  q.limit = spec.limit;
  q.after_bytes = spec.after.cells;
  for (const owned_cell& c : q.after_bytes) q.after.push_back(c.view());
  if (!q.after.empty() && q.after.size() != q.order.size() + 1) {
    throw error(error_code::misuse, "the page mark belongs to a query with another order");
  }
  if (only != nullptr) q.slots = only->only();
  return q;
}

// A row that waits to be sorted, with the cells of its order.
struct sorted_row {
  row_ptr r;
  std::vector<owned_cell> keys;
};

}  // namespace

// Declared in state.hpp: transactions close the streams that read through their connection.
class plan_stream final : public row_stream {
 public:
  plan_stream(session::state& of, engine::lease own, connection& through, bound_query q)
      : limits_(of.eng->limits()),
        model_(of.model),
        interrupted_(of.interrupted),
        running_(of.running()),
        own_(std::move(own)),
        q_(std::move(q)),
        reader_(through, *model_, of.options.zone, true),
        run_(&reader_, of.options.zone) {
    const detail::stoppable scope(*interrupted_);
    cursor_ = through.scan(q_.request());
    if (!cursor_->ordered()) sort();
  }

  row_ptr next() override {
    if (closed_) {
      throw error(error_code::closed, "the transaction that this result belongs to has ended");
    }
    if (q_.limit != 0 && delivered_ == q_.limit) return {};
    const detail::stoppable scope(*interrupted_);
    row_ptr r = sorted_ ? next_sorted() : next_scanned();
    if (r) ++delivered_;
    return r;
  }

  /// Reads everything now, so that writes of the same transaction do not disturb it.
  void read_all() {
    if (sorted_) return;
    std::size_t bytes = 0;
    std::vector<sorted_row> all;
    while (row_ptr r = next()) {
      check_memory(bytes += r->bytes() + sizeof(sorted_row));
      all.push_back({std::move(r), {}});
    }
    rows_ = std::move(all);
    at_ = 0;
    sorted_ = true;
    delivered_ = 0;
    cursor_.reset();
  }

  /// After read_all(): gives the connection back. Nothing is evaluated on the rows any more.
  void leave_store() { own_.end(); }

  detail::evaluator& run() { return run_; }

  void close() {
    closed_ = true;
    cursor_.reset();
  }

  /// The place behind a row that this stream delivered.
  page_mark mark(const row& last, std::int64_t sequence) {
    page_mark m;
    m.sequence = sequence;
    for (const order_term& t : q_.order) m.cells.emplace_back(run_.result(t.key, last));
    m.cells.emplace_back(cell::integer(last.id().value));
    return m;
  }

 private:
  row_ptr next_scanned() {
    while (row_ptr r = cursor_->next()) {
      if (interrupted_->exchange(false)) {
        throw error(error_code::interrupted, "the query was interrupted");
      }
      if (detail::passes(q_.conditions, cursor_->taken(), run_, *r)) return r;
    }
    return {};
  }
  row_ptr next_sorted() { return at_ < rows_.size() ? std::move(rows_[at_++].r) : row_ptr(); }
  void check_memory(std::size_t bytes) const {
    if (bytes <= limits_.sort_bytes) return;
    throw error(error_code::limit,
                "the query would hold more than " + std::to_string(limits_.sort_bytes >> 20) +
                    " MiB of rows; add a condition, a limit or an index for its order");
  }
  bool before(const sorted_row& a, const sorted_row& b) const {
    return detail::comes_before(q_.order, a.keys, a.r->id(), b.keys, b.r->id());
  }
  bool behind_mark(const sorted_row& row) const {
    if (q_.after.empty()) return true;
    return detail::comes_before(q_.order, q_.after, {q_.after.back().as_integer()}, row.keys,
                                row.r->id());
  }
  static std::size_t size_of(const sorted_row& row) {
    return row.r->bytes() + sizeof(sorted_row) + row.keys.size() * (sizeof(owned_cell) + 16);
  }
  // Keeps the first `limit` rows only, where there is a limit.
  void sort() {
    const auto in_order = [this](const auto& a, const auto& b) { return before(a, b); };
    std::vector<sorted_row> all;
    std::size_t bytes = 0;
    while (row_ptr r = next_scanned()) {
      sorted_row row{std::move(r), {}};
      for (const order_term& t : q_.order) row.keys.emplace_back(run_.result(t.key, *row.r));
      if (!behind_mark(row)) continue;
      check_memory(bytes += size_of(row));
      all.push_back(std::move(row));
      if (q_.limit == 0) continue;
      std::push_heap(all.begin(), all.end(), in_order);
      if (all.size() <= q_.limit) continue;
      std::pop_heap(all.begin(), all.end(), in_order);
      bytes -= size_of(all.back());
      all.pop_back();
    }
    std::sort(all.begin(), all.end(), in_order);
    rows_ = std::move(all);
    sorted_ = true;
    cursor_.reset();
  }

  const kith::limits limits_;
  model_ptr model_;
  std::shared_ptr<std::atomic<bool>> interrupted_;
  std::shared_ptr<char> running_;
  engine::lease own_;  // of a stream that is its own read transaction; outlives the cursor
  bound_query q_;
  detail::connection_reader reader_;
  detail::evaluator run_;
  std::unique_ptr<cursor> cursor_;
  std::vector<sorted_row> rows_;
  std::size_t at_ = 0;
  bool sorted_ = false;
  bool closed_ = false;
  std::uint64_t delivered_ = 0;
};

void session::state::check_limits(const query_spec& spec) const {
  require_layout(spec);
  const kith::limits& most = eng->limits();
  if (spec.where.depth() > most.expression_depth) {
    throw error(error_code::limit, "the condition nests deeper than " +
                                       std::to_string(most.expression_depth) + " operators");
  }
  if (spec.where.terms() > most.expression_terms) {
    throw error(error_code::limit,
                "the condition has more than " + std::to_string(most.expression_terms) + " terms");
  }
  if (spec.order.size() > most.order_keys) {
    throw error(error_code::limit,
                "a query has at most " + std::to_string(most.order_keys) + " order keys");
  }
}

std::shared_ptr<plan_stream> session::state::open_stream(const query_spec& spec,
                                                         const detail::slot_set* only,
                                                         std::int64_t* sequence) {
  check_limits(spec);
  settle();
  bound_query q = bind(asking(spec.values), spec, only);
  // Outside a transaction a stream sees one instant, whatever this session writes while it is read.
  engine::lease own;
  if (tx == nullptr) {
    own = connect();
    own->begin(access::read);
  }
  if (sequence != nullptr || spec.same_instant) {
    const std::int64_t now = engine::head_of(own ? *own : rows(), *model).sequence;
    if (spec.same_instant && !spec.after.empty() && now != spec.after.sequence) {
      throw error(error_code::stale,
                  "the page belongs to an instant that has passed; begin again, or read all pages "
                  "in one transaction");
    }
    if (sequence != nullptr) *sequence = now;
  }
  if (own && is_limited()) own = seen_through(std::move(own));
  connection& through = own ? *own : seen();
  auto stream = std::make_shared<plan_stream>(*this, std::move(own), through, std::move(q));
  if ((tx != nullptr && tx->mode == access::write) || !eng->rows().can().parallel_reads) {
    stream->read_all();
  } else if (tx != nullptr) {
    tx->streams.push_back(stream);
  }
  return stream;
}

std::shared_ptr<row_stream> session::state::run(const query_spec& spec,
                                                const detail::slot_set* only) {
  const auto stream = open_stream(spec, only, nullptr);
  // Nobody knows how long the result is held: where readers keep writers out, it keeps nothing.
  if (!eng->rows().can().parallel_reads) stream->leave_store();
  return stream;
}

void session::state::each_row(const query_spec& spec, const detail::slot_set& read,
                              const std::function<void(detail::evaluator&, const row&)>& visit) {
  const auto stream = open_stream(spec, &read, nullptr);
  while (const row_ptr r = stream->next()) visit(stream->run(), *r);
}

page_of<row_ptr> session::state::page(const query_spec& spec, std::uint64_t most) {
  if (most == 0 || most > eng->limits().page_rows) {
    throw error(error_code::limit,
                "a page has 1 to " + std::to_string(eng->limits().page_rows) + " rows");
  }
  query_spec one_more = spec;
  one_more.limit = most + 1;
  std::int64_t sequence = 0;
  // The last row also tells where the page ends: the cells of the order are read with it.
  detail::slot_set read(*spec.entity);
  read.add_whole_record();
  read.add(detail::bind_order(asking(spec.values), *spec.entity, spec.order));
  const auto stream = open_stream(one_more, &read, &sequence);
  page_of<row_ptr> result;
  while (row_ptr r = stream->next()) {
    if (result.records.size() == most) {
      result.next = stream->mark(*result.records.back(), sequence);
      break;
    }
    result.records.push_back(std::move(r));
  }
  return result;
}

// --------------------------------------------------------------------------------- selected rows

detail::selected_rows::selected_rows(session::state& of, const query_spec& spec,
                                     const std::vector<aggregation::group>& columns)
    : session_(of), spec_(spec) {
  const bind_context context = of.showing(spec.values);
  for (const aggregation::group& c : columns) {
    columns_.push_back(bind_value(context, *spec.entity, c.by));
  }
}

bool detail::selected_rows::can_wait() const {
  const bool writes = session_.tx != nullptr && session_.tx->mode == access::write;
  return !writes && session_.eng->rows().can().parallel_reads;
}

bool detail::selected_rows::only_loads() const {
  return std::all_of(columns_.begin(), columns_.end(), [](const bound_value& v) {
    return std::all_of(v.parts.begin(), v.parts.end(),
                       [](const program& p) { return p.is_load(); });
  });
}

void detail::selected_rows::open() {
  slot_set read(*spec_.entity);
  for (const bound_value& v : columns_) read.add(v.parts);
  rows_ = session_.open_stream(spec_, &read, nullptr);
  run_ = &rows_->run();
  if (!session_.eng->rows().can().parallel_reads) rows_->leave_store();
}

row_ptr detail::selected_rows::next() { return rows_->next(); }
detail::evaluator& detail::selected_rows::run() { return *run_; }

void open_transaction::close_streams() {
  for (const auto& s : streams) {
    if (const auto alive = s.lock()) alive->close();
  }
  streams.clear();
}

std::uint64_t session::state::count(const query_spec& spec) {
  query_spec plain = spec;
  plain.order.clear();
  plain.limit = 0;
  plain.after = {};
  aggregation count_only;
  count_only.measures.push_back({"count", aggregate::count, {}, {}});
  const table t = aggregate(plain, count_only);
  return static_cast<std::uint64_t>(t.rows[0][0].as<std::int64_t>());
}

}  // namespace kith::inline v1
