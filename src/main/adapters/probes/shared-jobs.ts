/**
 * Jobs of Node's thread pool, which has four threads for all files and names: a name server or disk that does not answer keeps
 * one for many seconds. So at most `max` run at a time, and whoever asks for the same meanwhile gets the same result.
 */
export class SharedJobs<T> {
  private readonly known = new Map<string, Promise<T>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly max: number) {}

  run(key: string, job: () => Promise<T>): Promise<T> {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const result = this.inTurn(job).finally(() => this.known.delete(key));
    this.known.set(key, result);
    return result;
  }

  private async inTurn(job: () => Promise<T>): Promise<T> {
    if (this.running >= this.max) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await job();
    } finally {
      // Its place goes to the next.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
