import type { EventData, EventType, HealdeckEvent } from '../../shared/model/event';
import type { ProbeInput } from '../../shared/model/probe';
import type { Settings } from '../../shared/model/settings';
import type { RestartPolicy } from '../../shared/model/watch';

/** A program of demo/ and how it is started. */
export interface DemoProgram {
  runtime: 'node' | 'sh';
  file: string;
  args: readonly string[];
}

/** One thing that must be written down. */
export interface Step {
  /** In words, for people: what is waited for. */
  says: string;
  /** Exactly so many times before the next step. */
  times: number;
  matches(event: HealdeckEvent): boolean;
}

interface ScenarioBase {
  name: string;
  /** What it shows, in one sentence. */
  shows: string;
  program: DemoProgram;
  /** A port of its own is the first of its arguments, and of those of all that belongs to the scenario. */
  hasPort?: true;
  /** By that port. */
  probes?: (port: number) => readonly ProbeInput[];
  /** A watch that it starts after: its program, probes, and settings. */
  needs?: Required<Pick<ScenarioBase, 'program' | 'probes' | 'overrides'>>;
  /** A program of no watch, which holds the port before the program is started. */
  stranger?: DemoProgram;
  restart: RestartPolicy;
  overrides: Partial<Settings>;
  /** How long all of it may take on a very busy machine; on an idle one it takes seconds. */
  timeoutMs: number;
}

/** A program that misbehaves, and what must follow. */
export interface HealScenario extends ScenarioBase {
  kind: 'heal';
  /** From its start until it misbehaves, in ms: times are measured from there. */
  misbehavesAfterMs: number;
  /** In this order; the last one is the detection. */
  detected: readonly Step[];
  /** In this order after the detection; the last one is the heal. */
  healed: readonly Step[];
  /** What the operator does once it is detected; without it Healdeck heals alone. */
  operator: 'reset_cooldown' | 'end_stranger' | null;
  /** How long after the heal the mails may take that report it, in ms. */
  mailTimeoutMs: number;
  /** True: after the heal no process of it may live. */
  leavesNothing: boolean;
}

/** A program that only looks bad, or does no harm: nothing may be done about it. */
export interface QuietScenario extends ScenarioBase {
  kind: 'quiet';
  /** It must have been seen above this, in % of one core, or it proves nothing; null: it is just there. */
  peakCpuPercent: number | null;
  /** How long nothing may happen, from the peak on (or from its start), in ms. */
  quietMs: number;
}

export type Scenario = HealScenario | QuietScenario;

/** A step that is an event of this type, with data as `where` wants it. */
export function step<T extends EventType>(
  type: T,
  options: { says?: string; times?: number; where?: (data: EventData[T]) => boolean } = {},
): Step {
  const { says, times = 1, where = () => true } = options;
  return {
    says: says === undefined ? type : `${type} (${says})`,
    times,
    matches: (event) => event.type === type && where(event.data as EventData[T]),
  };
}
