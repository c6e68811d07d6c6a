#ifndef ROLLCALL_CLIBXML2_H
#define ROLLCALL_CLIBXML2_H
// SPDX-License-Identifier: Apache-2.0
//
// libxml2's streaming reader; of the rest of the library only what stops it from loading anything.

#include <libxml/xmlversion.h>

// Debian's libxml2 converts by ICU, whose types have other definitions than those that Foundation brings along. None of
// them is used here, and a module may hold only one of each.
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>

#endif
