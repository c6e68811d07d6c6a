#ifndef ROLLCALL_XMLENTRIES_H
#define ROLLCALL_XMLENTRIES_H
// SPDX-License-Identifier: Apache-2.0
//
// Steps of libxml2's streaming reader, and whole entries of DSML at a time. C because the nodes are read where the
// parser keeps them: asking the reader for each name and value costs nearly as much as the parsing.
//
// A reader is a `void *` here, so that whoever includes this needs no header of libxml2.

#include <stddef.h>
#include <stdint.h>

typedef enum {
  /// The bytes could not be had, or are not well-formed.
  ROLLCALL_XML_FAILED = -1,
  /// The end of the document.
  ROLLCALL_XML_OVER = 0,
  ROLLCALL_XML_ELEMENT,
  /// An element without an end of its own.
  ROLLCALL_XML_EMPTY,
  ROLLCALL_XML_END,
  /// Text or CDATA that is not only white space.
  ROLLCALL_XML_TEXT,
  ROLLCALL_XML_DOCUMENT_TYPE,
  ROLLCALL_XML_TOO_DEEP,
  // Of entries only:
  ROLLCALL_XML_WHOLE,
  /// There has to be more room before the entry can be read on.
  ROLLCALL_XML_ROOM,
  /// The entry goes beyond its limit.
  ROLLCALL_XML_TOO_LONG,
  // Of nodes that nobody asks for; never returned.
  ROLLCALL_XML_OTHER,
} rollcall_xml_step_t;

/// Steps to the next element, end or text that is at most `depth_limit` deep.
rollcall_xml_step_t rollcall_xml_next(void *reader, int depth_limit);

/// How a value is written.
enum {
  ROLLCALL_XML_PLAIN,
  ROLLCALL_XML_BASE64,
  /// It stands elsewhere, and only its address is here.
  ROLLCALL_XML_LOCATION,
};

/// A value, and the place of its name among all names.
typedef struct {
  uint32_t name, start, end, kind;
} rollcall_xml_item_t;

typedef struct {
  uint32_t start, end;
} rollcall_xml_name_t;

/// Where names and values go; what is there already stays.
typedef struct {
  uint8_t *bytes;
  size_t byte_count, byte_capacity;
  rollcall_xml_item_t *items;
  size_t item_count, item_capacity;
  rollcall_xml_name_t *names;
  size_t name_count, name_capacity;
  /// The name that most likely comes next.
  size_t guess;
} rollcall_xml_room_t;

/// What makes an entry unreadable.
enum {
  ROLLCALL_XML_NO_PROBLEM,
  ROLLCALL_XML_NO_ENTRY_NAME,
  ROLLCALL_XML_VALUE_TOO_LONG,
  ROLLCALL_XML_ELEMENT_IN_VALUE,
};

/// The names of DSML, as the dictionary of a reader has them.
typedef struct {
  const uint8_t *attribute, *value, *entry_name, *name, *type;
} rollcall_xml_words_t;

/// An entry that is being read; made by `rollcall_xml_begin`.
typedef struct {
  void *reader;
  /// Where its distinguished name stands.
  rollcall_xml_name_t entry_name;
  /// Whether any of its values is written in base64.
  int has_base64;
  /// The first thing that makes it unreadable.
  uint32_t problem;
  /// Bytes that there must be room for before it can be read on.
  size_t needed;

  // How far it has been read.
  rollcall_xml_words_t words;
  size_t value_limit, record_limit, length;
  int depth, depth_limit, open;
  /// The node that there was no room for.
  rollcall_xml_step_t pending;
  uint32_t attribute, value_kind;
  int has_attribute, is_in_value;
  size_t value_start;
} rollcall_xml_entry_t;

rollcall_xml_words_t rollcall_xml_words(void *reader);

/// Prepares to read the entry whose element the reader stands at.
///
/// A value of more than `value_limit` bytes makes it unreadable; one of more than `record_limit` ends the reading.
rollcall_xml_entry_t rollcall_xml_begin(
    void *reader, rollcall_xml_words_t words, size_t value_limit, size_t record_limit,
    int depth_limit);

/// Reads the entry to its end (`ROLLCALL_XML_WHOLE`), or says why it does not go on.
///
/// After `ROLLCALL_XML_ROOM` it is called again with room for `needed` bytes, one more item and one more name.
rollcall_xml_step_t rollcall_xml_entry(rollcall_xml_entry_t *entry, rollcall_xml_room_t *room);

#endif
