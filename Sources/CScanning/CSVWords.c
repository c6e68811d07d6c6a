// SPDX-License-Identifier: Apache-2.0

#include "CSVWords.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

int rollcall_has_csv_words(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
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

WIDE static inline __m512i each_quarter(__m128i table) { return _mm512_broadcast_i32x4(table); }

/// Not zero where the 64 bytes at `at`, or a character that reaches into them, are not UTF-8.
WIDE static inline __mmask64 not_utf8(const uint8_t *at, __m512i bytes) {
  const __m512i before1 = _mm512_loadu_si512(at - 1);
  const __m512i before2 = _mm512_loadu_si512(at - 2);
  const __m512i before3 = _mm512_loadu_si512(at - 3);
  const __m512i low = _mm512_set1_epi8(0x0F);
  const __m512i by_first_high = each_quarter(_mm_setr_epi8(
      TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
      (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS,
      (char)TWO_CONTINUATIONS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
      TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | FAR_TOO_LARGE));
  const __m512i by_first_low = each_quarter(_mm_setr_epi8(
      (char)(CARRY | OVERLONG_3 | OVERLONG_2 | FAR_TOO_LARGE), (char)(CARRY | OVERLONG_2),
      (char)CARRY, (char)CARRY, (char)(CARRY | TOO_LARGE),
      (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
      (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
      (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
      (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE),
      (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE | SURROGATE),
      (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE), (char)(CARRY | TOO_LARGE | FAR_TOO_LARGE)));
  const __m512i by_second_high = each_quarter(_mm_setr_epi8(
      TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
      (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | FAR_TOO_LARGE),
      (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE),
      (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE),
      (char)(TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE), TOO_SHORT,
      TOO_SHORT, TOO_SHORT, TOO_SHORT));
  const __m512i wrong = _mm512_and_si512(
      _mm512_and_si512(
          _mm512_shuffle_epi8(
              by_first_high, _mm512_and_si512(_mm512_srli_epi16(before1, 4), low)),
          _mm512_shuffle_epi8(by_first_low, _mm512_and_si512(before1, low))),
      _mm512_shuffle_epi8(by_second_high, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), low)));
  // The third and fourth byte of a character are two continuations in a row, and nothing else may be.
  const __m512i third = _mm512_subs_epu8(before2, _mm512_set1_epi8((char)(0xE0 - 0x80)));
  const __m512i fourth = _mm512_subs_epu8(before3, _mm512_set1_epi8((char)(0xF0 - 0x80)));
  const __m512i wanted =
      _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
  return _mm512_cmpneq_epi8_mask(wrong, wanted);
}

/// Whether the 64 bytes at `at` end inside a character.
static inline int ends_early(const uint8_t *at) {
  return at[63] >= 0xC0 || at[62] >= 0xE0 || at[61] >= 0xF0;
}

/// Writes the places of the bits, sixteen at a time: the few too many are overwritten.
WIDE static inline size_t write_places(uint64_t bits, uint32_t place, uint32_t *ends) {
  const __m512i numbers = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
      40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
      17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const size_t count = (size_t)__builtin_popcountll(bits);
  const __m512i base = _mm512_set1_epi32((int)place);
  __m512i set = _mm512_maskz_compress_epi8(bits, numbers);
  for (size_t written = 0; written < count; written += 16) {
    const __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set));
    _mm512_storeu_si512(ends + written, _mm512_add_epi32(base, wide));
    set = _mm512_shuffle_i32x4(set, set, _MM_SHUFFLE(0, 3, 2, 1));
  }
  return count;
}

WIDE rollcall_csv_words_t rollcall_csv_words(
    const uint8_t *bytes, size_t start, size_t words, uint8_t delimiter, uint8_t quote,
    uint32_t *ends, uint32_t *lines) {
  rollcall_csv_words_t found = {0, 0, 0};
  int was_high = bytes[start - 1] >= 0x80;
  while (found.words < words) {
    const size_t place = start + found.words * 64;
    const __m512i word = _mm512_loadu_si512(bytes + place);
    const __mmask64 quotes = _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8((char)quote));
    const __mmask64 nuls = _mm512_testn_epi8_mask(word, word);
    if (quotes | nuls) return found;
    const __mmask64 high = _mm512_movepi8_mask(word);
    if (high != 0 || was_high) {
      if (not_utf8(bytes + place, word) || ends_early(bytes + place)) return found;
      was_high = (high >> 63) != 0;
    }
    uint64_t feeds = _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8('\n'));
    const uint64_t boundaries =
        feeds | _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8((char)delimiter));
    while (feeds != 0) {
      const uint64_t below = (feeds & (0 - feeds)) - 1;
      lines[found.lines++] =
          (uint32_t)(found.ends + (size_t)__builtin_popcountll(boundaries & below));
      feeds &= feeds - 1;
    }
    found.ends += write_places(boundaries, (uint32_t)place, ends + found.ends);
    found.words++;
  }
  return found;
}

WIDE size_t rollcall_line_feed_words(
    const uint8_t *bytes, size_t start, size_t words, uint32_t *feeds) {
  size_t count = 0;
  int was_high = bytes[start - 1] >= 0x80;
  for (size_t index = 0; index < words; index++) {
    const size_t place = start + index * 64;
    const __m512i word = _mm512_loadu_si512(bytes + place);
    if (_mm512_testn_epi8_mask(word, word)) return count;
    const __mmask64 high = _mm512_movepi8_mask(word);
    if ((high != 0 || was_high) && not_utf8(bytes + place, word)) return count;
    was_high = (high >> 63) != 0;
    const uint64_t found = _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8('\n'));
    count += write_places(found, (uint32_t)place, feeds + count);
  }
  return count;
}

WIDE size_t rollcall_line_feed_count(const uint8_t *bytes, size_t words) {
  size_t count = 0;
  const __m512i feed = _mm512_set1_epi8('\n');
  for (size_t index = 0; index < words; index++) {
    const uint64_t found = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes + index * 64), feed);
    count += (size_t)__builtin_popcountll(found);
  }
  return count;
}

WIDE rollcall_json_words_t rollcall_json_words(
    const uint8_t *bytes, size_t start, size_t words, size_t capacity, uint32_t *feeds,
    uint32_t *quotes, uint32_t *slashes) {
  rollcall_json_words_t found = {0, 0, 0, 0};
  int was_high = bytes[start - 1] >= 0x80, is_open = 0;
  while (found.words < words && found.feeds < capacity && found.quotes < capacity &&
         found.slashes < capacity) {
    const size_t place = start + found.words * 64;
    const __m512i word = _mm512_loadu_si512(bytes + place);
    const uint64_t ends = _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8('\n'));
    const uint64_t controls = _mm512_cmplt_epu8_mask(word, _mm512_set1_epi8(0x20)) & ~ends;
    if (controls != 0) {
      const uint64_t returns = _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8('\r'));
      const uint64_t before = ends >> 1 | (uint64_t)(bytes[place + 64] == '\n') << 63;
      if (controls & ~(returns & before)) return found;
    }
    const __mmask64 high = _mm512_movepi8_mask(word);
    if ((high != 0 || was_high) && not_utf8(bytes + place, word)) return found;
    was_high = (high >> 63) != 0;
    uint64_t marks = _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8('"'));
    const uint64_t backslashes = _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8('\\'));
    if (backslashes != 0 || is_open) {
      marks &= ~rollcall_escaped(backslashes, &is_open);
      found.slashes += write_places(backslashes, (uint32_t)place, slashes + found.slashes);
    }
    if (ends != 0) found.feeds += write_places(ends, (uint32_t)place, feeds + found.feeds);
    found.quotes += write_places(marks, (uint32_t)place, quotes + found.quotes);
    found.words++;
  }
  return found;
}

#else

int rollcall_has_csv_words(void) { return 0; }

rollcall_csv_words_t rollcall_csv_words(
    const uint8_t *bytes, size_t start, size_t words, uint8_t delimiter, uint8_t quote,
    uint32_t *ends, uint32_t *lines) {
  (void)bytes, (void)start, (void)words, (void)delimiter, (void)quote, (void)ends, (void)lines;
  rollcall_csv_words_t found = {0, 0, 0};
  return found;
}

size_t rollcall_line_feed_words(
    const uint8_t *bytes, size_t start, size_t words, uint32_t *feeds) {
  (void)bytes, (void)start, (void)words, (void)feeds;
  return 0;
}

size_t rollcall_line_feed_count(const uint8_t *bytes, size_t words) {
  (void)bytes, (void)words;
  return 0;
}

rollcall_json_words_t rollcall_json_words(
    const uint8_t *bytes, size_t start, size_t words, size_t capacity, uint32_t *feeds,
    uint32_t *quotes, uint32_t *slashes) {
  (void)bytes, (void)start, (void)words, (void)capacity, (void)feeds, (void)quotes, (void)slashes;
  rollcall_json_words_t found = {0, 0, 0, 0};
  return found;
}

#endif
