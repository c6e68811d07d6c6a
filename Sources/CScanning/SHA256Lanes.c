// SPDX-License-Identifier: Apache-2.0

#include "SHA256Lanes.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define SHA __attribute__((target("sha,sse4.1,ssse3")))

int rollcall_has_sha256_lanes(void) {
  unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
  const int has_sha = (ebx >> 29) & 1;
  return has_sha && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
}

// FIPS 180-4, 4.2.2.
static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// The state as the instructions want it: a, b, e, f in one half and c, d, g, h in the other.
typedef struct {
  __m128i abef, cdgh;
} halves;

SHA static inline halves load(const uint32_t *state) {
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  return (halves){_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xF0)};
}

SHA static inline void store(halves from, uint32_t *state) {
  const __m128i feba = _mm_shuffle_epi32(from.abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(from.cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/// Takes blocks of one or two texts; the number of lanes is a constant wherever this is inlined.
SHA __attribute__((always_inline)) static inline void take(
    uint32_t *const *states, const uint8_t *const *bytes, const int lanes, size_t count) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  halves state[2];
  for (int lane = 0; lane < lanes; lane++) state[lane] = load(states[lane]);
  for (size_t block = 0; block < count; block++) {
    halves before[2];
    __m128i words[2][4];
    for (int lane = 0; lane < lanes; lane++) {
      before[lane] = state[lane];
      for (int part = 0; part < 4; part++) {
        const uint8_t *at = bytes[lane] + block * 64 + part * 16;
        words[lane][part] =
            _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)at), big_endian);
      }
    }
#pragma GCC unroll 16
    for (int step = 0; step < 16; step++) {
      for (int lane = 0; lane < lanes; lane++) {
        __m128i *own = words[lane];
        if (step >= 4) {
          // Four more words of the message, of the sixteen before them.
          const __m128i last = own[(step + 3) & 3];
          __m128i next = _mm_sha256msg1_epu32(own[step & 3], own[(step + 1) & 3]);
          next = _mm_add_epi32(next, _mm_alignr_epi8(last, own[(step + 2) & 3], 4));
          own[step & 3] = _mm_sha256msg2_epu32(next, last);
        }
        const __m128i added = _mm_add_epi32(
            own[step & 3], _mm_load_si128((const __m128i *)(constants + step * 4)));
        state[lane].cdgh = _mm_sha256rnds2_epu32(state[lane].cdgh, state[lane].abef, added);
        state[lane].abef = _mm_sha256rnds2_epu32(
            state[lane].abef, state[lane].cdgh, _mm_shuffle_epi32(added, 0x0E));
      }
    }
    for (int lane = 0; lane < lanes; lane++) {
      state[lane].abef = _mm_add_epi32(state[lane].abef, before[lane].abef);
      state[lane].cdgh = _mm_add_epi32(state[lane].cdgh, before[lane].cdgh);
    }
  }
  for (int lane = 0; lane < lanes; lane++) store(state[lane], states[lane]);
}

SHA void rollcall_sha256_lane(uint32_t *state, const uint8_t *bytes, size_t count) {
  uint32_t *const states[1] = {state};
  const uint8_t *const texts[1] = {bytes};
  take(states, texts, 1, count);
}

SHA void rollcall_sha256_lanes(
    uint32_t *one, const uint8_t *bytes_of_one, uint32_t *two, const uint8_t *bytes_of_two,
    size_t count) {
  uint32_t *const states[2] = {one, two};
  const uint8_t *const texts[2] = {bytes_of_one, bytes_of_two};
  take(states, texts, 2, count);
}

#else

int rollcall_has_sha256_lanes(void) { return 0; }

void rollcall_sha256_lane(uint32_t *state, const uint8_t *bytes, size_t count) {
  (void)state, (void)bytes, (void)count;
}

void rollcall_sha256_lanes(
    uint32_t *one, const uint8_t *bytes_of_one, uint32_t *two, const uint8_t *bytes_of_two,
    size_t count) {
  (void)one, (void)bytes_of_one, (void)two, (void)bytes_of_two, (void)count;
}

#endif
