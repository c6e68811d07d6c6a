#ifndef ROLLCALL_SHA256LANES_H
#define ROLLCALL_SHA256LANES_H
// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 of two texts at once. The instructions for it wait for each other's results: with two texts one works
// while the other waits, and both take two thirds of the time that they take one after the other. C for the same
// reason as CSVWords.h.

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has instructions for SHA-256.
int rollcall_has_sha256_lanes(void);

/// Takes `count` blocks of 64 bytes into a state of eight numbers of 32 bits.
void rollcall_sha256_lane(uint32_t *state, const uint8_t *bytes, size_t count);

/// The same for two states, with as many blocks each.
void rollcall_sha256_lanes(
    uint32_t *one, const uint8_t *bytes_of_one, uint32_t *two, const uint8_t *bytes_of_two,
    size_t count);

#endif
