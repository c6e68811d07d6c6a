// SPDX-License-Identifier: Apache-2.0
//
// A word of 64 bytes in one register: AVX-512 with VBMI2.

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))
#define STEP WIDE __attribute__((always_inline)) static inline
#define OF(name) name##_512

typedef __m512i OF(word_t);

STEP __m512i OF(load)(const uint8_t *at) { return _mm512_loadu_si512(at); }

STEP uint64_t OF(equal)(__m512i word, uint8_t byte) {
  return _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8((char)byte));
}

STEP int OF(has_either)(__m512i word, uint8_t one, uint8_t other) {
  return (OF(equal)(word, one) | OF(equal)(word, other)) != 0;
}

STEP uint64_t OF(below_space)(__m512i word) {
  return _mm512_cmplt_epu8_mask(word, _mm512_set1_epi8(0x20));
}

STEP uint64_t OF(high)(__m512i word) { return _mm512_movepi8_mask(word); }

STEP __m512i OF(looked_up)(const int8_t *table, __m512i halves) {
  const __m128i one = _mm_load_si128((const __m128i *)table);
  return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(one), halves);
}

STEP int OF(not_utf8)(const uint8_t *at, __m512i bytes) {
  const __m512i before1 = _mm512_loadu_si512(at - 1);
  const __m512i before2 = _mm512_loadu_si512(at - 2);
  const __m512i before3 = _mm512_loadu_si512(at - 3);
  const __m512i low = _mm512_set1_epi8(0x0F);
  const __m512i first_high = _mm512_and_si512(_mm512_srli_epi16(before1, 4), low);
  const __m512i second_high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), low);
  const __m512i wrong = _mm512_and_si512(
      _mm512_and_si512(
          OF(looked_up)(by_first_high, first_high),
          OF(looked_up)(by_first_low, _mm512_and_si512(before1, low))),
      OF(looked_up)(by_second_high, second_high));
  const __m512i third = _mm512_subs_epu8(before2, _mm512_set1_epi8(BELOW_THIRD));
  const __m512i fourth = _mm512_subs_epu8(before3, _mm512_set1_epi8(BELOW_FOURTH));
  const __m512i wanted =
      _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
  return _mm512_cmpneq_epi8_mask(wrong, wanted) != 0;
}

/// Sixteen places at a time: the few too many are overwritten.
STEP size_t OF(write_places)(uint64_t bits, uint32_t place, uint32_t *places) {
  const __m512i numbers = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
      40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
      17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const size_t count = (size_t)__builtin_popcountll(bits);
  const __m512i base = _mm512_set1_epi32((int)place);
  __m512i set = _mm512_maskz_compress_epi8(bits, numbers);
  for (size_t written = 0; written < count; written += 16) {
    const __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set));
    _mm512_storeu_si512(places + written, _mm512_add_epi32(base, wide));
    set = _mm512_shuffle_i32x4(set, set, _MM_SHUFFLE(0, 3, 2, 1));
  }
  return count;
}

STEP size_t OF(write_few_places)(uint64_t bits, uint32_t place, uint32_t *places) {
  return OF(write_places)(bits, place, places);
}

#include "WordLoops.h"

#undef OF
#undef STEP
#undef WIDE
