// SPDX-License-Identifier: Apache-2.0

#include "CSVWords.h"

#if defined(__x86_64__)
#include <immintrin.h>

rollcall_vectors_t rollcall_word_vectors(void) {
  const int counts_bits = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                          __builtin_cpu_supports("popcnt");
  if (!counts_bits || !__builtin_cpu_supports("avx2")) return ROLLCALL_BASELINE;
  const int is_wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vbmi") &&
                      __builtin_cpu_supports("avx512vbmi2");
  return is_wide ? ROLLCALL_AVX512 : ROLLCALL_AVX2;
}

// What can be wrong with two neighbouring bytes of UTF-8, by the first one's halves and the second one's
// high half (Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", 2021).
enum {
  TOO_SHORT = 1 << 0,   // a lead without its continuation
  TOO_LONG = 1 << 1,    // a continuation after ASCII
  OVERLONG_3 = 1 << 2,  // E0 80…9F
  TOO_LARGE = 1 << 3,   // F4 90… and above
  SURROGATE = 1 << 4,   // ED A0…BF
  OVERLONG_2 = 1 << 5,  // C0, C1
  FAR_TOO_LARGE = 1 << 6,  // F5… 80…; also OVERLONG_4, F0 80…8F
  TWO_CONTINUATIONS = 1 << 7,
  CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS
};

static const int8_t by_first_high[16] __attribute__((aligned(16))) = {
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    (int8_t)TWO_CONTINUATIONS, (int8_t)TWO_CONTINUATIONS, (int8_t)TWO_CONTINUATIONS,
    (int8_t)TWO_CONTINUATIONS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | FAR_TOO_LARGE};

static const int8_t by_first_low[16] __attribute__((aligned(16))) = {
    (int8_t)(CARRY | OVERLONG_3 | OVERLONG_2 | FAR_TOO_LARGE), (int8_t)(CARRY | OVERLONG_2),
    (int8_t)CARRY, (int8_t)CARRY, (int8_t)(CARRY | TOO_LARGE),
    (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
    (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
    (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
    (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
    (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE | SURROGATE),
    (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (int8_t)(CARRY | TOO_LARGE | FAR_TOO_LARGE)};

static const int8_t by_second_high[16] __attribute__((aligned(16))) = {
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    (int8_t)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | FAR_TOO_LARGE),
    (int8_t)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE),
    (int8_t)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE),
    (int8_t)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE), TOO_SHORT,
    TOO_SHORT, TOO_SHORT, TOO_SHORT};

// The third and fourth byte of a character are two continuations in a row, and nothing else may be: taken off a lead
// of three or four bytes, these leave the highest bit.
enum { BELOW_THIRD = (int8_t)(0xE0 - 0x80), BELOW_FOURTH = (int8_t)(0xF0 - 0x80) };

/// Whether the 64 bytes at `at` end inside a character.
static inline int ends_early(const uint8_t *at) {
  return at[63] >= 0xC0 || at[62] >= 0xE0 || at[61] >= 0xF0;
}

#include "Words256.h"
#include "Words512.h"

rollcall_csv_words_t rollcall_csv_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words,
    uint8_t delimiter, uint8_t quote, uint32_t *ends, uint32_t *lines) {
  return vectors == ROLLCALL_AVX512
             ? csv_words_512(bytes, start, words, delimiter, quote, ends, lines)
             : csv_words_256(bytes, start, words, delimiter, quote, ends, lines);
}

size_t rollcall_line_feed_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words,
    uint32_t *feeds) {
  return vectors == ROLLCALL_AVX512 ? line_feed_words_512(bytes, start, words, feeds)
                                    : line_feed_words_256(bytes, start, words, feeds);
}

size_t rollcall_line_feed_count(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t words) {
  return vectors == ROLLCALL_AVX512 ? line_feed_count_512(bytes, words)
                                    : line_feed_count_256(bytes, words);
}

rollcall_json_words_t rollcall_json_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words, size_t capacity,
    uint32_t *feeds, uint32_t *quotes, uint32_t *slashes) {
  return vectors == ROLLCALL_AVX512
             ? json_words_512(bytes, start, words, capacity, feeds, quotes, slashes)
             : json_words_256(bytes, start, words, capacity, feeds, quotes, slashes);
}

#else

rollcall_vectors_t rollcall_word_vectors(void) { return ROLLCALL_BASELINE; }

rollcall_csv_words_t rollcall_csv_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words,
    uint8_t delimiter, uint8_t quote, uint32_t *ends, uint32_t *lines) {
  (void)vectors, (void)bytes, (void)start, (void)words;
  (void)delimiter, (void)quote, (void)ends, (void)lines;
  rollcall_csv_words_t found = {0, 0, 0};
  return found;
}

size_t rollcall_line_feed_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words,
    uint32_t *feeds) {
  (void)vectors, (void)bytes, (void)start, (void)words, (void)feeds;
  return 0;
}

size_t rollcall_line_feed_count(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t words) {
  (void)vectors, (void)bytes, (void)words;
  return 0;
}

rollcall_json_words_t rollcall_json_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words, size_t capacity,
    uint32_t *feeds, uint32_t *quotes, uint32_t *slashes) {
  (void)vectors, (void)bytes, (void)start, (void)words, (void)capacity;
  (void)feeds, (void)quotes, (void)slashes;
  rollcall_json_words_t found = {0, 0, 0, 0};
  return found;
}

#endif
