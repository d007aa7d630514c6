import { HealingCauses, healingLine } from '../../../shared/lib/events/healing-line';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Clock } from '../../engine/ports';
import { errorText, type Notify } from '../files/notice';
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
    onFailing: (error) =>
      notify({
        topic: 'healing.log',
        severity: 'high',
        detail: `healing.log can't be written (${errorText(error)}). Its lines wait in memory and are written when it can be; healing goes on.`,
      }),
    onRecovered: (lost) =>
      notify({
        topic: 'healing.log',
        severity: lost > 0 ? 'high' : 'info',
        detail:
          lost > 0
            ? `healing.log is written again; ${lost} of its oldest waiting lines were lost.`
            : 'healing.log is written again; no line was lost.',
      }),
  });
  return {
    append: (event) => queue.push(healingLine(event, causes.take(event))),
    get unwritten() {
      return queue.items.length;
    },
    dispose: () => queue.dispose(),
  };
}
