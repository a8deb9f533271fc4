// SPDX-License-Identifier: Apache-2.0
//
// Actions of orders: draft, confirmed, shipped, in this order; cancelled from the first two. Doing
// again what is done already corrects the day where one is given.
#include "kith/domain/sales/order_actions.hpp"

#include "kith/core/session.hpp"

namespace kith::inline v1 {
namespace {

[[noreturn]] void refuse(const record<sales_order>& o, const char* why) {
  const std::string status = value(o[sales_order::status]).to_string();
  throw error(
      {{"sales_order", "status", "goes_its_way", status, "the order is " + status + "; " + why}},
      o.id().value);
}

}  // namespace

void confirm_order::run(action_context<confirm_order>& c) {
  const record<sales_order> o = c.subject();
  const order_status now = o[sales_order::status];
  if (now == order_status::shipped) refuse(o, "it was confirmed before it left");
  if (now == order_status::cancelled) refuse(o, "add a new one");
  draft<sales_order> change(o);
  change.set(sales_order::status = order_status::confirmed);
  if (c.has(ordered)) change.set(sales_order::ordered = c[ordered]);
  c.session().update(change);
}

void ship_order::run(action_context<ship_order>& c) {
  const record<sales_order> o = c.subject();
  const order_status now = o[sales_order::status];
  if (now == order_status::draft) refuse(o, "confirm it first");
  if (now == order_status::cancelled) refuse(o, "add a new one");
  draft<sales_order> change(o);
  change.set(sales_order::status = order_status::shipped);
  if (c.has(shipped)) {
    change.set(sales_order::shipped = c[shipped]);
  } else if (!o.has(sales_order::shipped)) {
    change.set(sales_order::shipped = c.session().today());
  }
  c.session().update(change);
}

void cancel_order::run(action_context<cancel_order>& c) {
  const record<sales_order> o = c.subject();
  if (o[sales_order::status] == order_status::shipped) {
    refuse(o, "what has left is not cancelled: add an order for what comes back");
  }
  c.session().update(ref<sales_order>(o), sales_order::status = order_status::cancelled);
}

}  // namespace kith::inline v1
