import { PHASE_WORDS } from '../../shared/lib/format/phases';
import type { WatchStatus } from '../../shared/model/snapshot';
import { formatCountdown, plural } from '../format/format';
import { presentStanding, READINESS_WORDS, standingOf, STANDINGS, type Standing, type Tone } from './present-watch';

/** Most names that are spelled out for one standing. */
const NAMES_SHOWN = 2;

/** Standings in which a watch is looked at first; all others are only counted. */
const TROUBLE: ReadonlySet<Standing> = new Set(['failed', 'held', 'cooldown', 'suspended', 'backoff', 'lost']);

/** Troubles that are spelled out: more would not fit in a line. */
const TROUBLES_SHOWN = 3;

/**
 * Where all watches stand, in one line, the worst first: "8 healthy, 1 failed: billing, 1 in cooldown: api, 1:34 left, 5 others".
 * Without `now` (wall time, ms since the epoch) nothing in it counts down.
 */
export function stateLine(watches: readonly WatchStatus[], now: number | null = null): { text: string; tone: Tone } {
  if (watches.length === 0) return { text: 'Nothing is watched yet', tone: 'idle' };
  const groups = STANDINGS.map((standing) => ({
    standing,
    those: watches.filter((status) => standingOf(status) === standing),
  })).filter(({ standing, those }) => standing !== 'running' && those.length > 0);
  const troubles = groups.filter(({ standing }) => TROUBLE.has(standing));
  const spelledOut = troubles.slice(0, TROUBLES_SHOWN);
  const rest = groups.filter((group) => !spelledOut.includes(group));
  const healthy = watches.filter((status) => standingOf(status) === 'running').length;
  const count = groups.length === 0 ? plural(healthy, 'watch', 'watches') : healthy === 0 ? 'None' : String(healthy);
  const parts = [
    `${count} healthy`,
    ...spelledOut.map(({ standing, those }) => `${those.length} ${wordOf(standing)}: ${names(those, now)}`),
    ...others(rest),
  ];
  return {
    text: parts.join(', '),
    tone: toneOf(
      groups.map(({ standing }) => standing),
      healthy,
    ),
  };
}

/** One kind is named, several are only counted. */
function others(rest: readonly { standing: Standing; those: readonly WatchStatus[] }[]): string[] {
  const [first] = rest;
  if (first === undefined) return [];
  if (rest.length === 1) return [`${first.those.length} ${wordOf(first.standing)}`];
  const count = rest.reduce((sum, { those }) => sum + those.length, 0);
  return [`${count} others`];
}

/** Whoever stopped a watch knows it: that alone is no trouble. */
function toneOf(standings: readonly Standing[], healthy: number): Tone {
  const [worst] = standings.filter((standing) => standing !== 'stopped');
  if (worst !== undefined) return presentStanding(worst).tone;
  return healthy === 0 ? 'idle' : 'ok';
}

function wordOf(standing: Standing): string {
  return standing === 'awaited' || standing === 'lost' ? READINESS_WORDS[standing].word : PHASE_WORDS[standing];
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
