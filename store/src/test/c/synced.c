/* Preloaded into a process, writes down what its disk had confirmed: for each file under SYNC_ROOT its
 * inode and its length before a successful fsync or fdatasync, for each folder its entries. A test
 * that kills the process then takes away everything else, as a loss of power may.
 *
 * Lines of SYNC_JOURNAL: "F inode length", "D path<TAB>entry<TAB>entry…", "U inode" for a file that is
 * gone (its inode may be used again). With SYNC_BLIND set, no file is written down: the disk that lies.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(const char *line, size_t size) {
  const char *journal = getenv("SYNC_JOURNAL");
  int fd = journal == NULL ? -1 : open(journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, line, size) != (ssize_t)size) abort();
  close(fd);
}

static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, PATH_MAX - 1);
  const char *root = getenv("SYNC_ROOT");
  if (size < 0 || root == NULL) return 0;
  path[size] = 0;
  return strncmp(path, root, strlen(root)) == 0;
}

static void note_folder(const char *path) {
  size_t room = 1 << 20, size = 0;
  char *line = malloc(room);
  DIR *folder = opendir(path);
  if (line == NULL || folder == NULL) abort();
  size += snprintf(line, room, "D %s", path);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    size += snprintf(line + size, room - size, "\t%s", entry->d_name);
  line[size++] = '\n';
  note(line, size);
  closedir(folder);
  free(line);
}

static int synced(const char *name, int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, name);
  char path[PATH_MAX], line[64];
  struct stat before;
  int known = path_of(fd, path) && fstat(fd, &before) == 0;
  int result = real(fd);
  if (known && result == 0) {
    if (S_ISDIR(before.st_mode)) {
      note_folder(path);
    } else if (getenv("SYNC_BLIND") == NULL) {
      note(line, snprintf(line, sizeof line, "F %lu %ld\n", before.st_ino, (long)before.st_size));
    }
  }
  return result;
}

int fsync(int fd) { return synced("fsync", fd); }

int fdatasync(int fd) { return synced("fdatasync", fd); }

static void gone(const char *path) {
  char line[64];
  struct stat file;
  if (getenv("SYNC_JOURNAL") != NULL && lstat(path, &file) == 0 && S_ISREG(file.st_mode))
    note(line, snprintf(line, sizeof line, "U %lu\n", file.st_ino));
}

int unlink(const char *path) {
  int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
  gone(path);
  return real(path);
}

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  gone(to);
  return real(from, to);
}
