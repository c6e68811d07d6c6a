// SPDX-License-Identifier: Apache-2.0

#include "KeyedColumns.h"

#if defined(__x86_64__)
#include <immintrin.h>

rollcall_vectors_t rollcall_column_vectors(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return ROLLCALL_BASELINE;
  const int is_wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl");
  return is_wide ? ROLLCALL_AVX512 : ROLLCALL_AVX2;
}

typedef unsigned __int128 sum_t;

/// The longest value that is one piece.
enum { PIECE = 240 };

// MARK: - AVX2 loads what stands behind a value, and masks it away.

#define WIDE __attribute__((target("avx2,bmi2")))
#define STEP WIDE __attribute__((always_inline)) static inline
#define OF(name) name##_avx2
#define BEHIND 32

/// Ones and then zeros: the 32 bytes before the middle, less `count`, are a mask of the first `count` bytes.
static const uint8_t ones[64] __attribute__((aligned(64))) = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

STEP __m256i OF(mask)(size_t count) {
  return _mm256_loadu_si256((const __m256i *)(ones + 32 - count));
}

STEP __m256i OF(first_bytes)(const uint8_t *value, size_t count) {
  return _mm256_and_si256(_mm256_loadu_si256((const __m256i *)value), OF(mask)(count));
}

STEP __m256i OF(folded)(__m256i bytes) {
  const __m256i from_a = _mm256_sub_epi8(bytes, _mm256_set1_epi8('A'));
  const __m256i capitals = _mm256_cmpeq_epi8(_mm256_min_epu8(from_a, _mm256_set1_epi8(25)), from_a);
  return _mm256_add_epi8(bytes, _mm256_and_si256(capitals, _mm256_set1_epi8(0x20)));
}

STEP __m256i OF(keyed)(__m256i bytes, size_t count, __m256i key) {
  return _mm256_and_si256(_mm256_add_epi64(bytes, key), OF(mask)((count + 15) / 16 * 16));
}

STEP int OF(is_wanted)(__m256i first, __m256i words, __m256i masks, unsigned live) {
  const __m256i word = _mm256_broadcastq_epi64(_mm256_castsi256_si128(first));
  const __m256i same = _mm256_cmpeq_epi64(_mm256_and_si256(word, masks), words);
  return ((unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(same)) & live) != 0;
}

#include "KeyedLoops.h"

#undef BEHIND
#undef OF
#undef STEP
#undef WIDE

// MARK: - AVX-512 with BW and VL does not load it.

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))
#define STEP WIDE __attribute__((always_inline)) static inline
#define OF(name) name##_avx512
#define BEHIND 0

STEP __m256i OF(first_bytes)(const uint8_t *value, size_t count) {
  return _mm256_maskz_loadu_epi8(_bzhi_u32(~0u, (unsigned)count), value);
}

STEP __m256i OF(folded)(__m256i bytes) {
  const __mmask32 capitals = _mm256_cmplt_epu8_mask(
      _mm256_sub_epi8(bytes, _mm256_set1_epi8('A')), _mm256_set1_epi8(26));
  return _mm256_mask_add_epi8(bytes, capitals, bytes, _mm256_set1_epi8(0x20));
}

STEP __m256i OF(keyed)(__m256i bytes, size_t count, __m256i key) {
  const __mmask8 reached = (__mmask8)_bzhi_u32(0xFF, (unsigned)((count + 15) / 16 * 2));
  return _mm256_maskz_add_epi64(reached, bytes, key);
}

STEP int OF(is_wanted)(__m256i first, __m256i words, __m256i masks, unsigned live) {
  const __m256i word = _mm256_broadcastq_epi64(_mm256_castsi256_si128(first));
  const __m256i masked = _mm256_and_si256(word, masks);
  return _mm256_mask_cmpeq_epi64_mask((__mmask8)live, masked, words) != 0;
}

#include "KeyedLoops.h"

#undef BEHIND
#undef OF
#undef STEP
#undef WIDE

size_t rollcall_add_digests(
    rollcall_vectors_t vectors, rollcall_column column, const uint64_t *key,
    rollcall_beginnings beginnings, uint64_t *sums, size_t *empty) {
  return vectors == ROLLCALL_AVX512
             ? add_digests_avx512(column, key, beginnings, sums, empty)
             : add_digests_avx2(column, key, beginnings, sums, empty);
}

size_t rollcall_folded_hashes(
    rollcall_vectors_t vectors, rollcall_column column, const uint64_t *key,
    rollcall_beginnings beginnings, uint64_t *hashes, size_t hash_stride) {
  return vectors == ROLLCALL_AVX512
             ? folded_hashes_avx512(column, key, beginnings, hashes, hash_stride)
             : folded_hashes_avx2(column, key, beginnings, hashes, hash_stride);
}

#else

rollcall_vectors_t rollcall_column_vectors(void) { return ROLLCALL_BASELINE; }

size_t rollcall_add_digests(
    rollcall_vectors_t vectors, rollcall_column column, const uint64_t *key,
    rollcall_beginnings beginnings, uint64_t *sums, size_t *empty) {
  (void)vectors, (void)column, (void)key, (void)beginnings, (void)sums, (void)empty;
  return 0;
}

size_t rollcall_folded_hashes(
    rollcall_vectors_t vectors, rollcall_column column, const uint64_t *key,
    rollcall_beginnings beginnings, uint64_t *hashes, size_t hash_stride) {
  (void)vectors, (void)column, (void)key, (void)beginnings, (void)hashes, (void)hash_stride;
  return 0;
}

#endif
