import { assertNever } from '../../shared/lib/assert-never';
import type { SituationLevel } from '../../shared/lib/format/situation';
import type { Readiness, WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import {
  restartPolicyOf,
  startCommandOf,
  type RestartPolicy,
  type Target,
  type WatchSpec,
} from '../../shared/model/watch';
import { formatArgv } from '../../shared/lib/text/argv';
import { compareNames } from '../../shared/lib/text/compare-names';

/** What a colour stands for. It never stands alone: a shape and a word go with it. */
export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'idle';

/** The word and the colour of a phase. */
export function presentPhase(phase: WatchPhase): { word: string; tone: Tone } {
  switch (phase) {
    case 'running':
      return { word: 'Running', tone: 'ok' };
    case 'starting':
      return { word: 'Starting', tone: 'info' };
    case 'blocked':
      return { word: 'Waiting for others', tone: 'info' };
    case 'waiting':
      return { word: 'Waiting', tone: 'info' };
    case 'stopping':
      return { word: 'Stopping', tone: 'info' };
    case 'backoff':
      return { word: 'Restarting', tone: 'warn' };
    case 'failed':
      return { word: 'Failed', tone: 'bad' };
    case 'cooldown':
      return { word: 'Cooldown', tone: 'warn' };
    case 'held':
      return { word: 'Held', tone: 'bad' };
    case 'suspended':
      return { word: 'Suspended', tone: 'warn' };
    case 'stopped':
      return { word: 'Stopped', tone: 'idle' };
    case 'absent':
      return { word: 'Absent', tone: 'ok' };
    case 'present':
      return { word: 'Present', tone: 'bad' };
    default:
      return assertNever(phase);
  }
}

/** How a watch is, for a message about what was done to it: its state first, then the reason. */
export function presentAfter({ phase, reason }: Pick<WatchStatus, 'phase' | 'reason'>): {
  tone: Tone;
  message: string;
} {
  const { word, tone } = presentPhase(phase);
  const saysIt = reason.toLowerCase().startsWith(word.toLowerCase());
  return { tone, message: reason === '' || saysIt ? reason || `${word}.` : `${word}. ${reason}` };
}

/** Whether a running program serves: a word and a colour. */
export const READINESS_WORDS: Readonly<Record<Readiness, { word: string; tone: Tone }>> = {
  ready: { word: 'ready', tone: 'ok' },
  awaited: { word: 'not ready yet', tone: 'info' },
  lost: { word: 'not ready', tone: 'warn' },
};

/** How a situation is, as a colour. */
export const SITUATION_TONES: Readonly<Record<SituationLevel, Tone>> = {
  down: 'bad',
  troubled: 'warn',
  busy: 'info',
  well: 'ok',
  idle: 'idle',
};

/** Watches by name: an order that no change of state moves. */
export function byName(watches: Iterable<WatchStatus>): WatchStatus[] {
  return [...watches].sort((a, b) => compareNames(a.watch.name, b.watch.name));
}

/** What a watch looks after, in one line. */
export function presentTarget(target: Target): { kind: string; text: string } {
  if (target.kind === 'command') return { kind: 'Command', text: formatArgv(target.command.argv) };
  if (target.kind === 'forbidden') return { kind: 'Must not run', text: target.pattern };
  switch (target.by) {
    case 'name':
      return { kind: 'Name is', text: target.pattern };
    case 'cmdline':
      return { kind: 'Command line matches', text: target.pattern };
    case 'pidfile':
      return { kind: 'Pidfile', text: target.pattern };
    default:
      return assertNever(target.by);
  }
}

/** The restart policies, in words. */
export const RESTART_POLICIES: Readonly<Record<RestartPolicy, { word: string; help: string }>> = {
  always: { word: 'Always', help: 'Restarted after every end, including a clean exit, but not after you stop it.' },
  'on-failure': {
    word: 'On failure',
    help: 'Restarted after a crash: an exit code or signal that is not listed as clean.',
  },
  never: { word: 'Never', help: 'Never restarted: an end is only logged.' },
};

/** The policy in force, as a word. */
export function presentPolicy(spec: Pick<WatchSpec, 'restart' | 'target'>): string {
  return RESTART_POLICIES[restartPolicyOf(spec)].word + (spec.restart === null ? ' (default)' : '');
}

/** Actions on a watch that make sense. */
export interface PossibleActions {
  start: boolean;
  stop: boolean;
  restart: boolean;
}

/** Which actions make sense in a phase; the engine has the last word. */
export function possibleActions({ phase, watch, processes }: WatchStatus): PossibleActions {
  const canStart = startCommandOf(watch.target) !== null;
  switch (phase) {
    case 'running':
    case 'blocked':
    case 'starting':
      return { start: false, stop: true, restart: canStart };
    case 'backoff':
    case 'waiting':
    case 'cooldown':
    case 'held':
      return { start: canStart, stop: true, restart: canStart };
    case 'suspended':
      return { start: true, stop: true, restart: canStart };
    case 'absent':
    case 'present':
      return { start: false, stop: true, restart: false };
    case 'stopping':
      return { start: false, stop: false, restart: false };
    case 'stopped':
      return { start: true, stop: false, restart: false };
    case 'failed':
      // What could not be killed may still run: then it is to be stopped first.
      return processes.length > 0
        ? { start: false, stop: true, restart: canStart }
        : { start: true, stop: false, restart: false };
    default:
      return assertNever(phase);
  }
}

/** Those of the watches for which an action makes sense. */
export function thoseThatCan(action: keyof PossibleActions, watches: readonly WatchStatus[]): readonly WatchStatus[] {
  return watches.filter((status) => possibleActions(status)[action]);
}
