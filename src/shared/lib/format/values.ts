import { formatDuration } from './duration';
import { plainNumber, type NumberText } from './number';

/**
 * How values are written for people: the same in the window, the commands, mail, the log and findings. A value always has its unit,
 * after a blank; decimals are as many as the kind deserves, and never trailing zeros.
 *
 * - Bytes: decimal units, in which limits are given and `parseSize` reads (1 MB = 1,000,000 bytes), three significant digits:
 *   `512 B`, `1.5 kB`, `62.3 MB`, `1.02 GB`. A rate is bytes each second: `1.5 MB/s`.
 * - Percentages: one decimal below 100, none above: `0.4 %`, `80 %`, `730 %`.
 * - Durations: see `duration.ts`. Counts: `12,345`, with a noun in the right number: `1 restart`, `2 restarts`.
 *
 * The window writes decimal points, marks between thousands and instants in the language of the system (`createWriting`), everything
 * else is written plainly. Values that are typed and read back (`500MB`, `90s`) are those of `units.ts`.
 */
export interface Writing {
  /** A number of things, at most one decimal. */
  count: (count: number) => string;
  /** `1 restart`, `2 restarts`. */
  plural: (count: number, one: string, many?: string) => string;
  bytes: (bytes: number) => string;
  rate: (bytesPerSecond: number) => string;
  percent: (percent: number) => string;
  /** The load of a machine, at most two decimals, as uptime(1) gives it. */
  load: (load: number) => string;
  /** A share or a rate, which has no unit: at most three decimals. */
  ratio: (value: number) => string;
  duration: (ms: number) => string;
  /** A reading of a detector or a limit with its unit, by the names that events use for units: `97 % of one core`, `60 threads`. */
  reading: (value: number, unit: string) => string;
  /** The same without the noun of its unit, where that stands beside it: `97 %`, `60`. */
  bareReading: (value: number, unit: string) => string;
  /** A moment in ms since the epoch. */
  instant: (at: number) => string;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A writing by what differs between languages: how numbers are written, and how moments. */
export function createWriting(number: NumberText, instant: (at: number) => string): Writing {
  const count = (value: number): string => number(value, 1);
  const percent = (value: number): string => `${number(value, Math.abs(value) < 99.95 ? 1 : 0)} %`;
  const duration = (ms: number): string => formatDuration(ms, number);

  const bytes = (value: number): string => {
    let scaled = value;
    let unit = 0;
    while (Math.abs(scaled) >= 999.5 && unit < BYTE_UNITS.length - 1) {
      scaled /= 1000;
      unit += 1;
    }
    const size = Math.abs(scaled);
    const decimals = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    return `${number(scaled, decimals)} ${BYTE_UNITS[unit]}`;
  };
  const rate = (value: number): string => `${bytes(value)}/s`;

  const bareReading = (value: number, unit: string): string => {
    if (unit === 'bytes') return bytes(value);
    if (unit === 'bytes/s') return rate(value);
    if (unit === 'ms' || unit === 'zombie_ms') return duration(value);
    return isShare(unit) ? percent(value) : count(value);
  };
  const reading = (value: number, unit: string): string => {
    const bare = bareReading(value, unit);
    if (OF_ONE_CORE.includes(unit)) return `${bare} of one core`;
    return MEASURES.includes(unit) || isShare(unit) || unit === '' ? bare : `${bare} ${unit.replaceAll('_', ' ')}`;
  };

  return {
    count,
    plural: (value, one, many = `${one}s`) => `${count(value)} ${pluralNoun(value, one, many)}`,
    bytes,
    rate,
    percent,
    load: (value) => number(value, 2),
    ratio: (value) => number(value, 3),
    duration,
    reading,
    bareReading,
    instant,
  };
}

/** Units that a measure has in itself. */
const MEASURES: readonly string[] = ['bytes', 'bytes/s', 'ms', 'zombie_ms'];
const OF_ONE_CORE: readonly string[] = ['percent_of_core', '% of one core'];

function isShare(unit: string): boolean {
  return unit === '%' || unit === 'percent' || OF_ONE_CORE.includes(unit);
}

/** A noun or a clause that agrees with a number that stands elsewhere: `pluralNoun(2, 'is', 'are')`. */
export function pluralNoun(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** The instant of a log line or of a command's table, to the millisecond and in UTC: `2026-11-22T23:05:10.123Z`. Commands read it back. */
export function formatInstant(at: number): string {
  return new Date(at).toISOString();
}

/** The same for everybody, whatever the language of the machine: as the log, mail, findings and commands are written. */
export const PLAIN_WRITING = createWriting(plainNumber, formatInstant);

export const {
  count: formatCount,
  plural,
  bytes: formatBytes,
  rate: formatRate,
  percent: formatPercent,
  load: formatLoad,
  ratio: formatRatio,
  reading: formatReading,
  bareReading: formatBareReading,
} = PLAIN_WRITING;
