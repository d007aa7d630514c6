import { maskMessage } from '../mask';
import type { Frame, Language, Origin, Trace } from './language';

/** Panics and fatal errors of Go's runtime, with the stack of the goroutine that met them. */
export const go: Language<'go'> = {
  name: 'go',
  find: (lines) => {
    const at = lines.findLastIndex((line) => HEADER.test(line));
    if (at === -1) return cutStack(lines);
    const { type, message } = saidBy(lines, at);
    const goroutine = lines.findIndex((line, index) => index > at && GOROUTINE.test(line));
    const frames = goroutine === -1 ? [] : framesFrom(lines, goroutine + 1);
    const lastLine = lastOf(lines, at);
    return { type, message, frames, lastLine, isFatal: true, identifiedBy: frames.length > 0 ? 'stack' : 'message' };
  },
};

/** The program may have written something before it, without a newline. */
const HEADER = /(?:^|[^\s\w])(?:panic|fatal error|SIG[A-Z]+): /;
/** Fewer are part of a message. */
const MIN_CUT_FRAMES = 2;
const GOROUTINE = /^goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[[^\]]*\]:$/;
const FILE = /^\t(\S.*\.(?:go|s|c)):\d+(?: \+0x[0-9a-f]+)?(?: .*)?$/;

/** Values panicked with are no types: only the runtime's own errors and the kinds of fatal errors are. */
function saidBy(lines: readonly string[], at: number): { type: string; message: string } {
  // A panic that was recovered and thrown again has the first one above, and the last one indented below it.
  const line = (lines[at] ?? '')
    .replace(/^.*?(?=(?:panic|fatal error|SIG[A-Z]+): )/, '')
    .replace(/ \[recovered(?:, repanicked)?\]$/, '');
  const colon = line.indexOf(': ');
  const [kind, said] = [line.slice(0, colon), line.slice(colon + 2)];
  if (kind !== 'panic') return { type: kind === 'fatal error' ? `${kind}: ${maskMessage(said)}` : kind, message: '' };
  const isRuntime = said.startsWith('runtime error: ');
  const [, name] = /^(?:\(?\*?|&)?((?:[\w/]+\.)+\w+)[({)]/.exec(said) ?? [];
  return isRuntime ? { type: maskMessage(said), message: '' } : { type: name ?? 'panic', message: said };
}

function framesFrom(lines: readonly string[], from: number): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = from; at < lines.length; at += 1) {
    const [, file] = FILE.exec(lines[at + 1] ?? '') ?? [];
    const call = lines[at] ?? '';
    if (file === undefined || call.startsWith('\t')) {
      if (call.trim() === '') break;
      continue;
    }
    if (call.startsWith('created by ')) break;
    frames.push(frameOf(call, file));
  }
  // Above the last panic stands who recovered from it and panicked again.
  const panicked = frames.findLastIndex((frame) => frame.function === 'panic');
  return panicked === -1 ? frames : frames.slice(panicked + 1);
}

function frameOf(call: string, file: string): Frame {
  const bracket = call.endsWith(')') ? call.lastIndexOf('(') : -1;
  const name = (bracket === -1 ? call : call.slice(0, bracket))
    // Closures are numbered in their order in the function.
    .replace(/\.(func)\d+(?:\.\d+)*/g, '.$1')
    .replace(/\.\d+(?=\.|$)/g, '')
    .replace(/\.gowrap\d+$/, '');
  return { function: name, file, origin: originOf(name, file) };
}

function originOf(name: string, file: string): Origin {
  if (/\/pkg\/mod\/|\/vendor\//.test(file)) return 'package';
  const isRuntime =
    /\/go[-\d.]*\/src\/|\/libexec\/src\//.test(file) ||
    /^(?:panic$|runtime(?:\/\w+)?\.|internal\/|testing\.|syscall\.)/.test(name);
  return isRuntime ? 'runtime' : 'own';
}

function lastOf(lines: readonly string[], from: number): number {
  return lines.findLastIndex(
    (line, at) => at === from || (at > from && (FILE.test(line) || /^exit status \d+$/.test(line))),
  );
}

/**
 * The beginning was cut away: of a deep recursion, or of the many goroutines of a deadlock. Of those that are left the first one with
 * code of the program counts; the runtime's own ones say nothing.
 */
function cutStack(lines: readonly string[]): Trace | null {
  const files = lines.flatMap((line, at) => (FILE.test(line) ? [at] : []));
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined || files.length < MIN_CUT_FRAMES) return null;
  const starts = [Math.max(0, first - 1), ...lines.flatMap((line, at) => (GOROUTINE.test(line) ? [at + 1] : []))];
  const frames = starts
    .map((at) => framesFrom(lines, at))
    .find((stack) => stack.some(({ origin }) => origin === 'own'));
  const cut = { message: '', lastLine: lastOf(lines, last), isFatal: true, isCut: true } as const;
  return frames === undefined
    ? { ...cut, type: 'goroutines without their beginning', frames: [], identifiedBy: 'type' }
    : { ...cut, type: '', frames, identifiedBy: 'stack' };
}
