// SPDX-License-Identifier: Apache-2.0

#include "KeyedColumns.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))
#define INLINE WIDE __attribute__((always_inline)) static inline

int rollcall_has_keyed_columns(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2");
}

typedef unsigned __int128 sum_t;

/// The longest value that is one piece.
enum { PIECE = 240 };

/// The words of a value with their key words added; pieces of sixteen bytes that the value does not reach are zero,
/// and so is their product.
INLINE __mmask8 words_of(size_t count) {
  return (__mmask8)_bzhi_u32(0xFF, (unsigned)((count + 15) / 16 * 2));
}

INLINE __m256i folded32(__m256i bytes) {
  const __mmask32 capitals = _mm256_cmplt_epu8_mask(
      _mm256_sub_epi8(bytes, _mm256_set1_epi8('A')), _mm256_set1_epi8(26));
  return _mm256_mask_add_epi8(bytes, capitals, bytes, _mm256_set1_epi8(0x20));
}

INLINE __m512i folded64(__m512i bytes) {
  const __mmask64 capitals = _mm512_cmplt_epu8_mask(
      _mm512_sub_epi8(bytes, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));
  return _mm512_mask_add_epi8(bytes, capitals, bytes, _mm512_set1_epi8(0x20));
}

/// What the bytes of a value behind the first 64 add; apart, so that the loops over short values have all registers.
WIDE __attribute__((noinline)) static sum_t further(
    const uint8_t *value, size_t count, const uint64_t *key, int folds) {
  uint64_t words[8];
  sum_t sum = 0;
  for (size_t place = 64; place < count; place += 64) {
    const size_t left = count - place < 64 ? count - place : 64;
    __m512i bytes = _mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)left), value + place);
    if (folds) bytes = folded64(bytes);
    const __mmask8 live = words_of(left);
    _mm512_storeu_si512(
        words, _mm512_maskz_add_epi64(
                   live, bytes, _mm512_maskz_loadu_epi64(live, key + 2 + place / 8)));
    for (int word = 0; word < 8; word += 2) sum += (sum_t)words[word] * words[word + 1];
  }
  return sum;
}

/// The first `count` bytes, of at most 32.
INLINE __m256i bytes32(const uint8_t *value, size_t count) {
  return _mm256_maskz_loadu_epi8(_bzhi_u32(~0u, (unsigned)count), value);
}

/// What `count` bytes add, of at most 32.
INLINE sum_t sum32(__m256i bytes, size_t count, __m256i key) {
  const __m256i words = _mm256_maskz_add_epi64(words_of(count), bytes, key);
  const __m128i low = _mm256_castsi256_si128(words);
  const __m128i high = _mm256_extracti128_si256(words, 1);
  return (sum_t)(uint64_t)_mm_cvtsi128_si64(low) * (uint64_t)_mm_extract_epi64(low, 1) +
         (sum_t)(uint64_t)_mm_cvtsi128_si64(high) * (uint64_t)_mm_extract_epi64(high, 1);
}

/// The digest of one to 240 bytes, or of none.
///
/// `first` gets what the value begins with, zeros behind its end.
INLINE sum_t digest(
    const uint8_t *value, size_t count, const uint64_t *key, const int folds, __m256i *first) {
  const size_t ahead = count < 32 ? count : 32;
  const __m256i start = bytes32(value, ahead);
  *first = start;
  sum_t sum = sum32(
      folds ? folded32(start) : start, ahead, _mm256_loadu_si256((const __m256i *)(key + 2)));
  if (count > 32) {
    // An id of 36 letters, mostly, in a column of nothing else.
    const size_t left = count < 64 ? count - 32 : 32;
    const __m256i next = bytes32(value + 32, left);
    sum += sum32(
        folds ? folded32(next) : next, left, _mm256_loadu_si256((const __m256i *)(key + 6)));
    if (__builtin_expect(count > 64, 0)) sum += further(value, count, key, folds);
  }
  return sum + count;
}

/// Whether a value begins in one of the ways that the caller wants to see.
INLINE int is_wanted(__m256i first, __m256i words, __m256i masks, __mmask8 live) {
  const __m256i word = _mm256_broadcastq_epi64(_mm256_castsi256_si128(first));
  return _mm256_mask_cmpeq_epi64_mask(live, _mm256_and_si256(word, masks), words) != 0;
}

/// The place of a value; false where it is not to be taken.
INLINE int place_of(rollcall_column column, size_t row, size_t *start, size_t *count) {
  const uint32_t *cell = column.cells + row * column.stride;
  const size_t end = cell[1];
  *start = cell[0];
  *count = end - *start;
  return *start <= end && end <= column.byte_count && *count <= PIECE;
}

WIDE size_t rollcall_add_digests(
    rollcall_column column, const uint64_t *key, rollcall_beginnings beginnings, uint64_t *sums,
    size_t *empty) {
  const __m256i words = _mm256_loadu_si256((const __m256i *)beginnings.words);
  const __m256i masks = _mm256_loadu_si256((const __m256i *)beginnings.masks);
  size_t row = 0, without = 0;
  for (; row < column.rows; row++) {
    size_t start, count;
    __m256i first;
    if (!place_of(column, row, &start, &count)) break;
    const sum_t own = digest(column.bytes + start, count, key, 0, &first);
    if (is_wanted(first, words, masks, beginnings.live)) break;
    without += count == 0;
    const sum_t total = ((sum_t)sums[row * 2 + 1] << 64 | sums[row * 2]) + own;
    sums[row * 2] = (uint64_t)total;
    sums[row * 2 + 1] = (uint64_t)(total >> 64);
  }
  *empty += without;
  return row;
}

WIDE size_t rollcall_folded_hashes(
    rollcall_column column, const uint64_t *key, rollcall_beginnings beginnings, uint64_t *hashes,
    size_t hash_stride) {
  const __m256i words = _mm256_loadu_si256((const __m256i *)beginnings.words);
  const __m256i masks = _mm256_loadu_si256((const __m256i *)beginnings.masks);
  size_t row = 0;
  for (; row < column.rows; row++) {
    size_t start, count;
    __m256i first;
    if (!place_of(column, row, &start, &count)) break;
    const sum_t own = digest(column.bytes + start, count, key, 1, &first);
    if (is_wanted(first, words, masks, beginnings.live)) break;
    // `Digest128.folded`.
    uint64_t mixed = (uint64_t)own ^ (uint64_t)(own >> 64) * 0x9E3779B97F4A7C15ull;
    mixed = (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93ull;
    mixed = (mixed ^ mixed >> 29) * 0xD6E8FEB86659FD93ull;
    mixed ^= mixed >> 32;
    mixed += mixed == 0;
    if (count != 0) hashes[row * hash_stride] = mixed;
  }
  return row;
}

#else

int rollcall_has_keyed_columns(void) { return 0; }

size_t rollcall_add_digests(
    rollcall_column column, const uint64_t *key, rollcall_beginnings beginnings, uint64_t *sums,
    size_t *empty) {
  (void)column, (void)key, (void)beginnings, (void)sums, (void)empty;
  return 0;
}

size_t rollcall_folded_hashes(
    rollcall_column column, const uint64_t *key, rollcall_beginnings beginnings, uint64_t *hashes,
    size_t hash_stride) {
  (void)column, (void)key, (void)beginnings, (void)hashes, (void)hash_stride;
  return 0;
}

#endif
