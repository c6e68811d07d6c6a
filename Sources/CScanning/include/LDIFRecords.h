#ifndef ROLLCALL_LDIFRECORDS_H
#define ROLLCALL_LDIFRECORDS_H
// SPDX-License-Identifier: Apache-2.0
//
// Records of LDIF that look like those before them, laid straight into columns. C because each of their lines is
// a few comparisons of words at any alignment, for which Swift checks more than it compares.
//
// Whatever is not plain (a fold, a URL, a name that was not told of, a change) is left to `LDIFPass`.

#include <stddef.h>
#include <stdint.h>

enum { ROLLCALL_LDIF_NAME = 40, ROLLCALL_LDIF_CLASS = 56 };

/// An attribute and the column its values go to; -1 for nowhere.
typedef struct {
  /// The first and the last eight bytes of its name with the colon; `mask` covers what there is of the first.
  uint64_t head, mask, tail;
  uint8_t name[ROLLCALL_LDIF_NAME];
  /// With the colon.
  uint32_t length;
  int32_t column;
  /// Of the values of one column, those of the lowest rank stay.
  uint8_t rank;
  /// Whether the column wants the first of several values and no other.
  uint8_t is_first;
  /// Whether its values are the classes of the entry.
  uint8_t is_class;
  /// The attribute that came after it the last time, as its distance from the first one in bytes; 0 for none.
  uint32_t next;
} rollcall_ldif_attribute_t;

/// A class of entries, as it is spelt.
typedef struct {
  uint8_t name[ROLLCALL_LDIF_CLASS];
  uint32_t length;
  uint8_t is_wanted, is_unwanted;
} rollcall_ldif_class_t;

typedef struct {
  /// The first one is the distinguished name itself.
  rollcall_ldif_attribute_t *attributes;
  size_t attribute_count;
  const rollcall_ldif_class_t *classes;
  size_t class_count;
  size_t column_count;
  /// A bit for each column, if there are no more than bits.
  uint64_t all_columns;
  /// A longer value is left to others.
  size_t value_limit;
} rollcall_ldif_shape_t;

typedef struct {
  uint32_t start, end;
} rollcall_ldif_cell_t;

typedef struct {
  uint32_t cell;
  rollcall_ldif_cell_t value;
} rollcall_ldif_further_t;

/// Where the records go; all of `cells` is zero before.
typedef struct {
  rollcall_ldif_cell_t *cells;
  /// The line of each record, counted from that of the first line feed.
  uint32_t *lines;
  size_t row_capacity;
  /// Second and further values.
  rollcall_ldif_further_t *further;
  size_t further_capacity;
  /// For each column, the rank of the value that stands in the current record.
  uint8_t *ranks;
  /// For each column, in how many records it is there.
  int64_t *presence;
} rollcall_ldif_rows_t;

typedef struct {
  size_t rows, further;
  /// Lines of whole records that were taken, or are none that counts.
  size_t lines;
  /// Whether a record comes next that wants a closer look.
  int is_stuck;
} rollcall_ldif_found_t;

/// What is known of a name; `length` is below `ROLLCALL_LDIF_NAME`.
rollcall_ldif_attribute_t rollcall_ldif_attribute(const uint8_t *name, size_t length);

/// What is known of a class; `length` is at most `ROLLCALL_LDIF_CLASS`.
rollcall_ldif_class_t rollcall_ldif_class(const uint8_t *name, size_t length);

/// Takes records from `text[start…]`, whose lines end at `feeds`, until one wants a closer look.
///
/// The text up to the last line feed is UTF-8 without NUL, and 64 bytes more can be read behind it. Base64 is decoded where it stands, but only in
/// records that are taken.
rollcall_ldif_found_t rollcall_ldif_records(
    uint8_t *text, size_t start, const uint32_t *feeds, size_t feed_count,
    const rollcall_ldif_shape_t *shape, const rollcall_ldif_rows_t *rows);

#endif
