import type { WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import { byPhase, PHASE_WORDS, worstPhase } from '../../shared/lib/format/phases';
import { formatCountdown, plural } from '../format/format';
import { presentPhase, type Tone } from './present-watch';

/** Most names that are spelled out for one phase. */
const NAMES_SHOWN = 2;

/** Phases in which a watch is looked at first; all others are only counted. */
const TROUBLE: ReadonlySet<WatchPhase> = new Set(['failed', 'held', 'cooldown', 'suspended', 'backoff']);

/** Troubles that are spelled out: more would not fit in a line. */
const TROUBLES_SHOWN = 3;

/**
 * Where all watches stand, in one line, the worst first: "8 healthy, 1 failed: billing, 1 in cooldown: api, 1:34 left, 5 others".
 * Without `now` (wall time, ms since the epoch) nothing in it counts down.
 */
export function stateLine(watches: readonly WatchStatus[], now: number | null = null): { text: string; tone: Tone } {
  if (watches.length === 0) return { text: 'Nothing is watched yet', tone: 'idle' };
  const phases = byPhase(watches).filter(({ phase }) => phase !== 'running');
  const troubles = phases.filter(({ phase }) => TROUBLE.has(phase));
  const spelledOut = troubles.slice(0, TROUBLES_SHOWN);
  const rest = phases.filter((one) => !spelledOut.includes(one));
  const healthy = watches.filter((status) => status.phase === 'running').length;
  const count = phases.length === 0 ? plural(healthy, 'watch', 'watches') : healthy === 0 ? 'None' : String(healthy);
  const parts = [
    `${count} healthy`,
    ...spelledOut.map(({ phase, those }) => `${those.length} ${PHASE_WORDS[phase]}: ${names(those, now)}`),
    ...others(rest),
  ];
  return { text: parts.join(', '), tone: presentPhase(worstPhase(watches)).tone };
}

/** One kind is named, several are only counted. */
function others(rest: readonly { phase: WatchPhase; those: readonly WatchStatus[] }[]): string[] {
  const [first] = rest;
  if (first === undefined) return [];
  if (rest.length === 1) return [`${first.those.length} ${PHASE_WORDS[first.phase]}`];
  const count = rest.reduce((sum, { those }) => sum + those.length, 0);
  return [`${count} others`];
}

function names(those: readonly WatchStatus[], now: number | null): string {
  const shown = those.slice(0, NAMES_SHOWN).map((status) => nameWithCountdown(status, those, now));
  const rest = those.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(' and ');
}

/** The name of a watch, and how long its cooldown lasts: in brackets where more than one is named. */
function nameWithCountdown(status: WatchStatus, among: readonly WatchStatus[], now: number | null): string {
  const { name } = status.watch;
  const { cooldown } = status.budget;
  if (status.phase !== 'cooldown' || cooldown === null || now === null) return name;
  const left = `${formatCountdown(cooldown.until - now)} left`;
  return among.length === 1 ? `${name}, ${left}` : `${name} (${left})`;
}
