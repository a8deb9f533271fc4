// SPDX-License-Identifier: Apache-2.0
//
// The file of a memory store: a head of 56 bytes and a body.
//
//   head   "KITHSNAP", version (4 bytes), flags (4), length of the body (8), SHA-256 of the body;
//          numbers little-endian
//   body   a Boost.Serialization binary archive without its own head: the tables with their names,
//          columns, indexes and rows; what is not the same on every machine is said by the flags
//
// The body is parsed only when the head and every byte of it are as they were written. Checksums of
// rows travel with them unchanged; whoever has the model can verify them at any time.
#pragma once

#include <memory>

#include "storage/memory/content.hpp"

namespace kith::inline v1::memory {

/// Writes one instant of the store to a file, while others read and write.
void save_snapshot(const std::shared_ptr<content>& of, const std::string& path);
/// Fills a new store; leaves it empty when there is no file. error_code::damaged, foreign, newer or
/// storage otherwise.
void load_snapshot(content& to);

}  // namespace kith::inline v1::memory
