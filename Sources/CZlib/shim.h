#ifndef ROLLCALL_CZLIB_H
#define ROLLCALL_CZLIB_H
// SPDX-License-Identifier: Apache-2.0
//
// What Swift cannot call of zlib: the macros that pass its version.

#include <zlib.h>

/// Prepares for gzip and nothing else: 15 bits of window, and 16 for the container.
static inline int rollcall_gzip_open(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}

/// The other way, for the tests.
static inline int rollcall_gzip_create(z_stream *stream) {
  return deflateInit2(stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
