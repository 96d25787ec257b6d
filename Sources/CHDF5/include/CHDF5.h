/* The HDF5 names that Swift cannot import as they are: most of the library's constants are macros that call functions.
   Debian keeps the serial library's header in a folder of its own; found here without pkg-config. */
#pragma once
#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include </usr/include/hdf5/serial/hdf5.h>
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
static inline hid_t pf_H5P_DEFAULT(void)       { return H5P_DEFAULT; }
static inline hid_t pf_H5P_DATASET_CREATE(void){ return H5P_DATASET_CREATE; }
static inline hid_t pf_H5P_FILE_CREATE(void)   { return H5P_FILE_CREATE; }
static inline hid_t pf_H5P_FILE_ACCESS(void)   { return H5P_FILE_ACCESS; }
static inline hid_t pf_H5S_ALL(void)           { return H5S_ALL; }
static inline hid_t pf_H5E_DEFAULT(void)       { return H5E_DEFAULT; }
static inline unsigned pf_H5F_ACC_TRUNC(void)  { return H5F_ACC_TRUNC; }
static inline unsigned pf_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
