/* What Swift has no word for: fused multiply-add on SIMD vectors, the processor's level, a pause in a spin loop, signal flags. */
#pragma once
#include <malloc.h>
#include <zlib.h>

#define PF_INLINE static inline __attribute__((always_inline))

typedef double pf_d8 __attribute__((ext_vector_type(8)));
typedef float pf_f16 __attribute__((ext_vector_type(16)));
typedef float pf_f8 __attribute__((ext_vector_type(8)));

/* From and to any place, also unaligned; Swift's own words for it are not always inlined into a large kernel. */
PF_INLINE pf_d8 pf_load_d8(const double *p) { pf_d8 v; __builtin_memcpy(&v, p, sizeof v); return v; }
PF_INLINE pf_f16 pf_load_f16(const float *p) { pf_f16 v; __builtin_memcpy(&v, p, sizeof v); return v; }
PF_INLINE pf_f8 pf_load_f8(const float *p) { pf_f8 v; __builtin_memcpy(&v, p, sizeof v); return v; }
PF_INLINE void pf_store_d8(double *p, pf_d8 v) { __builtin_memcpy(p, &v, sizeof v); }
PF_INLINE void pf_store_f16(float *p, pf_f16 v) { __builtin_memcpy(p, &v, sizeof v); }
PF_INLINE void pf_store_f8(float *p, pf_f8 v) { __builtin_memcpy(p, &v, sizeof v); }

/* a b + c, one rounding where the target has FMA, two where it has not. */
PF_INLINE pf_d8 pf_fma_d8(pf_d8 a, pf_d8 b, pf_d8 c) {
#pragma clang fp contract(fast)
  return a * b + c;
}
PF_INLINE pf_f16 pf_fma_f16(pf_f16 a, pf_f16 b, pf_f16 c) {
#pragma clang fp contract(fast)
  return a * b + c;
}

/* Square roots keep the full vector width only through the builtin. */
PF_INLINE pf_d8 pf_sqrt_d8(pf_d8 a) { return __builtin_elementwise_sqrt(a); }
PF_INLINE pf_f16 pf_sqrt_f16(pf_f16 a) { return __builtin_elementwise_sqrt(a); }

/* Shuffles and conversions: Swift's evenHalf, lowHalf and converting initialisers are loops over lanes. */
PF_INLINE pf_d8 pf_evens_d8(pf_d8 a, pf_d8 b) { return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
PF_INLINE pf_d8 pf_odds_d8(pf_d8 a, pf_d8 b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
PF_INLINE pf_f16 pf_evens_f16(pf_f16 a, pf_f16 b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}
PF_INLINE pf_f16 pf_odds_f16(pf_f16 a, pf_f16 b) {
  return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}
PF_INLINE pf_d8 pf_interleave_low_d8(pf_d8 a, pf_d8 b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
PF_INLINE pf_d8 pf_interleave_high_d8(pf_d8 a, pf_d8 b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
PF_INLINE pf_f16 pf_interleave_low_f16(pf_f16 a, pf_f16 b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
PF_INLINE pf_f16 pf_interleave_high_f16(pf_f16 a, pf_f16 b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
PF_INLINE pf_d8 pf_spread_low_d8(pf_d8 a) { return __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3); }
PF_INLINE pf_d8 pf_spread_high_d8(pf_d8 a) { return __builtin_shufflevector(a, a, 4, 4, 5, 5, 6, 6, 7, 7); }
PF_INLINE pf_f16 pf_spread_low_f16(pf_f16 a) {
  return __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
}
PF_INLINE pf_f16 pf_spread_high_f16(pf_f16 a) {
  return __builtin_shufflevector(a, a, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
}
PF_INLINE pf_d8 pf_swap_pairs_d8(pf_d8 a) { return __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6); }
PF_INLINE pf_f16 pf_swap_pairs_f16(pf_f16 a) {
  return __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
}
PF_INLINE pf_d8 pf_widen_f8(pf_f8 a) { return __builtin_convertvector(a, pf_d8); }
PF_INLINE pf_f8 pf_narrow_d8(pf_d8 a) { return __builtin_convertvector(a, pf_f8); }
PF_INLINE pf_d8 pf_widen_low_f16(pf_f16 a) { return __builtin_convertvector(__builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7), pf_d8); }
PF_INLINE pf_d8 pf_widen_high_f16(pf_f16 a) { return __builtin_convertvector(__builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15), pf_d8); }

/* 0 baseline, 3 AVX2 with FMA, 4 AVX-512 (F, DQ, VL, BW, CD). */
static inline int pf_cpu_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")) return 4;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 3;
#endif
  return 0;
}

static inline void pf_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Calls a Swift closure of type (Int, Int) -> Void from its two words; see ThreadPool. */
void pf_closure_call(const void *function, const void *context, long part, long parts);

/* Signals: the handlers only set flags; see SignalFlags in RunFiles. Returns 0, or -1 with errno set. */
int pf_signals_watch(void);
/* Number of the last signal that asks to stop, 0 when none came. */
int pf_signals_stop(void);
/* Whether SIGUSR2 came since the last call. */
int pf_signals_take_checkpoint(void);
void pf_signals_forget(void);

/* Cores that this process may run on. */
int pf_cores(void);

/* Bytes handed out by malloc and not given back. */
static inline size_t pf_allocated(void) {
#if __GLIBC_PREREQ(2, 33)
  struct mallinfo2 info = mallinfo2();
#else
  struct mallinfo info = mallinfo();
#endif
  return (size_t)info.uordblks + (size_t)info.hblkhd;
}
