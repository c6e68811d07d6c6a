// SPDX-License-Identifier: Apache-2.0

#include "JSONRecords.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

/// Whether `count` bytes are equal, 64 at once.
WIDE static inline int is_same_wide(const uint8_t *one, const uint8_t *other, size_t count) {
  for (; count > 64; count -= 64, one += 64, other += 64) {
    if (_mm512_cmpneq_epi8_mask(_mm512_loadu_si512(one), _mm512_loadu_si512(other))) return 0;
  }
  const __mmask64 wanted = ~(uint64_t)0 >> (64 - count);
  return _mm512_mask_cmpneq_epi8_mask(
             wanted, _mm512_maskz_loadu_epi8(wanted, one), _mm512_maskz_loadu_epi8(wanted, other)) == 0;
}

/// Whether `count` bytes are equal, 16 at once; up to 15 bytes behind them are read.
static inline int is_same_narrow(const uint8_t *one, const uint8_t *other, size_t count) {
  for (; count > 16; count -= 16, one += 16, other += 16) {
    const __m128i a = _mm_loadu_si128((const __m128i *)one);
    const __m128i b = _mm_loadu_si128((const __m128i *)other);
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) != 0xFFFF) return 0;
  }
  const __m128i a = _mm_loadu_si128((const __m128i *)one);
  const __m128i b = _mm_loadu_si128((const __m128i *)other);
  const unsigned wanted = (1u << count) - 1;
  return ((unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) & wanted) == wanted;
}

#else

#define WIDE
#define is_same_wide is_same_narrow

static inline int is_same_narrow(const uint8_t *one, const uint8_t *other, size_t count) {
  return memcmp(one, other, count) == 0;
}

#endif

#define INLINED static inline __attribute__((always_inline))

/// A record that is being taken.
typedef struct {
  const uint8_t *text;
  const rollcall_json_shape_t *shape;
  const rollcall_json_rows_t *rows;
  const rollcall_json_index_t *index;
  rollcall_json_cell_t *cells;
  rollcall_json_found_t found;
  size_t further, escaped;
  size_t values;
  size_t marks[ROLLCALL_JSON_MARKS], mark_count;
  rollcall_json_names_t seen;
  /// Where it has come to: in the text, among the quotes, and among the backslashes.
  size_t at, quote, slash;
} draft_t;

// MARK: - Values

static inline int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

/// The end of the number that begins here (RFC 8259 §6); 0 for none. What follows the line is no digit.
static size_t number_end(const uint8_t *text, size_t at) {
  if (text[at] == '-') at++;
  if (!is_digit(text[at])) return 0;
  if (text[at] == '0') {
    at++;
  } else {
    while (is_digit(text[at])) at++;
  }
  if (text[at] == '.') {
    if (!is_digit(text[++at])) return 0;
    while (is_digit(text[at])) at++;
  }
  if ((text[at] | 0x20) == 'e') {
    at++;
    if (text[at] == '+' || text[at] == '-') at++;
    if (!is_digit(text[at])) return 0;
    while (is_digit(text[at])) at++;
  }
  return at;
}

static inline size_t word_end(const uint8_t *text, size_t at) {
  switch (text[at]) {
    case 't': return memcmp(text + at, "true", 4) == 0 ? at + 4 : 0;
    case 'f': return memcmp(text + at, "false", 5) == 0 ? at + 5 : 0;
    case 'n': return memcmp(text + at, "null", 4) == 0 ? at + 4 : 0;
    default: return number_end(text, at);
  }
}

/// The unit whose four digits stand here; -1 where there are not four.
static int32_t unit_at(const uint8_t *text) {
  int32_t unit = 0;
  for (size_t place = 0; place < 4; place++) {
    const uint8_t byte = text[place], letter = byte | 0x20;
    if (is_digit(byte)) {
      unit = unit << 4 | (byte - '0');
    } else if (letter >= 'a' && letter <= 'f') {
      unit = unit << 4 | (letter - 'a' + 10);
    } else {
      return -1;
    }
  }
  return unit;
}

/// Whether all escapes of a text stand for characters other than NUL. It ends at a quote, which is in none of them.
static int is_escaped_well(const uint8_t *text, size_t at, size_t end) {
  while (at < end) {
    if (text[at] != '\\') {
      at++;
      continue;
    }
    if (text[at + 1] != 'u') {
      if (text[at + 1] == 0 || strchr("\"\\/bfnrt", text[at + 1]) == NULL) return 0;
      at += 2;
      continue;
    }
    const int32_t unit = unit_at(text + at + 2);
    at += 6;
    if (unit <= 0 || (unit & 0xFC00) == 0xDC00) return 0;
    if ((unit & 0xFC00) != 0xD800) continue;
    if (text[at] != '\\' || text[at + 1] != 'u') return 0;
    const int32_t low = unit_at(text + at + 2);
    if (low < 0 || (low & 0xFC00) != 0xDC00) return 0;
    at += 6;
  }
  return 1;
}

static inline int add_value(
    draft_t *draft, int32_t slot, uint32_t form, size_t start, size_t end) {
  if (slot < 0) return 1;
  if (draft->values == ROLLCALL_JSON_VALUES) return 0;
  draft->rows->values[draft->values++] =
      (rollcall_json_value_t){(uint32_t)start, (uint32_t)end, slot, form};
  return 1;
}

// MARK: - Filters

/// Whether one of the values since `mark` is what the filter wants; the case of ASCII letters does not matter.
static int satisfies(const draft_t *draft, const rollcall_json_filter_t *filter, size_t mark) {
  const uint8_t *wanted = draft->shape->bytes + filter->start;
  for (size_t place = mark; place < draft->values; place++) {
    const rollcall_json_value_t value = draft->rows->values[place];
    if (value.slot != filter->slot || value.form != ROLLCALL_JSON_PLAIN) continue;
    if (value.end - value.start != filter->length) continue;
    size_t same = 0;
    for (; same < filter->length; same++) {
      const uint8_t one = draft->text[value.start + same], other = wanted[same];
      const uint8_t letter = one | 0x20;
      if (one == other) continue;
      if (letter < 'a' || letter > 'z' || letter != (other | 0x20)) break;
    }
    if (same == filter->length) return 1;
  }
  return 0;
}

/// At the end of an object: its values count for the paths whose filter it satisfies.
static int apply_filters(draft_t *draft, size_t first, size_t last, size_t mark) {
  const size_t count = draft->values;
  for (size_t place = first; place < last; place++) {
    const rollcall_json_filter_t *filter = draft->shape->filters + place;
    if (!satisfies(draft, filter, mark)) continue;
    for (size_t index = mark; index < count; index++) {
      const rollcall_json_value_t value = draft->rows->values[index];
      if (value.slot != filter->from) continue;
      if (!add_value(draft, filter->to, value.form, value.start, value.end)) return 0;
    }
  }
  return 1;
}

static int do_deeds(draft_t *draft, const rollcall_json_step_t *step) {
  for (size_t place = step->deed; place < step->deed_end; place++) {
    const rollcall_json_deed_t deed = draft->shape->deeds[place];
    switch (deed.deed) {
      case ROLLCALL_JSON_OPEN:
        if (draft->mark_count == ROLLCALL_JSON_MARKS) return 0;
        draft->marks[draft->mark_count++] = draft->values;
        break;
      case ROLLCALL_JSON_CLOSE:
        draft->mark_count--;
        if (!apply_filters(draft, deed.first, deed.last, draft->marks[draft->mark_count])) return 0;
        break;
      default:
        if (!add_value(draft, (int32_t)deed.first, ROLLCALL_JSON_EMPTY, 1, 1)) return 0;
    }
  }
  return 1;
}

// MARK: - Columns

/// Lays a value into its column; 0 where that is for others to do.
static inline int lay(
    draft_t *draft, rollcall_json_target_t target, const rollcall_json_value_t *value) {
  // What is empty keeps its place: it must not look absent, and a `null` is told from an empty list by it.
  const int is_empty = value->form == ROLLCALL_JSON_EMPTY;
  const rollcall_json_cell_t place = {value->start, is_empty ? value->start : value->end};
  rollcall_json_cell_t *cell = draft->cells + target.column;
  uint8_t *rank = draft->rows->ranks + target.column;
  const size_t number = draft->found.rows * draft->shape->column_count + target.column;
  rollcall_json_escaped_t escaped = {(uint32_t)number, 0};
  if (cell->end == 0) {
    *cell = place;
    *rank = target.rank;
  } else {
    if (value->form == ROLLCALL_JSON_EMPTY) return 1;
    if (target.rank < *rank) return 0;
    if (target.rank > *rank || target.is_first) return 1;
    if (draft->further == draft->rows->further_capacity) return 0;
    escaped = (rollcall_json_escaped_t){(uint32_t)draft->further, 1};
    draft->rows->further[draft->further++] = (rollcall_json_further_t){(uint32_t)number, place};
  }
  if (value->form != ROLLCALL_JSON_ESCAPED) return 1;
  if (draft->escaped == draft->rows->escaped_capacity) return 0;
  draft->rows->escaped[draft->escaped++] = escaped;
  return 1;
}

/// Lays the values of the record into its row; 0 where that is for others to do.
static inline int lay_values(draft_t *draft) {
  const rollcall_json_shape_t *shape = draft->shape;
  for (size_t place = 0; place < draft->values; place++) {
    const rollcall_json_value_t *value = draft->rows->values + place;
    const size_t slot = (size_t)value->slot;
    if (slot >= shape->slot_count) continue;
    const size_t first = slot == 0 ? 0 : shape->target_ends[slot - 1];
    for (size_t target = first; target < shape->target_ends[slot]; target++) {
      if (value->end - value->start > shape->value_limit) return 0;
      if (!lay(draft, shape->targets[target], value)) return 0;
    }
  }
  return 1;
}

// MARK: - Records

/// Takes what stands here if it is `step`, and the value after it; 0 where it is something else, and -1 where nothing
/// else can be taken either.
INLINED int follow(
    draft_t *draft, const rollcall_json_step_t *step, size_t end, int is_wide) {
  const uint8_t *text = draft->text;
  if (step->length > end - draft->at) return 0;
  const uint8_t *wanted = draft->shape->bytes + step->start;
  if (is_wide ? !is_same_wide(text + draft->at, wanted, step->length)
              : !is_same_narrow(text + draft->at, wanted, step->length))
    return 0;
  const size_t start = draft->at + step->length, quote = draft->quote + step->quotes;
  size_t stop = start;
  if (step->next == ROLLCALL_JSON_TEXT) {
    stop = draft->index->quotes[quote];
    if (stop >= end) return 0;
  } else if (step->next == ROLLCALL_JSON_WORD) {
    stop = word_end(text, start);
    if (stop == 0 || stop > end) return 0;
  } else if (start != end) {
    return 0;
  }
  rollcall_json_names_t *seen = &draft->seen;
  uint64_t twice = 0;
  for (size_t word = 0; word < ROLLCALL_JSON_NAMES / 64; word++) {
    twice |= seen->words[word] & step->added.words[word];
    seen->words[word] = (seen->words[word] & ~step->freed.words[word]) | step->named.words[word];
  }
  if (twice != 0) return -1;
  if (step->deed != step->deed_end && !do_deeds(draft, step)) return -1;
  uint32_t form = ROLLCALL_JSON_PLAIN;
  if (step->next == ROLLCALL_JSON_TEXT && draft->index->slashes[draft->slash] < stop) {
    if (!is_escaped_well(text, start, stop)) return -1;
    while (draft->index->slashes[draft->slash] < stop) draft->slash++;
    form = ROLLCALL_JSON_ESCAPED;
  } else if (step->next == ROLLCALL_JSON_WORD && text[start] == 'n') {
    form = ROLLCALL_JSON_EMPTY;
  }
  draft->at = stop;
  draft->quote = quote;
  if (step->next == ROLLCALL_JSON_END) return 1;
  return add_value(draft, step->slot, form, start, stop) ? 1 : -1;
}

/// Looks for what stands here among all steps from `spot`; gives the one that was taken, or 0.
static __attribute__((noinline)) uint32_t follow_any(draft_t *draft, uint32_t spot, size_t end) {
  const rollcall_json_shape_t *shape = draft->shape;
  for (uint32_t step = shape->spots[spot].first; step != 0; step = shape->steps[step].other) {
    const int found = follow(draft, shape->steps + step, end, 0);
    if (found < 0) return 0;
    if (found == 0) continue;
    shape->spots[spot].hint = step;
    return step;
  }
  return 0;
}

/// Takes the record on a line; 0 where it wants a closer look.
INLINED int take_record(draft_t *draft, size_t end, int is_wide) {
  const rollcall_json_shape_t *shape = draft->shape;
  uint32_t spot = 0;
  while (1) {
    // Most likely the one that was taken here the last time.
    uint32_t taken = shape->spots[spot].hint;
    const int found = taken == 0 ? 0 : follow(draft, shape->steps + taken, end, is_wide);
    if (found < 0) return 0;
    if (found == 0) taken = follow_any(draft, spot, end);
    if (taken == 0) return 0;
    if (shape->steps[taken].next == ROLLCALL_JSON_END) return lay_values(draft);
    spot = shape->steps[taken].spot;
  }
}

/// Delivers the record.
static inline void finish(draft_t *draft) {
  const size_t columns = draft->shape->column_count;
  for (size_t column = 0; column < columns; column++) {
    draft->rows->presence[column] += draft->cells[column].end != 0;
  }
  draft->rows->lines[draft->found.rows] = (uint32_t)draft->found.lines;
  draft->found.rows += 1;
  draft->found.further = draft->further;
  draft->found.escaped = draft->escaped;
  draft->cells += columns;
}

INLINED rollcall_json_found_t take_records(
    const uint8_t *text, size_t start, rollcall_json_index_t *index,
    const rollcall_json_shape_t *shape, const rollcall_json_rows_t *rows, int is_wide) {
  draft_t draft;
  draft.text = text;
  draft.shape = shape;
  draft.rows = rows;
  draft.index = index;
  draft.cells = rows->cells;
  draft.found = (rollcall_json_found_t){0, 0, 0, 0, start};
  while (index->feed < index->feed_count && draft.found.rows < rows->row_capacity) {
    const size_t place = draft.found.end, feed = index->feeds[index->feed];
    const size_t end = feed > place && text[feed - 1] == '\r' ? feed - 1 : feed;
    if (end > place) {
      draft.at = place;
      draft.quote = index->quote;
      draft.slash = index->slash;
      draft.further = draft.found.further;
      draft.escaped = draft.found.escaped;
      draft.values = draft.mark_count = 0;
      draft.seen = (rollcall_json_names_t){{0}};
      if (!take_record(&draft, end, is_wide)) {
        memset(draft.cells, 0, shape->column_count * sizeof *draft.cells);
        break;
      }
      finish(&draft);
      index->quote = draft.quote;
      index->slash = draft.slash;
    }
    draft.found.lines += 1;
    draft.found.end = feed + 1;
    index->feed += 1;
  }
  return draft.found;
}

WIDE static rollcall_json_found_t take_records_wide(
    const uint8_t *text, size_t start, rollcall_json_index_t *index,
    const rollcall_json_shape_t *shape, const rollcall_json_rows_t *rows) {
  return take_records(text, start, index, shape, rows, 1);
}

rollcall_json_found_t rollcall_json_records(
    const uint8_t *text, size_t start, rollcall_json_index_t *index,
    const rollcall_json_shape_t *shape, const rollcall_json_rows_t *rows,
    rollcall_vectors_t vectors) {
  return vectors == ROLLCALL_AVX512 ? take_records_wide(text, start, index, shape, rows)
                                    : take_records(text, start, index, shape, rows, 0);
}
