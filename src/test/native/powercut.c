/*
 * Preloaded into a broker: keeps a journal of what the disk was asked for below one folder, so that
 * a test can tell what a loss of power would have left, and makes the disk fail when told to.
 *
 * POWERCUT_ROOT     the folder, absolute
 * POWERCUT_JOURNAL  the journal, outside of it; a line an operation, words separated by tabs:
 *   C path                a file or folder was made
 *   R path path grave link  a file is renamed; what was under the new name is in the grave, and the
 *                         file itself is there under another name, too; "-" for a folder
 *   U path grave          a file was removed; it is in the grave
 *   T path length         a file was cut to a length
 *   O path at length old  bytes that were there are about to be written over; the former ones are in
 *                         the journal's neighbour "old", from there on
 *   B number path length  a sync has begun; the length is that of the file then
 *   E number              and has ended well
 *   W path                a write was made to fail
 *   F path                a sync was made to fail
 * POWERCUT_GRAVE    a folder of the same file system for what was removed
 * POWERCUT_FAULT    "write N": writes fail with EIO after N; "sync N M": M syncs fail with EIO after
 *                   N, 0 is all; "space N": after N bytes there is no space left; "table N": for
 *                   a file of rows there is none, which is noticed after N milliseconds
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS 65536
#define LINE (3 * PATH_MAX)

static char root[PATH_MAX];
static char grave[PATH_MAX];
static size_t root_length;
static int journal = -1;
static int old = -1;
static long old_length;
static pthread_mutex_t saving = PTHREAD_MUTEX_INITIALIZER;
static char fault;
static long fault_after;
static long fault_times;
static atomic_long faults;
static atomic_long counted;
static atomic_long numbers;
static atomic_char below[DESCRIPTORS];

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("POWERCUT_ROOT");
  const char *file = getenv("POWERCUT_JOURNAL");
  const char *removed = getenv("POWERCUT_GRAVE");
  const char *failing = getenv("POWERCUT_FAULT");
  if (folder == NULL || file == NULL || removed == NULL) {
    return;
  }
  snprintf(root, sizeof root, "%s", folder);
  snprintf(grave, sizeof grave, "%s", removed);
  root_length = strlen(root);
  journal = (int)syscall(
      SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  char neighbour[PATH_MAX];
  snprintf(neighbour, sizeof neighbour, "%.4000s.old", file);
  old = (int)syscall(
      SYS_openat, AT_FDCWD, neighbour, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (failing != NULL) {
    char kind[16] = "";
    sscanf(failing, "%15s %ld %ld", kind, &fault_after, &fault_times);
    fault = kind[0] == 's' ? kind[1] : kind[0]; /* write, table, sync: y, space: p */
  }
}

static int is_below(const char *path) {
  return journal >= 0 && path != NULL && strncmp(path, root, root_length) == 0 &&
         (path[root_length] == '/' || path[root_length] == 0);
}

/* One write a line: the journal is appended to, and outlives the process. */
static void note(const char *format, ...) {
  char line[LINE];
  int former = errno;
  va_list words;
  va_start(words, format);
  int length = vsnprintf(line, sizeof line, format, words);
  va_end(words);
  if (length > 0 && length < (int)sizeof line) {
    if (syscall(SYS_write, journal, line, length) != length) {
      abort();
    }
  }
  errno = former;
}

/* The path of a descriptor, if it is below the folder and has not been removed. */
static int path_of(int descriptor, char *path) {
  char link[64];
  if (journal < 0) {
    return 0;
  }
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = 0;
  return is_below(path) && strstr(path, " (deleted)") == NULL;
}

static int is_there(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0;
}

static void bury(const char *path, char *where) {
  snprintf(where, PATH_MAX, "%.3000s/%d-%ld", grave, (int)getpid(), atomic_fetch_add(&numbers, 1));
  if (link(path, where) != 0) {
    snprintf(where, PATH_MAX, "-");
  }
}

/* -- opening */

static int opened(const char *path, int was_there, int descriptor) {
  if (descriptor >= 0 && descriptor < DESCRIPTORS) {
    const char *name = path == NULL ? NULL : strrchr(path, '/');
    int mine = is_below(path) && strncmp(name == NULL ? path : name + 1, "LOG", 3) != 0;
    atomic_store(&below[descriptor], mine);
    if (is_below(path) && !was_there) {
      note("C\t%s\n", path);
    }
  }
  return descriptor;
}

static int mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, int) : 0;
}

#define OPEN(name)                                              \
  int name(const char *path, int flags, ...) {                  \
    va_list more;                                               \
    va_start(more, flags);                                      \
    int mode = mode_of(flags, more);                            \
    va_end(more);                                               \
    int was_there = !is_below(path) || is_there(path);          \
    return opened(path, was_there, REAL(name)(path, flags, mode)); \
  }

OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                       \
  int name(int folder, const char *path, int flags, ...) {                 \
    va_list more;                                                          \
    va_start(more, flags);                                                 \
    int mode = mode_of(flags, more);                                       \
    va_end(more);                                                          \
    int was_there = !is_below(path) || is_there(path);                     \
    return opened(path, was_there, REAL(name)(folder, path, flags, mode)); \
  }

OPENAT(openat)
OPENAT(openat64)

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < DESCRIPTORS) {
    atomic_store(&below[descriptor], 0);
  }
  return REAL(close)(descriptor);
}

int mkdir(const char *path, mode_t mode) {
  int result = REAL(mkdir)(path, mode);
  if (result == 0 && is_below(path)) {
    note("C\t%s\n", path);
  }
  return result;
}

/* -- writing */

static int no_table(int descriptor) {
  char path[PATH_MAX];
  if (!path_of(descriptor, path) || strstr(path, ".sst") == NULL) {
    return 0;
  }
  if (atomic_fetch_add(&faults, 1) == 0) {
    struct timespec late = {fault_after / 1000, fault_after % 1000 * 1000000};
    nanosleep(&late, NULL);
    note("W\t%s\n", path);
  }
  errno = ENOSPC;
  return 1;
}

static int fails(int descriptor, size_t length) {
  if (fault == 't') {
    return no_table(descriptor);
  }
  if ((fault != 'w' && fault != 'p') || descriptor < 0 || descriptor >= DESCRIPTORS ||
      !atomic_load(&below[descriptor])) {
    return 0;
  }
  long before = atomic_fetch_add(&counted, fault == 'w' ? 1 : (long)length);
  if (before + (fault == 'w' ? 0 : (long)length) < fault_after) {
    return 0;
  }
  char path[PATH_MAX];
  if (atomic_fetch_add(&faults, 1) == 0 && path_of(descriptor, path)) {
    note("W\t%s\n", path);
  }
  errno = fault == 'w' ? EIO : ENOSPC;
  return 1;
}

/* Keeps what a write of this length will write over. */
static void save(int descriptor, size_t length) {
  char path[PATH_MAX];
  char link[64];
  struct stat status;
  if (descriptor < 0 || descriptor >= DESCRIPTORS || !atomic_load(&below[descriptor]) ||
      !path_of(descriptor, path) || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
      (fcntl(descriptor, F_GETFL) & O_APPEND) != 0) {
    return;
  }
  off64_t at = lseek64(descriptor, 0, SEEK_CUR);
  if (at < 0 || at >= status.st_size) {
    return;
  }
  size_t over = (size_t)(status.st_size - at) < length ? (size_t)(status.st_size - at) : length;
  char *bytes = malloc(over);
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  int reading = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
  if (bytes == NULL || reading < 0 || pread64(reading, bytes, over, at) != (ssize_t)over) {
    abort();
  }
  syscall(SYS_close, reading);
  pthread_mutex_lock(&saving);
  if (syscall(SYS_write, old, bytes, over) != (long)over) {
    abort();
  }
  note("O\t%s\t%lld\t%zu\t%ld\n", path, (long long)at, over, old_length);
  old_length += (long)over;
  pthread_mutex_unlock(&saving);
  free(bytes);
}

ssize_t write(int descriptor, const void *data, size_t length) {
  if (!fails(descriptor, length)) {
    save(descriptor, length);
    return REAL(write)(descriptor, data, length);
  }
  return -1;
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t at) {
  return fails(descriptor, length) ? -1 : REAL(pwrite)(descriptor, data, length, at);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t at) {
  return fails(descriptor, length) ? -1 : REAL(pwrite64)(descriptor, data, length, at);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  return fails(descriptor, 1) ? -1 : REAL(writev)(descriptor, parts, count);
}

static int truncated(int descriptor, off64_t length, int result) {
  char path[PATH_MAX];
  if (result == 0 && path_of(descriptor, path)) {
    note("T\t%s\t%lld\n", path, (long long)length);
  }
  return result;
}

int ftruncate(int descriptor, off_t length) {
  return truncated(descriptor, length, REAL(ftruncate)(descriptor, length));
}

int ftruncate64(int descriptor, off64_t length) {
  return truncated(descriptor, length, REAL(ftruncate64)(descriptor, length));
}

/* -- syncing */

static int sync_fails(const char *path) {
  if (fault != 'y') {
    return 0;
  }
  long before = atomic_fetch_add(&counted, 1);
  if (before < fault_after || (fault_times > 0 && before >= fault_after + fault_times)) {
    return 0;
  }
  note("F\t%s\n", path);
  errno = EIO;
  return 1;
}

static int synced(int descriptor, int (*sync)(int)) {
  char path[PATH_MAX];
  struct stat status;
  if (!path_of(descriptor, path) || fstat(descriptor, &status) != 0) {
    return sync(descriptor);
  }
  if (sync_fails(path)) {
    return -1;
  }
  long number = atomic_fetch_add(&numbers, 1);
  note("B\t%ld\t%s\t%lld\n", number, path, (long long)status.st_size);
  int result = sync(descriptor);
  if (result == 0) {
    note("E\t%ld\n", number);
  }
  return result;
}

int fsync(int descriptor) { return synced(descriptor, REAL(fsync)); }

int fdatasync(int descriptor) { return synced(descriptor, REAL(fdatasync)); }

/* -- names */

/* Noted before they are made: the process may end in between, and the links of the grave stay. */
int rename(const char *from, const char *to) {
  char where[PATH_MAX] = "-";
  char moved[PATH_MAX] = "-";
  int mine = is_below(to) && is_there(from);
  if (mine) {
    if (is_there(to)) {
      bury(to, where);
    }
    bury(from, moved);
    note("R\t%s\t%s\t%s\t%s\n", from, to, where, moved);
  }
  int result = REAL(rename)(from, to);
  if (mine && result != 0) {
    abort();
  }
  return result;
}

int unlink(const char *path) {
  char where[PATH_MAX] = "-";
  int mine = is_below(path) && is_there(path);
  if (mine) {
    bury(path, where);
    note("U\t%s\t%s\n", path, where);
  }
  int result = REAL(unlink)(path);
  if (mine && result != 0) {
    abort();
  }
  return result;
}
