// For `sync_file_range`, which is Linux's own.
#define _GNU_SOURCE
#include "CScanning.h"

#if defined(__linux__)
#include <fcntl.h>
#endif

void rollcall_begin_writing(int descriptor) {
#if defined(__linux__)
  (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor;
#endif
}
