// SPDX-License-Identifier: Apache-2.0
//
// Which of 64 bytes equal one byte, as a 64-bit mask: bit i stands for bytes[i].
//
// Swift's SIMD types have no stable way to get such a mask out of a comparison (no movemask), so
// these few lines are C. Everything that reads the masks is Swift; `ByteMaskTests` holds them to a
// loop over single bytes at every alignment.
#ifndef ROLLCALL_CSCANNING_H
#define ROLLCALL_CSCANNING_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

static inline uint64_t rollcall_join(__m128i a, __m128i b, __m128i c, __m128i d) {
  return (uint64_t)(uint16_t)_mm_movemask_epi8(a) | (uint64_t)(uint16_t)_mm_movemask_epi8(b) << 16 |
         (uint64_t)(uint16_t)_mm_movemask_epi8(c) << 32 | (uint64_t)(uint16_t)_mm_movemask_epi8(d) << 48;
}

/// Bit i is set where `bytes[i] == byte`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_equal(const uint8_t *bytes, uint8_t byte) {
  const __m128i wanted = _mm_set1_epi8((char)byte);
  const __m128i *lanes = (const __m128i *)bytes;
  return rollcall_join(
      _mm_cmpeq_epi8(_mm_loadu_si128(lanes), wanted), _mm_cmpeq_epi8(_mm_loadu_si128(lanes + 1), wanted),
      _mm_cmpeq_epi8(_mm_loadu_si128(lanes + 2), wanted), _mm_cmpeq_epi8(_mm_loadu_si128(lanes + 3), wanted));
}

/// Bit i is set where `bytes[i] >= 0x80`. Reads exactly 64 bytes; any alignment.
static inline uint64_t rollcall_mask_high(const uint8_t *bytes) {
  const __m128i *lanes = (const __m128i *)bytes;
  return rollcall_join(
      _mm_loadu_si128(lanes), _mm_loadu_si128(lanes + 1), _mm_loadu_si128(lanes + 2), _mm_loadu_si128(lanes + 3));
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

#endif
#endif
