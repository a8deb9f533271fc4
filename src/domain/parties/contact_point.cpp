// SPDX-License-Identifier: Apache-2.0
//
// Rules of contact points: an address is checked and compared as its channel's kind says.
#include "kith/domain/parties/contact_point.hpp"

#include "kith/core/rule.hpp"
#include "kith/core/text.hpp"
#include "kith/domain/parties/client.hpp"
#include "kith/domain/parties/contact.hpp"

namespace kith::inline v1 {
namespace {

// The kind that reads addresses of a channel; a messenger's name is any text.
const kith::kind* kind_of_channel(channel c) {
  switch (c) {
    case channel::email: return &kind_of(kind_id::email);
    case channel::phone: return &kind_of(kind_id::phone);
    case channel::website: return &kind_of(kind_id::url);
    case channel::messenger: break;
  }
  return nullptr;
}

class key_of final : public cell_sink {
 public:
  void put(unsigned part, cell c) override {
    if (part == 1 && !c.is_null()) key = c.as_bytes();
  }
  std::string key;
};

std::string normal_form_of(channel on, std::string_view address) {
  const kith::kind* k = kind_of_channel(on);
  if (k == nullptr || k->derive == nullptr) return fold(address);
  key_of sink;
  const cell cells[] = {cell::text(address), cell::null()};
  k->derive({}, cells, sink);
  return sink.key.empty() ? fold(address) : sink.key;
}

}  // namespace

std::span<const rule> contact_point::rules() {
  static const rule all[] = {
      complete<contact_point>("normal_form")
          .reads(contact_point::channel, contact_point::address)
          .writes(contact_point::normal_form)
          .as([](rule_context<contact_point>& c) {
            const std::string address = c[contact_point::address];
            if (invalid_utf8(address)) return;  // refused by the field itself
            c.set(contact_point::normal_form = normal_form_of(c[contact_point::channel], address));
          }),
      check<contact_point>("party_of_contact_point")
          .reads(contact_point::party)
          .as([](rule_context<contact_point>& c) {
            const std::uint16_t entity = c[contact_point::party].entity;
            if (entity == client::about.id || entity == contact::about.id) return;
            c.refuse(contact_point::party,
                     "only clients and contacts are reached; name one of them");
          }),
      check<contact_point>("address_of_channel")
          .reads(contact_point::channel, contact_point::address)
          .as([](rule_context<contact_point>& c) {
            const kith::kind* k = kind_of_channel(c[contact_point::channel]);
            const std::string address = c[contact_point::address];
            const cell cells[] = {cell::text(address), cell::null()};
            if (k == nullptr) return;
            if (const auto problem = k->problem({}, cells)) {
              c.refuse(contact_point::address, "'" + shortened(address) + "' " + *problem);
            }
          }),
  };
  return all;
}

}  // namespace kith::inline v1
