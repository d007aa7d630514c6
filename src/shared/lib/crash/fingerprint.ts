import type { ExitFacts } from '../../model/event-parts';
import { assertNever } from '../assert-never';
import { describeExit } from '../format/exit-words';
import { escapeUnprintable, truncate } from '../text/escape';
import { fnv1a64 } from '../hash';
import { LANGUAGES, type LanguageName } from './languages/list';
import type { Trace } from './languages/language';
import { lastMessage } from './last-message';
import { readableLines } from './lines';
import { maskFileName, maskMessage } from './mask';
import { namesFunctions, placeName, placeOf, identifyingFrames } from './place';
import { endKindOf, type EndKind } from './end-kind';

/** What is known of a crash. */
export interface Crash extends Pick<ExitFacts, 'stderrTail' | 'exitCode' | 'signal'> {
  /** Path or name of the program, or of the script that an interpreter ran. */
  program: string;
}

/** What a crash is recognised by when it happens again. */
export interface CrashFingerprint {
  /** 16 hex digits: the same for the same bug, over restarts, deployments and versions of Healdeck. */
  id: string;
  /** One line for people: `ZeroDivisionError: division by zero in compute (worker.py)`. At most 160 characters, all printable. */
  title: string;
  /** Functions with their files, innermost first, at most 8. */
  frames: readonly string[];
  /** Whose trace it is; `message`: the last line that reads like an error; `exit`: there was nothing but the exit. */
  source: LanguageName | 'message' | 'exit';
}

const MAX_FRAMES = 8;
const MAX_TITLE_LENGTH = 160;
/** So that the place behind it stands in the title, too. */
const MAX_MESSAGE_LENGTH = 100;
/** A program that went on for longer after a trace did not end by it. */
const MAX_LINES_AFTER_TRACE = 10;

/**
 * Recognises a crash by the stack in the program's last output; without one by its last message and its exit, and without that by
 * the exit. Not by lines, values, addresses, times and directories: these change without the bug. Pure; takes milliseconds whatever
 * the lines are.
 */
export function crashFingerprint(crash: Crash): CrashFingerprint {
  const program = maskFileName(crash.program);
  const end = endKindOf(crash);
  const lines = end === 'sent' ? [] : readableLines(crash.stderrTail);
  const found = lastTrace(lines, end);
  if (found !== null) return ofTrace(found, program);
  // Not in words: these may be worded anew one day.
  const exit = crash.signal ?? String(crash.exitCode);
  const message = end === 'failed' || end === 'fault' ? lastMessage(lines, end) : null;
  if (message !== null) return fingerprint('message', message, [], [program, exit, message]);
  return fingerprint('exit', `${program}: ${describeExit(crash)}`, [], [program, exit]);
}

interface Found {
  source: LanguageName;
  trace: Trace;
}

function lastTrace(lines: readonly string[], end: EndKind): Found | null {
  let last: Found | null = null;
  for (const { name, find } of LANGUAGES) {
    const trace = find(lines);
    if (trace === null || !concerns(trace, lines, end)) continue;
    if (last === null || trace.lastLine > last.trace.lastLine) last = { source: name, trace };
  }
  return last;
}

function concerns({ isFatal, lastLine }: Trace, lines: readonly string[], end: EndKind): boolean {
  if (isFatal) return true;
  const after = lines.slice(lastLine + 1).filter((line) => line !== '').length;
  return end !== 'fault' && after <= MAX_LINES_AFTER_TRACE;
}

function ofTrace({ source, trace }: Found, program: string): CrashFingerprint {
  const message = maskMessage(trace.message);
  const frames = [...new Set(trace.frames.map(placeName).filter((name) => name !== ''))].slice(0, MAX_FRAMES);
  return fingerprint(source, titleOf(trace, message), frames, [program, trace.type, ...identityOf(trace, message)]);
}

function identityOf(trace: Trace, message: string): readonly string[] {
  switch (trace.identifiedBy) {
    case 'type':
      return [];
    case 'message':
      return [message, maskFileName(trace.site ?? '')];
    case 'stack':
      return [...placeOf(trace), ...(namesFunctions(trace) ? [] : [message])];
    default:
      return assertNever(trace.identifiedBy);
  }
}

function titleOf(trace: Trace, message: string): string {
  const type = /^[\w$.:\\]+$/.test(trace.type) ? (trace.type.split(/[.\\]|::/).at(-1) ?? '') : trace.type;
  const what =
    [type, truncate(message, MAX_MESSAGE_LENGTH)].filter((part) => part !== '').join(': ') ||
    'a stack without its beginning';
  const [first] = trace.frames;
  const frame = identifyingFrames(trace).find(({ origin }) => origin !== 'runtime') ?? first;
  const place = frame === undefined ? '' : placeName(frame);
  return place === '' ? what : `${what} in ${place}`;
}

function fingerprint(
  source: CrashFingerprint['source'],
  title: string,
  frames: readonly string[],
  identity: readonly string[],
): CrashFingerprint {
  const id = fnv1a64([source, ...identity].join('\0'));
  return { id, title: truncate(escapeUnprintable(title), MAX_TITLE_LENGTH), frames, source };
}
