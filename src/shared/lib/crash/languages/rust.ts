import { maskMessage } from '../mask';
import type { Frame, Language, Origin, Trace } from './language';

/** Panics of Rust, in the form up to 1.72 and from 1.73 on, its runtime's own aborts, and the reports of anyhow and eyre. */
export const rust: Language<'rust'> = {
  name: 'rust',
  find: (lines) => {
    const found = [lastPanic(lines), runtimeError(lines), report(lines)];
    return found.reduce(
      (last, trace) => (trace !== null && trace.lastLine > (last?.lastLine ?? -1) ? trace : last),
      null,
    );
  },
};

interface Panic {
  at: number;
  file: string;
  message: string;
}

const PANIC = /(?:^|[^\s\w])thread '[^']*'(?: \(\d+\))? panicked at (.*)$/;
const OLD_FORM = /^'(.*)', (.+):\d+:\d+$/;
const NEW_FORM = /^(.+):\d+:\d+:$/;
/** A thread that waited for another one repeats its panic in words of its own. */
const CONSEQUENCE = /Any \{ \.\. \}|PoisonError/;

/**
 * By message and file, not by stack: whether there is a backtrace is a matter of RUST_BACKTRACE, and who sets it to find out about a
 * crash should find the same crash.
 */
function lastPanic(lines: readonly string[]): Trace | null {
  const panics = lines.flatMap((line, at) => panicOf(line, at, lines) ?? []);
  const panic = panics.findLast(({ message }) => !CONSEQUENCE.test(message)) ?? panics.at(-1);
  if (panic === undefined) return null;
  const frames = backtrace(lines, panic.at);
  const ours: Frame = { function: '', file: panic.file, origin: originOf('', panic.file) };
  return {
    type: 'panic',
    message: panic.message,
    frames: frames.some(({ origin }) => origin === 'own') ? frames : [ours, ...frames],
    lastLine: lines.findLastIndex((line, at) => at === panics.at(-1)?.at || (at > panic.at && isOfTrace(line))),
    isFatal: false,
    identifiedBy: 'message',
    site: siteOf(panic.file),
  };
}

function panicOf(line: string, at: number, lines: readonly string[]): Panic | null {
  const [, text] = PANIC.exec(line) ?? [];
  if (text === undefined) return null;
  const [, message = '', file] = OLD_FORM.exec(text) ?? [];
  if (file !== undefined) return { at, file, message };
  const [, place] = NEW_FORM.exec(text) ?? [];
  if (place !== undefined) return { at, file: place, message: lines[at + 1] ?? '' };
  // A message of several lines, in the old form: its place stands after the last one.
  for (const below of lines.slice(at + 1, at + 12)) {
    const [, later] = /', (.+):\d+:\d+$/.exec(below) ?? [];
    if (later !== undefined) return { at, file: later, message: text.replace(/^'/, '') };
  }
  return null;
}

function isOfTrace(line: string): boolean {
  return /^note: |^stack backtrace:|^\s+\d+: |^\s+at \S+:\d+/.test(line);
}

function backtrace(lines: readonly string[], from: number): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = from + 1; at < lines.length && !PANIC.test(lines[at] ?? ''); at += 1) {
    const [, name] = /^\s+\d+:\s+(?:0x[0-9a-f]+ - )?(.+)$/.exec(lines[at] ?? '') ?? [];
    if (name === undefined) continue;
    const [, file = ''] = /^\s+at (.+?):\d+(?::\d+)?$/.exec(lines[at + 1] ?? '') ?? [];
    const plain = name.replace(/::h[0-9a-f]{16}$/, '').replace(/\{\{?closure\}?\}(?:#\d+)?/g, '{closure}');
    frames.push({ function: plain, file, origin: originOf(plain, file) });
  }
  return frames;
}

function originOf(name: string, file: string): Origin {
  if (/\/\.cargo\/|\/registry\/src\//.test(file)) return 'package';
  const isRuntime =
    /^\/rustc\/|\/library\/(?:std|core|alloc)\//.test(file) ||
    /^(?:<?(?:std|core|alloc|__rustc)::|_?_?rust_|__libc_start|_start$|main$|<unknown>)/.test(name);
  return isRuntime ? 'runtime' : 'own';
}

/** Half of all crates call their file main.rs, lib.rs or mod.rs: the directory says which one it is. */
function siteOf(file: string): string {
  const parts = file.split(/[\\/]/);
  const module = parts.at(-2);
  return module === undefined || module === 'src' || !/^(?:mod|lib|main)\.rs$/.test(parts.at(-1) ?? '')
    ? file
    : `${module} ${parts.at(-1) ?? ''}`;
}

function runtimeError(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) =>
    /fatal runtime error: |^thread '[^']*'(?: \(\d+\))? has overflowed its stack$/.test(line),
  );
  if (at === -1) return null;
  const [, type = 'stack overflow'] = /fatal runtime error: ([^,]*)/.exec(lines[at] ?? '') ?? [];
  return { type, message: '', frames: [], lastLine: at, isFatal: true, identifiedBy: 'type' };
}

/** `Error: …`, an empty line, `Caused by:` and the causes, the root last. */
function report(lines: readonly string[]): Trace | null {
  const causes = lines.findLastIndex((line) => line === 'Caused by:');
  const at = lines.findLastIndex((line, index) => index < causes && line.startsWith('Error: '));
  if (causes === -1 || at === -1) return null;
  let last = causes;
  while (/^\s+\S/.test(lines[last + 1] ?? '')) last += 1;
  const root = (lines[last] ?? '').trim().replace(/^\d+: /, '');
  const message = last === causes ? '' : root;
  return {
    type: maskMessage((lines[at] ?? '').slice('Error: '.length)),
    message,
    frames: [],
    lastLine: last,
    isFatal: false,
    identifiedBy: 'message',
  };
}
