import type { Actor } from '../../../../shared/model/event';
import { sameIdentity } from '../../../../shared/model/process';
import { isFlapping } from '../flapping';
import type {
  ClearResult,
  ForbiddenStanding,
  HealContext,
  HealEffect,
  HealMachine,
  HealState,
  RecoveryPlace,
  RestartLedger,
  Sighted,
  Sightings,
  Transition,
} from '../heal-state';
import { askBudget, forgetTrips, recordRestart } from '../restart-budget';
import { emitEvent, spend, stay } from '../steps';
import { allowedReport, endedReport, foundReport, goneReport } from './reports';

/**
 * The life of a watch whose program must not run.
 *
 * ```text
 *  stopped ── start ──► absent ── sighted ──► present (ending) ── cleared ──► absent
 *     ▲                   ▲                      │     ▲  │ something can't be ended
 *     │                   │       observe mode   │     │  ▼
 *     │                   ├──── present (observed)     │ present (surviving)
 *     │                   │       too many ends  │     │
 *     │                   ├──── present (limited) ─ due ┘
 *     └─ stop ─── from    └ due: its incident is over
 *        everywhere
 * ```
 * Each end counts in the budget as a restart of another watch does, so that nothing that brings the program back can make Healdeck
 * end it without limit.
 */

type Absent = HealState & { phase: 'absent' };
type Present = HealState & { phase: 'present' };

/** All that runs of it by a scan. */
export function onSighted(machine: HealMachine, programs: readonly Sighted[], context: HealContext): Transition {
  const { state } = machine;
  if (state.phase !== 'absent' && state.phase !== 'present') return stay(machine);
  // What comes up meanwhile is found once the end is through.
  if (isEnding(state) || context.shuttingDown) return stay(machine);
  if (programs.length === 0)
    return state.phase === 'present' ? absent(machine, state.sightings, context) : stay(machine);
  const known = state.phase === 'present' ? state.processes : [];
  const fresh = programs.filter(({ process }) => !known.some((one) => sameIdentity(one, process)));
  const isKnown = fresh.length === 0;
  if (isKnown && state.phase === 'present') {
    const processes = programs.map(({ process }) => process);
    return processes.length === known.length
      ? stay(machine)
      : { ...machine, state: { ...state, processes }, effects: [] };
  }
  return answer(machine, programs, fresh, context);
}

/** Ends what was found, as far as that is allowed, and reports it. */
function answer(
  { state, ledger }: HealMachine,
  programs: readonly Sighted[],
  fresh: readonly Sighted[],
  context: HealContext,
): Transition {
  const { nowMs, policy } = context;
  const before = sightingsOf(state);
  const sightings = counted(before, fresh, ledger, context);
  const processes = programs.map(({ process }) => process);
  const present = (standing: ForbiddenStanding): Present => ({
    ...{ phase: 'present', sinceMs: state.phase === 'present' ? state.sinceMs : nowMs },
    ...{ processes, standing, sightings },
  });
  const found = (answered: 'ended' | 'observed' | 'limited'): readonly HealEffect[] => {
    const place = placeOf(before, ledger, context);
    return reportedOf(fresh, sightings, answered).map(({ one, times }, at) =>
      emitEvent(foundReport(one, { times, answer: answered }, context), at === 0 ? place : 'continues'),
    );
  };
  if (policy.observe) return { state: present('observed'), ledger, effects: found('observed') };
  const asked = askBudget(ledger.budget, nowMs, policy.budget);
  if (!asked.granted) {
    // In a cooldown that has begun there is nothing new to report, however often it comes.
    const effects = ledger.budget.cooldown === null || before === null ? found('limited') : [];
    const spent = spend({ state, ledger }, asked, null, context);
    return {
      state: present('limited'),
      ledger: spent.ledger,
      effects: [
        ...effects,
        ...spent.effects.map((effect) =>
          effect.type === 'emit' ? { ...effect, recovery: 'continues' as const } : effect,
        ),
      ],
    };
  }
  return {
    state: present('ending'),
    ledger: { ...ledger, budget: recordRestart(ledger.budget, nowMs, policy.budget) },
    effects: [...found('ended'), { type: 'clear', roots: processes, scope: 'leftovers', atOnce: false }],
  };
}

/** The end that was under way is through. */
export function onForbiddenCleared(
  machine: HealMachine,
  state: Present,
  result: ClearResult,
  context: HealContext,
): Transition {
  if (state.standing !== 'ending') return stay(machine);
  const surviving = state.processes.filter(({ pid }) => result.survivors.includes(pid));
  const effects =
    result.pids.length + result.survivors.length === 0
      ? []
      : [emitEvent(endedReport(result, state.sightings, context), 'continues')];
  if (surviving.length === 0) return { ...absent(machine, state.sightings, context), effects };
  return { ...machine, state: { ...state, processes: surviving, standing: 'surviving' }, effects };
}

/** One of them has ended by itself, or for the signals. */
export function onForbiddenExited(
  machine: HealMachine,
  state: Present,
  processes: Present['processes'],
  context: HealContext,
): Transition {
  if (isEnding(state) || processes.length > 0) return { ...machine, state: { ...state, processes }, effects: [] };
  return absent(machine, state.sightings, context);
}

/** What was only reported, or was left running for a cooldown, is ended now. */
export function onForbiddenAllowed(machine: HealMachine, context: HealContext): Transition {
  const { state, ledger } = machine;
  if (state.phase !== 'present' || isEnding(state) || context.policy.observe) return stay(machine);
  if (ledger.budget.cooldown !== null) return stay(machine);
  const { budget } = ledger;
  return {
    state: { ...state, standing: 'ending' },
    ledger: { ...ledger, budget: recordRestart(budget, context.nowMs, context.policy.budget) },
    effects: [{ type: 'clear', roots: state.processes, scope: 'leftovers', atOnce: false }],
  };
}

/** It has stayed away for long enough: its incident is over, and the next one starts from the first cooldown. */
export function onStayedAway(machine: HealMachine, state: Absent, context: HealContext): Transition {
  const { nowMs, policy } = context;
  const { sightings } = state;
  let { ledger } = machine;
  if (ledger.budget.trips > 0 && nowMs >= state.sinceMs + policy.stableMs) {
    ledger = { ...ledger, budget: forgetTrips(ledger.budget) };
  }
  if (sightings === null || nowMs < state.sinceMs + goneAfterMs(sightings, policy)) {
    return { state, ledger, effects: [] };
  }
  const { firstAtMs, times } = sightings;
  return {
    state: { ...state, sightings: null },
    ledger: { ...ledger, lastConfirmedHeal: { atMs: nowMs, openedAtMs: firstAtMs, attempts: times } },
    effects: [emitEvent(goneReport(sightings, state.sinceMs, context), 'closes')],
  };
}

/** When `due` is next worth sending. */
export function absentDueMs(
  { state, ledger }: { state: Absent; ledger: RestartLedger },
  policy: HealContext['policy'],
): readonly number[] {
  return [
    ...(state.sightings === null ? [] : [state.sinceMs + goneAfterMs(state.sightings, policy)]),
    ...(ledger.budget.trips === 0 ? [] : [state.sinceMs + policy.stableMs]),
  ];
}

/** The watch begins, or goes on, to keep its program from running. */
export function forbid({ ledger }: HealMachine, inIncident: boolean, { nowMs }: HealContext): Transition {
  const sightings = inIncident ? { firstAtMs: nowMs, times: 0, startedBy: null } : null;
  return { state: { phase: 'absent', sinceMs: nowMs, sightings }, ledger, effects: [] };
}

/** Its program may run from now on, until the watch is started again. */
export function allow({ state, ledger }: HealMachine, actor: Actor, context: HealContext): Transition {
  const report = emitEvent(allowedReport(actor, context), sightingsOf(state) === null ? 'none' : 'closes');
  return { state: { phase: 'stopped', sinceMs: context.nowMs, reason: 'operator' }, ledger, effects: [report] };
}

/** Whether an end is under way. */
export function isEnding(state: HealState): boolean {
  return state.phase === 'present' && state.standing === 'ending';
}

function absent({ ledger }: HealMachine, sightings: Sightings, { nowMs }: HealContext): Transition {
  return { state: { phase: 'absent', sinceMs: nowMs, sightings }, ledger, effects: [] };
}

function sightingsOf(state: HealState): Sightings | null {
  return state.phase === 'absent' || state.phase === 'present' ? state.sightings : null;
}

/** What comes back soon after its incident was closed belongs to that one. */
function counted(
  before: Sightings | null,
  fresh: readonly Sighted[],
  ledger: RestartLedger,
  { nowMs, policy }: HealContext,
): Sightings {
  const last = isFlapping(ledger, nowMs, policy) ? ledger.lastConfirmedHeal : null;
  const begun =
    before ??
    (last === null || last === undefined
      ? { firstAtMs: nowMs, times: 0 }
      : { firstAtMs: last.openedAtMs, times: last.attempts });
  return { ...begun, times: begun.times + fresh.length, startedBy: fresh.at(-1)?.startedBy ?? null };
}

function placeOf(before: Sightings | null, ledger: RestartLedger, { nowMs, policy }: HealContext): RecoveryPlace {
  if (before !== null) return 'continues';
  return isFlapping(ledger, nowMs, policy) ? 'reopens' : 'opens';
}

/** Where nothing is done about it, each doubling of the starts is reported: a loop must not fill the log. */
function reportedOf(
  fresh: readonly Sighted[],
  { times }: Sightings,
  answered: 'ended' | 'observed' | 'limited',
): readonly { one: Sighted; times: number }[] {
  const numbered = fresh.map((one, at) => ({ one, times: times - fresh.length + at + 1 }));
  if (answered === 'observed') return numbered.filter((one) => Number.isInteger(Math.log2(one.times)));
  return numbered.slice(0, MAX_REPORTED);
}

/** Programs of one scan that are reported one by one. */
const MAX_REPORTED = 5;

/** What came back once may come back again. */
function goneAfterMs({ times }: Sightings, { verifyMs, flappingMs }: HealContext['policy']): number {
  return times > 1 ? Math.max(verifyMs, flappingMs) : verifyMs;
}
