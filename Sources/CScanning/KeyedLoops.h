// SPDX-License-Identifier: Apache-2.0
//
// The loops of KeyedColumns.h, once for each way to leave out what stands behind a value. KeyedColumns.c includes this
// after it has defined the instructions (WIDE, and STEP for what is a part of the loops), the name that a loop of theirs
// gets (OF), BEHIND, the bytes behind a value that are read, and, by such names:
//
//     first_bytes(value, count)     the first bytes, at most 32, zeros behind them
//     folded(bytes)                 with A–Z as a–z
//     keyed(bytes, count, key)      words and key words added; zero in pieces of sixteen bytes that the value does not
//                                   reach, and so is their product
//     is_wanted(word, words, masks, live)

/// The key words of the 32 bytes from `place` on; of the last sixteen bytes of a piece they are the last two there are.
STEP __m256i OF(key_words)(const uint64_t *key, size_t place) {
  const uint64_t *words = key + 2 + place / 8;
  if (place + 32 > PIECE) {
    return _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)words));
  }
  return _mm256_loadu_si256((const __m256i *)words);
}

/// What `count` bytes add, of at most 32.
STEP sum_t OF(sum)(__m256i bytes, size_t count, __m256i key) {
  const __m256i words = OF(keyed)(bytes, count, key);
  const __m128i low = _mm256_castsi256_si128(words);
  const __m128i high = _mm256_extracti128_si256(words, 1);
  return (sum_t)(uint64_t)_mm_cvtsi128_si64(low) * (uint64_t)_mm_extract_epi64(low, 1) +
         (sum_t)(uint64_t)_mm_cvtsi128_si64(high) * (uint64_t)_mm_extract_epi64(high, 1);
}

/// What the bytes of a value from `place` on add, 32 at a time.
STEP sum_t OF(part)(
    const uint8_t *value, size_t place, size_t count, const uint64_t *key, const int folds) {
  const size_t left = count - place < 32 ? count - place : 32;
  const __m256i bytes = OF(first_bytes)(value + place, left);
  return OF(sum)(folds ? OF(folded)(bytes) : bytes, left, OF(key_words)(key, place));
}

/// What the bytes behind the first 64 add; apart, so that the loops over short values have all registers.
WIDE __attribute__((noinline)) static sum_t OF(further)(
    const uint8_t *value, size_t count, const uint64_t *key, int folds) {
  sum_t sum = 0;
  for (size_t place = 64; place < count; place += 32) sum += OF(part)(value, place, count, key, folds);
  return sum;
}

/// The digest of one to 240 bytes, or of none.
///
/// `first` gets what the value begins with, zeros behind its end.
STEP sum_t OF(digest)(
    const uint8_t *value, size_t count, const uint64_t *key, const int folds, __m256i *first) {
  const size_t ahead = count < 32 ? count : 32;
  const __m256i start = OF(first_bytes)(value, ahead);
  *first = start;
  sum_t sum = OF(sum)(folds ? OF(folded)(start) : start, ahead, OF(key_words)(key, 0));
  if (count > 32) {
    // An id of 36 letters, mostly, in a column of nothing else.
    sum += OF(part)(value, 32, count, key, folds);
    if (__builtin_expect(count > 64, 0)) sum += OF(further)(value, count, key, folds);
  }
  return sum + count;
}

/// The place of a value; false where it is not to be taken.
STEP int OF(place)(rollcall_column column, size_t row, size_t *start, size_t *count) {
  const uint32_t *cell = column.cells + row * column.stride;
  const size_t end = cell[1];
  *start = cell[0];
  *count = end - *start;
  return *start <= end && end + BEHIND <= column.byte_count && *count <= PIECE;
}

WIDE static size_t OF(add_digests)(
    rollcall_column column, const uint64_t *key, rollcall_beginnings beginnings, uint64_t *sums,
    size_t *empty) {
  const __m256i words = _mm256_loadu_si256((const __m256i *)beginnings.words);
  const __m256i masks = _mm256_loadu_si256((const __m256i *)beginnings.masks);
  size_t row = 0, without = 0;
  for (; row < column.rows; row++) {
    size_t start, count;
    __m256i first;
    if (!OF(place)(column, row, &start, &count)) {
      if (count != 0) break;
      without++;
      continue;
    }
    const sum_t own = OF(digest)(column.bytes + start, count, key, 0, &first);
    if (OF(is_wanted)(first, words, masks, beginnings.live)) break;
    without += count == 0;
    const sum_t total = ((sum_t)sums[row * 2 + 1] << 64 | sums[row * 2]) + own;
    sums[row * 2] = (uint64_t)total;
    sums[row * 2 + 1] = (uint64_t)(total >> 64);
  }
  *empty += without;
  return row;
}

WIDE static size_t OF(folded_hashes)(
    rollcall_column column, const uint64_t *key, rollcall_beginnings beginnings, uint64_t *hashes,
    size_t hash_stride) {
  const __m256i words = _mm256_loadu_si256((const __m256i *)beginnings.words);
  const __m256i masks = _mm256_loadu_si256((const __m256i *)beginnings.masks);
  size_t row = 0;
  for (; row < column.rows; row++) {
    size_t start, count;
    __m256i first;
    if (!OF(place)(column, row, &start, &count)) {
      if (count != 0) break;
      continue;
    }
    const sum_t own = OF(digest)(column.bytes + start, count, key, 1, &first);
    if (OF(is_wanted)(first, words, masks, beginnings.live)) break;
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
