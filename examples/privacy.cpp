// SPDX-License-Identifier: Apache-2.0
//
// Who sees what, and the right to be forgotten: two managers who see their own clients only, a
// client who sees itself, a person whose data is handed over and then erased, to the last byte.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <kith/kith.hpp>

#include "import_sample.hpp"

namespace {

using namespace kith;
namespace fs = std::filesystem;

void print_title(const std::string& text) { std::cout << "\n" << text << "\n"; }

// What a manager is shown.
void print_clients(session& s) {
  std::cout << s.query("clients", "order by name")
                   .select({{"client", "name"}, {"city", "city"}, {"orders", "count(orders)"}})
                   .to_string();
  const any_query open = s.query("deals", "stage.category in ('open', 'hold')");
  std::cout << open.count() << " open deals, "
            << open.aggregate({}, {{"amount", "sum(amount)"}}).rows[0][0].to_string() << "\n";
}

std::shared_ptr<visibility> own_clients_of(const record<user>& manager) {
  auto sees = std::make_shared<visibility>();
  sees->only(client::owner == manager)
      .only(deal::owner == manager)
      .only(sales_order::client / client::owner == manager)
      .only(interaction::client / client::owner == manager);
  return sees;
}

void print_managers(crm& base, session& s) {
  for (const char* login : {"oleg", "anna"}) {
    const record<user> manager = *s.find_one(user::login, login);
    session own = base.open_session(
        {.actor = login, .actor_id = manager.id(), .sees = own_clients_of(manager)});
    print_title(std::string(manager[user::name]) + " sees");
    print_clients(own);
    std::cout << "The client with the tax number 550712340011: "
              << (own.find_one(client::tax_id, "550712340011") ? "there" : "not there") << "\n";
  }
}

void print_self_service(crm& base, const record<client>& who) {
  auto sees = std::make_shared<visibility>(visibility::others::hidden);
  sees->permit(id_of<client> == who).permit(sales_order::client == who).show<currency>();
  session own = base.open_session({.actor = "portal", .sees = sees});
  print_title("A client in the shop's portal sees itself");
  std::cout << own.all<client>().count() << " client, " << own.all<sales_order>().count()
            << " orders, " << own.all<deal>().count() << " deals, " << own.all<user>().count()
            << " users\n";
}

// How often a text stands in the files of a store.
std::size_t times_in_files(const fs::path& folder, const std::string& text) {
  std::size_t times = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    for (std::size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) {
      ++times;
    }
  }
  return times;
}

std::string turnover(session& s) {
  return s.query("sales_orders", "").aggregate({}, {{"net", "sum(net)"}}).rows[0][0].to_string();
}

void print_erasure(crm& base, session& s, const record<client>& who, const fs::path& folder) {
  print_title("What is known about a person, handed over as CSV");
  for (const access_file& f : access_export(s, s.model()->entity<client>(), who.id())) {
    if (!f.named) std::cout << f.name << ": " << f.records << "\n";
  }

  const std::string name(who[client::name]);
  print_title("The person is erased");
  std::cout << "turnover before: " << turnover(s) << "\n"
            << "her name in the files: " << (times_in_files(folder, "Ковалёва") > 0 ? "yes" : "no")
            << "\n";
  const erasure_report proof =
      s.erase(ref<client>(who), {.reason = "request of 16 March", .legal_basis = "152-FZ 21"});
  base.compact();
  for (const erased_category& c : proof.categories) {
    std::cout << c.entity << ": " << c.erased << " erased, " << c.emptied << " emptied\n";
  }
  std::cout << "her name in the files: " << (times_in_files(folder, "Ковалёва") > 0 ? "yes" : "no")
            << "\n"
            << "turnover after: " << turnover(s) << "\n"
            << "the audit chain is " << (base.check_audit().sound() ? "whole" : "broken")
            << ", the store is " << (base.verify().sound() ? "sound" : "damaged") << "\n";
}

void run(const fs::path& folder) {
  const time_zone zone = time_zone::named("Asia/Omsk");
  const auto clock = std::make_shared<manual_clock>(
      zone.instant_of({date(2026, 3, 16), std::int64_t{10} * 3600 * 1'000'000}));
  crm base = kith::open((folder / "shop.kith").string(),
                        {.clock = clock, .audit_key = [] {
                           return std::string("a key of 32 bytes, kept elsewhere");
                         }});
  session s = base.open_session({.actor = "webshop", .zone = zone});
  examples::import_sample(s, KITH_EXAMPLE_DATA);

  print_managers(base, s);
  const record<client> maria = *s.find_one(client::name, "Ковалёва Мария Игоревна");
  print_self_service(base, maria);
  print_erasure(base, s, maria, folder);
}

}  // namespace

int main() {
  const fs::path folder = fs::temp_directory_path() / ("kith-privacy-" + std::to_string(getpid()));
  int code = 0;
  try {
    fs::create_directories(folder);
    run(folder);
  } catch (const std::exception& e) {
    std::cerr << "privacy: " << e.what() << "\n";
    code = 1;
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return code;
}
