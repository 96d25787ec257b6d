#pragma once
#include <stdbool.h>
/* Counts the heap allocations (malloc and its kin) of the threads that ask for it. */
void allocation_count_watch(bool on);
void allocation_count_reset(void);
long allocation_count(void);
/* Lets another thread run. */
void allocation_count_pause(void);
