// SPDX-License-Identifier: Apache-2.0

#include "LDIFRecords.h"

#include <string.h>

static inline uint64_t word_at(const uint8_t *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

rollcall_ldif_attribute_t rollcall_ldif_attribute(const uint8_t *name, size_t length) {
  rollcall_ldif_attribute_t attribute = {0};
  uint8_t ones[8] = {0};
  memcpy(attribute.name, name, length);
  attribute.name[length] = ':';
  attribute.length = (uint32_t)length + 1;
  memset(ones, 0xFF, attribute.length < 8 ? attribute.length : 8);
  attribute.mask = word_at(ones);
  attribute.head = word_at(attribute.name) & attribute.mask;
  if (attribute.length > 8) attribute.tail = word_at(attribute.name + attribute.length - 8);
  attribute.column = -1;
  return attribute;
}

rollcall_ldif_class_t rollcall_ldif_class(const uint8_t *name, size_t length) {
  rollcall_ldif_class_t class = {0};
  memcpy(class.name, name, length);
  class.length = (uint32_t)length;
  return class;
}

static inline int is_named(const uint8_t *line, const rollcall_ldif_attribute_t *known) {
  if ((word_at(line) & known->mask) != known->head) return 0;
  if (known->length <= 8) return 1;
  if (word_at(line + known->length - 8) != known->tail) return 0;
  for (uint32_t at = 8; at + 8 < known->length; at += 8) {
    if (word_at(line + at) != word_at(known->name + at)) return 0;
  }
  return 1;
}

// MARK: - Base64

enum { NO_LETTER = 64, MOST_DECODED = 64, DECODED_BYTES = 4096 };

static inline uint8_t six_bits(uint8_t letter) {
  static const uint8_t values[256] = {
#define NONE8 64, 64, 64, 64, 64, 64, 64, 64
      NONE8, NONE8, NONE8, NONE8, NONE8, 64, 64, 64, 62, 64, 64, 64, 63,
      52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
      64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
      15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 64,
      64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
      41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
      NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8,
      NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8};
#undef NONE8
  return values[letter];
}

/// Decodes `count` letters; -1 when they are not base64.
static ptrdiff_t decode(const uint8_t *from, size_t count, uint8_t *to) {
  if (count % 4 != 0) return -1;
  if (count == 0) return 0;
  const size_t padding = from[count - 1] != '=' ? 0 : from[count - 2] == '=' ? 2 : 1;
  uint8_t *const begin = to;
  uint32_t wrong = 0;
  size_t at = 0;
  for (; at + 4 < count; at += 4) {
    const uint32_t a = six_bits(from[at]), b = six_bits(from[at + 1]);
    const uint32_t c = six_bits(from[at + 2]), d = six_bits(from[at + 3]);
    wrong |= a | b | c | d;
    const uint32_t word = a << 18 | b << 12 | c << 6 | d;
    *to++ = (uint8_t)(word >> 16);
    *to++ = (uint8_t)(word >> 8);
    *to++ = (uint8_t)word;
  }
  const uint32_t a = six_bits(from[at]), b = six_bits(from[at + 1]);
  const uint32_t c = padding == 2 ? 0 : six_bits(from[at + 2]);
  const uint32_t d = padding > 0 ? 0 : six_bits(from[at + 3]);
  wrong |= a | b | c | d;
  const uint32_t word = a << 18 | b << 12 | c << 6 | d;
  *to++ = (uint8_t)(word >> 16);
  *to++ = (uint8_t)(word >> 8);
  *to++ = (uint8_t)word;
  return wrong >= NO_LETTER ? -1 : to - begin - (ptrdiff_t)padding;
}

// MARK: - UTF-8

// What may come next, as how far a word is shifted that says for each of these what comes after it: no branch
// depends on the text, which in short values of other letters costs more than all else.
enum {
  /// Nothing: the bytes are not UTF-8, or there is a NUL in them.
  BAD = 0,
  /// A character.
  WHOLE = 6,
  /// That many more bytes of the character.
  ONE = 12,
  TWO = 18,
  THREE = 24,
  /// The second byte after E0, ED, F0 and F4, of which not all values are allowed (Unicode 16, table 3-7).
  AFTER_E0 = 30,
  AFTER_ED = 36,
  AFTER_F0 = 42,
  AFTER_F4 = 48,
};

#define THEN(state, next) ((uint64_t)(next) << (state))
#define INNER (THEN(ONE, WHOLE) | THEN(TWO, ONE) | THEN(THREE, TWO))

static const uint64_t utf8_steps[256] = {
    [0x01 ... 0x7F] = THEN(WHOLE, WHOLE),
    [0x80 ... 0x8F] = INNER | THEN(AFTER_ED, ONE) | THEN(AFTER_F4, TWO),
    [0x90 ... 0x9F] = INNER | THEN(AFTER_ED, ONE) | THEN(AFTER_F0, TWO),
    [0xA0 ... 0xBF] = INNER | THEN(AFTER_E0, ONE) | THEN(AFTER_F0, TWO),
    [0xC2 ... 0xDF] = THEN(WHOLE, ONE),
    [0xE0] = THEN(WHOLE, AFTER_E0),
    [0xE1 ... 0xEC] = THEN(WHOLE, TWO),
    [0xED] = THEN(WHOLE, AFTER_ED),
    [0xEE ... 0xEF] = THEN(WHOLE, TWO),
    [0xF0] = THEN(WHOLE, AFTER_F0),
    [0xF1 ... 0xF3] = THEN(WHOLE, THREE),
    [0xF4] = THEN(WHOLE, AFTER_F4),
};

/// Whether bytes are UTF-8 without NUL.
static int is_text(const uint8_t *bytes, size_t count) {
  uint64_t state = WHOLE;
  for (size_t at = 0; at < count; at++) state = utf8_steps[bytes[at]] >> (state & 63);
  return (state & 63) == WHOLE;
}

// MARK: - Records

/// A record that is being taken.
typedef struct {
  uint8_t *text;
  const rollcall_ldif_shape_t *shape;
  const rollcall_ldif_rows_t *rows;
  rollcall_ldif_cell_t *cells;
  rollcall_ldif_found_t found;
  size_t further;
  /// A bit for each column that the record has, where there are no more than bits.
  uint64_t columns;
  /// Records that have all columns.
  int64_t full;
  size_t decoded, decoded_bytes;
  int has_class, is_wanted, is_unwanted;
  struct {
    uint32_t place, from, count;
  } values[MOST_DECODED];
  uint8_t bytes[DECODED_BYTES];
} draft_t;

static inline size_t trimmed(const uint8_t *text, size_t start, size_t end) {
  return end > start && text[end - 1] == '\r' ? end - 1 : end;
}

/// Lays a value into its column; 0 where that is for others to do.
static inline int lay(
    draft_t *draft, const rollcall_ldif_attribute_t *known, uint32_t start, uint32_t end) {
  if (known->column < 0) return 1;
  // An empty value must not look absent.
  const rollcall_ldif_cell_t value = {start == end ? 1 : start, start == end ? 1 : end};
  rollcall_ldif_cell_t *cell = draft->cells + known->column;
  uint8_t *rank = draft->rows->ranks + known->column;
  if (cell->end == 0) {
    *cell = value;
    *rank = known->rank;
    draft->columns |= (uint64_t)1 << (known->column & 63);
    return 1;
  }
  if (known->rank < *rank) return 0;
  if (known->rank > *rank || known->is_first) return 1;
  if (draft->further == draft->rows->further_capacity) return 0;
  const size_t place = draft->found.rows * draft->shape->column_count + (size_t)known->column;
  draft->rows->further[draft->further++] = (rollcall_ldif_further_t){(uint32_t)place, value};
  return 1;
}

/// Whether `length` bytes are the same, with eight more that can be read behind both.
static inline int is_same(const uint8_t *one, const uint8_t *other, size_t length) {
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    if (word_at(one + at) != word_at(other + at)) return 0;
  }
  const uint64_t rest = ((uint64_t)1 << (length - at) * 8) - 1;
  return ((word_at(one + at) ^ word_at(other + at)) & rest) == 0;
}

static inline int take_class(draft_t *draft, const uint8_t *name, size_t length) {
  for (size_t place = 0; place < draft->shape->class_count; place++) {
    const rollcall_ldif_class_t *class = draft->shape->classes + place;
    if (class->length != length || !is_same(class->name, name, length)) continue;
    draft->has_class = 1;
    draft->is_wanted |= class->is_wanted;
    draft->is_unwanted |= class->is_unwanted;
    return 1;
  }
  return 0;
}

/// Decodes a value beside the text, for the record may not be taken after all.
static int take_base64(
    draft_t *draft, const rollcall_ldif_attribute_t *known, size_t start, size_t end) {
  const size_t room = DECODED_BYTES - draft->decoded_bytes;
  if (known->is_class || draft->decoded == MOST_DECODED || (end - start) / 4 * 3 > room) return 0;
  uint8_t *to = draft->bytes + draft->decoded_bytes;
  const ptrdiff_t count = decode(draft->text + start, end - start, to);
  if (count < 0) return 0;
  if (known->column < 0) return 1;
  if (!is_text(to, (size_t)count)) return 0;
  draft->values[draft->decoded].place = (uint32_t)start;
  draft->values[draft->decoded].from = (uint32_t)draft->decoded_bytes;
  draft->values[draft->decoded].count = (uint32_t)count;
  draft->decoded += 1;
  draft->decoded_bytes += (size_t)count;
  return lay(draft, known, (uint32_t)start, (uint32_t)(start + (size_t)count));
}

/// Takes a line whose name is known, and whose value does not simply stand behind a blank.
static __attribute__((noinline)) int take_odd_line(
    draft_t *draft, const rollcall_ldif_attribute_t *known, size_t value, size_t end) {
  const uint8_t *text = draft->text;
  if (text[value] == '<') return 0;
  const int is_base64 = text[value] == ':';
  value += (size_t)is_base64;
  // The end of the line is no blank.
  while (text[value] == ' ') value++;
  if (end - value > draft->shape->value_limit) return 0;
  if (is_base64) return take_base64(draft, known, value, end);
  if (known->is_class && !take_class(draft, text + value, end - value)) return 0;
  return lay(draft, known, (uint32_t)value, (uint32_t)end);
}

/// Takes a line whose name is known; 0 where it wants a closer look.
///
/// Of a record there are a dozen: a call for each took as long as what it did.
static inline __attribute__((always_inline)) int take_line(
    draft_t *draft, const rollcall_ldif_attribute_t *known, size_t start, size_t end) {
  const uint8_t *text = draft->text;
  const size_t value = start + known->length;
  if (text[value] != ' ' || text[value + 1] == ' ') return take_odd_line(draft, known, value, end);
  if (end - value - 1 > draft->shape->value_limit) return 0;
  if (known->is_class && !take_class(draft, text + value + 1, end - value - 1)) return 0;
  return lay(draft, known, (uint32_t)value + 1, (uint32_t)end);
}

static inline rollcall_ldif_attribute_t *following(
    rollcall_ldif_attribute_t *attributes, const rollcall_ldif_attribute_t *before) {
  return (rollcall_ldif_attribute_t *)(void *)((uint8_t *)attributes + before->next);
}

/// The attribute that a line is of, looked for among all of them; NULL for none.
static __attribute__((noinline)) rollcall_ldif_attribute_t *attribute_of(
    const draft_t *draft, const uint8_t *line, rollcall_ldif_attribute_t *before) {
  const rollcall_ldif_shape_t *shape = draft->shape;
  for (size_t place = 1; place < shape->attribute_count; place++) {
    if (!is_named(line, shape->attributes + place)) continue;
    before->next = (uint32_t)(place * sizeof *before);
    return shape->attributes + place;
  }
  return NULL;
}

/// Ends the record: delivers it if it is one of those that were asked for.
static inline void finish(draft_t *draft, size_t line) {
  const size_t columns = draft->shape->column_count;
  if (draft->has_class && (draft->is_unwanted || !draft->is_wanted)) {
    memset(draft->cells, 0, columns * sizeof *draft->cells);
    return;
  }
  for (size_t place = 0; place < draft->decoded; place++) {
    memcpy(
        draft->text + draft->values[place].place, draft->bytes + draft->values[place].from,
        draft->values[place].count);
  }
  if (columns <= 64 && draft->columns == draft->shape->all_columns) {
    draft->full += 1;
  } else {
    for (size_t column = 0; column < columns; column++) {
      draft->rows->presence[column] += draft->cells[column].end != 0;
    }
  }
  draft->rows->lines[draft->found.rows] = (uint32_t)line;
  draft->found.rows += 1;
  draft->found.further = draft->further;
  draft->cells += columns;
}

/// Takes the record that begins at `place` on `line`.
///
/// Its lines; 0 where it does not end in the window, -1 where it wants a closer look.
static inline ptrdiff_t take_record(
    draft_t *draft, size_t place, const uint32_t *feeds, size_t line, size_t feed_count) {
  const size_t first = line;
  const uint8_t *text = draft->text;
  rollcall_ldif_attribute_t *const attributes = draft->shape->attributes, *before = attributes;
  draft->further = draft->found.further;
  draft->decoded = draft->decoded_bytes = 0;
  draft->columns = 0;
  draft->has_class = draft->is_wanted = draft->is_unwanted = 0;
  if (!is_named(text + place, attributes)) return -1;
  if (!take_line(draft, attributes, place, trimmed(text, place, feeds[line]))) return -1;
  for (place = feeds[line++] + 1; line < feed_count; place = feeds[line++] + 1) {
    const size_t end = trimmed(text, place, feeds[line]);
    if (end == place) {
      finish(draft, first);
      return (ptrdiff_t)(line + 1 - first);
    }
    // Most likely it is the attribute that came here the last time; the first one, which has no other before it, is none.
    rollcall_ldif_attribute_t *known = following(attributes, before);
    if (known == attributes || !is_named(text + place, known)) {
      if (text[place] == '#' && text[feeds[line] + 1] != ' ') continue;
      known = attribute_of(draft, text + place, before);
      if (known == NULL) return -1;
    }
    if (!take_line(draft, known, place, end)) return -1;
    before = known;
  }
  return 0;
}

rollcall_ldif_found_t rollcall_ldif_records(
    uint8_t *text, size_t start, const uint32_t *feeds, size_t feed_count,
    const rollcall_ldif_shape_t *shape, const rollcall_ldif_rows_t *rows) {
  draft_t draft;
  draft.text = text;
  draft.shape = shape;
  draft.rows = rows;
  draft.cells = rows->cells;
  draft.full = 0;
  draft.found = (rollcall_ldif_found_t){0};
  size_t line = 0, place = start;
  while (line < feed_count && draft.found.rows < rows->row_capacity) {
    // Blank lines and comments between records; what is continued wants a closer look.
    const int is_blank = trimmed(text, place, feeds[line]) == place;
    if (is_blank || (text[place] == '#' && text[feeds[line] + 1] != ' ')) {
      place = feeds[line] + 1;
      line += 1;
      // A comment belongs to what follows it, which must not be split from it at the start of a file.
      if (is_blank) draft.found.lines = line;
      continue;
    }
    const ptrdiff_t taken = take_record(&draft, place, feeds, line, feed_count);
    if (taken <= 0) {
      // With more room for further values, it may be taken yet.
      draft.found.is_stuck = taken < 0 && draft.further < rows->further_capacity;
      memset(draft.cells, 0, shape->column_count * sizeof *draft.cells);
      break;
    }
    line += (size_t)taken;
    place = feeds[line - 1] + 1;
    draft.found.lines = line;
  }
  for (size_t column = 0; column < shape->column_count; column++) {
    rows->presence[column] += draft.full;
  }
  return draft.found;
}
