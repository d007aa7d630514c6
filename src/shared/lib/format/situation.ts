import { distressNamed } from '../../distress';
import { isJob } from '../../model/schedule';
import type { Distress, WatchPhase, WatchStatus } from '../../model/snapshot';
import { isForbidden } from '../../model/watch';
import { formatCountdown } from './duration';
import { byUrgency, STANDING_WORDS, standingOf, type Standing } from './standing';
import { plural } from './values';

/** How the situation is: `down`: a program that is to be up is not, or one runs that must not; `troubled`: one is being healed, or does not serve. */
export type SituationLevel = 'down' | 'troubled' | 'busy' | 'well' | 'idle';

/** Watches of which the same is to be said. */
export interface Trouble {
  /** What is said of them, after their number: `down`, `restarting`. */
  words: string;
  /** The one that needs a look first leads. */
  those: readonly WatchStatus[];
}

/** How all watches are, what is wrong first. */
export interface Situation {
  level: SituationLevel;
  troubles: readonly Trouble[];
  /** When the next of those that are down is tried again, in ms since the epoch; null: none is. */
  nextTryAt: number | null;
  /** What is to be known of the others: `12 running`, `2 stopped`. */
  rest: readonly string[];
  /** What is wrong with the machine itself, each in one sentence. */
  distress: readonly string[];
}

/** Nothing of it runs, and that is not because somebody wants it so. */
const DOWN: ReadonlySet<WatchPhase> = new Set<WatchPhase>(['failed', 'held', 'cooldown']);
/** The first four are said of programs that must not run. */
const TROUBLED: readonly Standing[] = ['present', 'failed', 'held', 'cooldown', 'suspended', 'backoff', 'lost'];
/** On their way to be up. */
const BUSY: readonly Standing[] = ['starting', 'stopping', 'blocked', 'waiting', 'awaited'];
/** Most names in a text. */
const NAMES_SHOWN = 3;
/** Longest name in a text: a tray menu has one line. */
const MAX_NAME = 40;

/** What of all watches, and of the machine, is to be said first. */
export function situationOf(watches: Iterable<WatchStatus>, distress: readonly Distress[] = []): Situation {
  const ordered = byUrgency(watches);
  const down = ordered.filter(isDown);
  const up = ordered.filter((status) => !isDown(status));
  const by = (standing: Standing): readonly WatchStatus[] => up.filter((status) => standingOf(status) === standing);
  const troubles: Trouble[] = [
    ...(down.length > 0 ? [{ words: 'down', those: down }] : []),
    ...TROUBLED.map((standing) => ({ words: STANDING_WORDS[standing], those: by(standing) })),
  ].filter(({ those }) => those.length > 0);
  const rest = (['running', ...BUSY, 'absent', 'stopped'] as const).flatMap((standing) => {
    const count = by(standing).length;
    return count === 0 ? [] : [`${count} ${STANDING_WORDS[standing]}`];
  });
  const tries = down.flatMap(({ nextAttemptAt }) => nextAttemptAt ?? []);
  return {
    level: levelOf(ordered, troubles, distress),
    troubles,
    nextTryAt: tries.length === 0 ? null : Math.min(...tries),
    rest,
    distress: distress.map(({ detail }) => detail),
  };
}

/** Whether a program that is to be up is not, and nothing is being done about it right now. A job is up only while it has to run. */
export function isDown({ watch, phase, cause }: WatchStatus): boolean {
  if (isForbidden(watch)) return false;
  return DOWN.has(phase) || (phase === 'stopped' && cause !== null && !isJob(watch));
}

/** The same in one line: `2 down: api, web2 · next try in 0:19 · 12 running`. Without `now` nothing in it counts down. */
export function situationText({ troubles, nextTryAt, rest, distress }: Situation, now: number | null = null): string {
  const others = troubles.length === 0 && rest.length === 0 ? ['Nothing is watched yet'] : rest;
  const next = nextTryAt === null || now === null ? [] : [nextTryText(nextTryAt, now)];
  const [first, ...more] = troubles.map(troubleText);
  return [...(first === undefined ? [] : [first, ...next]), ...more, ...distress, ...others].join(' · ');
}

/** `Disk nearly full (/var)`: the same while the numbers change. */
export function distressTitle({ kind, subject }: Pick<Distress, 'subject'> & { kind: string }): string {
  const label = distressNamed(kind)?.label ?? kind;
  return subject === null ? label : `${label} (${subject})`;
}

/** The name of a window or a page: what is wrong, if anything is, and whose it is: `(2 down) Healdeck`. */
export function situationTitle({ troubles, distress }: Situation): string {
  const [first] = troubles;
  const down = first?.words === 'down' ? first.those.length : 0;
  const unwell = troubles.reduce((sum, { those }) => sum + those.length, 0);
  const what =
    down > 0
      ? `${down} down`
      : unwell > 0
        ? `${unwell} in trouble`
        : distress.length > 0
          ? 'machine in distress'
          : null;
  return what === null ? 'Healdeck' : `(${what}) Healdeck`;
}

/** `next try in 0:19` */
export function nextTryText(nextTryAt: number, now: number): string {
  return `next try in ${formatCountdown(nextTryAt - now)}`;
}

/** `api is down`, `2 down: api, web2`, `5 restarting: a, b, c and 2 more` */
function troubleText({ words, those }: Trouble): string {
  const names = those.slice(0, NAMES_SHOWN).map(({ watch }) => shorten(watch.name));
  const [only] = names;
  if (those.length === 1) return `${only} is ${words}`;
  const more = those.length > names.length ? ` and ${plural(those.length - names.length, 'other')}` : '';
  return `${those.length} ${words}: ${names.join(', ')}${more}`;
}

function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= MAX_NAME ? name : `${characters.slice(0, MAX_NAME - 1).join('')}…`;
}

function levelOf(
  watches: readonly WatchStatus[],
  troubles: readonly Trouble[],
  distress: readonly Distress[],
): SituationLevel {
  if (watches.some((status) => isDown(status) || status.phase === 'present')) return 'down';
  if (troubles.length > 0 || distress.length > 0) return 'troubled';
  const standings = watches.map(standingOf);
  if (standings.some((standing) => BUSY.includes(standing))) return 'busy';
  const running = standings.filter((standing) => standing === 'running' || standing === 'absent').length;
  // Most are stopped on purpose: that is nothing to be praised with a green tick.
  return running > 0 && running * 2 >= watches.length ? 'well' : 'idle';
}
