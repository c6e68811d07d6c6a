#ifndef ROLLCALL_CSCANNING_H
#define ROLLCALL_CSCANNING_H
// SPDX-License-Identifier: Apache-2.0
//
// Which of 64 bytes equal some byte, as 64-bit masks: bit i stands for bytes[i].
//
// Swift's SIMD types have no stable way to get such a mask out of a comparison (no movemask), so
// these few lines are C. Everything that reads the masks is Swift; `ByteMaskTests` holds them to a
// loop over single bytes at every alignment.

#include <stdint.h>

#include "CSVWords.h"
#include "CellColumns.h"
#include "JSONRecords.h"
#include "KeyedColumns.h"
#include "LDIFRecords.h"
#include "XMLEntries.h"

/// What one look at 64 bytes tells.
typedef struct {
  uint64_t delimiters;
  uint64_t newlines;
  uint64_t quotes;
  /// Not 0 where any of the bytes is NUL.
  uint32_t has_nul;
  /// Not 0 where any of the bytes is 0x80 or above.
  uint32_t has_high;
} rollcall_masks;

/// Asks for the memory at `address` without waiting for it; any address will do.
static inline void rollcall_prefetch(const void *address) { __builtin_prefetch(address); }

/// Begins to bring to the disk what of an open file is in memory alone, and does not wait for it; nothing where the
/// system knows no such thing. C because Swift's `Glibc` has no `sync_file_range`.
void rollcall_begin_writing(int descriptor);

/// Where 64 bytes hold what JSON is made of.
typedef struct {
  uint64_t quotes;
  uint64_t backslashes;
  /// `{` and `[`.
  uint64_t opens;
  /// `}` and `]`.
  uint64_t closes;
} rollcall_json_masks_t;

#if defined(__GLIBC__)
#include <malloc.h>
#endif

/// Gives memory that has been freed back to the system, where the C library keeps it otherwise.
static inline void rollcall_return_freed_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

/// Keeps memory that has been freed for the next who asks; to be called before other threads start.
static inline void rollcall_keep_freed_memory(void) {
#if defined(__GLIBC__)
  // What is larger than this comes from the system and goes back to it at once: tables, whole exports.
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

#if defined(__SSE2__)
#include <emmintrin.h>

static inline uint64_t rollcall_join(__m128i a, __m128i b, __m128i c, __m128i d) {
  return (uint64_t)(uint16_t)_mm_movemask_epi8(a) | (uint64_t)(uint16_t)_mm_movemask_epi8(b) << 16 |
         (uint64_t)(uint16_t)_mm_movemask_epi8(c) << 32 | (uint64_t)(uint16_t)_mm_movemask_epi8(d) << 48;
}

static inline uint64_t rollcall_join_equal(
    __m128i a, __m128i b, __m128i c, __m128i d, __m128i wanted) {
  return rollcall_join(
      _mm_cmpeq_epi8(a, wanted), _mm_cmpeq_epi8(b, wanted), _mm_cmpeq_epi8(c, wanted),
      _mm_cmpeq_epi8(d, wanted));
}

/// Bit i is set where `bytes[i] == byte`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_equal(const uint8_t *bytes, uint8_t byte) {
  const __m128i *lanes = (const __m128i *)bytes;
  return rollcall_join_equal(
      _mm_loadu_si128(lanes), _mm_loadu_si128(lanes + 1), _mm_loadu_si128(lanes + 2),
      _mm_loadu_si128(lanes + 3), _mm_set1_epi8((char)byte));
}

/// Bit i is set where `bytes[i] >= 0x80`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_high(const uint8_t *bytes) {
  const __m128i *lanes = (const __m128i *)bytes;
  return rollcall_join(
      _mm_loadu_si128(lanes), _mm_loadu_si128(lanes + 1), _mm_loadu_si128(lanes + 2),
      _mm_loadu_si128(lanes + 3));
}

/// Bit i is set where `bytes[i] < 0x20`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_control(const uint8_t *bytes) {
  const __m128i *lanes = (const __m128i *)bytes;
  const __m128i last = _mm_set1_epi8(0x1F);
  const __m128i a = _mm_loadu_si128(lanes), b = _mm_loadu_si128(lanes + 1);
  const __m128i c = _mm_loadu_si128(lanes + 2), d = _mm_loadu_si128(lanes + 3);
  return rollcall_join(
      _mm_cmpeq_epi8(_mm_max_epu8(a, last), last), _mm_cmpeq_epi8(_mm_max_epu8(b, last), last),
      _mm_cmpeq_epi8(_mm_max_epu8(c, last), last), _mm_cmpeq_epi8(_mm_max_epu8(d, last), last));
}

/// All masks a CSV scanner wants, in one pass over 64 bytes; any alignment.
static inline rollcall_masks rollcall_csv_masks(
    const uint8_t *bytes, uint8_t delimiter, uint8_t newline, uint8_t quote) {
  const __m128i *lanes = (const __m128i *)bytes;
  const __m128i a = _mm_loadu_si128(lanes), b = _mm_loadu_si128(lanes + 1);
  const __m128i c = _mm_loadu_si128(lanes + 2), d = _mm_loadu_si128(lanes + 3);
  const __m128i least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
  rollcall_masks masks;
  masks.delimiters = rollcall_join_equal(a, b, c, d, _mm_set1_epi8((char)delimiter));
  masks.newlines = rollcall_join_equal(a, b, c, d, _mm_set1_epi8((char)newline));
  masks.quotes = rollcall_join_equal(a, b, c, d, _mm_set1_epi8((char)quote));
  masks.has_nul = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128()));
  masks.has_high =
      (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d)));
  return masks;
}

/// All masks that finding the end of a JSON value wants; any alignment.
static inline rollcall_json_masks_t rollcall_json_masks(const uint8_t *bytes) {
  const __m128i *lanes = (const __m128i *)bytes;
  const __m128i a = _mm_loadu_si128(lanes), b = _mm_loadu_si128(lanes + 1);
  const __m128i c = _mm_loadu_si128(lanes + 2), d = _mm_loadu_si128(lanes + 3);
  // `[` and `{`, and `]` and `}`, differ in this one bit.
  const __m128i bit = _mm_set1_epi8(0x20);
  const __m128i e = _mm_or_si128(a, bit), f = _mm_or_si128(b, bit);
  const __m128i g = _mm_or_si128(c, bit), h = _mm_or_si128(d, bit);
  rollcall_json_masks_t masks;
  masks.quotes = rollcall_join_equal(a, b, c, d, _mm_set1_epi8('"'));
  masks.backslashes = rollcall_join_equal(a, b, c, d, _mm_set1_epi8('\\'));
  masks.opens = rollcall_join_equal(e, f, g, h, _mm_set1_epi8('{'));
  masks.closes = rollcall_join_equal(e, f, g, h, _mm_set1_epi8('}'));
  return masks;
}

#else

/// Bit i is set where `bytes[i] == byte`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_equal(const uint8_t *bytes, uint8_t byte) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] == byte) << i;
  return mask;
}

/// Bit i is set where `bytes[i] >= 0x80`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_high(const uint8_t *bytes) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] >> 7) << i;
  return mask;
}

/// Bit i is set where `bytes[i] < 0x20`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_control(const uint8_t *bytes) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] < 0x20) << i;
  return mask;
}

/// All masks a CSV scanner wants, in one pass over 64 bytes; any alignment.
static inline rollcall_masks rollcall_csv_masks(
    const uint8_t *bytes, uint8_t delimiter, uint8_t newline, uint8_t quote) {
  rollcall_masks masks;
  masks.delimiters = rollcall_mask_equal(bytes, delimiter);
  masks.newlines = rollcall_mask_equal(bytes, newline);
  masks.quotes = rollcall_mask_equal(bytes, quote);
  masks.has_nul = rollcall_mask_equal(bytes, 0) != 0;
  masks.has_high = rollcall_mask_high(bytes) != 0;
  return masks;
}

/// All masks that finding the end of a JSON value wants; any alignment.
static inline rollcall_json_masks_t rollcall_json_masks(const uint8_t *bytes) {
  rollcall_json_masks_t masks;
  masks.quotes = rollcall_mask_equal(bytes, '"');
  masks.backslashes = rollcall_mask_equal(bytes, '\\');
  masks.opens = rollcall_mask_equal(bytes, '{') | rollcall_mask_equal(bytes, '[');
  masks.closes = rollcall_mask_equal(bytes, '}') | rollcall_mask_equal(bytes, ']');
  return masks;
}

#endif
#endif
