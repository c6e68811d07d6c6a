#ifndef ROLLCALL_CSPAWNING_H
#define ROLLCALL_CSPAWNING_H
// SPDX-License-Identifier: Apache-2.0
//
// What glibc declares only for those who ask for GNU extensions, which Swift's Glibc module does not.

#include <spawn.h>

/// Lets a program begin in `folder`, and without the files above standard error.
int rollcall_begin_in(posix_spawn_file_actions_t *actions, const char *folder);

#endif
