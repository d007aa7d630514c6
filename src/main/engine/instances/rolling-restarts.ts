import type { Actor, EventDraft, HealdeckEvent } from '../../../shared/model/event';
import type { RollingProgress, RollingResult } from '../../../shared/model/snapshot';
import { formatDuration } from '../../../shared/lib/format/duration';
import type { Watch } from '../../../shared/model/watch';
import type { ChangeBus } from '../events/change-bus';
import type { EnginePorts } from '../ports';
import { Refusal } from '../refusal';
import type { Roster } from '../watch/roster';
import type { Supervisor } from '../watch/supervisor';
import { memberProgress, rollingWidth } from './rolling-plan';

/** Time between two looks at an instance that is to become ready. */
const POLL_INTERVAL_MS = 100;
/** What a restart may take beside the grace of its end and the time to become ready. */
const SLACK_MS = 10_000;

export interface RollingRestartsDependencies extends Pick<EnginePorts, 'clock'> {
  roster: Roster;
  changeBus: ChangeBus;
}

export interface RollingRequest {
  watch: Watch;
  /** How many instances stay ready; undefined: all but one. */
  keep: number | undefined;
  actor: Actor;
}

interface UnderWay {
  watch: Watch;
  actor: Actor;
  progress: RollingProgress;
  restarted: string[];
}

/**
 * Restarts the instances of a watch so that some stay ready: the next ones only once those before are ready. It belongs to the engine, not to the
 * client that asked for it, and its end is reported whatever it is.
 */
export class RollingRestarts {
  private readonly underWay = new Map<string, UnderWay>();
  private disposed = false;

  constructor(private readonly dependencies: RollingRestartsDependencies) {}

  /** How far the one of a watch is, by its id; undefined: there is none. */
  progressOf(keptId: string): RollingProgress | undefined {
    return this.underWay.get(keptId)?.progress;
  }

  /** Resolves when all instances are through, or it has stopped at one. @throws Refusal when it can't begin */
  async run({ watch, keep, actor }: RollingRequest): Promise<RollingResult> {
    const { roster, changeBus } = this.dependencies;
    const { id, name, instances } = watch;
    if (instances === undefined) {
      throw new Refusal(
        'invalid',
        `${name} runs once, so nothing of it would stay ready; restart it, or give it instances`,
      );
    }
    if (this.underWay.has(id)) throw new Refusal('conflict', `A rolling restart of ${name} is under way already`);
    const supervisors = roster.instancesOf(id).filter((supervisor) => roster.isWanted(supervisor));
    const width = rollingWidth(name, supervisors.length, keep);
    const one: UnderWay = {
      ...{ watch, actor, restarted: [] },
      progress: { done: 0, of: supervisors.length, keep: width.keep },
    };
    this.underWay.set(id, one);
    changeBus.record(rollingStarted(one));
    this.show(id);
    const problem = await this.through(one, supervisors, width.atATime).catch((error: unknown) => {
      this.end(one, 'of an error of the engine');
      throw error;
    });
    return this.end(one, problem);
  }

  /** The engine ends, and nobody goes on with them. */
  dispose(): void {
    for (const one of [...this.underWay.values()]) this.end(one, ENGINE_ENDED);
    this.disposed = true;
  }

  /** What an engine that was killed left half done, by the newest events: nobody goes on with it, and that is reported. */
  reportInterrupted(events: readonly HealdeckEvent[]): void {
    const open = new Map<string, Extract<HealdeckEvent, { type: 'rolling_restart_started' }>>();
    for (const event of events) {
      if (event.type === 'rolling_restart_started') open.set(event.data.watchId, event);
      if (isEnd(event)) open.delete(event.data.watchId);
    }
    for (const { data, watch } of open.values()) {
      this.dependencies.changeBus.record(
        rollingEnded({ ...data, watch: watch ?? '', restarted: [], left: data.instances, problem: ENGINE_ENDED }),
      );
    }
  }

  /** Why it has stopped; null: all are through. */
  private async through(one: UnderWay, members: readonly Supervisor[], atATime: number): Promise<string | null> {
    // Those that serve nobody first: their restart costs nothing.
    const ready = members.filter((supervisor) => supervisor.meets('ready'));
    const queue = [...members.filter((supervisor) => !ready.includes(supervisor)), ...ready];
    while (queue.length > 0) {
      const batch = queue.splice(0, atATime).filter((supervisor) => this.isKept(supervisor));
      const missing = await this.untilEnough(one, batch);
      if (missing !== null) return missing;
      const problems = await Promise.all(batch.map((supervisor) => this.restart(one, supervisor)));
      const problem = problems.find((each) => each !== null);
      if (problem !== undefined) return problem;
    }
    return null;
  }

  /** Waits until enough other instances are ready; why that is not so, or null. */
  private async untilEnough({ progress, watch }: UnderWay, batch: readonly Supervisor[]): Promise<string | null> {
    if (!batch.some((supervisor) => supervisor.meets('ready'))) return null;
    const { roster, clock } = this.dependencies;
    const others = () =>
      roster.instancesOf(watch.id).filter((other) => roster.isWanted(other) && !batch.includes(other));
    const keep = (): number => Math.min(progress.keep, others().length);
    const isEnough = (): boolean => others().filter((other) => other.meets('ready')).length >= keep();
    const limitMs = batch[0]?.status().settings['start.readyMs'] ?? 0;
    const deadlineMs = clock.monotonicMs() + limitMs;
    while (!isEnough()) {
      if (this.disposed) return ENGINE_ENDED;
      if (clock.monotonicMs() >= deadlineMs) {
        const down = others().filter((other) => !other.meets('ready'));
        const named = down.map((other) => `${other.watch.name} (${other.status().phase})`).join(', ');
        return `fewer than ${keep()} others are ready: not ${named}`;
      }
      await this.pause();
    }
    return null;
  }

  /** Restarts one instance and waits until it is ready; why it is not, or null. */
  private async restart(one: UnderWay, supervisor: Supervisor): Promise<string | null> {
    const { clock } = this.dependencies;
    const { name } = supervisor.watch;
    try {
      await supervisor.restart(one.actor);
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    const begun = supervisor.status();
    const limitMs = begun.settings['start.readyMs'] + begun.settings['start.graceMs'] + SLACK_MS;
    const deadlineMs = clock.monotonicMs() + limitMs;
    // An instance that the watch has no more holds nothing up.
    while (this.isKept(supervisor)) {
      if (this.disposed) return ENGINE_ENDED;
      const progress = memberProgress(begun.restarts, supervisor.status(), clock.wallMs());
      if (progress.kind === 'failed') return `${name} did not become ready: ${progress.reason}`;
      if (progress.kind === 'ready') break;
      if (clock.monotonicMs() >= deadlineMs) return `${name} is not ready within ${formatDuration(limitMs)}`;
      await this.pause();
    }
    one.restarted.push(name);
    one.progress = { ...one.progress, done: one.progress.done + 1 };
    this.show(one.watch.id);
    return null;
  }

  private isKept(supervisor: Supervisor): boolean {
    const { roster } = this.dependencies;
    return roster.get(supervisor.watch.id) === supervisor && roster.isWanted(supervisor);
  }

  private end({ watch: { id }, actor, restarted, progress }: UnderWay, problem: string | null): RollingResult {
    const { roster, changeBus } = this.dependencies;
    const present = roster.instancesOf(id);
    // Another name, perhaps, or none any more.
    const name = roster.definition(id)?.name ?? '';
    const left = present.map(({ watch }) => watch.name).filter((each) => !restarted.includes(each));
    const result = { restarted: [...restarted], left, problem };
    if (!this.underWay.delete(id)) return result;
    changeBus.record(rollingEnded({ ...result, watchId: id, watch: name, actor, keep: progress.keep }));
    this.show(id);
    return result;
  }

  private show(keptId: string): void {
    const { roster, changeBus } = this.dependencies;
    changeBus.publish({ watches: roster.instancesOf(keptId).map((supervisor) => supervisor.status()) });
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => void this.dependencies.clock.after(POLL_INTERVAL_MS, resolve));
  }
}

const ENGINE_ENDED = 'the engine ended';

function rollingStarted({ watch, actor, progress: { of, keep } }: UnderWay): EventDraft {
  const instances = Array.from({ length: of }, (_, at) => `${watch.name}#${at + 1}`);
  return {
    type: 'rolling_restart_started',
    severity: 'info',
    ...{ watch: watch.name, pid: null, incident: null },
    message: `Rolling restart of ${watch.name}: ${of} instances, at least ${keep} stay ready`,
    data: { actor, watchId: watch.id, instances, keep },
  };
}

type EndedEvent = Extract<HealdeckEvent, { type: 'rolling_restart_completed' | 'rolling_restart_stopped' }>;

function isEnd(event: HealdeckEvent): event is EndedEvent {
  return event.type === 'rolling_restart_completed' || event.type === 'rolling_restart_stopped';
}

interface Ended extends RollingResult {
  watch: string;
  watchId: string;
  actor: Actor;
  keep: number;
}

function rollingEnded({ watch, watchId, actor, keep, restarted, left, problem }: Ended): EventDraft {
  const data = { actor, watchId, keep, restarted };
  const of = { watch, pid: null, incident: null };
  const count = `${restarted.length} of ${restarted.length + left.length}`;
  if (problem === null) {
    const message = `Rolling restart of ${watch} is complete: ${count} restarted`;
    return { type: 'rolling_restart_completed', severity: 'info', ...of, message, data };
  }
  const message = `Rolling restart of ${watch} stopped after ${count}: ${problem}; the others go on as they were`;
  return { type: 'rolling_restart_stopped', severity: 'high', ...of, message, data: { ...data, left, problem } };
}
