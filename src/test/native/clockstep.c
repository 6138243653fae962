/*
 * Preloaded into a broker: its wall clock differs from the machine's by as many seconds as the text
 * of the file CLOCKSTEP_FILE says, which may change at any time. The monotonic clock is left alone,
 * and so is the clock of everybody else.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NANOS 200000000L
#define SECOND_NANOS 1000000000L

static atomic_long step;
static atomic_long looked;

static int real_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) {
    real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  }
  return real(clock, now);
}

/* Returns the seconds to add; the file is looked at a few times a second. */
static long seconds(void) {
  struct timespec now;
  real_gettime(CLOCK_MONOTONIC, &now);
  long nanos = now.tv_sec * SECOND_NANOS + now.tv_nsec;
  long last = atomic_load(&looked);
  if (nanos - last > LOOK_NANOS && atomic_compare_exchange_strong(&looked, &last, nanos)) {
    const char *name = getenv("CLOCKSTEP_FILE");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
      char text[32] = {0};
      if (read(file, text, sizeof text - 1) > 0) {
        atomic_store(&step, atol(text));
      }
      close(file);
    }
  }
  return atomic_load(&step);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = real_gettime(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    now->tv_sec += seconds();
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  static int (*real)(struct timeval *, void *);
  if (!real) {
    real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
  }
  int result = real(now, zone);
  if (result == 0) {
    now->tv_sec += seconds();
  }
  return result;
}

time_t time(time_t *now) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now) {
    *now = exact.tv_sec;
  }
  return exact.tv_sec;
}
