import { hasInstance, specOfInstance } from '../../../shared/lib/instances';
import type { ProbeCheck } from '../../../shared/model/probe';
import type { FailureReason } from '../../../shared/model/event-parts';
import type { MatchPreview } from '../../../shared/model/process';
import { conflictsOf, resolveSettings, type Settings } from '../../../shared/model/settings';
import {
  isForbidden,
  sameName,
  startCommandOf,
  type Target,
  type Watch,
  type WatchSpec,
} from '../../../shared/model/watch';
import type { Spawner } from '../ports';
import { Refusal } from '../refusal';
import { checkForbidden } from './forbidden-check';
import { checkProbes } from './probe-check';

/** What a watch is checked against. */
export interface SpecSurroundings {
  spawner: Pick<Spawner, 'check'>;
  /** What a target matches by the latest scan. */
  matchesOf: (target: Target) => MatchPreview;
  /** The settings that hold for all watches. */
  overrides: Partial<Settings>;
}

/** Which part of a command a failure to start it is about, where that is not the program. */
const FAILED_PARTS: Readonly<Partial<Record<FailureReason, string>>> = { bad_cwd: 'cwd', bad_user: 'user' };
const PATTERN = ['target', 'pattern'];

/**
 * Refuses a watch that can't work or could do harm, before anything is changed.
 * @throws Refusal `invalid` or `protected`, with what was expected
 */
export function checkSpec(spec: WatchSpec, surroundings: SpecSurroundings): void {
  checkInstances(spec);
  // Each one that there may be, so that scaling up meets no surprise.
  for (let number = 1; number <= (spec.instances?.max ?? 1); number += 1) {
    checkProgram(spec.instances === undefined ? spec : specOfInstance(spec, number), surroundings);
  }
}

/** What would make instances claim the same program, or leaves a place for a number that nobody fills in. */
function checkInstances({ name, target, probes, instances }: WatchSpec): void {
  if (instances === undefined) {
    const open = probes.find(({ check }) => isOfInstance(check));
    if (open === undefined) return;
    throw new Refusal(
      'invalid',
      `Expected instances for probe ${open.name}, which asks each by its number, as in: --instances 2`,
    );
  }
  if (target.kind !== 'match' || instances.max === 1 || hasInstance(target.pattern)) return;
  throw new Refusal(
    'invalid',
    `Expected {instance} in the pattern of ${name}: without it its instances would all claim the same program`,
  );
}

function isOfInstance(check: ProbeCheck): boolean {
  return 'plusInstance' in check || (check.kind === 'http' && hasInstance(check.url));
}

function checkProgram(spec: WatchSpec, { spawner, matchesOf, overrides }: SpecSurroundings): void {
  const command = startCommandOf(spec.target);
  if (command !== null) {
    const part = spec.target.kind === 'command' ? 'command' : 'start';
    if (!/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(command.cwd)) {
      throw new Refusal('invalid', `Expected an absolute directory to start in, got "${command.cwd}"`, [
        'target',
        part,
        'cwd',
      ]);
    }
    const failure = spawner.check(command);
    if (failure !== null) {
      throw new Refusal('invalid', failure.message, ['target', part, FAILED_PARTS[failure.reason] ?? 'argv']);
    }
  }
  if (spec.schedule !== null && command === null) {
    throw new Refusal(
      'invalid',
      'Expected a start command, since a schedule starts or restarts the program, as in: --start -- CMD ARG…',
    );
  }
  const preview = matchesOf(spec.target);
  const { candidates, problem } = preview;
  // A file that can't be trusted is refused; one that names nobody yet, or a stranger, may be right tomorrow.
  const isPidfile = spec.target.kind !== 'command' && spec.target.by === 'pidfile';
  if (isPidfile && problem !== null && candidates.length === 0) throw new Refusal('invalid', problem, PATTERN);
  const untouchable = candidates.find(({ verdict }) => verdict === 'protected');
  if (untouchable !== undefined) {
    throw new Refusal(
      'protected',
      `The pattern matches pid ${untouchable.pid} (${untouchable.name}), which is never touched: ${untouchable.reason}; expected a narrower pattern`,
      PATTERN,
    );
  }
  if (spec.target.kind === 'forbidden') checkForbidden(spec, spec.target, preview);
  const settings = resolveSettings(overrides, spec.overrides);
  checkProbes(spec, settings['mask.words']);
  const [conflict] = conflictsOf(settings);
  if (conflict !== undefined) throw new Refusal('invalid', conflict);
}

/** @throws Refusal `conflict` when one of these watches has the name already */
export function checkName(name: string, others: readonly Watch[]): void {
  const taken = others.find((watch) => sameName(watch.name, name));
  if (taken === undefined) return;
  throw new Refusal('conflict', `Expected a name that is not in use; "${taken.name}" is watched already`, ['name']);
}

/** @throws Refusal `conflict` when it would be found in another way while it runs */
export function checkTarget({ target }: WatchSpec, before: Watch, isRunning: boolean): void {
  if (isForbidden({ target }) !== isForbidden(before)) {
    throw new Refusal(
      'conflict',
      `Expected ${before.name} to stay a watch whose program must ${isForbidden(before) ? 'not run' : 'run'}; remove it and add another one`,
    );
  }
  if (!isRunning || target.kind === before.target.kind) return;
  throw new Refusal(
    'conflict',
    `Expected ${before.name} to be stopped before it is found in another way; stop it first`,
  );
}

/** The fields in which two versions of a watch differ. */
export function changedFields(before: Watch, after: Watch): readonly string[] {
  const keys = [
    'name',
    'groups',
    'target',
    'restart',
    'success',
    'autostart',
    'after',
    'probes',
    'schedule',
    'instances',
    'overrides',
  ] as const satisfies readonly (keyof WatchSpec)[];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
