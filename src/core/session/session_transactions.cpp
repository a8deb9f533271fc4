// SPDX-License-Identifier: Apache-2.0
//
// The way into transactions: a scope that knows the one, or the savepoint, that it stands for.
#include "core/session/state.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

using guard = session::state::guard;

struct transaction::scope {
  std::shared_ptr<session::state> of;
  std::uint64_t serial = 0;  // of the transaction
  std::uint64_t mark = 0;    // of the savepoint; 0: the whole transaction
  std::size_t level = 0;
  std::int64_t sequence = 0;
  bool already_done = false;
  std::string operation_key;

  bool open() const noexcept {
    const open_transaction* tx = of->tx.get();
    if (tx == nullptr || tx->serial != serial) return false;
    return mark == 0 || (tx->marks.size() >= level && tx->marks[level - 1].serial == mark);
  }
  /// A statement is running inside.
  bool kept() const noexcept { return static_cast<std::ptrdiff_t>(level) <= of->innermost_kept; }
  void require_innermost() const {
    if (!open()) throw error(error_code::closed, "the transaction has ended");
    if (of->tx->marks.size() != level) {
      throw error(error_code::misuse, "end the savepoints inside this transaction first");
    }
  }
};

transaction::transaction(std::unique_ptr<scope> s) : scope_(std::move(s)) {}
transaction::transaction(transaction&&) noexcept = default;

transaction& transaction::operator=(transaction&& other) noexcept {
  rollback();
  scope_ = std::move(other.scope_);
  return *this;
}

transaction::~transaction() { rollback(); }

transaction session::write(transaction_options given) {
  const guard inside(*state_);
  state& s = *state_;
  auto scope = std::make_unique<transaction::scope>();
  scope->of = state_;
  if (s.tx == nullptr) {
    s.begin(access::write, std::move(given));
  } else {
    s.require_writing();
    if (!given.operation_key.empty()) {
      throw error(error_code::misuse,
                  "a savepoint has no operation key of its own; give it to the outermost write()");
    }
    s.savepoint();
    scope->level = s.tx->marks.size();
    scope->mark = s.tx->marks.back().serial;
  }
  scope->serial = s.tx->serial;
  scope->sequence = s.tx->sequence;
  scope->already_done = s.tx->already_done;
  transaction made(std::move(scope));  // from here on it takes back what was begun
  made.scope_->operation_key = s.tx->options.operation_key;
  return made;
}

transaction session::read() {
  const guard inside(*state_);
  if (state_->tx != nullptr) {
    throw error(error_code::misuse, "the session is in a transaction already");
  }
  auto scope = std::make_unique<transaction::scope>();  // before anything is open
  scope->of = state_;
  state_->begin(access::read, {});
  scope->serial = state_->tx->serial;
  return transaction(std::move(scope));
}

void transaction::commit() {
  if (!scope_) throw error(error_code::closed, "the transaction has ended");
  const guard inside(*scope_->of);
  scope_->require_innermost();
  if (scope_->kept()) {
    throw error(error_code::reentrant,
                "a rule may not end the transaction that it runs in; only savepoints of its own");
  }
  session::state& s = *scope_->of;
  s.answered([&] { return scope_->mark != 0 ? s.release() : s.commit(); });
}

void transaction::rollback() noexcept {
  if (!scope_ || !scope_->open() || scope_->kept()) return;
  session::state& s = *scope_->of;
  if (scope_->mark == 0) {
    s.rollback();
    return;
  }
  while (s.tx != nullptr && s.tx->marks.size() >= scope_->level) s.rollback_to_savepoint();
}

bool transaction::open() const noexcept { return scope_ && scope_->open(); }
bool transaction::already_done() const noexcept { return scope_ && scope_->already_done; }
std::int64_t transaction::sequence() const noexcept { return scope_ ? scope_->sequence : 0; }

const std::string& transaction::operation_key() const noexcept {
  static const std::string none_given;
  return scope_ ? scope_->operation_key : none_given;
}

void transaction::sql(std::string_view statement, std::span<const value> values,
                      const host_row_sink& row) {
  if (!scope_) throw error(error_code::closed, "the transaction has ended");
  const guard inside(*scope_->of);
  if (!scope_->open()) throw error(error_code::closed, "the transaction has ended");
  if (scope_->already_done) scope_->of->require_writing();
  std::vector<cell> cells;
  for (const value& v : values) {
    if (v.cells().size() > 1) {
      throw error(error_code::misuse, "'" + shortened(v.to_string()) +
                                          "' has several cells; bind its parts one by one");
    }
    cells.push_back(v.is_null() ? cell::null() : v.cells()[0].view());
  }
  scope_->of->settle();
  scope_->of->rows().host_sql(statement, cells, row);
  // Nobody but the store knows what it wrote: the commit must happen.
  if (scope_->of->tx != nullptr && scope_->of->tx->mode == access::write)
    scope_->of->tx->wrote = true;
}

}  // namespace kith::inline v1
