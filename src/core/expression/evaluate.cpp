// SPDX-License-Identifier: Apache-2.0
//
// The stack machine.
#include "core/expression/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "core/expression/accumulate.hpp"
#include "core/expression/bind.hpp"
#include "core/ids.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"
#include "kith/core/value/money.hpp"

namespace kith::inline v1::detail {

stack_cell to_stack(const cell& c) {
  stack_cell s;
  s.type = c.type();
  if (c.has_bytes()) {
    s.bytes = c.as_bytes();
  } else if (s.type == storage::real) {
    s.real = c.as_real();
  } else if (s.type == storage::integer) {
    s.integer = c.as_integer();
  }
  return s;
}

cell from_stack(const stack_cell& s) {
  switch (s.type) {
    case storage::integer:
      if (!fits_int64(s.integer)) {
        throw error(error_code::limit, "a calculated number does not fit into 64 bits; round() it");
      }
      return cell::integer(static_cast<std::int64_t>(s.integer));
    case storage::real: return cell::real(s.real);
    case storage::text: return cell::text(s.bytes);
    case storage::blob: return cell::blob(s.bytes);
    case storage::null: break;
  }
  return cell::null();
}

namespace {

[[noreturn]] void overflow() {
  throw error(error_code::limit, "a number became too large while calculating; round() its parts");
}

std::strong_ordering order(const stack_cell& a, const stack_cell& b) {
  if (a.type == storage::integer && b.type == storage::integer) return a.integer <=> b.integer;
  return from_stack(a) <=> from_stack(b);
}

int exponent_of(const stack_cell& currency) {
  const auto code = currency_code::parse(currency.bytes);
  return code ? code->exponent() : 2;
}

}  // namespace

bool evaluator::holds(const program& condition, const row& r) {
  const stack_cell truth = wide_result(condition, r);
  return truth.type == storage::integer && truth.integer != 0;
}

cell evaluator::result(const program& code, const row& r) {
  return from_stack(wide_result(code, r));
}

stack_cell evaluator::wide_result(const program& code, const row& r) {
  made_.clear();
  followed_.clear();
  stack_.clear();
  return run(code.code, &r);
}

cell evaluator::constant_result(std::span<const instruction> code) {
  made_.clear();
  stack_.clear();
  return from_stack(run(code, nullptr));
}

stack_cell evaluator::pop() {
  const stack_cell top = stack_.back();
  stack_.pop_back();
  return top;
}

void evaluator::push_truth(std::optional<bool> t) {
  stack_cell c;
  if (t) {
    c.type = storage::integer;
    c.integer = *t;
  }
  push(c);
}

void evaluator::push_whole(wide n) {
  stack_cell c;
  c.type = storage::integer;
  c.integer = n;
  push(c);
}

stack_cell evaluator::run(code_span code, const row* r) {
  while (!code.empty()) {
    const instruction& i = code.front();
    code = code.subspan(1);
    if (i.code == op::load) {
      push(to_stack(r->at(i.slot, i.type)));
    } else if (i.code == op::constant) {
      push(to_stack(i.constant));
    } else {
      step(i, code, r);
      if (i.code == op::load_path) code = code.subspan(i.count);
      if (i.code == op::related) code = code.subspan(i.count + i.count2);
    }
  }
  return pop();
}

void evaluator::step(const instruction& i, code_span rest, const row* r) {
  if (i.code == op::load_path) {
    const row* const end = follow(i, rest.first(i.count), r);
    push(end == nullptr ? stack_cell{} : to_stack(end->at(i.slot, i.type)));
  } else if (i.code == op::related) {
    related(i, rest);
  } else if (i.code <= op::is_null || i.code == op::only_if || i.code == op::coalesce) {
    logic(i);
  } else if (i.code == op::in_list) {
    in_list(i);
  } else if (i.code <= op::like) {
    compare(i);
  } else if (i.code >= op::to_real && i.code <= op::negate_real) {
    real(i);
  } else if (i.code >= op::fold_text && i.code <= op::length) {
    text(i);
  } else if (i.code >= op::year && i.code <= op::creation) {
    time(i);
  } else {
    whole(i);
  }
}

const row* evaluator::follow(const instruction&, code_span hops, const row* r) {
  for (const instruction& h : hops) {
    if (r == nullptr) return nullptr;
    const cell id = r->at(h.slot, storage::integer);
    if (id.is_null()) return nullptr;
    row_ptr next = source_->referred(h.entity, {id.as_integer()});
    r = next.get();
    if (next) followed_.push_back(std::move(next));
  }
  return r;
}

void evaluator::related(const instruction& i, code_span rest) {
  const stack_cell id = pop();
  accumulator sum(related_aggregate(i.detail), i.type == storage::real);
  const bool money = (i.detail & related_of_money) != 0;
  if (!id.is_null()) {
    const code_span filter = rest.first(i.count);
    const code_span of = rest.subspan(i.count, i.count2);
    source_->each_related(
        i.entity, i.slot, {static_cast<std::int64_t>(id.integer)}, [&](const row& child) {
          if (!filter.empty()) {
            const stack_cell truth = run(filter, &child);
            if (truth.type != storage::integer || truth.integer == 0) return true;
          }
          if (of.empty()) {
            sum.count_row();
          } else if (money) {
            const stack_cell currency = run(of, &child);  // the amount stays below it
            sum.add_money(pop(), currency.bytes);
          } else {
            sum.add(run(of, &child));
          }
          return !sum.decided();
        });
  }
  if (!money) return push(sum.result());
  const std::optional<std::string> currency = sum.single_currency();
  stack_cell result;
  if (currency && (i.detail & related_currency) != 0) {
    result.type = storage::text;
    result.bytes = made_.emplace_front(*currency);
  } else if (currency) {
    result = sum.result();
  }
  push(result);
}

// Three-valued: null is unknown.
void evaluator::logic(const instruction& i) {
  const auto truth_of = [](const stack_cell& c) -> std::optional<bool> {
    if (c.is_null()) return {};
    return c.integer != 0;
  };
  switch (i.code) {
    case op::is_null: return push_truth(pop().is_null());
    case op::not_: {
      const auto t = truth_of(pop());
      return push_truth(t ? std::optional(!*t) : std::nullopt);
    }
    case op::and_:
    case op::or_: {
      const bool deciding = i.code == op::or_;
      std::optional<bool> all = !deciding;
      for (std::uint32_t k = 0; k < i.count; ++k) {
        const auto t = truth_of(pop());
        if (t == deciding || all == deciding) {
          all = deciding;
        } else if (!t) {
          all = std::nullopt;
        }
      }
      return push_truth(all);
    }
    case op::only_if: {
      const stack_cell value = pop();
      const auto t = truth_of(pop());
      return push(t == true ? value : stack_cell{});
    }
    default: {  // coalesce
      const std::size_t first = stack_.size() - i.count;
      const auto found = std::find_if(stack_.begin() + static_cast<std::ptrdiff_t>(first),
                                      stack_.end(), [](const auto& c) { return !c.is_null(); });
      const stack_cell value = found == stack_.end() ? stack_cell{} : *found;
      stack_.resize(first);
      return push(value);
    }
  }
}

void evaluator::compare(const instruction& i) {
  const stack_cell b = pop();
  const stack_cell a = pop();
  if (a.is_null() || b.is_null()) return push_truth(std::nullopt);
  if (i.code == op::like) return push_truth(like(a.bytes, b.bytes));
  const auto o = order(a, b);
  switch (i.code) {
    case op::equal: return push_truth(o == 0);
    case op::not_equal: return push_truth(o != 0);
    case op::less: return push_truth(o < 0);
    case op::less_equal: return push_truth(o <= 0);
    case op::greater: return push_truth(o > 0);
    default: return push_truth(o >= 0);
  }
}

void evaluator::in_list(const instruction& i) {
  const std::size_t first = stack_.size() - i.count;
  const stack_cell& wanted = stack_[first - 1];
  std::optional<bool> found = false;
  if (wanted.is_null()) found = std::nullopt;
  for (std::size_t k = first; found.has_value() && !*found && k < stack_.size(); ++k) {
    if (!stack_[k].is_null()) found = order(stack_[k], wanted) == 0;
  }
  const bool unknown = std::any_of(stack_.begin() + static_cast<std::ptrdiff_t>(first),
                                   stack_.end(), [](const auto& c) { return c.is_null(); });
  if (found == false && unknown) found = std::nullopt;
  stack_.resize(first - 1);
  push_truth(found);
}

void evaluator::whole(const instruction& i) {
  wide n = 0;
  const bool binary = i.code <= op::divide || i.code == op::scale_currency ||
                      i.code == op::round_currency || i.code == op::round_currency_even;
  const stack_cell b = binary ? pop() : stack_cell{};
  const stack_cell a = pop();
  if (a.is_null() || (binary && b.is_null())) return push({});
  const auto scaled = [&](int by) { return checked_multiply(a.integer, power_of_ten(by), n); };
  const auto dropped = [&](int digits, rounding how) {
    return divide_rounded(a.integer, power_of_ten(digits), how, n);
  };
  bool fits = true;
  switch (i.code) {
    case op::add: fits = checked_add(a.integer, b.integer, n); break;
    case op::subtract: fits = checked_subtract(a.integer, b.integer, n); break;
    case op::multiply: fits = checked_multiply(a.integer, b.integer, n); break;
    case op::divide:
      if (b.integer == 0) return push({});
      fits = i.count <= max_power_of_ten && scaled(static_cast<int>(i.count)) &&
             divide_rounded(n, b.integer, rounding::half_even, n);
      break;
    case op::negate: fits = checked_subtract(0, a.integer, n); break;
    case op::absolute:
      n = a.integer;
      fits = n >= 0 || checked_subtract(0, a.integer, n);
      break;
    case op::scale_up:
      fits = i.count <= max_power_of_ten && scaled(static_cast<int>(i.count));
      break;
    case op::round_up: fits = dropped(static_cast<int>(i.count), rounding::half_up); break;
    case op::round_even: fits = dropped(static_cast<int>(i.count), rounding::half_even); break;
    case op::scale_currency: fits = scaled(static_cast<int>(i.count) - exponent_of(b)); break;
    default: {  // round_currency, round_currency_even
      const int excess = static_cast<int>(i.count) - exponent_of(b);
      const rounding how = i.code == op::round_currency ? rounding::half_up : rounding::half_even;
      fits = excess >= 0 ? dropped(excess, how) : scaled(-excess);
    }
  }
  if (!fits) overflow();
  push_whole(n);
}

void evaluator::real(const instruction& i) {
  const bool binary = i.code >= op::add_real && i.code <= op::divide_real;
  const stack_cell b = binary ? pop() : stack_cell{};
  const stack_cell a = pop();
  if (a.is_null() || (binary && b.is_null())) return push({});
  stack_cell c;
  c.type = storage::real;
  switch (i.code) {
    case op::to_real:
      c.real = static_cast<double>(a.integer) / std::pow(10.0, static_cast<int>(i.count));
      break;
    case op::add_real: c.real = a.real + b.real; break;
    case op::subtract_real: c.real = a.real - b.real; break;
    case op::multiply_real: c.real = a.real * b.real; break;
    case op::divide_real:
      if (b.real == 0) return push({});
      c.real = a.real / b.real;
      break;
    default: c.real = -a.real; break;
  }
  if (!std::isfinite(c.real)) overflow();
  push(c);
}

void evaluator::text(const instruction& i) {
  const stack_cell b = i.code == op::concat ? pop() : stack_cell{};
  const stack_cell a = pop();
  if (a.is_null() || (i.code == op::concat && b.is_null())) return push({});
  if (i.code == op::length) return push_whole(static_cast<wide>(length_of(a.bytes)));
  stack_cell c;
  c.type = storage::text;
  c.bytes = i.code == op::concat ? made_.emplace_front(std::string(a.bytes) + std::string(b.bytes))
                                 : made_.emplace_front(fold(a.bytes));
  push(c);
}

void evaluator::time(const instruction& i) {
  const stack_cell a = pop();
  if (a.is_null()) return push({});
  const cell plain = from_stack(a);
  const auto in_range = [](std::int64_t days) { return days >= -719162 && days <= 2932896; };
  if (i.code == op::creation) {
    return push_whole(((a.integer >> id_time_shift) + id_epoch_ms) * 1000);
  }
  if (i.code == op::date_of) {
    const instant t{plain.as_integer()};
    return t.valid() ? push_whole(zone_.date_of(t).days) : push({});
  }
  if (!in_range(plain.as_integer())) return push({});
  const date d = date::from_days(static_cast<std::int32_t>(plain.as_integer()));
  switch (i.code) {
    case op::year: return push_whole(d.year());
    case op::month: return push_whole(d.month());
    case op::day: return push_whole(d.day());
    default: return push_whole(zone_.start_of(d).microseconds);
  }
}

}  // namespace kith::inline v1::detail
