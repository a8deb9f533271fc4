// SPDX-License-Identifier: Apache-2.0
//
// Callbacks after and before commits.
#include "handles.hpp"

namespace kith::capi {
namespace {

struct commit_callback {
  kith_commit_fn call;
  shared_data data;

  // What the callback answers; its error is the caller's to take.
  kith_status operator()(const change_set& set, kith_error** err) const {
    kith_changes one;
    one.sets = {&set, 1};
    one.borrowed = true;
    return call(data->get(), &one, err);
  }
};

// Listeners cannot fail; what they say is only logged.
void tell(const commit_callback& told, const change_set& set, const log_hook& log) {
  kith_error* err = nullptr;
  const kith_status status = told(set, &err);
  if (err != nullptr) {
    const kith_text message = kith_error_message(err);
    log(KITH_LOG_WARNING, {message.data, message.size});
    kith_error_free(err);
  } else if (status < 0) {
    log(KITH_LOG_WARNING, kith_status_name(status));
  }
}

template <class Subscribe>
kith_status subscribed(const kith_crm* crm, kith_commit_fn call, user_data& kept,
                       kith_subscription** out, const Subscribe& subscribe) {
  need(out, "subscription");
  auto made = std::make_unique<kith_subscription>();
  made->box = use(crm).box;
  if (call == nullptr) misuse("the callback is NULL");
  made->token =
      subscribe(*made->box, commit_callback{call, std::make_shared<user_data>(std::move(kept))});
  *out = made.release();
  return KITH_OK;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_on_commit(const kith_crm* crm, kith_commit_fn told, void* data,
                           kith_destroy_fn destroy, kith_subscription** subscription,
                           kith_error** err) {
  user_data kept(data, destroy);
  return guard(err, outs(subscription), [&] {
    return subscribed(crm, told, kept, subscription, [](crm_box& box, commit_callback c) {
      return box.crm.subscribe(
          [c = std::move(c), log = box.log](const change_set& set) { tell(c, set, log); });
    });
  });
}

kith_status kith_before_commit(const kith_crm* crm, kith_commit_fn asked, void* data,
                               kith_destroy_fn destroy, kith_subscription** subscription,
                               kith_error** err) {
  user_data kept(data, destroy);
  return guard(err, outs(subscription), [&] {
    return subscribed(crm, asked, kept, subscription, [](crm_box& box, commit_callback c) {
      return box.crm.subscribe_veto([c = std::move(c)](const change_set& set) {
        kith_error* refusal = nullptr;
        const kith_status status = c(set, &refusal);
        rethrow(status, refusal, "a callback before the commit");
      });
    });
  });
}

void kith_subscription_free(kith_subscription* subscription) { dispose(subscription); }
