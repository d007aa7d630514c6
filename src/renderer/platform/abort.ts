/** A controller that is also aborted with any of the given signals. (AbortSignal.any is younger than our oldest Chromium.) */
export function childController(...parents: readonly AbortSignal[]): AbortController {
  const controller = new AbortController();
  for (const parent of parents) {
    if (parent.aborted) controller.abort(parent.reason);
    else
      parent.addEventListener('abort', () => controller.abort(parent.reason), {
        once: true,
        signal: controller.signal,
      });
  }
  return controller;
}

/** Resolves after the time, or at once when the signal is aborted. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
