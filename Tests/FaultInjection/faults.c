// Preloaded into the program by tests: from the FAULT_AT-th writing call below FAULT_ROOT on the disk is full.
//
// The call that fails first writes half of what it was given, as a real disk does. FAULT_REPORT names a file that gets the number of
// writing calls at the end. FAULT_CLOCK makes the clock on the wall jump by up to a day, back and forth, at every look.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int calls;

static int is_below(const char *path) {
    const char *root = getenv("FAULT_ROOT");
    return root && path && strncmp(path, root, strlen(root)) == 0;
}

static int is_watched(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_below(path);
}

// 0: goes on, 1: the first that fails, 2: a later one.
static int verdict(void) {
    const char *at = getenv("FAULT_AT");
    int number = __sync_add_and_fetch(&calls, 1), first = at ? atoi(at) : 0;
    return first == 0 || number < first ? 0 : number == first ? 1 : 2;
}

static int full(void) { errno = ENOSPC; return -1; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
    if (is_watched(file)) {
        int v = verdict();
        if (v == 2 || (v == 1 && count < 2)) return full();
        if (v == 1) return REAL(write)(file, bytes, count / 2);
    }
    return REAL(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    if (is_watched(file)) {
        int v = verdict();
        if (v == 2 || (v == 1 && count < 2)) return full();
        if (v == 1) return REAL(pwrite)(file, bytes, count / 2, at);
    }
    return REAL(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    if (is_watched(file)) {
        int v = verdict();
        if (v == 2 || (v == 1 && count < 2)) return full();
        if (v == 1) return REAL(pwrite64)(file, bytes, count / 2, at);
    }
    return REAL(pwrite64)(file, bytes, count, at);
}

int fsync(int file) { return is_watched(file) && verdict() ? full() : REAL(fsync)(file); }
int fdatasync(int file) { return is_watched(file) && verdict() ? full() : REAL(fdatasync)(file); }

// Making a file or a folder takes space too; renaming and removing do not.
int mkdir(const char *path, mode_t mode) { return is_below(path) && access(path, F_OK) != 0 && verdict() ? full() : REAL(mkdir)(path, mode); }

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (flags & O_CREAT && is_below(path) && access(path, F_OK) != 0 && verdict()) return full();
    return REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (flags & O_CREAT && is_below(path) && access(path, F_OK) != 0 && verdict()) return full();
    return REAL(open64)(path, flags, mode);
}

static long jump(void) {
    static unsigned state = 1;
    if (!getenv("FAULT_CLOCK")) return 0;
    state = state * 1103515245u + 12345u;
    return (long)(state >> 8) % 172800 - 86400;
}

time_t time(time_t *out) {
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    time_t t = now.tv_sec + jump();
    if (out) *out = t;
    return t;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += jump();
    return result;
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("FAULT_REPORT");
    if (!path) return;
    char text[32];
    int length = snprintf(text, sizeof text, "%d\n", calls), file = REAL(open)(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file >= 0) { REAL(write)(file, text, length); close(file); }
}
