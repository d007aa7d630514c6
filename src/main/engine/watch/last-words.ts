import { lastWordsReport } from './last-words-report';
import type { RuntimeDump } from '../../../shared/model/last-words';
import { identityKey, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import type { WatchUse } from '../../../shared/model/snapshot';
import type { Watch } from '../../../shared/model/watch';
import { utf8Length } from '../../../shared/lib/text/utf8';
import { Alarm } from '../alarm';
import { processesOf, type DraftOfWatch, type HealState, type LiveProcess } from '../heal/heal-state';
import type { TreeActions } from '../kill/tree-actions';
import { outputEnds, sameEnds, type OutputEnds } from '../output-ends';
import type { EnginePorts } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import { toWallMs } from '../wall-time';
import type { Lifecycle } from './lifecycle';
import type { OpenIncident } from './open-incident';
import { READINGS_KEPT, RecentReadings } from './recent-readings';

export interface LastWordsDependencies extends Pick<
  EnginePorts,
  'clock' | 'table' | 'output' | 'lastWords' | 'report'
> {
  life: Lifecycle;
  incident: OpenIncident;
  actions: TreeActions;
  watch: () => Watch;
  settings: () => Settings;
  /** The last scan. */
  index: () => ProcessIndex;
  /** What the watch uses in it. */
  use: () => WatchUse;
}

/** How much of the past is kept. */
const SPAN_MS = READINGS_KEPT * 1000;
/** A program that lives no longer has little to show, and in a loop its words would fill the history. */
const MIN_RUN_SECONDS = 10;
/** Processes that are read beside the main one. */
const MAX_BESIDE_MAIN = 8;
/** The end waits no longer for what the kernel knows. */
const READ_LIMIT_MS = 200;
/** Of what is written for a dump, standard error and standard output together. */
const MAX_DUMP_BYTES = 64 * 1024;
const POLL_INTERVAL_MS = 50;
/** A dump is complete when nothing was written for so long. */
const QUIET_MS = 300;

/**
 * Keeps what a program did before it ended: its last readings, and where it is ended for a limit or an anomaly, what its threads were doing
 * and what its runtime says about that.
 */
export class LastWords {
  private readonly readings = new RecentReadings();
  private readonly wait: Alarm;
  private disposed = false;

  constructor(private readonly dependencies: LastWordsDependencies) {
    this.wait = new Alarm(dependencies.clock);
  }

  /** Nothing goes on that waits for a dump. */
  dispose(): void {
    this.disposed = true;
    this.wait.dispose();
  }

  /** What the watch uses in the last scan. */
  keep(use: WatchUse): void {
    this.readings.add(this.dependencies.index().atMs, use);
  }

  /** Reports the readings before a crash, beside the incident that it belongs to. */
  ofCrash(crash: DraftOfWatch, incident: number | null): void {
    if (crash.type !== 'crash_detected' || incident === null) return;
    const { uptimeSeconds, whileEngineWasDown } = crash.data;
    if (whileEngineWasDown || uptimeSeconds === null || uptimeSeconds < MIN_RUN_SECONDS) return;
    const nowMs = this.dependencies.clock.monotonicMs();
    const readings = this.between(nowMs - uptimeSeconds * 1000, nowMs);
    const found = { readings, processes: [], dump: null, tookMs: 0 };
    const { name } = this.dependencies.watch();
    const report = lastWordsReport(found, { pid: crash.pid, when: 'after a crash' }, name);
    if (report !== null) this.dependencies.incident.reportBeside(name, report, incident);
  }

  /**
   * Reports what the program is doing that is about to be ended for a limit or an anomaly; for another reason, nothing. Returns the process
   * that was sent a signal for it, or null: it may have ended by that. Never rejects: an end does not depend on it.
   */
  async beforeEnd(): Promise<ProcessIdentity | null> {
    const { life, report, watch } = this.dependencies;
    const [main, ...others] = mainFirst(processesOf(life.state));
    if (!isForFinding(life.state) || main === undefined) return null;
    try {
      return await this.collect(main, others);
    } catch (error) {
      report(`the last words of ${watch().name}`, error);
      return null;
    }
  }

  private async collect(main: LiveProcess, others: readonly LiveProcess[]): Promise<ProcessIdentity | null> {
    const { clock, incident, lastWords, index, watch, use } = this.dependencies;
    const beganMs = clock.monotonicMs();
    // The scan that has led to this; while a dump is waited for, others follow.
    this.keep(use());
    const readings = this.between(main.startedAtMs, beganMs);
    const processes = await lastWords.read([main, ...busiestBeside(main, others, index())], READ_LIMIT_MS);
    if (this.disposed) return null;
    const dump = await this.dump(main);
    const found = { readings, processes, dump, tookMs: clock.monotonicMs() - beganMs };
    const { name } = watch();
    const report = lastWordsReport(found, { pid: main.pid, when: 'before its end' }, name);
    if (report !== null) incident.report(name, report, 'continues');
    return dump === null ? null : main;
  }

  /** What the runtime writes when it is asked; null: it can't be asked, or is not to be. */
  private async dump(main: ProcessIdentity): Promise<RuntimeDump | null> {
    const { output, actions, watch, settings, index } = this.dependencies;
    const { 'dump.signal': signal, 'dump.waitMs': waitMs } = settings();
    if (signal === 'none') return null;
    const from = outputEnds(output, watch());
    if (!actions.requestDump(main, signal, index())) return null;
    await this.written(main, from, waitMs);
    const err = output.since(watch(), 'err', from.err, MAX_DUMP_BYTES);
    const out = output.since(watch(), 'out', from.out, Math.max(0, MAX_DUMP_BYTES - utf8Length(err.text)));
    return { signal, text: `${err.text}${out.text}`, truncated: err.truncated || out.truncated };
  }

  /** Resolves once the dump is complete, the process has ended, or the time is over; also once the operator wants something else. */
  private async written(main: ProcessIdentity, from: OutputEnds, waitMs: number): Promise<void> {
    const { clock, table, life, output, watch } = this.dependencies;
    const deadlineMs = clock.monotonicMs() + waitMs;
    let [end, grewAtMs] = [from, Infinity];
    while (clock.monotonicMs() < deadlineMs && table.isAlive(main) && isForFinding(life.state)) {
      await new Promise<void>((resolve) => this.wait.set(POLL_INTERVAL_MS, resolve));
      const now = outputEnds(output, watch());
      if (!sameEnds(now, end)) [end, grewAtMs] = [now, clock.monotonicMs()];
      else if (clock.monotonicMs() - grewAtMs >= QUIET_MS) return;
    }
  }

  /** Of the last minutes, and not of a run before. */
  private between(fromMs: number, untilMs: number): { at: number; cpuPercent: number; memoryBytes: number }[] {
    const { clock } = this.dependencies;
    return this.readings
      .between(Math.max(fromMs, untilMs - SPAN_MS), untilMs)
      .map(({ atMs, ...use }) => ({ at: toWallMs(clock, atMs), ...use }));
  }
}

/** Whether the end that is under way was decided because of a limit or an anomaly. */
function isForFinding(state: HealState): boolean {
  if (state.phase !== 'stopping') return false;
  const { next } = state;
  return next.kind === 'kill' || (next.kind === 'heal' && next.reason !== null);
}

function mainFirst(processes: readonly LiveProcess[]): readonly LiveProcess[] {
  return [...processes].sort((one, other) => Number(other.role === 'main') - Number(one.role === 'main'));
}

/** Of its tree and the other roots those that use the processor most, and of those that don't, the largest: what hangs or leaks is among them. */
function busiestBeside(
  main: ProcessIdentity,
  others: readonly ProcessIdentity[],
  index: ProcessIndex,
): readonly ProcessSample[] {
  const roots = [main, ...others].flatMap((root) => index.find(root) ?? []);
  const all = roots.flatMap((root) => [root, ...index.treeBelow(root)]);
  const beside = new Map(all.map((sample) => [identityKey(sample), sample]));
  beside.delete(identityKey(main));
  return [...beside.values()]
    .sort((one, other) => other.cpuPercent - one.cpuPercent || other.rssBytes - one.rssBytes)
    .slice(0, MAX_BESIDE_MAIN);
}
