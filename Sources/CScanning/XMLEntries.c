// SPDX-License-Identifier: Apache-2.0

#include "XMLEntries.h"

#include <libxml/xmlreader.h>
#include <string.h>

static inline int is_blank(const xmlChar *text) {
  if (text == NULL) return 1;
  while (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r') text++;
  return *text == 0;
}

/// Steps to the next node, of whatever kind.
static inline rollcall_xml_step_t step(xmlTextReaderPtr reader, const xmlNode **node) {
  const int result = xmlTextReaderRead(reader);
  if (result != 1) return result == 0 ? ROLLCALL_XML_OVER : ROLLCALL_XML_FAILED;
  const xmlNode *current = *node = xmlTextReaderCurrentNode(reader);
  if (current == NULL) return ROLLCALL_XML_OTHER;
  switch (current->type) {
    case XML_ELEMENT_NODE:
      if (xmlTextReaderNodeType(reader) == XML_READER_TYPE_END_ELEMENT) return ROLLCALL_XML_END;
      return current->children == NULL && xmlTextReaderIsEmptyElement(reader) == 1
                 ? ROLLCALL_XML_EMPTY
                 : ROLLCALL_XML_ELEMENT;
    case XML_TEXT_NODE: return is_blank(current->content) ? ROLLCALL_XML_OTHER : ROLLCALL_XML_TEXT;
    case XML_CDATA_SECTION_NODE: return ROLLCALL_XML_TEXT;
    case XML_DTD_NODE:
    case XML_DOCUMENT_TYPE_NODE:
    case XML_ENTITY_REF_NODE: return ROLLCALL_XML_DOCUMENT_TYPE;
    default: return ROLLCALL_XML_OTHER;
  }
}

rollcall_xml_step_t rollcall_xml_next(void *reader, int depth_limit) {
  while (1) {
    const xmlNode *node;
    const rollcall_xml_step_t kind = step(reader, &node);
    if (kind == ROLLCALL_XML_FAILED || kind == ROLLCALL_XML_OVER) return kind;
    if (xmlTextReaderDepth(reader) > depth_limit) return ROLLCALL_XML_TOO_DEEP;
    if (kind != ROLLCALL_XML_OTHER) return kind;
  }
}

// MARK: - Names and values

/// Names are one text each in the dictionary of the reader, so that most comparisons are of two pointers.
static inline int is_named(const xmlChar *name, const uint8_t *word) {
  if (name == word) return 1;
  return name != NULL && word != NULL && strcmp((const char *)name, (const char *)word) == 0;
}

typedef struct {
  const uint8_t *text;
  size_t length;
  /// To be freed, where the value did not stand in one piece.
  xmlChar *owned;
} value_t;

/// The last attribute of this local name; no text where there is none.
static value_t attribute_of(const xmlNode *element, const uint8_t *word) {
  const xmlAttr *found = NULL;
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next) {
    if (is_named(each->name, word)) found = each;
  }
  value_t value = {NULL, 0, NULL};
  if (found == NULL) return value;
  const xmlNode *first = found->children;
  if (first != NULL && (first->type != XML_TEXT_NODE || first->next != NULL)) {
    value.owned = xmlNodeListGetString(found->doc, first, 1);
    value.text = value.owned;
  } else if (first != NULL) {
    value.text = first->content;
  }
  if (value.text == NULL) value.text = (const uint8_t *)"";
  value.length = strlen((const char *)value.text);
  return value;
}

static inline void release(value_t value) {
  if (value.owned != NULL) xmlFree(value.owned);
}

/// What `xsi:type` says, whose words may have any prefix: `xsd:base64Binary`, `xsd:anyURI`.
static uint32_t kind_of(const xmlNode *element, const uint8_t *word) {
  if (element->properties == NULL) return ROLLCALL_XML_PLAIN;
  const value_t type = attribute_of(element, word);
  size_t end = type.length;
  while (end > 0 && type.text[end - 1] == ':') end--;
  size_t start = end;
  while (start > 0 && type.text[start - 1] != ':') start--;
  uint32_t kind = ROLLCALL_XML_PLAIN;
  if (end - start == 12 && memcmp(type.text + start, "base64Binary", 12) == 0) {
    kind = ROLLCALL_XML_BASE64;
  } else if (end - start == 6 && memcmp(type.text + start, "anyURI", 6) == 0) {
    kind = ROLLCALL_XML_LOCATION;
  }
  release(type);
  return kind;
}

// MARK: - Room

/// Names beyond these are not looked for.
enum { MOST_NAMES = 64 };

/// A value counts as that many bytes at least, so that entries of nothing but empty ones end too.
enum { LEAST_LENGTH = 16 };

static inline int has_room(
    rollcall_xml_entry_t *entry, const rollcall_xml_room_t *room, size_t needed) {
  entry->needed = needed;
  return room->byte_capacity - room->byte_count >= needed &&
         room->item_capacity > room->item_count && room->name_capacity > room->name_count;
}

static inline int is_same(
    const rollcall_xml_room_t *room, size_t place, const uint8_t *text, size_t length) {
  const rollcall_xml_name_t name = room->names[place];
  return name.end - name.start == length && memcmp(room->bytes + name.start, text, length) == 0;
}

static inline rollcall_xml_name_t append(
    rollcall_xml_room_t *room, const uint8_t *text, size_t length) {
  const uint32_t start = (uint32_t)room->byte_count;
  memcpy(room->bytes + start, text, length);
  room->byte_count += length;
  return (rollcall_xml_name_t){start, start + (uint32_t)length};
}

/// The place of a name, most likely the one after that of the name before.
static inline uint32_t place_of(
    rollcall_xml_room_t *room, const uint8_t *text, size_t length) {
  const size_t most = room->name_count < MOST_NAMES ? room->name_count : MOST_NAMES;
  size_t place = room->guess;
  if (place >= most || !is_same(room, place, text, length)) {
    place = 0;
    while (place < most && !is_same(room, place, text, length)) place++;
    if (place == most) {
      place = room->name_count++;
      room->names[place] = append(room, text, length);
    }
  }
  room->guess = place + 1;
  return (uint32_t)place;
}

// MARK: - Entries

rollcall_xml_words_t rollcall_xml_words(void *reader) {
  return (rollcall_xml_words_t){
      .attribute = xmlTextReaderConstString(reader, (const xmlChar *)"attr"),
      .value = xmlTextReaderConstString(reader, (const xmlChar *)"value"),
      .entry_name = xmlTextReaderConstString(reader, (const xmlChar *)"dn"),
      .name = xmlTextReaderConstString(reader, (const xmlChar *)"name"),
      .type = xmlTextReaderConstString(reader, (const xmlChar *)"type"),
  };
}

rollcall_xml_entry_t rollcall_xml_begin(
    void *reader, rollcall_xml_words_t words, size_t value_limit, size_t record_limit,
    int depth_limit) {
  rollcall_xml_entry_t entry = {0};
  entry.reader = reader;
  entry.words = words;
  entry.value_limit = value_limit;
  entry.record_limit = record_limit;
  entry.depth = xmlTextReaderDepth(reader);
  entry.depth_limit = depth_limit;
  return entry;
}

static inline void fail(rollcall_xml_entry_t *entry, uint32_t problem) {
  if (entry->problem == ROLLCALL_XML_NO_PROBLEM) entry->problem = problem;
}

/// Reads the element of the entry itself; 0 where there is no room for its name.
static int take_name(
    rollcall_xml_entry_t *entry, rollcall_xml_room_t *room, const xmlNode *element) {
  const value_t name = attribute_of(element, entry->words.entry_name);
  const int fits = has_room(entry, room, name.length);
  if (fits && name.text == NULL) fail(entry, ROLLCALL_XML_NO_ENTRY_NAME);
  if (fits && name.text != NULL) entry->entry_name = append(room, name.text, name.length);
  if (fits) entry->length = name.length;
  release(name);
  return fits;
}

static inline void end_value(rollcall_xml_entry_t *entry, rollcall_xml_room_t *room) {
  // Outside of any attribute it has an empty name, which nobody asks for.
  if (!entry->has_attribute) entry->attribute = place_of(room, (const uint8_t *)"", 0);
  entry->has_attribute = 1;
  const size_t length = room->byte_count - entry->value_start;
  room->items[room->item_count++] = (rollcall_xml_item_t){
      entry->attribute, (uint32_t)entry->value_start, (uint32_t)room->byte_count,
      entry->value_kind};
  if (length < LEAST_LENGTH) entry->length += LEAST_LENGTH - length;
  entry->is_in_value = 0;
}

/// Reads the beginning of an element within the entry; 0 where there is no room for a name.
static inline int take_element(
    rollcall_xml_entry_t *entry, rollcall_xml_room_t *room, const xmlNode *element, int is_empty) {
  if (is_named(element->name, entry->words.attribute)) {
    value_t name = attribute_of(element, entry->words.name);
    if (name.text == NULL) name.text = (const uint8_t *)"";
    const int fits = has_room(entry, room, name.length);
    if (fits) {
      entry->attribute = place_of(room, name.text, name.length);
      entry->has_attribute = 1;
      entry->length += name.length;
    }
    release(name);
    if (!fits) return 0;
  } else if (!has_room(entry, room, 0)) {
    return 0;
  }
  if (entry->is_in_value) {
    fail(entry, ROLLCALL_XML_ELEMENT_IN_VALUE);
    entry->is_in_value = 0;
  }
  if (is_named(element->name, entry->words.value)) {
    entry->value_kind = kind_of(element, entry->words.type);
    entry->has_base64 |= entry->value_kind == ROLLCALL_XML_BASE64;
    entry->value_start = room->byte_count;
    entry->is_in_value = 1;
    if (is_empty) end_value(entry, room);
  }
  if (!is_empty) entry->open++;
  return 1;
}

/// Reads text of a value; 0 where there is no room for it.
static inline int take_text(
    rollcall_xml_entry_t *entry, rollcall_xml_room_t *room, const xmlChar *text) {
  if (!entry->is_in_value || text == NULL) return 1;
  const size_t length = strlen((const char *)text);
  // What would go beyond the limit is not kept, so that there need be no room for it.
  if (entry->length + length <= entry->record_limit) {
    if (!has_room(entry, room, length)) return 0;
    append(room, text, length);
  }
  entry->length += length;
  if (room->byte_count - entry->value_start > entry->value_limit) {
    fail(entry, ROLLCALL_XML_VALUE_TOO_LONG);
  }
  return 1;
}

/// Reads one node; 0 where there is no room for what it says.
static inline int take(
    rollcall_xml_entry_t *entry, rollcall_xml_room_t *room, const xmlNode *node,
    rollcall_xml_step_t kind) {
  switch (kind) {
    case ROLLCALL_XML_TEXT: return take_text(entry, room, node->content);
    case ROLLCALL_XML_ELEMENT: return take_element(entry, room, node, 0);
    case ROLLCALL_XML_EMPTY: return take_element(entry, room, node, 1);
    case ROLLCALL_XML_END:
      if (!has_room(entry, room, 0)) return 0;
      if (entry->is_in_value) end_value(entry, room);
      entry->open--;
      return 1;
    default: return 1;
  }
}

rollcall_xml_step_t rollcall_xml_entry(rollcall_xml_entry_t *entry, rollcall_xml_room_t *room) {
  xmlTextReaderPtr reader = entry->reader;
  const xmlNode *node = xmlTextReaderCurrentNode(reader);
  if (entry->open == 0) {
    if (!take_name(entry, room, node)) return ROLLCALL_XML_ROOM;
    if (entry->length > entry->record_limit) return ROLLCALL_XML_TOO_LONG;
    if (xmlTextReaderIsEmptyElement(reader) == 1) return ROLLCALL_XML_WHOLE;
    entry->open = 1;
  }
  while (1) {
    rollcall_xml_step_t kind = entry->pending;
    entry->pending = ROLLCALL_XML_OVER;
    if (kind == ROLLCALL_XML_OVER) {
      kind = step(reader, &node);
      if (kind == ROLLCALL_XML_OVER || kind == ROLLCALL_XML_FAILED) return kind;
      // An end is as deep as its element.
      const int depth = entry->depth + entry->open - (kind == ROLLCALL_XML_END);
      if (depth > entry->depth_limit) return ROLLCALL_XML_TOO_DEEP;
      if (kind == ROLLCALL_XML_DOCUMENT_TYPE) return kind;
    }
    if (!take(entry, room, node, kind)) {
      entry->pending = kind;
      return ROLLCALL_XML_ROOM;
    }
    if (entry->length > entry->record_limit) return ROLLCALL_XML_TOO_LONG;
    if (entry->open == 0) return ROLLCALL_XML_WHOLE;
  }
}
