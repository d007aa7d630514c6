import type { Clock } from '../engine/ports';
import { formatDuration } from '../../shared/lib/format/duration';

/** Nothing came of it in time. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/** The promise, or a TimeLimitError when it takes longer; then what comes of it is nobody's business any more. */
export function withTimeLimit<T>(clock: Clock, limitMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () =>
      reject(new TimeLimitError(`nothing came of it within ${formatDuration(limitMs)}`)),
    );
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
