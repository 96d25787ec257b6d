#include "CPlatform.h"
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static _Atomic int stop_signal, checkpoint_wanted;

static void on_stop(int number) { atomic_store(&stop_signal, number); }

static void on_checkpoint(int number) {
  (void)number;
  atomic_store(&checkpoint_wanted, 1);
}

int pf_signals_watch(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = on_stop;
  action.sa_flags = SA_RESTART;
  if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGUSR1, &action, NULL) != 0) return -1;
  action.sa_flags = SA_RESTART | SA_RESETHAND; /* a second Ctrl-C ends the program at once */
  if (sigaction(SIGINT, &action, NULL) != 0) return -1;
  action.sa_handler = on_checkpoint;
  action.sa_flags = SA_RESTART;
  if (sigaction(SIGUSR2, &action, NULL) != 0) return -1;
  action.sa_handler = SIG_IGN; /* writing past the file size limit becomes an error of the write */
  action.sa_flags = 0;
  if (sigaction(SIGXFSZ, &action, NULL) != 0) return -1;
  /* Programs started from a thread that blocks signals, as thread pools do, inherit that. */
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGTERM);
  sigaddset(&watched, SIGINT);
  sigaddset(&watched, SIGUSR1);
  sigaddset(&watched, SIGUSR2);
  return sigprocmask(SIG_UNBLOCK, &watched, NULL);
}

int pf_signals_stop(void) { return atomic_load(&stop_signal); }

int pf_signals_take_checkpoint(void) { return atomic_exchange(&checkpoint_wanted, 0); }

void pf_signals_forget(void) {
  atomic_store(&stop_signal, 0);
  atomic_store(&checkpoint_wanted, 0);
}
