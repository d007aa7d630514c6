import type { ProcessRow } from '../../shared/model/process';
import { startCommandOf, type Target, type Watch, type WatchSpec } from '../../shared/model/watch';
import type { Spawner } from './ports';
import { Refusal } from './refusal';

/**
 * Refuses a watch that can't work or could do harm, before anything is changed.
 * @throws Refusal `invalid` or `protected`, with what was expected
 */
export function checkSpec(
  spec: WatchSpec,
  { spawner }: { spawner: Spawner },
  preview: (target: Target) => readonly ProcessRow[],
): void {
  const command = startCommandOf(spec.target);
  if (command !== null) {
    if (!/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(command.cwd)) {
      throw new Refusal('invalid', `Expected an absolute directory to start in, got "${command.cwd}"`);
    }
    const failure = spawner.check(command);
    if (failure !== null) throw new Refusal('invalid', failure.message);
  }
  const untouchable = preview(spec.target).find((row) => row.protectedBecause !== null);
  if (untouchable !== undefined) {
    throw new Refusal(
      'protected',
      `The pattern matches pid ${untouchable.pid} (${untouchable.name}), which is never touched: ${untouchable.protectedBecause}; expected a narrower pattern`,
    );
  }
}

/** The fields in which two versions of a watch differ. */
export function changedFields(before: Watch, after: Watch): readonly string[] {
  const keys = [
    'name',
    'target',
    'restart',
    'success',
    'autostart',
    'overrides',
  ] as const satisfies readonly (keyof WatchSpec)[];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
