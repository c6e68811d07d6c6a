#ifndef ROLLCALL_CELLCOLUMNS_H
#define ROLLCALL_CELLCOLUMNS_H
// SPDX-License-Identifier: Apache-2.0
//
// Cells as pairs of numbers, many at once: where they stand, and which of a column are equal. C, since Swift checks each
// place more often than these loops look at it.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Where the values of a column stand.
typedef struct {
  const uint8_t *bytes;
  size_t byte_count;
  /// Start and end of each value, counted from `bytes`; the first of the rows to take.
  const uint32_t *cells;
  /// Numbers from one row's start to the next row's.
  size_t stride;
  size_t rows;
} rollcall_column;

/// Writes start and end of each cell of a record that begins at `start`: each but the first begins a byte after the end
/// of the one before it.
static inline void rollcall_csv_cells(
    const uint32_t *restrict ends, uint32_t start, size_t columns, uint32_t *restrict cells) {
  cells[0] = start;
  cells[1] = ends[0];
  for (size_t column = 1; column < columns; column++) {
    cells[column * 2] = ends[column - 1] + 1;
    cells[column * 2 + 1] = ends[column];
  }
}

/// Whether the same `count` bytes stand in two places.
static inline int rollcall_is_same(const uint8_t *one, const uint8_t *other, size_t count) {
#if defined(__SSE2__)
  if (count >= 16) {
    for (size_t at = 0; at < count; at += 16) {
      // The last sixteen bytes may be among those before them.
      const size_t place = at + 16 <= count ? at : count - 16;
      const __m128i a = _mm_loadu_si128((const __m128i *)(one + place));
      const __m128i b = _mm_loadu_si128((const __m128i *)(other + place));
      if (_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) != 0xFFFF) return 0;
    }
    return 1;
  }
#endif
  return memcmp(one, other, count) == 0;
}

/// How many rows of a column, from the first one on, have the value that stands at `start`, `count` bytes long.
///
/// Stops before a row whose value does not stand within the bytes.
static inline size_t rollcall_equal_values(rollcall_column column, size_t start, size_t count) {
  const uint8_t *value = column.bytes + start;
  size_t row = 0;
  for (; row < column.rows; row++) {
    const uint32_t *cell = column.cells + row * column.stride;
    if ((size_t)cell[1] - cell[0] != count || cell[1] > column.byte_count) break;
    if (!rollcall_is_same(column.bytes + cell[0], value, count)) break;
  }
  return row;
}

#endif
