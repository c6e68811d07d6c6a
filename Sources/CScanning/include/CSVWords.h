#ifndef ROLLCALL_CSVWORDS_H
#define ROLLCALL_CSVWORDS_H
// SPDX-License-Identifier: Apache-2.0
//
// Many words of 64 bytes at once, on processors that do a word in a handful of instructions (AVX-512 with VBMI2: Intel
// since 2019, AMD since 2022) or in a few more (AVX2). C for the same reason as the masks: Swift has no way to say
// "these instructions, if the processor has them". Everywhere else, `CSVPass` takes word by word.
//
// The functions take the instructions to use: AVX2, or AVX-512 where `rollcall_word_vectors` gives it.

#include <stddef.h>
#include <stdint.h>

#include "VectorInstructions.h"

/// What was written about some words.
typedef struct {
  /// How many words were taken; the one after them wants a closer look, or was not asked for.
  size_t words;
  /// How many places of delimiters and line feeds were written.
  size_t ends;
  /// How many of them are line feeds.
  size_t lines;
} rollcall_csv_words_t;

/// The most that this processor can run of what is below.
rollcall_vectors_t rollcall_word_vectors(void);

/// Finds delimiters and line feeds in plain words: those without a quote or NUL, of whole characters of UTF-8.
///
/// `ends` gets the places of all of them, counted from `bytes`; `lines`, for each line feed, its index in `ends`.
/// `start` is at least 3, since a character may have begun before it; `ends` and `lines` have room for 64 values
/// to a word, and 16 more.
rollcall_csv_words_t rollcall_csv_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words,
    uint8_t delimiter, uint8_t quote, uint32_t *ends, uint32_t *lines);

/// Finds the line feeds of words up to one that holds a NUL or what is not UTF-8, and gives how many there are.
///
/// Whatever ends at one of them is whole: a character that the last word begins is not looked at to its end.
/// `start` is at least 3, and `feeds` has room for 64 places to a word, and 16 more.
size_t rollcall_line_feed_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words,
    uint32_t *feeds);

/// How many line feeds stand in words of 64 bytes.
size_t rollcall_line_feed_count(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t words);

/// What was written about some words of JSON.
typedef struct {
  /// How many words were taken; the one after them wants a closer look, or was not asked for.
  size_t words;
  size_t feeds, quotes, slashes;
} rollcall_json_words_t;

/// Finds line feeds, backslashes, and the quotes that have none of their own before them.
///
/// It stops before a word that is not UTF-8, or holds a control character that ends no line, and where fewer than
/// `capacity` places are left for anything; each array has room for 80 more. A backslash before the first word counts
/// for nothing. `start` is at least 3. Whatever ends at a line feed is whole.
rollcall_json_words_t rollcall_json_words(
    rollcall_vectors_t vectors, const uint8_t *bytes, size_t start, size_t words, size_t capacity,
    uint32_t *feeds, uint32_t *quotes, uint32_t *slashes);

/// The bytes of a word that a backslash before them takes for itself.
///
/// `is_open` tells of one at the end of the word before, and then of one at the end of this.
static inline uint64_t rollcall_escaped(uint64_t backslashes, int *is_open) {
  uint64_t escaped = *is_open ? 1 : 0;
  uint64_t left = backslashes & ~escaped;
  *is_open = 0;
  while (left != 0) {
    const int place = __builtin_ctzll(left);
    if (place == 63) {
      *is_open = 1;
      break;
    }
    escaped |= (uint64_t)2 << place;
    left &= ~((uint64_t)3 << place);
  }
  return escaped;
}

#endif
