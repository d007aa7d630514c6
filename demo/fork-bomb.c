/*
 * A fork bomb with bounds: every process forks as often as it may, and half of them end soon, so that no list of them
 * is ever up to date. For trying out what ends such a thing. It refuses to run as root, whom no limit of processes binds.
 *
 *   cc -O1 -o /tmp/fork-bomb demo/fork-bomb.c
 *   fork-bomb [PROCESSES] [SECONDS]     at most 300 (100 unless given), for at most 20 seconds (10)
 */
#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Between two attempts when the limit is reached: as many as disturb others little. */
#define PAUSE_US 4000

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What the limit counts already: every thread of this user. */
static rlim_t threads_of_user(void) {
  rlim_t count = 0;
  char path[300];
  DIR *proc = opendir("/proc");
  for (struct dirent *entry; proc != NULL && (entry = readdir(proc)) != NULL;) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    struct stat info;
    snprintf(path, sizeof path, "/proc/%s/task", entry->d_name);
    if (stat(path, &info) == 0 && info.st_uid == getuid()) count += info.st_nlink - 2;
  }
  if (proc != NULL) closedir(proc);
  return count;
}

static void limit(int resource, rlim_t value) {
  struct rlimit both = {value, value};
  if (setrlimit(resource, &both) != 0) {
    perror("setrlimit");
    exit(1);
  }
}

int main(int argc, char **argv) {
  int processes = argc > 1 ? atoi(argv[1]) : 100;
  int seconds = argc > 2 ? atoi(argv[2]) : 10;
  if (processes < 1 || processes > 300 || seconds < 1 || seconds > 20) {
    fprintf(stderr, "usage: fork-bomb [PROCESSES (1 to 300)] [SECONDS (1 to 20)]\n");
    return 2;
  }
  if (geteuid() == 0 || getuid() == 0) {
    fprintf(stderr, "fork-bomb: not as root, whom no limit of processes binds\n");
    return 2;
  }
  limit(RLIMIT_NPROC, threads_of_user() + (rlim_t)processes - 1);
  limit(RLIMIT_DATA, 8 << 20);
  limit(RLIMIT_CPU, (rlim_t)seconds);
  limit(RLIMIT_CORE, 0);
  /* Nobody waits for children: the kernel takes them away at once. */
  signal(SIGCHLD, SIG_IGN);

  double ends = now() + seconds;
  double own_end = ends;
  for (;;) {
    double time = now();
    if (time >= own_end || time >= ends) _exit(0);
    pid_t child = fork();
    if (child < 0) usleep(PAUSE_US);
    if (child == 0) {
      srand((unsigned)getpid());
      own_end = rand() % 2 == 0 ? ends : now() + 0.02 + 0.2 * (rand() / (double)RAND_MAX);
    }
  }
}
