/**
 * Steps that change what the outbox has and what is known of it in memory: one at a time, so that nobody finds the one changed and
 * the other not yet. A step never asks for another one and waits for it.
 */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Does the step once those before it are through. Rejects as the step does. */
  take<T>(step: () => Promise<T>): Promise<T> {
    const result = this.last.then(step);
    this.last = result.catch(() => undefined);
    return result;
  }
}
