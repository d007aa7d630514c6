/*
 * Holds up whoever reads its files in /proc, as ps, top and every monitor do, with nothing but a file system of its own (fuse(4)): one of
 * its threads reads its memory where that file system has to supply a page and does not, which keeps the memory map locked, and another one
 * waits for that lock, so that all that come later wait behind it. It ends by itself.
 *
 *   cc -O1 -o /tmp/holds-readers demo/holds-readers.c
 *   holds-readers memory DIR [SECONDS]  its cmdline, environ and smaps_rollup can't be read, for at most 30 seconds (5 unless given)
 *   holds-readers exec DIR [SECONDS]    nor io, stack and syscall, as it hangs in execve(2); since Linux 6.18 nor stat, exe, cwd and fd
 *
 * DIR is an empty folder to mount the file system on, in a namespace of its own. It prints "held" when it is so. Status 3: this
 * machine has no /dev/fuse for this user. Root becomes user 65534 first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534
/* The kernel locks what the two others then wait for. */
#define SETTLE_US 200000

static char *page;
static char stacks[2][65536] __attribute__((aligned(64)));

static void need(int holds, const char *what) {
  if (holds) return;
  perror(what);
  exit(3);
}

static void reply(int fuse, uint64_t unique, int error, const void *data, size_t length) {
  char buffer[512];
  struct fuse_out_header header = {.len = sizeof header + length, .error = error, .unique = unique};
  memcpy(buffer, &header, sizeof header);
  if (length > 0) memcpy(buffer + sizeof header, data, length);
  if (write(fuse, buffer, header.len) < 0 && errno != ENOENT) _exit(1);
}

/* A file system with one file, which can be opened and never read. */
static void serve(int fuse) {
  static char request[1 << 20];
  for (;;) {
    if (read(fuse, request, sizeof request) < 0) {
      if (errno == EINTR || errno == ENOENT) continue;
      _exit(0);
    }
    struct fuse_in_header *header = (void *)request;
    uint64_t node = header->opcode == FUSE_LOOKUP ? 2 : header->nodeid;
    struct fuse_attr attr = {.ino = node, .mode = node == 1 ? S_IFDIR | 0755 : S_IFREG | 0644, .nlink = 1, .size = 4096};
    switch (header->opcode) {
      case FUSE_INIT: {
        struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096};
        reply(fuse, header->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_LOOKUP: {
        struct fuse_entry_out out = {.nodeid = node, .entry_valid = 1000, .attr_valid = 1000, .attr = attr};
        reply(fuse, header->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_GETATTR: {
        struct fuse_attr_out out = {.attr_valid = 1000, .attr = attr};
        reply(fuse, header->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_OPEN: {
        struct fuse_open_out out = {.fh = 1};
        reply(fuse, header->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_READ:
      case FUSE_FORGET:
      case FUSE_INTERRUPT:
        break;
      default:
        reply(fuse, header->unique, -ENOSYS, NULL, 0);
    }
  }
}

/* Unlike a fault of its own, a reading keeps the lock while it waits for the page. */
static int read_page(void *memory) {
  char byte;
  pread(*(int *)memory, &byte, 1, (off_t)(uintptr_t)page);
  syscall(SYS_exit, 0);
  return 0;
}

static int change_map(void *unused) {
  (void)unused;
  syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  syscall(SYS_exit, 0);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int execs = strcmp(argv[1], "exec") == 0;
  int seconds = argc > 3 ? atoi(argv[3]) : 5;
  if (seconds < 1 || seconds > 30) return 2;

  int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  need(fuse >= 0, "/dev/fuse");
  uid_t uid = getuid();
  gid_t gid = getgid();
  need(unshare(CLONE_NEWNS | (uid == 0 ? 0 : CLONE_NEWUSER)) == 0, "unshare");
  need(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "mount /");
  char options[100];
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%d,group_id=%d,allow_other", fuse, uid, gid);
  need(mount("holds-readers", argv[2], "fuse", MS_NOSUID | MS_NODEV, options) == 0, "mount");
  if (uid == 0) need(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0, "setresuid");
  prctl(PR_SET_DUMPABLE, 1);
  /* Its end ends every wait for its file system. */
  if (fork() == 0) {
    alarm(seconds);
    serve(fuse);
  }
  close(fuse);

  char path[4096];
  snprintf(path, sizeof path, "%s/file", argv[2]);
  int file = open(path, O_RDONLY), memory = open("/proc/self/mem", O_RDONLY);
  need(file >= 0, path);
  need(memory >= 0, "/proc/self/mem");
  page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
  need(page != MAP_FAILED, "mmap");

  /* Processes that share the memory where this one is to execute another program, which ends threads. */
  int flags = execs ? CLONE_VM | SIGCHLD : CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
  need(clone(read_page, stacks[0] + sizeof stacks[0], flags, &memory) > 0, "clone");
  usleep(SETTLE_US);
  need(clone(change_map, stacks[1] + sizeof stacks[1], flags, NULL) > 0, "clone");
  usleep(SETTLE_US);
  char *const sleep_argv[] = {"sleep", "30", NULL};
  char *const no_environment[] = {NULL};
  alarm(seconds + 1);
  syscall(SYS_write, 1, "held\n", 5);
  if (execs) {
    /* Both would have the kernel write into the memory that is to be left. */
    syscall(SYS_set_tid_address, NULL);
    syscall(SYS_set_robust_list, NULL, 24);
    syscall(SYS_execve, "/bin/sleep", sleep_argv, no_environment);
  }
  for (;;) pause();
}
