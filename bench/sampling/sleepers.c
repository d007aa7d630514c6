/*
 * The crowd of the sampling benchmark: COUNT children that do nothing. They end when standard input ends, each by its
 * own pid, and with this program however it ends (PR_SET_PDEATHSIG).
 *
 *   sleepers COUNT   prints "ready" when all of them are there
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : -1;
  if (count < 0 || count > 10000) {
    fprintf(stderr, "usage: sleepers COUNT (at most 10000)\n");
    return 2;
  }
  pid_t *children = calloc((size_t)count + 1, sizeof *children);
  pid_t parent = getpid();
  int started = 0;
  for (; started < count; started++) {
    pid_t child = fork();
    if (child < 0) break;
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(0);
      for (;;) pause();
    }
    children[started] = child;
  }
  if (started < count) {
    perror("fork");
  } else {
    puts("ready");
    fflush(stdout);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  }
  for (int i = 0; i < started; i++) kill(children[i], SIGKILL);
  for (int i = 0; i < started; i++) waitpid(children[i], NULL, 0);
  return started < count;
}
