// SPDX-License-Identifier: Apache-2.0
//
// The loops of CSVWords.h, once for each way to look at a word of 64 bytes. Words256.h and Words512.h include this
// after they have defined the instructions (WIDE), the name that a loop of theirs gets (OF), and, by such names:
//
//     word_t                     64 bytes
//     load(at)
//     equal(word, byte)          the bytes that are this one, as bits
//     has_either(word, a, b)     whether any byte is one of two
//     below_space(word), high(word)
//     not_utf8(at, word)         whether the 64 bytes at `at`, or a character that reaches into them, are not UTF-8
//     write_places(bits, place, to)
//     write_few_places(bits, place, to)     the same where there are mostly no more than four

WIDE static rollcall_csv_words_t OF(csv_words)(
    const uint8_t *bytes, size_t start, size_t words, uint8_t delimiter, uint8_t quote,
    uint32_t *ends, uint32_t *lines) {
  rollcall_csv_words_t found = {0, 0, 0};
  int was_high = bytes[start - 1] >= 0x80;
  while (found.words < words) {
    const size_t place = start + found.words * 64;
    const OF(word_t) word = OF(load)(bytes + place);
    if (OF(has_either)(word, quote, 0)) return found;
    const uint64_t high = OF(high)(word);
    if (high != 0 || was_high) {
      if (OF(not_utf8)(bytes + place, word) || ends_early(bytes + place)) return found;
      was_high = (high >> 63) != 0;
    }
    uint64_t feeds = OF(equal)(word, '\n');
    const uint64_t boundaries = feeds | OF(equal)(word, delimiter);
    while (feeds != 0) {
      const uint64_t below = (feeds & (0 - feeds)) - 1;
      lines[found.lines++] =
          (uint32_t)(found.ends + (size_t)__builtin_popcountll(boundaries & below));
      feeds &= feeds - 1;
    }
    found.ends += OF(write_places)(boundaries, (uint32_t)place, ends + found.ends);
    found.words++;
  }
  return found;
}

WIDE static size_t OF(line_feed_words)(
    const uint8_t *bytes, size_t start, size_t words, uint32_t *feeds) {
  size_t count = 0;
  int was_high = bytes[start - 1] >= 0x80;
  for (size_t index = 0; index < words; index++) {
    const size_t place = start + index * 64;
    const OF(word_t) word = OF(load)(bytes + place);
    if (OF(has_either)(word, 0, 0)) return count;
    const uint64_t high = OF(high)(word);
    if ((high != 0 || was_high) && OF(not_utf8)(bytes + place, word)) return count;
    was_high = (high >> 63) != 0;
    count += OF(write_few_places)(OF(equal)(word, '\n'), (uint32_t)place, feeds + count);
  }
  return count;
}

WIDE static size_t OF(line_feed_count)(const uint8_t *bytes, size_t words) {
  size_t count = 0;
  for (size_t index = 0; index < words; index++) {
    count += (size_t)__builtin_popcountll(OF(equal)(OF(load)(bytes + index * 64), '\n'));
  }
  return count;
}

WIDE static rollcall_json_words_t OF(json_words)(
    const uint8_t *bytes, size_t start, size_t words, size_t capacity, uint32_t *feeds,
    uint32_t *quotes, uint32_t *slashes) {
  rollcall_json_words_t found = {0, 0, 0, 0};
  int was_high = bytes[start - 1] >= 0x80, is_open = 0;
  while (found.words < words && found.feeds < capacity && found.quotes < capacity &&
         found.slashes < capacity) {
    const size_t place = start + found.words * 64;
    const OF(word_t) word = OF(load)(bytes + place);
    const uint64_t ends = OF(equal)(word, '\n');
    const uint64_t controls = OF(below_space)(word) & ~ends;
    if (controls != 0) {
      const uint64_t returns = OF(equal)(word, '\r');
      const uint64_t before = ends >> 1 | (uint64_t)(bytes[place + 64] == '\n') << 63;
      if (controls & ~(returns & before)) return found;
    }
    const uint64_t high = OF(high)(word);
    if ((high != 0 || was_high) && OF(not_utf8)(bytes + place, word)) return found;
    was_high = (high >> 63) != 0;
    uint64_t marks = OF(equal)(word, '"');
    const uint64_t backslashes = OF(equal)(word, '\\');
    if (backslashes != 0 || is_open) {
      marks &= ~rollcall_escaped(backslashes, &is_open);
      found.slashes += OF(write_few_places)(backslashes, (uint32_t)place, slashes + found.slashes);
    }
    if (ends != 0) found.feeds += OF(write_few_places)(ends, (uint32_t)place, feeds + found.feeds);
    found.quotes += OF(write_places)(marks, (uint32_t)place, quotes + found.quotes);
    found.words++;
  }
  return found;
}
