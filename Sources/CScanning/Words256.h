// SPDX-License-Identifier: Apache-2.0
//
// A word of 64 bytes in two registers: AVX2.

#define WIDE __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define STEP WIDE __attribute__((always_inline)) static inline
#define OF(name) name##_256

typedef struct {
  __m256i low, high;
} OF(word_t);

STEP __m256i OF(half)(const uint8_t *at) { return _mm256_loadu_si256((const __m256i *)at); }

STEP word_t_256 OF(load)(const uint8_t *at) {
  return (word_t_256){OF(half)(at), OF(half)(at + 32)};
}

/// The highest bits of all bytes.
STEP uint64_t OF(bits)(__m256i low, __m256i high) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
         (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

STEP uint64_t OF(equal)(word_t_256 word, uint8_t byte) {
  const __m256i wanted = _mm256_set1_epi8((char)byte);
  return OF(bits)(_mm256_cmpeq_epi8(word.low, wanted), _mm256_cmpeq_epi8(word.high, wanted));
}

STEP int OF(has_either)(word_t_256 word, uint8_t one, uint8_t other) {
  const __m256i a = _mm256_set1_epi8((char)one), b = _mm256_set1_epi8((char)other);
  const __m256i low = _mm256_or_si256(_mm256_cmpeq_epi8(word.low, a), _mm256_cmpeq_epi8(word.low, b));
  const __m256i high =
      _mm256_or_si256(_mm256_cmpeq_epi8(word.high, a), _mm256_cmpeq_epi8(word.high, b));
  const __m256i either = _mm256_or_si256(low, high);
  return !_mm256_testz_si256(either, either);
}

STEP uint64_t OF(below_space)(word_t_256 word) {
  const __m256i last = _mm256_set1_epi8(0x1F);
  return OF(bits)(
      _mm256_cmpeq_epi8(_mm256_max_epu8(word.low, last), last),
      _mm256_cmpeq_epi8(_mm256_max_epu8(word.high, last), last));
}

STEP uint64_t OF(high)(word_t_256 word) { return OF(bits)(word.low, word.high); }

STEP __m256i OF(looked_up)(const int8_t *table, __m256i halves) {
  const __m128i one = _mm_load_si128((const __m128i *)table);
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(one), halves);
}

/// Not zero where the 32 bytes at `at`, or a character that reaches into them, are not UTF-8.
STEP __m256i OF(errors)(const uint8_t *at, __m256i bytes) {
  const __m256i before1 = OF(half)(at - 1), before2 = OF(half)(at - 2), before3 = OF(half)(at - 3);
  const __m256i low = _mm256_set1_epi8(0x0F);
  const __m256i first_high = _mm256_and_si256(_mm256_srli_epi16(before1, 4), low);
  const __m256i second_high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low);
  const __m256i wrong = _mm256_and_si256(
      _mm256_and_si256(
          OF(looked_up)(by_first_high, first_high),
          OF(looked_up)(by_first_low, _mm256_and_si256(before1, low))),
      OF(looked_up)(by_second_high, second_high));
  const __m256i third = _mm256_subs_epu8(before2, _mm256_set1_epi8(BELOW_THIRD));
  const __m256i fourth = _mm256_subs_epu8(before3, _mm256_set1_epi8(BELOW_FOURTH));
  const __m256i wanted =
      _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
  return _mm256_xor_si256(wrong, wanted);
}

STEP int OF(not_utf8)(const uint8_t *at, word_t_256 word) {
  const __m256i wrong = _mm256_or_si256(OF(errors)(at, word.low), OF(errors)(at + 32, word.high));
  return !_mm256_testz_si256(wrong, wrong);
}

/// Some places at a time: the few too many are overwritten.
///
/// A loop that ends with the last bit ends after another number of rounds in every word, which no processor guesses.
STEP size_t OF(write_by)(size_t most, uint64_t bits, uint32_t place, uint32_t *places) {
  const size_t count = (size_t)__builtin_popcountll(bits);
  for (size_t written = 0; written < count; written += most) {
    for (size_t next = 0; next < most; next++) {
      places[written + next] = place + (uint32_t)_tzcnt_u64(bits);
      bits = _blsr_u64(bits);
    }
  }
  return count;
}

STEP size_t OF(write_places)(uint64_t bits, uint32_t place, uint32_t *places) {
  return OF(write_by)(8, bits, place, places);
}

STEP size_t OF(write_few_places)(uint64_t bits, uint32_t place, uint32_t *places) {
  return OF(write_by)(4, bits, place, places);
}

#include "WordLoops.h"

#undef OF
#undef STEP
#undef WIDE
