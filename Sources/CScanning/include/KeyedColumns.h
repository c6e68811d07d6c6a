#ifndef ROLLCALL_KEYEDCOLUMNS_H
#define ROLLCALL_KEYEDCOLUMNS_H
// SPDX-License-Identifier: Apache-2.0
//
// The keyed hash of `KeyedHash.swift` for a column of short values. A load that leaves out the bytes behind a value
// (AVX-512 with BW and VL), or a mask behind it (AVX2), asks no branch how long it is, and thirty-two letters change
// their case at once. C for the same reason as CSVWords.h; everywhere else, Swift takes value by value.
//
// The functions take the instructions to use: AVX2, or AVX-512 where `rollcall_column_vectors` gives it.

#include <stddef.h>
#include <stdint.h>

#include "CellColumns.h"
#include "VectorInstructions.h"

/// Up to four ways in which the eight first bytes (little-endian) of a value may look that the caller wants to see.
typedef struct {
  uint64_t words[4];
  uint64_t masks[4];
  /// One bit for each that counts.
  uint8_t live;
} rollcall_beginnings;

/// The most that this processor can run of what is below.
rollcall_vectors_t rollcall_column_vectors(void);

/// Adds the digest of each value under `key` (32 words) to its sum (two words, the lower first).
///
/// Stops before a row whose value begins in one of the ways, is longer than 240 bytes, or does not stand within the
/// bytes; with AVX2, fewer than 32 bytes before their end, too. `empty` grows by the rows without a value. Returns how many rows were taken.
size_t rollcall_add_digests(
    rollcall_vectors_t vectors, rollcall_column column, const uint64_t *key,
    rollcall_beginnings beginnings, uint64_t *sums, size_t *empty);

/// Writes the hash of each value with `A`–`Z` taken as `a`–`z`, every `hash_stride` words; it is never 0, and without
/// a value nothing is written.
///
/// Stops as `rollcall_add_digests` does.
size_t rollcall_folded_hashes(
    rollcall_vectors_t vectors, rollcall_column column, const uint64_t *key,
    rollcall_beginnings beginnings, uint64_t *hashes, size_t hash_stride);

#endif
