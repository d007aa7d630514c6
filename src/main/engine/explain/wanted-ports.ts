import type { WantedPort } from '../ports';

/** What kernels, languages and servers write when an address is taken. */
const IN_USE =
  /\bEADDRINUSE\b|\bAddrInUse\b|\bBindException\b|address (?:is )?already in use|connection in use|port \d{1,5} (?:is|was) (?:already )?(?:in use|allocated|taken)|port (?:is )?already (?:in use|allocated)|only one usage of each socket address/i;

/** Where the port stands in such a line, the surest forms first. */
const FORMS: readonly RegExp[] = [
  /\bport\b\D{0,12}(\d{1,5})\b/i,
  /(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]*\]|::|\*|localhost):(\d{1,5})\b/i,
  /\(['"][^'"]*['"],\s*(\d{1,5})\)/,
  /(?:^|[\s(])(?:tcp|udp)?[46]?\s*:(\d{1,5})\b/,
];

/** Lines around the one that names the fault in which its port may stand: Node prints it in the object of the error. */
const LINES_AROUND = 4;
/** Longer lines are read up to here. */
const MAX_LINE = 2000;

/** Which ports a program could not bind, by its last words. */
export interface PortFault {
  ports: readonly WantedPort[];
  /** Its words name no port: these are those that its arguments and environment speak of. */
  isGuess: boolean;
}

/** How the program was started, by which a port is found that its words do not name. */
export interface StartWords {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** What the last words of a program say of ports that were taken; null: nothing. */
export function portFaultOf(stderrTail: readonly string[], start: StartWords | null): PortFault | null {
  const lines = stderrTail.map((line) => line.slice(0, MAX_LINE));
  const at = lines.findLastIndex((line) => IN_USE.test(line));
  if (at < 0) return null;
  const around = lines.slice(Math.max(0, at - LINES_AROUND), at + 2 * LINES_AROUND + 1);
  const faults = lines.filter((line) => IN_USE.test(line)).reverse();
  const named = first(faults, portIn) ?? first(around, portByName);
  const protocol = /\budp\b|SOCK_DGRAM|\bdgram\b/i.test(around.join('\n')) ? 'udp' : 'tcp';
  if (named !== null) return { ports: [{ protocol, port: named }], isGuess: false };
  const guessed = start === null ? [] : portsOfStart(start);
  return { ports: guessed.map((port) => ({ protocol, port })), isGuess: true };
}

function first<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function portIn(line: string): number | null {
  for (const form of FORMS) {
    const port = portOf(form.exec(line)?.[1]);
    if (port !== null) return port;
  }
  return null;
}

/** `port: 3000`, beside the line of the fault; any other number there may be a line of a file. */
function portByName(line: string): number | null {
  return portOf(/\bport\b['"]?\s*[:=]?\s*(\d{1,5})\b/i.exec(line)?.[1]);
}

/** At most this many: a guess about everything says nothing. */
const MAX_GUESSES = 8;

function portsOfStart({ argv, env }: StartWords): readonly number[] {
  const words = argv.slice(1);
  const found = words.flatMap((word, at) => {
    const option = /^-{1,2}(?:[\w-]*port|p)(?:=(\d{1,5}))?$/i.exec(word);
    if (option !== null) return portOf(option[1] ?? words[at + 1]) ?? [];
    return portOf(/^(?:[\w.*-]*:|\[[\da-f:]*\]:)?(\d{2,5})$/i.exec(word)?.[1]) ?? [];
  });
  const variables = Object.entries(env).flatMap(([name, value]) =>
    /^(?:\w+_)?PORT$/.test(name) ? (portOf(value) ?? []) : [],
  );
  return [...new Set([...found, ...variables])].slice(0, MAX_GUESSES);
}

function portOf(text: string | undefined): number | null {
  const port = text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}
