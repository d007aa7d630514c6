/**
 * How numbers and dates are written: by the language of the system, with formatters made once, as making one takes longer than
 * writing a thousand values.
 */
import { numbersIn, type NumberText } from '../../shared/lib/format/number';

const FALLBACK = 'en-US';

/** `ms` shows when exactly, `second` and `minute` what people read. */
export type Precision = 'ms' | 'second' | 'minute';

interface Formats {
  locale: string;
  number: NumberText;
  instant: Readonly<Record<Precision, Intl.DateTimeFormat>>;
  day: Intl.DateTimeFormat;
  utcDay: Intl.DateTimeFormat;
  clock: Intl.DateTimeFormat;
  shortClock: Intl.DateTimeFormat;
}

let formats: Formats | null = null;

/** The formatters of the language in force. */
export function formatsInForce(): Formats {
  formats ??= createFormats(systemLocale());
  return formats;
}

/** Another language from now on; null: that of the system. */
export function setLocale(locale: string | null): void {
  formats = createFormats(locale ?? systemLocale());
}

function systemLocale(): string {
  const { navigator } = globalThis as { navigator?: { language?: string } };
  const wanted = navigator?.language ?? FALLBACK;
  // A system may name a language that nobody knows.
  return Intl.DateTimeFormat.supportedLocalesOf(isWellFormed(wanted) ? wanted : FALLBACK)[0] ?? FALLBACK;
}

function isWellFormed(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch {
    return false;
  }
}

function createFormats(locale: string): Formats {
  const day: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };
  const minute: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  const second: Intl.DateTimeFormatOptions = { ...minute, second: '2-digit' };
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  return {
    locale,
    number: numbersIn(locale),
    instant: {
      ms: dates({ ...day, ...second, fractionalSecondDigits: 3 }),
      second: dates({ ...day, ...second }),
      minute: dates({ ...day, ...minute }),
    },
    day: dates({ month: 'short', day: 'numeric' }),
    utcDay: dates({ month: 'short', day: 'numeric', timeZone: 'UTC' }),
    clock: dates(second),
    shortClock: dates(minute),
  };
}
