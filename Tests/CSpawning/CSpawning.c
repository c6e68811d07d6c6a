// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CSpawning.h"

int rollcall_begin_in(posix_spawn_file_actions_t *actions, const char *folder) {
  const int code = posix_spawn_file_actions_addchdir_np(actions, folder);
  return code != 0 ? code : posix_spawn_file_actions_addclosefrom_np(actions, 3);
}
