/* The HDF5 names that Swift cannot import as they are: most of the library's constants are macros that call functions.
   Debian keeps the serial library's header in a folder of its own; found here without pkg-config. */
#pragma once
#if __has_include(<hdf5.h>)
#include <hdf5.h>
#include <hdf5_hl.h>
#else
#include </usr/include/hdf5/serial/hdf5.h>
#include </usr/include/hdf5/serial/hdf5_hl.h>
#endif
static inline hid_t pf_H5T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t pf_H5T_NATIVE_FLOAT(void)  { return H5T_NATIVE_FLOAT; }
static inline hid_t pf_H5T_NATIVE_UINT8(void)  { return H5T_NATIVE_UINT8; }
static inline hid_t pf_H5T_NATIVE_INT64(void)  { return H5T_NATIVE_INT64; }
static inline hid_t pf_H5T_IEEE_F64LE(void)    { return H5T_IEEE_F64LE; }
static inline hid_t pf_H5T_IEEE_F32LE(void)    { return H5T_IEEE_F32LE; }
static inline hid_t pf_H5T_STD_U8LE(void)      { return H5T_STD_U8LE; }
static inline hid_t pf_H5T_STD_I64LE(void)     { return H5T_STD_I64LE; }
static inline hid_t pf_H5T_C_S1(void)          { return H5T_C_S1; }
static inline size_t pf_H5T_VARIABLE(void)     { return H5T_VARIABLE; }
static inline hid_t pf_H5P_DEFAULT(void)       { return H5P_DEFAULT; }
static inline hid_t pf_H5P_DATASET_CREATE(void){ return H5P_DATASET_CREATE; }
static inline hid_t pf_H5P_LINK_CREATE(void)   { return H5P_LINK_CREATE; }
static inline hid_t pf_H5P_FILE_CREATE(void)   { return H5P_FILE_CREATE; }
static inline hid_t pf_H5P_FILE_ACCESS(void)   { return H5P_FILE_ACCESS; }
static inline hid_t pf_H5S_ALL(void)           { return H5S_ALL; }
static inline hid_t pf_H5E_DEFAULT(void)       { return H5E_DEFAULT; }
static inline unsigned pf_H5F_ACC_TRUNC(void)  { return H5F_ACC_TRUNC; }
static inline unsigned pf_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }

/* Opens files through a driver that keeps the first write error in `*error` (an errno) and tells HDF5 that all went well: the library
   leaks the file and crashes later when a write fails while it closes one. Whoever closes the file then looks at `*error`, which has
   to live until then. The driver takes no file locks, so it also works where the file system has none. Negative on failure. */
herr_t pf_H5P_set_driver(hid_t file_access, int *error);

/* The innermost message of the library's error stack, or an empty string. */
void pf_H5E_message(char *text, size_t size);
