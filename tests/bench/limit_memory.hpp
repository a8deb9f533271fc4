// SPDX-License-Identifier: Apache-2.0
//
// What memory can do at best: one Boost.MultiIndex container of plain structs, no versions, no
// validation, no history, one thread; and its Boost.Serialization archive.
#pragma once

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/multi_index/composite_key.hpp>
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <boost/serialization/string.hpp>
#include <fstream>

#include "customers.hpp"

namespace kith::bench {

namespace mi = boost::multi_index;

using raw_customers = mi::multi_index_container<
    customer,
    mi::indexed_by<mi::ordered_unique<mi::member<customer, std::int64_t, &customer::id>>,
                   mi::ordered_unique<mi::member<customer, std::string, &customer::email>>,
                   mi::ordered_non_unique<mi::member<customer, std::string, &customer::phone>>,
                   mi::ordered_non_unique<mi::composite_key<
                       customer, mi::member<customer, std::int64_t, &customer::status>,
                       mi::member<customer, std::string, &customer::city>,
                       mi::member<customer, std::int64_t, &customer::updated>>>>>;

}  // namespace kith::bench

namespace boost::serialization {
template <class Archive>
void serialize(Archive& a, kith::bench::customer& c, unsigned) {
  a& c.id& c.kind& c.status& c.owner& c.source& c.name& c.email& c.phone& c.city& c.note& c
      .opened& c.updated& c.balance;
}
}  // namespace boost::serialization

namespace kith::bench {

inline void save(const raw_customers& all, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  boost::archive::binary_oarchive archive(out);
  const std::size_t n = all.size();
  archive << n;
  for (const customer& c : all) archive << c;
}

inline void load(raw_customers& all, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  boost::archive::binary_iarchive archive(in);
  std::size_t n = 0;
  archive >> n;
  customer c;
  for (std::size_t i = 0; i < n; ++i) {
    archive >> c;
    all.insert(all.end(), c);
  }
}

}  // namespace kith::bench
