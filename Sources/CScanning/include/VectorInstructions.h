#ifndef ROLLCALL_VECTORINSTRUCTIONS_H
#define ROLLCALL_VECTORINSTRUCTIONS_H
// SPDX-License-Identifier: Apache-2.0

/// Which instructions on many bytes a loop is to use; more than the processor has end the program.
typedef enum {
  /// What every processor has.
  ROLLCALL_BASELINE = 0,
  /// 32 bytes at once: AVX2, BMI1, BMI2 and POPCNT (Intel since 2013, AMD since 2017).
  ROLLCALL_AVX2 = 1,
  /// 64 bytes at once (Intel since 2017, AMD since 2022).
  ROLLCALL_AVX512 = 2
} rollcall_vectors_t;

#endif
