#include "CHDF5.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 0)
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#else
#include </usr/include/hdf5/serial/H5FDdevelop.h>
#endif
#endif

struct file {
  H5FD_t common; /* first, as HDF5 asks */
  int descriptor;
  int *error;
  haddr_t allocated, written;
  dev_t device;
  ino_t inode;
};

struct settings { int *error; };

static H5FD_t *file_open(const char *name, unsigned flags, hid_t access, haddr_t limit) {
  (void)limit;
  const struct settings *settings = H5Pget_driver_info(access);
  if (!settings) return NULL;
  int mode = (flags & H5F_ACC_RDWR) ? O_RDWR : O_RDONLY;
  if (flags & H5F_ACC_TRUNC) mode |= O_TRUNC;
  if (flags & H5F_ACC_CREAT) mode |= O_CREAT;
  if (flags & H5F_ACC_EXCL) mode |= O_EXCL;
  struct stat status;
  int descriptor = open(name, mode | O_CLOEXEC, 0666);
  if (descriptor < 0) { *settings->error = errno; return NULL; }
  struct file *file = calloc(1, sizeof *file);
  if (!file || fstat(descriptor, &status) != 0) {
    *settings->error = file ? errno : ENOMEM;
    close(descriptor);
    free(file);
    return NULL;
  }
  file->descriptor = descriptor;
  file->error = settings->error;
  *file->error = 0; /* the library first tries to open a file that it is to create */
  file->written = (haddr_t)status.st_size;
  file->device = status.st_dev;
  file->inode = status.st_ino;
  return &file->common;
}

static herr_t file_close(H5FD_t *common) {
  struct file *file = (struct file *)common;
  if (close(file->descriptor) != 0 && !*file->error) *file->error = errno;
  free(file);
  return 0;
}

static int file_compare(const H5FD_t *a, const H5FD_t *b) {
  const struct file *f = (const struct file *)a, *g = (const struct file *)b;
  if (f->device != g->device) return f->device < g->device ? -1 : 1;
  return f->inode == g->inode ? 0 : f->inode < g->inode ? -1 : 1;
}

static herr_t file_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

static haddr_t file_allocated(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct file *)file)->allocated;
}

static herr_t file_allocate(H5FD_t *file, H5FD_mem_t type, haddr_t size) {
  (void)type;
  ((struct file *)file)->allocated = size;
  return 0;
}

static haddr_t file_end(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct file *)file)->written;
}

static herr_t file_read(H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t size, void *buffer) {
  (void)type, (void)transfer;
  struct file *file = (struct file *)common;
  char *to = buffer;
  if (at > (haddr_t)INT64_MAX || size > (size_t)INT64_MAX) return -1;
  while (size > 0) {
    ssize_t n = pread(file->descriptor, to, size, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) { if (!*file->error) *file->error = errno; return -1; }
    if (n == 0) { memset(to, 0, size); return 0; } /* past the end: allocated, never written */
    to += n, at += (haddr_t)n, size -= (size_t)n;
  }
  return 0;
}

static herr_t file_write(H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t size, const void *buffer) {
  (void)type, (void)transfer;
  struct file *file = (struct file *)common;
  const char *from = buffer;
  if (at + size > file->written) file->written = at + size;
  while (size > 0 && !*file->error) {
    ssize_t n = pwrite(file->descriptor, from, size, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) { *file->error = errno; break; }
    from += n, at += (haddr_t)n, size -= (size_t)n;
  }
  return 0;
}

static herr_t file_truncate(H5FD_t *common, hid_t transfer, hbool_t closing) {
  (void)transfer, (void)closing;
  struct file *file = (struct file *)common;
  if (file->allocated == file->written) return 0;
  if (!*file->error && ftruncate(file->descriptor, (off_t)file->allocated) != 0) *file->error = errno;
  file->written = file->allocated;
  return 0;
}

static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 0)
  .version = H5FD_CLASS_VERSION,
  .value = (H5FD_class_value_t)600,
#endif
  .name = "dendrite",
  .maxaddr = (haddr_t)INT64_MAX,
  .fc_degree = H5F_CLOSE_STRONG, /* closing a file closes everything opened in it */
  .fapl_size = sizeof(struct settings),
  .open = file_open,
  .close = file_close,
  .cmp = file_compare,
  .query = file_query,
  .get_eoa = file_allocated,
  .set_eoa = file_allocate,
  .get_eof = file_end,
  .read = file_read,
  .write = file_write,
  .truncate = file_truncate,
  .fl_map = H5FD_FLMAP_DICHOTOMY,
};

herr_t pf_H5P_set_driver(hid_t file_access, int *error) {
  static hid_t registered = -1; /* the caller holds the lock that guards the whole library */
  if (registered < 0) registered = H5FDregister(&driver);
  if (registered < 0) return -1;
  struct settings settings = {error};
  return H5Pset_driver(file_access, registered, &settings);
}

struct message { char *text; size_t size; };

static herr_t first_message(unsigned n, const H5E_error2_t *error, void *data) {
  struct message *message = data;
  if (n == 0 && error->desc) {
    strncpy(message->text, error->desc, message->size - 1);
    message->text[message->size - 1] = 0;
  }
  return 0;
}

void pf_H5E_message(char *text, size_t size) {
  struct message message = {text, size};
  text[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first_message, &message);
}
