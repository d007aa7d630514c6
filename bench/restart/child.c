/* The program that every supervisor of the bench keeps alive. It appends "PID NANOSECONDS\n" (CLOCK_MONOTONIC at the first
 * line of main) to the file argv[1], or to ./starts, and sleeps. It ends by itself after half an hour. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int fd = open(argc > 1 ? argv[1] : "starts", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return 1;
  char line[64];
  int length = snprintf(line, sizeof line, "%d %lld\n", (int)getpid(), now.tv_sec * 1000000000LL + now.tv_nsec);
  if (write(fd, line, (size_t)length) != length) return 1;
  close(fd);
  alarm(1800);
  for (;;) pause();
}
