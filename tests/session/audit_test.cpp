// SPDX-License-Identifier: Apache-2.0
//
// The audit chain: whoever edits, removes, swaps, adds or cuts change sets without the key is
// noticed; who only erases a person, trims or opens the store again is not. KITH_AUDIT_SETS makes
// the sweep longer.
#include <functional>
#include <set>

#include "core/checksum.hpp"
#include "core/session/engine.hpp"
#include "core/system.hpp"
#include "environment.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

using system::change_chunk;
using system::change_set_row;

const std::string key(32, 'k');

/// Of a program that came later.
struct late {
  static constexpr entity_def about{.name = "lab_late", .plural = "lab_lates"};
  static constexpr field<late, text> name{1, "name", "Anything."};
  static constexpr auto fields = list(name);
};

crm_options with_key(std::string k = key) {
  crm_options o;
  o.audit_key = [k] { return k; };
  return o;
}

class audit : public suite {
 protected:
  audit() : suite(with_key()) {}

  void fill(int sets) {
    const auto c = s->add(client::name = "Anna", client::city = "Omsk");
    for (int i = 1; i < sets; ++i) {
      if (i % 3 == 0)
        s->add(tag::record = any_ref{client::about.id, c.id()},
               tag::name = "t" + std::to_string(i));
      else
        s->update(ref<client>(c), client::note = "note " + std::to_string(i));
    }
  }
  std::string found(const audit_anchor& kept = {}) {
    std::string text;
    for (const damage& d : base->check_audit(kept).found) {
      text += std::to_string(d.id.value) + ": " + d.what + "\n";
    }
    return text;
  }
};

INSTANTIATE_TEST_SUITE_P(stores, audit, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(audit, follows_every_set_of_a_store) {
  fill(20);
  const audit_check c = base->check_audit(base->newest_anchor());
  EXPECT_EQ(c.sets, static_cast<std::uint64_t>(s->sequence()));
  EXPECT_EQ(c.first, 1);
  EXPECT_EQ(found(), "");
}

TEST_P(audit, is_whole_after_an_erasure) {
  const auto c = s->add(client::name = "Ivan", client::note = "one");
  s->update(ref<client>(c), client::note = "two", client::city = "Omsk");
  s->add(sales_order::number = "1", sales_order::client = c, sales_order::note = "ring");
  const audit_anchor before = base->newest_anchor();
  EXPECT_GT(s->erase(ref<client>(c)).change_sets, 0u);
  EXPECT_EQ(found(before), "");
  s->erase(ref<client>(c));  // and once more
  EXPECT_EQ(found(before), "");
}

TEST_P(audit, goes_on_after_a_trimming) {
  fill(10);
  const audit_anchor kept = base->newest_anchor();
  clock->advance(duration::of_days(1));
  s->add(client::name = "later");
  EXPECT_GT(s->trim(clock->now()), 0u);
  const audit_check c = base->check_audit(kept);
  EXPECT_EQ(c.first, kept.count + 1);
  EXPECT_EQ(found(kept), "");
  EXPECT_NE(found({kept.count, std::string(32, 'x')}), "");
  s->add(client::name = "more");
  EXPECT_EQ(found(), "");
}

TEST_P(audit, of_large_sets_has_their_pieces) {
  transaction tx = s->write();
  std::vector<draft<client>> many(6000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i].set(client::name = "n" + std::to_string(i));
  const auto added = s->add_many<client>(many);
  tx.commit();
  s->update(ref<client>{added[17].id}, client::note = "secret");
  s->update(ref<client>{added[17].id}, client::note = "other");
  EXPECT_EQ(found(), "");
  s->erase(ref<client>{added[17].id});
  EXPECT_EQ(found(), "");
}

TEST_P(audit, needs_its_key_to_write_on) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the store";
  fill(3);
  const audit_anchor kept = base->newest_anchor();
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  const auto opened = [&](crm_options o) {
    return outcome([&] { base.emplace(GetParam().reopen(), completed(std::move(o))); });
  };
  EXPECT_EQ(opened(with_key(std::string(32, 'x'))), "denied");
  crm_options only_read;
  only_read.read_only = true;
  EXPECT_EQ(opened(only_read), "done");
  EXPECT_EQ(base->newest_anchor().head, kept.head);
  EXPECT_EQ(outcome([&] { base->check_audit(); }), "denied");
  base.reset();
  only_read.audit_key = with_key(std::string(32, 'x')).audit_key;
  EXPECT_EQ(opened(only_read), "done");
  EXPECT_EQ(found(kept).substr(0, 14), "1: its digest ");
  base.reset();
  EXPECT_EQ(opened(with_key()), "done");
  EXPECT_EQ(found(kept), "");
}

// Whoever has no key reads; nothing is written, by whatever call, and nothing is changed by trying.
TEST_P(audit, without_its_key_is_read_and_not_written) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the store";
  const auto anna = s->add(client::name = "Anna");
  fill(3);
  const audit_anchor kept = base->newest_anchor();
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  base.emplace(GetParam().reopen(), completed({}));
  s.emplace(base->open_session());
  const struct {
    const char* what;
    std::function<void()> act;
  } table[] = {
      {"add", [&] { s->add(client::name = "Boris"); }},
      {"update", [&] { s->update(ref<client>(anna), client::city = "Omsk"); }},
      {"remove", [&] { s->remove(ref<client>(anna)); }},
      {"an empty transaction", [&] { s->write().commit(); }},
      {"host SQL", [&] { s->write().sql("CREATE TABLE host_things(a)"); }},
      {"add_field", [&] { s->add_field("clients", {.name = "x_a"}); }},
      {"undo", [&] { s->undo(2); }},
      {"trim", [&] { s->trim(clock->now()); }},
      {"erase", [&] { s->erase(ref<client>(anna)); }},
      {"consume", [&] { s->consume("mirror", 1); }},
      {"add_total",
       [&] {
         s->add_total({"x_n", "clients", {}, {}, "count() as n"});
       }},
  };
  for (int round = 0; round < 2; ++round) {
    for (const auto& row : table) {
      EXPECT_EQ(outcome([&] { row.act(); }), "denied") << row.what << ", round " << round;
    }
    EXPECT_EQ(s->get(ref<client>(anna))[client::name], "Anna");
    EXPECT_EQ(s->sequence(), kept.count);
  }
  if (base->can().views) {
    EXPECT_EQ(outcome([&] { base->write_views(); }), "denied");
  }
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  crm_options more;  // opening it would write
  more.entities = all_entities();
  more.entities.push_back(describe<late>());
  EXPECT_EQ(outcome([&] { base.emplace(GetParam().reopen(), std::move(more)); }), "denied");
  base.emplace(GetParam().reopen(), completed(with_key()));
  EXPECT_EQ(found(kept), "");
}

TEST_P(audit, does_not_begin_in_the_middle) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the store";
  open();
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  EXPECT_EQ(outcome([&] { base.emplace(GetParam().reopen(), completed(with_key())); }), "denied");
}

TEST_P(audit, refuses_a_short_key) {
  EXPECT_EQ(outcome([&] { open(with_key("short")); }), "invalid");
}

TEST_P(audit, is_told_apart_from_none) {
  open();
  EXPECT_EQ(outcome([&] { base->newest_anchor(); }), "unsupported");
  EXPECT_EQ(outcome([&] { base->check_audit(); }), "denied");
}

// ------------------------------------------------------------------------------------- tampering

// Whoever has the file but not the key: rows as they like, with right checksums.
class tampering : public audit {
 protected:
  static int sets_wanted() {
    return static_cast<int>(number_in("KITH_AUDIT_SETS", rounds(120, 4)));
  }
  static constexpr std::size_t at_once = 300;  // a check tells of a thousand findings

  tampering() {
    s.reset();
    base.reset();
    auto rows = GetParam().fresh();
    store_ = rows.get();
    base.emplace(std::move(rows), completed(with_key()));
    s.emplace(base->open_session({.actor = "anna", .actor_id = {}, .zone = {}}));
    fill(sets_wanted());
    kept = base->newest_anchor();
    file = store_->connect();
    const entity_type& e = sets();
    for (std::int64_t i = 1; i <= kept.count; ++i) {
      all.push_back(file->get(e, {i}, needed_cells::with_keys));
    }
  }

  const entity_type& sets() { return base->model()->entity<change_set_row>(); }

  // The cells of a row, to be changed.
  static std::vector<owned_cell> cells_of(const entity_type& e, const row& r) {
    std::vector<owned_cell> cells;
    for (slot_number i = 0; i < e.columns.size(); ++i) {
      cells.emplace_back(r.at(i, e.columns[i].type));
    }
    return cells;
  }
  row_ptr made(const system_cells& system, const std::vector<owned_cell>& cells) {
    std::vector<cell> views;
    for (const owned_cell& c : cells) views.push_back(c.view());
    return detail::internal_row(sets(), system, views);
  }
  static owned_cell other(const cell& c, storage type) {
    if (type == storage::integer) return cell::integer(c.is_null() ? 7 : c.as_integer() + 1);
    std::string bytes(c.is_null() ? std::string_view{} : c.as_bytes());
    if (type == storage::text) return cell::text(bytes + "x");
    if (bytes.empty()) return cell::blob(std::string(1, 'x'));
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return cell::blob(bytes);
  }
  void put(const row_ptr& before, const row_ptr& after) {
    std::vector<slot_number> changed;
    for (slot_number i = 0; i < sets().columns.size(); ++i) changed.push_back(i);
    file->write({&sets(), before, after, changed});
  }
  std::set<std::int64_t> places() {
    std::set<std::int64_t> where;
    for (const damage& d : base->check_audit(kept).found) where.insert(d.id.value);
    return where;
  }
  // Every row once, some at a time: changed, noticed, changed back.
  void each_row(const std::string& what, const std::function<row_ptr(const row&)>& change) {
    for (std::size_t first = 0; first < all.size(); first += at_once) {
      const std::size_t end = std::min(all.size(), first + at_once);
      for (std::size_t offset = 0; offset < 2; ++offset) {
        std::vector<row_ptr> is(all.size());
        file->begin(access::write);
        for (std::size_t i = first + offset; i < end; i += 2) put(all[i], is[i] = change(*all[i]));
        file->commit();
        const std::set<std::int64_t> where = places();
        file->begin(access::write);
        for (std::size_t i = first + offset; i < end; i += 2) {
          EXPECT_EQ(where.count(all[i]->id().value), 1u) << what << " of set " << i + 1;
          put(is[i], all[i]);
        }
        file->commit();
      }
    }
  }

  store* store_ = nullptr;
  audit_anchor kept;
  std::unique_ptr<connection> file;
  std::vector<row_ptr> all;
};

INSTANTIATE_TEST_SUITE_P(stores, tampering, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(tampering, with_any_field_is_noticed) {
  const entity_type& e = sets();
  for (slot_number f = 0; f < e.columns.size(); ++f) {
    each_row(e.columns[f].name, [&](const row& r) {
      auto cells = cells_of(e, r);
      cells[f] = other(r.at(f, e.columns[f].type), e.columns[f].type);
      return made(r.system(), cells);
    });
  }
  EXPECT_EQ(found(kept), "");
}

TEST_P(tampering, with_system_cells_is_noticed) {
  const std::pair<const char*, void (*)(system_cells&)> edits[] = {
      {"revision", [](system_cells& c) { ++c.revision; }},
      {"deleted", [](system_cells& c) { c.deleted = c.revision; }},
      {"merged_into", [](system_cells& c) { c.merged_into = {1}; }},
  };
  for (const auto& edit : edits) {
    each_row(edit.first, [&](const row& r) {
      system_cells c = r.system();
      edit.second(c);
      return made(c, cells_of(sets(), r));
    });
  }
  EXPECT_EQ(found(kept), "");
}

TEST_P(tampering, by_removing_a_set_is_noticed) {
  for (std::size_t first = 0; first + 1 < all.size(); first += at_once) {
    for (std::size_t offset = 0; offset < 2; ++offset) {
      const std::size_t end = std::min(all.size() - 1, first + at_once);
      file->begin(access::write);
      for (std::size_t i = first + offset; i < end; i += 2) file->erase(sets(), all[i]->id());
      file->commit();
      const std::set<std::int64_t> where = places();
      file->begin(access::write);
      for (std::size_t i = first + offset; i < end; i += 2) {
        EXPECT_EQ(where.count(all[i + 1]->id().value), 1u) << "set " << i + 1;
        file->write({&sets(), {}, all[i], {}});
      }
      file->commit();
    }
  }
  EXPECT_EQ(found(kept), "");
}

TEST_P(tampering, by_exchanging_two_sets_is_noticed) {
  const auto placed = [&](const row& r, const system_cells& at) {
    return made(at, cells_of(sets(), r));
  };
  for (std::size_t first = 0; first + 1 < all.size(); first += at_once) {
    const std::size_t end = std::min(all.size() - 1, first + at_once);
    for (std::size_t offset = 0; offset < 2; ++offset) {
      const auto exchange = [&](bool back) {
        file->begin(access::write);
        for (std::size_t i = first + offset; i < end; i += 2) {
          for (const std::size_t k : {i, i + 1}) file->erase(sets(), all[k]->id());
          const row& a = *all[back ? i : i + 1];
          const row& b = *all[back ? i + 1 : i];
          file->write({&sets(), {}, placed(a, all[i]->system()), {}});
          file->write({&sets(), {}, placed(b, all[i + 1]->system()), {}});
        }
        file->commit();
      };
      exchange(false);
      const std::set<std::int64_t> where = places();
      for (std::size_t i = first + offset; i < end; i += 2) {
        EXPECT_EQ(where.count(all[i]->id().value), 1u) << "set " << i + 1;
        EXPECT_EQ(where.count(all[i + 1]->id().value), 1u) << "set " << i + 2;
      }
      exchange(true);
    }
  }
  EXPECT_EQ(found(kept), "");
}

TEST_P(tampering, by_cutting_the_newest_is_noticed_with_an_anchor) {
  const std::size_t step = std::max<std::size_t>(1, all.size() / 100);
  for (std::size_t left = all.size(); left > step;) {
    file->begin(access::write);
    for (std::size_t i = 0; i < step; ++i) file->erase(sets(), all[--left]->id());
    file->commit();
    EXPECT_EQ(places().count(all[left - 1]->id().value), 1u) << left << " left";
    EXPECT_TRUE(base->check_audit().sound()) << "nobody notices it without an anchor";
  }
}

TEST_P(tampering, by_cutting_the_oldest_is_noticed) {
  file->begin(access::write);
  for (std::size_t i = 0; i < 5; ++i) file->erase(sets(), all[i]->id());
  file->commit();
  EXPECT_EQ(found(kept),
            "6: the change sets 1 to 5 are missing, and were not trimmed with the key\n");
}

TEST_P(tampering, by_adding_a_set_is_noticed) {
  system_cells next = all.back()->system();
  next.id = {kept.count + 1};
  next.revision = next.created = kept.count + 1;
  auto cells = cells_of(sets(), *all.back());
  cells[change_set_row::operation.slot()] = cell::text("forged");
  file->begin(access::write);
  file->write({&sets(), {}, made(next, cells), {}});
  file->commit();
  EXPECT_EQ(places(), std::set<std::int64_t>{kept.count + 1});
}

}  // namespace
}  // namespace kith::lab
