#define _GNU_SOURCE
#include "AllocationCount.h"
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

/* The test program's own malloc comes before the C library's, whose work it hands on. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static __thread bool watched;
static atomic_long count, transforms;

static void note(void *caller) {
    if (!watched) return;
    watched = false;
    Dl_info where;
    bool fftw = dladdr(caller, &where) && where.dli_fname && strstr(where.dli_fname, "libfftw3");
    atomic_fetch_add_explicit(fftw ? &transforms : &count, 1, memory_order_relaxed);
    watched = true;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size) { note(CALLER); return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { note(CALLER); return __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { note(CALLER); return __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { note(CALLER); return __libc_memalign(alignment, size); }
void *memalign(size_t alignment, size_t size) { note(CALLER); return __libc_memalign(alignment, size); }

int posix_memalign(void **out, size_t alignment, size_t size) {
    note(CALLER);
    void *p = __libc_memalign(alignment, size);
    if (!p) return ENOMEM;
    *out = p;
    return 0;
}

void allocation_count_watch(bool on) { watched = on; }
void allocation_count_reset(void) { atomic_store(&count, 0); atomic_store(&transforms, 0); }
long allocation_count(void) { return atomic_load(&count); }
long allocation_count_transforms(void) { return atomic_load(&transforms); }
void allocation_count_pause(void) { sched_yield(); }
