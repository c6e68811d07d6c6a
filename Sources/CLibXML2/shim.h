#ifndef ROLLCALL_CLIBXML2_H
#define ROLLCALL_CLIBXML2_H
// SPDX-License-Identifier: Apache-2.0
//
// libxml2's streaming reader; of the rest of the library only what stops it from loading anything.

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>

#endif
