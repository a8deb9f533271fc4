// SPDX-License-Identifier: Apache-2.0
//
// What was, and what should not have been: the pipeline as it stood on Monday, who changed what, a
// price list with a slipped comma that is taken back, a verified backup.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include <kith/kith.hpp>

#include "import_sample.hpp"

namespace {

using namespace kith;
namespace fs = std::filesystem;

void print_title(const std::string& text) { std::cout << "\n" << text << "\n"; }

void print_board(session& s) {
  std::cout << s.query("deals", "stage.category in ('open', 'hold')")
                   .aggregate({{"no", "stage.position"}, {"stage", "stage.name"}},
                              {{"deals", "count()"}, {"amount", "sum(amount)"}})
                   .to_string();
}

// A reference as the name of the record.
std::string shown(session& s, const field_type& f, const value& v) {
  if (v.is_null()) return "nothing";
  if (f.target == nullptr) return v.to_string();
  const any_record named = s.get(f.target->plural(), v.as<record_id>());
  return named[f.target->about->title].to_string();
}

void print_history(session& s, const record<deal>& of) {
  for (const history_entry& h : s.history(ref<deal>(of))) {
    std::cout << h.at.to_string() << "  " << h.actor << "\n";
    if (h.what == change_kind::add) {
      std::cout << "    added with " << h.fields.size() << " fields\n";
      continue;
    }
    for (const field_change& f : h.fields) {
      std::cout << "    " << f.field->name() << ": " << shown(s, *f.field, f.before) << " -> "
                << shown(s, *f.field, f.after) << "\n";
    }
  }
}

void print_prices(session& s) {
  std::cout << s.query("products", "category = 'Масла' order by code")
                   .select({{"code", "code"}, {"price", "list_price"}})
                   .to_string();
}

// A supplier's list with the comma in the wrong place; meanwhile somebody corrects one price.
void read_wrong_prices(session& s, session& anna, const std::string& file) {
  std::string text = "Артикул;Цена\n";
  for (const any_record& p : s.query("products", "category = 'Масла' order by code").all()) {
    text += p["code"].to_string() + ";1,00\n";
  }
  std::ofstream(file) << text;
  import_options options{.entity = "products", .match = {"code"}};
  options.format.currency = currency_code("RUB");
  const import_result r = import_csv(s, file, options);
  print_title("A price list with the comma in the wrong place: " + std::to_string(r.updated) +
              " prices");
  const record<product> corrected =
      *anna.all<product>().where(product::category == "Масла").order_by(product::code).first();
  anna.update(corrected, product::list_price = money("1290.00", "RUB"));
  print_prices(s);

  print_title("The import is taken back, but for what was corrected since");
  const undo_result undone = s.undo_batch(r.batch, undo_mode::skip);
  for (const contested_change& c : undone.contested) {
    std::cout << c.entity->name() << "." << c.field << ": " << c.why << "\n";
  }
  print_prices(s);
}

void run(const fs::path& folder) {
  const time_zone zone = time_zone::named("Asia/Omsk");
  const auto clock = std::make_shared<manual_clock>(
      zone.instant_of({date(2026, 3, 16), std::int64_t{10} * 3600 * 1'000'000}));
  crm base = kith::open((folder / "shop.kith").string(), {.clock = clock});
  session s = base.open_session({.actor = "webshop", .zone = zone});
  examples::import_sample(s, KITH_EXAMPLE_DATA);
  const instant monday = clock->now();

  clock->advance(duration::of_days(1));
  session anna = base.open_session({.actor = "anna", .zone = zone});
  const record<deal> biggest = *anna.all<deal>().order_by(descending(deal::amount)).first();
  const record<stage> won =
      *anna.all<stage>().where(stage::category == stage_category::won).first();
  anna.update(biggest, deal::amount = money("1900000", "RUB"));
  anna.update(ref<deal>(biggest), deal::stage = won);

  print_title("The board as it was on Monday");
  session then = s.as_of(monday);
  print_board(then);
  print_title("The board now");
  print_board(s);
  print_title("What happened with " + std::string(biggest[deal::title]));
  print_history(s, biggest);

  read_wrong_prices(s, anna, (folder / "prices.csv").string());

  print_title("A backup, opened and verified");
  base.backup((folder / "backup.kith").string());
  crm copy = kith::open((folder / "backup.kith").string(), {.read_only = true});
  const verification found = copy.verify();
  std::cout << found.records << " records, " << found.change_sets << " change sets, "
            << found.found.size() << " damages\n";
}

}  // namespace

int main() {
  const fs::path folder = fs::temp_directory_path() / ("kith-history-" + std::to_string(getpid()));
  int code = 0;
  try {
    fs::create_directories(folder);
    run(folder);
  } catch (const std::exception& e) {
    std::cerr << "history: " << e.what() << "\n";
    code = 1;
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return code;
}
