import { baseName } from '../process/program';

const MAX_LENGTH = 300;

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const CLOCK = String.raw`\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?: ?[AP]M)?(?: ?(?:Z|UTC|GMT|CES?T|[+-]\d{2}:?\d{2})\b)?`;
const TIMES: readonly RegExp[] = [
  // 2026-05-01T12:00:00.123Z, 2026/05/01 12:00:00
  new RegExp(String.raw`\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ,_]{1,2}${CLOCK})?`, 'g'),
  // 01/May/2026:12:00:00 +0200, Fri May  1 12:00:00 UTC 2026, Fri, 01 May 2026 12:00:00 GMT
  new RegExp(
    String.raw`\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? {1,2})?(?:\d{1,2}[ /-]${MONTH}[ /-]\d{4}|${MONTH} {1,2}\d{1,2}\b)(?:[ :,]{1,2}${CLOCK})?(?: [A-Z]{3,4})?(?: \d{4}\b)?`,
    'g',
  ),
  new RegExp(String.raw`(?<![\w.:])(?=\d{1,2}:\d{2}:\d{2})${CLOCK}`, 'g'),
];

const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;
const MAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g;
const ADDRESS = /\b0x[0-9a-f]+\b|\b[0-9a-f]{12,16}-[0-9a-f]{12,16}\b/gi;
const IP =
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b|\[(?=[^\]]*:)[0-9a-f:.%]{2,45}\](?::\d{1,5})?|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}\b|(?<![\w:])::1\b/gi;
const NAMED_URL = /\b([a-z][a-z0-9+.-]{1,20}):\/\/([^\s"'`<>()[\]{},;]*)/gi;
const QUOTED_PATH = /(["'`])((?:[A-Za-z]:)?[\\/][^"'`]*)\1/g;
const PATH = /(?<![\w.<>/])(?:~|\.{1,2})?(?:\/[\w.@+%~=-]+)+\/?/g;
const WINDOWS_PATH = /\b[A-Za-z]:\\[^\s"'`<>|:*?]*/g;
const TOKEN = /[A-Za-z0-9_]{6,}/g;
const NUMBER =
  /(?<![\w.<])[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?:[nuµm]?s|min|[mhd]|[KMGT]i?B?|k?B|%)?\b|\d+(?:[.,]\d+)*/gi;
const NUMBERS = /<n>(?:[,;:x/ -]{0,2}<n>)+/g;

/**
 * A message without what differs from one occurrence to the next: numbers, addresses, ids, times, and of paths all but the base name.
 * At most 300 characters, on one line. Words stay, those in quotes as well: they name options, modules and keys more often than data.
 */
export function maskMessage(message: string): string {
  let text = message.slice(0, 2 * MAX_LENGTH).replace(/\s+/g, ' ');
  text = text.replace(UUID, '<id>');
  for (const time of TIMES) text = text.replace(time, '<time>');
  return text
    .replace(NAMED_URL, (_url, scheme: string, rest: string) => maskUrl(scheme, rest))
    .replace(MAIL, '<mail>')
    .replace(QUOTED_PATH, (_path, quote: string, path: string) => `${quote}${maskFileName(path)}${quote}`)
    .replace(WINDOWS_PATH, maskFileName)
    .replace(PATH, maskFileName)
    .replace(IP, '<ip>')
    .replace(ADDRESS, '<addr>')
    .replace(TOKEN, (token) => (looksGenerated(token) ? '<id>' : token))
    .replace(NUMBER, '<n>')
    .replace(NUMBERS, '<n>')
    .trim()
    .slice(0, MAX_LENGTH);
}

/** `https://host/…`: neither port, user and query, nor the ids that paths hold. */
function maskUrl(scheme: string, rest: string): string {
  if (scheme.toLowerCase() === 'file') return maskFileName(rest);
  const slash = rest.search(/[/?#]/);
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return `${scheme}://${host}${slash === -1 || slash === rest.length - 1 ? '' : ' …'}`;
}

/**
 * The base name of a file, without what a build or a deployment put into it: `app.jar` of `/srv/app-1.3/app-1.3.0.jar`, `main.js`
 * of `main.3f2a1b9c.js`.
 */
export function maskFileName(path: string): string {
  const name = baseName(path.replace(/[\\/]+$/, '').slice(-MAX_LENGTH));
  return name
    .replace(/[-_.@]v?\d+(?:\.\d+)+(?:[-_.](?:SNAPSHOT|RELEASE|Final|(?:rc|beta|alpha)\.?\d*))?(?=\.|$)/g, '')
    .replace(/[-_.]([A-Za-z0-9]{6,})(?=\.)/g, (part, hash: string) => (looksGenerated(hash) ? '' : part))
    .replace(/^tmp[a-z0-9_]{6,12}$/, '<id>');
}

/** Digits and letters in turns, or hex digits with both: no word looks so. */
function looksGenerated(token: string): boolean {
  if (/^[0-9a-f]{7,}$/i.test(token) && /\d/.test(token) && /[a-f]/i.test(token)) return true;
  if (token.length < 8) return false;
  const turns = token.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return turns >= 3;
}
