import { DISTRESSES, type DistressKind } from '../../../shared/distress';
import { compareSeverity } from '../../../shared/lib/format/severity';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import type { Distress, MachineSample } from '../../../shared/model/snapshot';
import { Alarm } from '../alarm';
import type { ChangeBus } from '../events/change-bus';
import type { EnginePorts } from '../ports';
import { distressFound, distressOver, uncheckedText } from './distress-reports';
import { distressKey, openDistress } from './open-distress';
import type { Judgement, MachineReading } from './rule';
import { RULES } from './rules/list';
import { NEW_TRACK, nextTrack, type Agreement, type Track } from './track';

export interface MachineWatchDependencies extends Pick<EnginePorts, 'clock' | 'machineHealth' | 'report'> {
  changeBus: Pick<ChangeBus, 'record'>;
  settings: () => Settings;
  /** The totals of the machine at the last tick. */
  totals: () => MachineSample | null;
  /** The list of distresses is another one. */
  changed: () => void;
  /** Of earlier engines, oldest first. */
  events: readonly HealdeckEvent[];
}

/** What is known of one kind on one disk, or of the machine. */
interface Watched {
  kind: DistressKind;
  track: Track;
  distress: Distress | null;
  /** Checks in a row that showed nothing of it. */
  missed: number;
}

/** The first check waits until the totals of the machine are known. */
const FIRST_CHECK_MS = 1000;
/** A disk that was not found in so many checks is not mounted any more. */
const MAX_MISSED = 3;

/** Whether the machine itself is in distress: checked at a low pace, reported with an incident for each kind and disk. It acts on nothing. */
export class MachineWatch {
  private readonly watched = new Map<string, Watched>();
  private readonly next: Alarm;
  private swapped: { atMs: number; bytes: number } | null = null;
  private shown: readonly Distress[] = [];
  private isChecking = false;
  private disposed = false;

  constructor(private readonly dependencies: MachineWatchDependencies) {
    this.next = new Alarm(dependencies.clock);
    for (const distress of openDistress(dependencies.events)) {
      this.watched.set(distressKey(distress), {
        ...{ kind: distress.kind, track: { ...NEW_TRACK, isActive: true }, distress, missed: 0 },
      });
    }
    this.shown = this.current();
  }

  /** What is wrong now, the most severe first. */
  get distress(): readonly Distress[] {
    return this.shown;
  }

  start(): void {
    this.arm(FIRST_CHECK_MS);
  }

  /** The settings are others from now on: the next check is made soon. */
  settingsChanged(): void {
    if (!this.isChecking) this.arm(FIRST_CHECK_MS);
  }

  dispose(): void {
    this.disposed = true;
    this.next.dispose();
  }

  private arm(delayMs: number): void {
    if (!this.disposed) this.next.set(delayMs, () => void this.check());
  }

  private async check(): Promise<void> {
    this.isChecking = true;
    try {
      const reading = await this.read();
      if (!this.disposed) this.judge(reading);
    } catch (error) {
      this.dependencies.report('checking the machine', error);
    } finally {
      this.isChecking = false;
      this.arm(this.dependencies.settings()['machine.intervalMs']);
    }
  }

  private async read(): Promise<MachineReading> {
    const { machineHealth, totals, clock } = this.dependencies;
    const { disks, swappedBytes, isClockSynchronised } = await machineHealth.read();
    const [before, atMs] = [this.swapped, clock.monotonicMs()];
    this.swapped = swappedBytes === null ? null : { atMs, bytes: swappedBytes };
    const isRate = before !== null && swappedBytes !== null && atMs > before.atMs;
    return {
      ...{ disks, isClockSynchronised, totals: totals() },
      swappedBytesPerSecond: isRate ? Math.max(0, (1000 * (swappedBytes - before.bytes)) / (atMs - before.atMs)) : null,
    };
  }

  private judge(reading: MachineReading): void {
    const settings = this.dependencies.settings();
    const before = this.shown;
    for (const { kind, needed, of } of DISTRESSES) {
      const judgements = RULES[kind](reading, settings);
      const seen = new Set<string>();
      for (const judgement of judgements ?? []) {
        const key = distressKey({ kind, subject: judgement.subject });
        seen.add(key);
        this.apply(key, { ...judgement, kind }, { needed, of });
      }
      for (const [key, watched] of this.watched) {
        if (seen.has(key) || watched.kind !== kind) continue;
        watched.missed += 1;
        // Whatever holds up all disks shows nothing of a single one.
        const isGone = watched.missed >= MAX_MISSED && (reading.disks !== null || watched.distress?.subject === null);
        if (judgements === null || isGone) this.forget(key, watched);
      }
    }
    this.shown = this.current();
    if (JSON.stringify(before) !== JSON.stringify(this.shown)) this.dependencies.changed();
  }

  private apply(key: string, judgement: Judgement & Pick<Distress, 'kind'>, agreement: Agreement): void {
    const { changeBus, clock } = this.dependencies;
    const { track, distress } = this.watched.get(key) ?? { track: NEW_TRACK, distress: null };
    const next = nextTrack(track, judgement.standing, agreement);
    const { kind } = judgement;
    this.watched.set(key, { kind, track: next, distress: this.report(judgement, next, distress), missed: 0 });
    if (distress !== null && !next.isActive) changeBus.record(distressOver(distress, judgement.detail, clock.wallMs()));
  }

  /** What is wrong from now on; null: nothing. Its beginning is reported, and once more if it becomes more severe. */
  private report(
    judgement: Judgement & Pick<Distress, 'kind'>,
    { isActive }: Track,
    before: Distress | null,
  ): Distress | null {
    const { changeBus, clock } = this.dependencies;
    const { kind, subject, detail, severity } = judgement;
    if (!isActive) return null;
    if (before === null) {
      const incident = changeBus.record(distressFound({ kind, subject, severity, detail }, 'opens'));
      return { kind, subject, severity, detail, sinceAt: clock.wallMs(), incident };
    }
    const isWorse = judgement.standing === 'beyond' && compareSeverity(severity, before.severity) > 0;
    if (isWorse) changeBus.record(distressFound({ kind, subject, severity, detail }, before.incident));
    return { ...before, detail, severity: isWorse ? severity : before.severity };
  }

  private forget(key: string, { distress }: Watched): void {
    const { changeBus, clock } = this.dependencies;
    this.watched.delete(key);
    if (distress !== null) changeBus.record(distressOver(distress, uncheckedText(distress), clock.wallMs()));
  }

  private current(): readonly Distress[] {
    return [...this.watched.values()]
      .flatMap(({ distress }) => distress ?? [])
      .sort((one, other) => compareSeverity(other.severity, one.severity) || one.sinceAt - other.sinceAt);
  }
}
