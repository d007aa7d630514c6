import { isJob } from '../../../shared/model/schedule';
import { identityKey } from '../../../shared/model/process';
import { startCommandOf } from '../../../shared/model/watch';
import type {
  FollowedWatch,
  HealContext,
  HealInput,
  HealMachine,
  HealState,
  RestartLedger,
  Takeover,
  Transition,
} from './heal-state';

/*
 * A run is one life of a program, from its start to its end, over heirs, resumes and engines: it is named after the first process that was
 * known of it. A watch remembers the runs of others that its own run began with; where one of these is another by now, and is to be
 * followed (`Dependency.restart`), the watch is restarted.
 */

/** Those of which another run has begun since this one began. */
export function renewedOf(
  { state, ledger }: HealMachine,
  { followed, watch }: Pick<HealContext, 'followed' | 'watch'>,
): readonly FollowedWatch[] {
  // The run of a job ends by itself, and the next one begins with what is there by then.
  if (state.phase !== 'running' || isJob(watch) || startCommandOf(watch.target) === null) return [];
  return followed.filter(({ id, run }) => {
    const before = ledger.ranWith?.[id];
    return before !== undefined && run !== undefined && run !== null && run !== before;
  });
}

/** Whether the runs of all that it follows are known: those of a new dependency are learnt, and those of a former one forgotten. */
export function knowsRuns({ ledger }: HealMachine, { followed }: Pick<HealContext, 'followed'>): boolean {
  const known = Object.keys(ledger.ranWith ?? {});
  const now = followed.filter(({ run }) => run !== undefined).map(({ id }) => id);
  return now.every((id) => known.includes(id)) && known.every((id) => followed.some((one) => one.id === id));
}

/** Whether a restart with others waits for nothing: ending what may not, or can't, be started again makes it worse. */
export function mayFollow(
  { ledger }: HealMachine,
  { blockers, followed, healingPaused, shuttingDown }: HealContext,
): boolean {
  const isHeld = healingPaused || shuttingDown || ledger.budget.cooldown !== null;
  return !isHeld && blockers.length === 0 && followed.every(({ isSettled }) => isSettled);
}

/** Whether another restart is coming: it is not yet as those that follow it may rely on. */
export function isToFollow(machine: HealMachine, context: HealContext): boolean {
  const { policy, healingPaused } = context;
  const isHeld = policy.observe || healingPaused || machine.ledger.budget.cooldown !== null;
  return !isHeld && renewedOf(machine, context).length > 0;
}

/** The same machine, with the run that has begun and the runs that it began with. */
export function withRuns(before: HealMachine, after: Transition, input: HealInput, context: HealContext): Transition {
  const begins = isUp(after.state) && !isUp(before.state);
  const launches = after.effects.some(({ type }) => type === 'launch');
  const isFound = begins && before.state.phase !== 'starting' && input.type !== 'taken_over';
  const ledger = {
    ...after.ledger,
    ...(begins ? runThatBegins(after, input, context) : {}),
    ...ranWithOf(after, launches || isFound, context),
  };
  return { ...after, ledger };
}

function isUp({ phase }: HealState): boolean {
  return phase === 'running' || phase === 'suspended';
}

function runThatBegins(
  { state, ledger }: HealMachine,
  input: HealInput,
  context: HealContext,
): Pick<RestartLedger, 'run'> {
  if (input.type === 'taken_over' && ledger.run !== undefined && isInherited(input.takeover, context)) return {};
  const [first] = 'processes' in state ? state.processes : [];
  return first === undefined ? {} : { run: identityKey(first) };
}

/** Whether what the earlier engine knew as running is what runs now. */
function isInherited(takeover: Takeover, { watch }: HealContext): boolean {
  const gone = 'gone' in takeover ? takeover.gone : [];
  return watch.target.kind === 'match' ? !gone.some(({ role }) => role === 'main') : gone.length === 0;
}

/** What is not known of a run is how it is now: it was not watched before. */
function ranWithOf(
  { state, ledger }: HealMachine,
  anew: boolean,
  { followed }: HealContext,
): Pick<RestartLedger, 'ranWith'> {
  if (followed.length === 0 && ledger.ranWith === undefined) return {};
  const before = anew ? {} : (ledger.ranWith ?? {});
  const entries = followed.flatMap(({ id, run }): [string, string | null][] => {
    const known = before[id] ?? (before[id] === null || !(anew || isUp(state)) ? before[id] : run);
    return known === undefined ? [] : [[id, known]];
  });
  return { ranWith: Object.fromEntries(entries) };
}
