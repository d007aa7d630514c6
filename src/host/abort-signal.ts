/**
 * SIGABRT ends this process, as everybody expects who sends it: the watchdog of a service manager does. A library that listens to
 * all signals that end a process (when-exit, below the configuration) swallows the first one, as it has two names.
 */
export function endOnAbort(): void {
  process.on('SIGABRT', () => process.abort());
}
