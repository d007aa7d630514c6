import { CHARTED, type LimitMetric } from '../../../shared/findings';
import { earlyReasonOf } from '../heal/heal-reports';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import type { ProbeStatus } from '../../../shared/model/probe';
import type {
  BudgetStatus,
  NextRun,
  Readiness,
  WatchedProcess,
  WatchStatus,
  WatchUse,
} from '../../../shared/model/snapshot';
import type { Watch } from '../../../shared/model/watch';
import { isReady } from '../heal/health';
import { processesOf, type HealMachine, type HealState, type LiveProcess } from '../heal/heal-state';
import { describePhase } from './phase-reason';
import { budgetWindowsOf, probedBy } from '../heal/heal-policy';
import { countWithin } from '../heal/restart-budget';
import type { RestartBudget } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import type { MetricValues } from '../detect/limit-rules';
import type { IoRates } from '../detect/tree-io';
import { cpuWithChildren } from '../detect/tree-reading';

/** What a supervisor knows when it is asked how its watch stands. */
export interface StatusFacts {
  watch: Watch;
  machine: HealMachine;
  /** Since when it is in its phase, in monotonic ms: also where an earlier engine has seen it begin. */
  sinceMs: number;
  index: ProcessIndex;
  settings: Settings;
  incident: number | null;
  /** What is wrong in it, or was in the last one, in words; null: nothing is known. */
  cause: string | null;
  nextRun: NextRun | null;
  /** Why nothing can match at the moment, or null. */
  matchProblem: string | null;
  /** As the limits counted in the last scan. */
  measured: Measured;
  /** How its probes stand. */
  probes: readonly ProbeStatus[];
  programStatus: string | null;
  /** Why a start has to wait for other watches. */
  blockers: readonly string[];
  nowMs: number;
  /** Monotonic to wall time, in ms. */
  toWall: (monotonicMs: number) => number;
}

/** A watch as clients see it. */
export function watchStatus(facts: StatusFacts): WatchStatus {
  const { watch, machine, settings, incident, toWall } = facts;
  const { state, ledger } = machine;
  const readiness = readinessOf(facts);
  const isWrong = incident !== null || isDownByItself(state);
  return {
    watch,
    phase: state.phase,
    reason: describePhase(machine, watch, {
      matchProblem: facts.matchProblem,
      observed: settings.observe,
      readiness,
      blockers: facts.blockers,
    }),
    cause: isWrong ? facts.cause : null,
    readiness,
    probes: facts.probes,
    programStatus: facts.programStatus,
    sinceAt: toWall(facts.sinceMs),
    processes: processesOf(state).map((process) => describeProcess(process, facts)),
    use: watchUse(processesOf(state), facts.index, settings['limits.scope'], facts.measured),
    restarts: ledger.restarts,
    lastRestartAt: ledger.lastRestartAtMs === null ? null : toWall(ledger.lastRestartAtMs),
    nextAttemptAt: nextAttemptAt(facts),
    nextRun: facts.nextRun,
    incident,
    budget: budgetStatus(ledger.budget, facts),
    observed: settings.observe,
    settings,
  };
}

/** It was not the operator who has it down. */
function isDownByItself(state: HealState): boolean {
  if (state.phase === 'failed') return true;
  return state.phase === 'stopped' && ['crash', 'killed', 'gave_up', 'observed'].includes(state.reason);
}

function readinessOf({ machine: { state }, watch }: StatusFacts): Readiness | null {
  if (state.phase !== 'running') return null;
  const probed = probedBy(watch.probes);
  if (!probed.ready && state.health.ready === 'unknown') return null;
  if (isReady(state, { probed })) return 'ready';
  return state.health.ready === 'lost' ? 'lost' : 'awaited';
}

/** What limits count for a process and its tree, where that is known: shared memory once, and the rates of its disk use. */
export interface Measured {
  memoryOf(root: ProcessIdentity): number | null;
  ratesOf(root: ProcessIdentity): IoRates | null;
  valuesOf(root: ProcessIdentity): MetricValues;
}

const NOTHING_MEASURED: Measured = { memoryOf: () => null, ratesOf: () => null, valuesOf: () => new Map() };

/** What processes use together, alone or with their trees; one that is in the tree of another counts once. */
export function watchUse(
  processes: readonly ProcessIdentity[],
  index: ProcessIndex,
  scope: Settings['limits.scope'],
  measured: Measured = NOTHING_MEASURED,
): WatchUse {
  const counted = new Set<number>();
  const use: WatchUse = { cpuPercent: 0, memoryBytes: 0 };
  const counts: Partial<Record<LimitMetric, number>> = {};
  const roots = processes.flatMap((process) => index.find(process) ?? []);
  // Those above others first.
  const trees = roots
    .map((root) => ({ root, below: scope === 'tree' ? index.treeBelow(root) : [] }))
    .sort((a, b) => b.below.length - a.below.length);
  for (const { root, below } of trees) {
    if (counted.has(root.pid)) continue;
    const members = [root, ...below].filter(({ pid }) => !counted.has(pid));
    for (const member of members) {
      counted.add(member.pid);
      use.cpuPercent += scope === 'tree' ? cpuWithChildren(member) : member.cpuPercent;
    }
    use.memoryBytes += measured.memoryOf(root) ?? members.reduce((total, { rssBytes }) => total + rssBytes, 0);
    const rates = measured.ratesOf(root);
    if (rates !== null) {
      use.diskReadBytesPerSecond = (use.diskReadBytesPerSecond ?? 0) + rates.readPerSecond;
      use.diskWriteBytesPerSecond = (use.diskWriteBytesPerSecond ?? 0) + rates.writtenPerSecond;
    }
    const values = measured.valuesOf(root);
    for (const { metric } of CHARTED) {
      const value = values.get(metric);
      if (value !== undefined) counts[metric] = (counts[metric] ?? 0) + value;
    }
  }
  return Object.keys(counts).length === 0 ? use : { ...use, counts };
}

function nextAttemptAt({ machine: { state, ledger }, toWall }: StatusFacts): number | null {
  if (state.phase === 'backoff') return toWall(state.dueMs);
  const { cooldown } = ledger.budget;
  return state.phase === 'cooldown' && cooldown !== null ? toWall(cooldown.untilMs) : null;
}

function budgetStatus(budget: RestartBudget, { settings, nowMs, toWall }: StatusFacts): BudgetStatus {
  const { cooldown, trips } = budget;
  return {
    windows: budgetWindowsOf(settings).map(({ restarts, windowMs }) => ({
      restarts,
      windowMs,
      used: countWithin(budget, nowMs, windowMs),
    })),
    cooldown:
      cooldown === null
        ? null
        : {
            startedAt: toWall(cooldown.startedAtMs),
            until: toWall(cooldown.untilMs),
            restarts: cooldown.restarts,
            windowMs: cooldown.windowMs,
            ...earlyReasonOf(cooldown),
          },
    trips,
  };
}

function describeProcess(process: LiveProcess, { index, settings, toWall }: StatusFacts): WatchedProcess {
  const sample = index.find(process);
  const startedAt = sample?.startedAt ?? toWall(process.startedAtMs);
  return {
    pid: process.pid,
    startTime: process.startTime,
    origin: process.origin,
    name: sample?.name ?? '',
    state: sample?.state ?? 'unknown',
    cpuPercent: sample?.cpuPercent ?? 0,
    rssBytes: sample?.rssBytes ?? 0,
    threads: sample?.threads ?? 0,
    descendants: sample === null ? 0 : index.descendantsOf(process.pid).length,
    startedAt,
    graceEndsAt: startedAt + settings['start.graceMs'],
  };
}
