import type { Frame, Language, Origin, Trace } from './language';

/** Errors of V8 with their stacks (Node, Deno, Electron), what Node writes of values that were thrown, and V8's own aborts. */
export const node: Language<'node'> = {
  name: 'node',
  find: (lines) => {
    const found = [lastStack(lines), thrownValue(lines), outOfMemory(lines), fatalError(lines)];
    return found.reduce(
      (last, trace) => (trace !== null && trace.lastLine > (last?.lastLine ?? -1) ? trace : last),
      null,
    );
  },
};

interface Stack {
  /** `[TypeError, message]`; null when that line was cut away. */
  header: Header | null;
  frames: Frame[];
  lastLine: number;
  /** The error that another one came from. */
  isCause: boolean;
}

interface Header {
  type: string;
  message: string;
}

const TRAILER = /^Node\.js v\d/;
/** A message may have several lines; its type stands on the first one. */
const MAX_MESSAGE_LINES = 14;
const ERROR =
  /(?:^|[\s("'])((?:[A-Za-z_$][\w$]*\.)*[\w$]*(?:Error|Exception|Rejection))(?: \[([\w.]+)\])?(?:: (.*))?(?: \{)?$/;
const NAMED = /^(?:Uncaught )?([A-Za-z_$][\w$]*)(?: \[([\w.]+)\])?: (.*)$/;

function lastStack(lines: readonly string[]): Trace | null {
  const stacks = stacksOf(lines);
  const last = stacks.at(-1);
  if (last === undefined) return null;
  const trailer = lines.findIndex((line, at) => at > last.lastLine && TRAILER.test(line));
  const isFatal = trailer !== -1;
  const ours = last.frames.some(({ origin }) => origin === 'own');
  const reason = rejectionOf(last.header);
  const location = isFatal && !ours ? locationOf(lines, last.lastLine) : null;
  return {
    type: last.header?.type ?? '',
    message: reason ?? last.header?.message ?? '',
    frames: location === null ? last.frames : [location, ...last.frames],
    lastLine: isFatal ? trailer : last.lastLine,
    isFatal,
    identifiedBy: reason === null ? 'stack' : 'message',
    ...(last.header === null ? { isCut: true } : {}),
  };
}

/** A promise that was rejected with something other than an error has no stack of its own: only Node's own functions are in it. */
function rejectionOf(header: Header | null): string | null {
  return /rejected with the reason "(.*?)"\.?$/.exec(header?.message ?? '')?.[1] ?? null;
}

function stacksOf(lines: readonly string[]): readonly Stack[] {
  const stacks: Stack[] = [];
  lines.forEach((line, at) => {
    const frame = frameOf(line);
    if (frame === null) return;
    const last = stacks.at(-1);
    if (last !== undefined && lines.slice(last.lastLine + 1, at).every(isBetweenFrames)) {
      last.frames.push(frame);
      last.lastLine = at;
      return;
    }
    const above = lines.slice(Math.max(0, (last?.lastLine ?? -1) + 1, at - MAX_MESSAGE_LINES), at);
    // Who let the event go unheard is a caller of who made the error.
    if (last !== undefined && above.at(-1)?.startsWith("Emitted 'error' event") === true) {
      last.frames.push(frame);
      last.lastLine = at;
      return;
    }
    stacks.push({
      header: headerOf(above),
      frames: [frame],
      lastLine: at,
      isCause: above.some((text) => text.includes('[cause]:')),
    });
  });
  return stacks;
}

function isBetweenFrames(line: string): boolean {
  return /^\s*(?:at |\.\.\. \d+ )/.test(line) || line.trim() === '';
}

function headerOf(above: readonly string[]): Header | null {
  const line = above.findLast((text) => ERROR.test(text)) ?? above.findLast((text) => text.trim() !== '') ?? '';
  const [, name, code, message = ''] = ERROR.exec(line) ?? NAMED.exec(line) ?? [];
  return name === undefined ? null : { type: code === undefined ? name : `${name} [${code}]`, message };
}

/** `    at async Foo.bar [as baz] (/srv/app/x.js:3:11)`, also where an inspected error ends with ` {`. */
function frameOf(line: string): Frame | null {
  const [, place = ''] = /^\s*at (?:async )?(.*?)(?: \{)?,?$/.exec(line) ?? [];
  if (place === '') return null;
  const bracket = place.endsWith(')') ? place.indexOf(' (') : -1;
  const name = bracket === -1 ? '' : place.slice(0, bracket);
  const location = bracket === -1 ? place : place.slice(bracket + 2, -1);
  const [, file] = /^(.*):\d+:\d+$/.exec(location) ?? [];
  if (file === undefined) {
    return /^(?:native|<anonymous>|index \d+)$/.test(location) ? { function: name, file: '', origin: 'runtime' } : null;
  }
  return { function: functionName(name), file, origin: originOf(file) };
}

function originOf(file: string): Origin {
  if (/^(?:node|internal|ext):|^internal\/|^\[eval\]-wrapper/.test(file)) return 'runtime';
  return /[\\/]node_modules[\\/]/.test(file) ? 'package' : 'own';
}

/** Receivers that V8 names in one version and not in the next are left out. */
function functionName(name: string): string {
  const plain = name
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/^(?:(?:Object|Module|Function|exports|global|process)\.)+(?=.)/, '');
  return /^(?:<anonymous>|<computed>|eval)$/.test(plain) ? '' : plain;
}

/** `/srv/app/x.js:3` over the line of source that Node shows. */
function locationOf(lines: readonly string[], before: number): Frame | null {
  const caret = lines.findLastIndex((line, at) => at < before && /^\s*\^+\s*$/.test(line));
  for (let at = caret - 1; at >= Math.max(0, caret - 4); at -= 1) {
    const [, file] = /^((?:\/|file:|[A-Za-z]:\\|node:).*):\d+$/.exec(lines[at] ?? '') ?? [];
    if (file !== undefined) return file.startsWith('node:') ? null : { function: '', file, origin: 'own' };
  }
  return null;
}

/** What Node writes when something other than an error was thrown: place, source, the value, its version. */
function thrownValue(lines: readonly string[]): Trace | null {
  const trailer = lines.findLastIndex((line) => TRAILER.test(line));
  const caret = lines.findLastIndex((line, at) => at < trailer && /^\s*\^+\s*$/.test(line));
  if (trailer === -1 || caret === -1) return null;
  const value = lines.slice(caret + 1, trailer).filter((line) => line.trim() !== '');
  if (value.some((line) => frameOf(line) !== null)) return null;
  const said = (value[0] ?? '').replace(/^Uncaught:?\s*/, '');
  const location = locationOf(lines, trailer);
  const [, name = 'Thrown', message = said] = /^\[?([A-Z]\w*(?:Error|Rejection)): (.*)$/.exec(said) ?? [];
  const frames = location === null ? [] : [location];
  const site = location?.file ?? '';
  return { type: name, message, frames, lastLine: trailer, isFatal: true, identifiedBy: 'message', site };
}

/** V8 words it in several ways, and where it strikes is chance. */
function outOfMemory(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => /^FATAL ERROR: .*(?:heap out of memory|Allocation failed)/.test(line));
  if (at === -1) return null;
  const type = 'JavaScript heap out of memory';
  return { type, message: '', frames: [], lastLine: lastOfDump(lines, at), isFatal: true, identifiedBy: 'type' };
}

function fatalError(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => /^FATAL ERROR: |^# Fatal error in /.test(line));
  const line = lines[at] ?? '';
  if (at === -1 || /heap out of memory|Allocation failed/.test(line)) return null;
  const message = line.startsWith('#')
    ? (lines[at + 1] ?? '').replace(/^#\s*/, '')
    : line.slice('FATAL ERROR: '.length);
  const lastLine = lastOfDump(lines, at);
  return { type: 'FATAL ERROR', message, frames: [], lastLine, isFatal: true, identifiedBy: 'message' };
}

/** Frames of the machine's code follow: ` 1: 0xb09c10 node::Abort() [node]`. */
function lastOfDump(lines: readonly string[], from: number): number {
  return lines.findLastIndex((line, at) => at === from || (at > from && /^\s*\d+: 0x[0-9a-f]+ /.test(line)));
}
