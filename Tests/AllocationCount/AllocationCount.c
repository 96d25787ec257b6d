#include "AllocationCount.h"
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

/* The test program's own malloc comes before the C library's, whose work it hands on. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static __thread bool watched;
static atomic_long count;

static void note(void) { if (watched) atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

void *malloc(size_t size) { note(); return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { note(); return __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { note(); return __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { note(); return __libc_memalign(alignment, size); }
void *memalign(size_t alignment, size_t size) { note(); return __libc_memalign(alignment, size); }

int posix_memalign(void **out, size_t alignment, size_t size) {
    note();
    void *p = __libc_memalign(alignment, size);
    if (!p) return ENOMEM;
    *out = p;
    return 0;
}

void allocation_count_watch(bool on) { watched = on; }
void allocation_count_reset(void) { atomic_store(&count, 0); }
long allocation_count(void) { return atomic_load(&count); }
void allocation_count_pause(void) { sched_yield(); }
