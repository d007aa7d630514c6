import { HealingCauses, healingLine } from '../../../shared/lib/events/healing-line';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Clock } from '../../engine/ports';
import { queueNotices, type Notify } from '../files/notice';
import { RetryQueue } from '../files/retry-queue';

export interface HealingLogOptions {
  /** Appends the first lines to the file and resolves to how many; rejects when it takes none. */
  write: (lines: readonly string[]) => Promise<number>;
  clock: Clock;
  notify: Notify;
}

/** `healing.log`: a line an event, for people and grep. */
export interface HealingLog {
  /** Never throws and never waits: the line is on its way to the file, or stays in memory until the disk takes it. */
  append(event: HealdeckEvent): void;
  /** Lines that wait. */
  readonly unwritten: number;
  /** Tries a last time; what is unwritten then is lost. */
  dispose(): Promise<void>;
}

/** The lines of `healing.log`, in order, in front of the file that takes them. */
export function openHealingLog({ write, clock, notify }: HealingLogOptions): HealingLog {
  const causes = new HealingCauses();
  const queue = new RetryQueue<string>({
    clock,
    write,
    ...queueNotices(notify, { file: 'healing.log', what: 'line', loss: 'high' }),
  });
  return {
    append: (event) => queue.push(healingLine(event, causes.take(event))),
    get unwritten() {
      return queue.items.length;
    },
    dispose: () => queue.dispose(),
  };
}
