#ifndef ROLLCALL_JSONRECORDS_H
#define ROLLCALL_JSONRECORDS_H
// SPDX-License-Identifier: Apache-2.0
//
// Lines of JSON that look like those before them, laid straight into columns. C because what stands between two
// values is compared in words at any alignment, for which Swift checks more than it compares.
//
// What stands between values is learnt by `JSONLineShape`. Whatever is not plain (a name that was not told of, half a
// surrogate pair, a value too long) is left to `JSONFieldReader`.

#include <stddef.h>
#include <stdint.h>

#include "VectorInstructions.h"

enum {
  /// Names that are told apart, over all objects of a record: a bit each.
  ROLLCALL_JSON_NAMES = 128,
  /// Values of one record.
  ROLLCALL_JSON_VALUES = 1024,
  /// Objects within each other whose values a filter looks at.
  ROLLCALL_JSON_MARKS = 8,
  /// What can be read behind what stands between two values.
  ROLLCALL_JSON_PADDING = 16
};

/// A bit for each name.
typedef struct {
  uint64_t words[ROLLCALL_JSON_NAMES / 64];
} rollcall_json_names_t;

enum { ROLLCALL_JSON_TEXT, ROLLCALL_JSON_WORD, ROLLCALL_JSON_END };

/// What may stand between two values, and what comes after it.
typedef struct {
  /// Its bytes in `bytes`, and how many of them are quotes.
  uint32_t start, length, quotes;
  /// A text, whose quote is the last byte; a number or a word; or the end of the line.
  uint32_t next;
  /// Where the value goes; -1 for nowhere.
  int32_t slot;
  /// The spot of the value.
  uint32_t spot;
  /// The next step from the same spot; 0 for none.
  uint32_t other;
  /// What happens on the way, in `deeds`.
  uint32_t deed, deed_end;
  /// Names given to objects that were there before, names that can come again, and all names on the way.
  rollcall_json_names_t added, freed, named;
} rollcall_json_step_t;

/// The place of a value, and what came after it: the first step from it, and the one that was taken the last time.
typedef struct {
  uint32_t first, hint;
} rollcall_json_spot_t;

enum { ROLLCALL_JSON_OPEN, ROLLCALL_JSON_CLOSE, ROLLCALL_JSON_NOTHING };

/// An object with filters begins, or ends: `first..<last` are its filters; or `first` is the slot of an empty list.
typedef struct {
  uint32_t deed, first, last;
} rollcall_json_deed_t;

/// Where a value of `slot` is what `bytes` say, values of `from` count for `to`.
typedef struct {
  int32_t slot, from, to;
  uint32_t start, length;
} rollcall_json_filter_t;

/// Of the values of one column, those of the lowest rank stay; `is_first` wants one and no other.
typedef struct {
  uint32_t column;
  uint8_t rank, is_first;
} rollcall_json_target_t;

typedef struct {
  const rollcall_json_step_t *steps;
  /// The first one is the beginning of a line.
  rollcall_json_spot_t *spots;
  const uint8_t *bytes;
  const rollcall_json_deed_t *deeds;
  const rollcall_json_filter_t *filters;
  const rollcall_json_target_t *targets;
  /// For each slot, where its targets end.
  const uint32_t *target_ends;
  size_t slot_count, column_count;
  /// A longer value is left to others.
  size_t value_limit;
} rollcall_json_shape_t;

/// Where line feeds, quotes and backslashes stand in some text; quotes with a backslash before them are left out.
///
/// Behind the last quote and backslash stands a place that is behind everything.
typedef struct {
  const uint32_t *feeds, *quotes, *slashes;
  size_t feed_count;
  /// The first of each that has not been passed.
  size_t feed, quote, slash;
} rollcall_json_index_t;

enum { ROLLCALL_JSON_PLAIN, ROLLCALL_JSON_ESCAPED, ROLLCALL_JSON_EMPTY };

typedef struct {
  uint32_t start, end;
  int32_t slot;
  uint32_t form;
} rollcall_json_value_t;

typedef struct {
  uint32_t start, end;
} rollcall_json_cell_t;

typedef struct {
  uint32_t cell;
  rollcall_json_cell_t value;
} rollcall_json_further_t;

/// A cell, or a further value, that has to be unescaped yet.
typedef struct {
  uint32_t place, is_further;
} rollcall_json_escaped_t;

/// Where the records go; all of `cells` is zero before.
typedef struct {
  rollcall_json_cell_t *cells;
  /// The line of each record, counted from the first line.
  uint32_t *lines;
  size_t row_capacity;
  /// Second and further values.
  rollcall_json_further_t *further;
  size_t further_capacity;
  rollcall_json_escaped_t *escaped;
  size_t escaped_capacity;
  /// For each column, the rank of the value that stands in the current record.
  uint8_t *ranks;
  /// For each column, in how many records it is there.
  int64_t *presence;
  /// Room for the values of one record.
  rollcall_json_value_t *values;
} rollcall_json_rows_t;

typedef struct {
  size_t rows, further, escaped;
  /// Lines that were taken, blank ones among them, and where they end.
  size_t lines, end;
} rollcall_json_found_t;

/// Takes records from `text[start…]`, a line each, until one wants a closer look.
///
/// The text of `index` is UTF-8 without control characters but for line ends, and 64 bytes more can be read behind it.
/// `vectors` is what `rollcall_word_vectors` gives, or less; what comes of it is the same.
rollcall_json_found_t rollcall_json_records(
    const uint8_t *text, size_t start, rollcall_json_index_t *index,
    const rollcall_json_shape_t *shape, const rollcall_json_rows_t *rows,
    rollcall_vectors_t vectors);

#endif
