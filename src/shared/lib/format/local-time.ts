/** A moment in the time of a place. */
interface LocalTime {
  /** `2026-11-22` */
  date: string;
  /** `22:05:10` */
  time: string;
  /** `UTC+01:00` */
  zone: string;
}

/** Writes moments (ms since the epoch) in local time, as seen from now. */
export interface LocalTimes {
  /** Today the time alone, else with its date; with its zone where that is another than now's: `22:05:10`. */
  short(at: number): string;
  /** `2026-11-22 22:05:10 (UTC+01:00)`. */
  full(at: number): string;
  /** `2026-11-22 22:05:10+01:00`: in lists, and to be given to a command again. */
  compact(at: number): string;
  /** Now's zone: `UTC+01:00`. */
  zone: string;
}

/** Local times in a zone by its IANA name (`Europe/Berlin`), or in that of the machine. */
export function localTimes(now: number, timeZone?: string): LocalTimes {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...(timeZone !== undefined && { timeZone }),
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    timeZoneName: 'longOffset',
  });
  const today = read(format, now);
  return {
    zone: today.zone,
    short(at) {
      const { date, time, zone } = read(format, at);
      return [date === today.date ? '' : `${date} `, time, zone === today.zone ? '' : ` ${zone}`].join('');
    },
    full(at) {
      const { date, time, zone } = read(format, at);
      return `${date} ${time} (${zone})`;
    },
    compact(at) {
      const { date, time, zone } = read(format, at);
      return `${date} ${time}${zone === 'UTC' ? 'Z' : zone.replace('UTC', '')}`;
    },
  };
}

function read(format: Intl.DateTimeFormat, at: number): LocalTime {
  // Intl throws for what is no moment; the caller may have it from a file.
  if (Number.isNaN(new Date(at).getTime())) return { date: 'unknown date', time: '--:--:--', zone: '' };
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName = '' } = parts;
  return {
    date: `${year}-${month}-${day}`,
    time: `${hour}:${minute}:${second}`,
    // Some versions write an offset of zero, some do not.
    zone: timeZoneName.replace('GMT', 'UTC').replace('UTC+00:00', 'UTC'),
  };
}

/** The IANA name of the time zone that this machine is set to. */
export function machineTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
