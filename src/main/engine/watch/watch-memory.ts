import { assertNever } from '../../../shared/lib/assert-never';
import {
  processesOf,
  type HealMachine,
  type HealState,
  type ConfirmedHeal,
  type RestartLedger,
} from '../heal/heal-state';
import { FULL_BUDGET } from '../heal/restart-budget';
import type { Clock, PersistedWatch } from '../ports';
import { toMonotonicMs, toWallMs } from '../wall-time';

type Now = Pick<Clock, 'monotonicMs' | 'wallMs'>;

/** What the next engine must know of a phase other than stopped. */
const MEMORABLE_PHASES: Partial<Record<HealState['phase'], string>> = { failed: 'gave_up', suspended: 'suspended' };

/** What is known of a watch beside its life. */
export interface Remembered extends Pick<PersistedWatch, 'incident' | 'cause' | 'launch' | 'starts' | 'schedule'> {
  lastIncident: number | null;
  /** Since when it is in its phase, in monotonic ms. */
  sinceMs: number;
  /** What is wrong, in words. */
  problem: string | null;
  /** Of the last start, and of the last that was executed. */
  lastMark: string | null;
  executedMark: string | null;
}

/** What the next engine must know of a watch. */
export function memoryOf(
  { state, ledger }: HealMachine,
  { incident, cause, lastIncident, problem, sinceMs, launch, lastMark, executedMark, starts, schedule }: Remembered,
  clock: Now,
): PersistedWatch {
  return {
    desired: isToStayDown(state) ? 'stopped' : 'active',
    reason: state.phase === 'stopped' ? state.reason : (MEMORABLE_PHASES[state.phase] ?? 'operator'),
    processes: (state.phase === 'stopping' ? state.ending : processesOf(state)).map(
      ({ pid, startTime, origin, role, heir, startedAtMs, isStartUnknown }) => ({
        pid,
        startTime,
        origin: origin === 'match' ? 'match' : 'child',
        ...(role === undefined ? {} : { role }),
        ...(heir === undefined ? {} : { heir: true }),
        ...(isStartUnknown === true ? {} : { startedAtMs }),
      }),
    ),
    since: { phase: state.phase, atMs: sinceMs },
    consecutive: ledger.consecutive,
    restarts: ledger.restarts,
    lastRestartAt: ledger.lastRestartAtMs === null ? null : toWallMs(clock, ledger.lastRestartAtMs),
    incident,
    ...(cause === undefined ? {} : { cause }),
    ...(problem === null ? {} : { problem }),
    ...(lastIncident === null || !ledger.lastConfirmedHeal
      ? {}
      : { recovery: { ...ledger.lastConfirmedHeal, incident: lastIncident } }),
    starting: state.phase === 'starting',
    ...(lastMark === null
      ? {}
      : {
          start: {
            ...{ mark: lastMark, countedAtMs: state.phase === 'starting' ? countedAtMs(state) : null },
            ...(executedMark === null ? {} : { executed: executedMark }),
          },
        }),
    ...(state.phase === 'starting' && state.cause.replaces !== undefined
      ? { replaced: { actor: state.cause.actor, pids: state.cause.replaces.ended } }
      : {}),
    ...(ledger.run !== undefined && (state.phase === 'running' || state.phase === 'suspended')
      ? { run: ledger.run }
      : {}),
    ...(ledger.ranWith === undefined ? {} : { ranWith: ledger.ranWith }),
    budget: ledger.budget,
    lastExits: ledger.lastExits,
    launch,
    ...(starts === undefined ? {} : { starts }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** The counts of an earlier engine. After a reboot they are zero, and the monotonic times of the last boot mean nothing. */
export function ledgerFrom(memory: PersistedWatch, sameBoot: boolean, clock: Now): RestartLedger {
  return {
    consecutive: sameBoot ? memory.consecutive : 0,
    restarts: memory.restarts,
    lastRestartAtMs: memory.lastRestartAt === null ? null : toMonotonicMs(clock, memory.lastRestartAt),
    budget: sameBoot ? memory.budget : FULL_BUDGET,
    lastExits: sameBoot ? memory.lastExits : [],
    ...(sameBoot && memory.run !== undefined ? { run: memory.run } : {}),
    ...(sameBoot && memory.ranWith !== undefined ? { ranWith: memory.ranWith } : {}),
    ...(sameBoot && memory.recovery !== undefined ? { lastConfirmedHeal: recoveryFrom(memory.recovery) } : {}),
  };
}

/** As what the start that is under way stands in the budget already (`countAttempt`); null: it does not. */
function countedAtMs({ cause, shortage, sinceMs }: HealState & { phase: 'starting' }): number | null {
  return cause.kind === 'heal' && shortage === null ? sinceMs : null;
}

function recoveryFrom({ atMs, openedAtMs, attempts }: NonNullable<PersistedWatch['recovery']>): ConfirmedHeal {
  return { atMs, openedAtMs, attempts };
}

/** Whether the next engine of this boot leaves it down. What ended because the machine shuts down is to come back. */
function isToStayDown(state: HealState): boolean {
  switch (state.phase) {
    case 'stopped':
      return state.reason !== 'shutdown';
    case 'stopping':
      return state.next.kind === 'stop';
    case 'failed':
      return true;
    case 'waiting':
    case 'blocked':
    case 'starting':
    case 'running':
    case 'backoff':
    case 'cooldown':
    case 'held':
    case 'suspended':
    case 'absent':
    case 'present':
      return false;
    default:
      return assertNever(state);
  }
}
