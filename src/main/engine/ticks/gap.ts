import { formatDuration } from '../../../shared/lib/format/duration';

/** Both clocks, read together: monotonic and wall time, in ms. */
export interface ClockReading {
  atMs: number;
  wallMs: number;
}

export interface Gap {
  /** How long nobody watched; 0 when only the wall clock jumped. */
  lateMs: number;
  /** How far the wall clock moved against the monotonic one; negative: back. Sleep moves it forward. */
  clockJumpMs: number;
}

/** A tick that comes more than this many intervals after the last one is too late. */
const LATE_INTERVALS = 3;
/** NTP slews and rounding stay below this. */
const JUMP_MS = 5000;

/**
 * | tick             | wall clock | gap                              |
 * |------------------|------------|----------------------------------|
 * | in time          | as usual   | none                             |
 * | > 3 intervals late | any      | yes: a starved or stopped engine |
 * | any              | > 5 s off  | yes: sleep, or a clock that was set |
 */
export function findGap(before: ClockReading, now: ClockReading, intervalMs: number): Gap | null {
  const elapsedMs = now.atMs - before.atMs;
  const clockJumpMs = now.wallMs - before.wallMs - elapsedMs;
  const isLate = elapsedMs - intervalMs > LATE_INTERVALS * intervalMs;
  const hasJumped = Math.abs(clockJumpMs) > JUMP_MS;
  if (!isLate && !hasJumped) return null;
  return { lateMs: isLate ? elapsedMs : 0, clockJumpMs: hasJumped ? clockJumpMs : 0 };
}

/** A gap in one sentence. */
export function describeGap({ lateMs, clockJumpMs }: Gap): string {
  const parts: string[] = [];
  if (lateMs > 0) parts.push(`nothing was monitored for ${formatDuration(lateMs)}`);
  if (clockJumpMs !== 0) {
    parts.push(`the clock jumped ${clockJumpMs > 0 ? 'forward' : 'back'} by ${formatDuration(Math.abs(clockJumpMs))}`);
  }
  return `Gap: ${parts.join('; ')}; earlier readings are discarded`;
}
