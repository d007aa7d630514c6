import type { Readable } from 'node:stream';
import type { Clock, Dispose } from '../../engine/ports';
import type { Scope } from './attempt';
import { lastLine } from './quotation';

const MAX_KEPT_BYTES = 8 * 1024;
/** So much is read as fast as it comes; of a flood, a pipe is read with breaks, so that it does not keep the engine busy. */
const FREE_BYTES = 1024 * 1024;
const BREAK_MS = 10;

/** The end of what a program writes to both of its streams; the rest is read and discarded, so that no write of it blocks for good. */
export class OutputTail {
  private kept = Buffer.alloc(0);
  private open = 0;
  private totalBytes = 0;
  private onEnded: () => void = () => undefined;
  private readonly breaks = new Map<Readable, Dispose>();

  constructor(
    private readonly scope: Scope,
    private readonly clock: Clock,
  ) {}

  get lastLine(): string {
    return lastLine(this.kept);
  }

  read(streams: readonly Readable[]): void {
    this.open = streams.length;
    this.scope.own(() => this.breaks.forEach((end) => end()));
    for (const stream of streams) {
      stream.on('data', (bytes: Buffer) => this.take(stream, bytes));
      // A pipe that breaks has ended.
      stream.on('error', () => undefined);
      stream.once('close', () => {
        this.open -= 1;
        if (this.open === 0) this.onEnded();
      });
    }
  }

  /** Runs once both streams have ended, at the latest after `waitMs`. */
  whenEnded(waitMs: number, run: () => void): void {
    if (this.open === 0) return run();
    this.onEnded = run;
    this.scope.own(this.clock.after(waitMs, run));
  }

  private take(stream: Readable, bytes: Buffer): void {
    this.totalBytes += bytes.length;
    const tail = bytes.subarray(-MAX_KEPT_BYTES);
    this.kept = Buffer.concat([this.kept, tail]).subarray(-MAX_KEPT_BYTES);
    if (this.totalBytes <= FREE_BYTES) return;
    stream.pause();
    this.breaks.get(stream)?.();
    this.breaks.set(
      stream,
      this.clock.after(BREAK_MS, () => stream.resume()),
    );
  }
}
