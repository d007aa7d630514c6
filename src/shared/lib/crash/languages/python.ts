import type { Frame, Language, Origin, Trace } from './language';

/** Tracebacks of CPython and PyPy, with and without carets and colours, chained and in groups, and faulthandler's. */
export const python: Language<'python'> = {
  name: 'python',
  find: (lines) => {
    const trace = lastTraceback(lines);
    const fatal = fatalError(lines);
    return fatal !== null && fatal.lastLine > (trace?.lastLine ?? -1) ? fatal : trace;
  },
};

/** A traceback; the exception that it came from by `raise … from …`. */
interface Traceback {
  /** Column at which its lines begin: groups and wrappers put something before them. */
  column: number;
  /** Outermost first, as written. */
  frames: Frame[];
  type: string;
  message: string;
  lastLine: number;
  cause: Traceback | null;
  isIgnored: boolean;
  isClosed: boolean;
}

const HEADER = 'Traceback (most recent call last)';
const DIRECT_CAUSE = 'The above exception was the direct cause of the following exception';
const IGNORED = 'Exception ignored ';
const FRAME = /File "([^"]*)", line \d+(?:, in (.*))?$/;
const EXCEPTION = /^([A-Za-z_][\w.]*)(?::(?: (.*))?)?$/;
const USUAL_NAME = /(?:Error|Exception|Exit|Interrupt|Warning|Group|Iteration|Failure|Fault|Timeout)$/;
/** Foreign lines that may stand between the frames of a traceback: other threads write as well. */
const MAX_FOREIGN_LINES = 5;

function lastTraceback(lines: readonly string[]): Trace | null {
  const found = tracebacks(lines).filter(({ isIgnored }) => !isIgnored);
  const last = found.findLast(({ isClosed }) => isClosed) ?? found.at(-1);
  if (last === undefined) return null;
  let root = last;
  while (root.cause !== null) root = root.cause;
  return {
    type: root.type,
    message: root.message,
    frames: root.frames.toReversed(),
    lastLine: last.lastLine,
    isFatal: false,
    identifiedBy: 'stack',
  };
}

function tracebacks(lines: readonly string[]): readonly Traceback[] {
  const found: Traceback[] = [];
  let open: Traceback | null = null;
  let cause: Traceback | null = null;
  let isIgnored = false;
  let foreign = 0;
  lines.forEach((line, at) => {
    const frame = FRAME.exec(line);
    if (frame !== null) {
      const column = Math.max(0, frame.index - 2);
      if (open === null || open.column !== column) {
        open = { column, frames: [], type: '', message: '', lastLine: at, cause, isIgnored, isClosed: false };
        found.push(open);
        cause = null;
        isIgnored = false;
      }
      // What looked like its end was a line of another thread.
      open.isClosed = false;
      open.frames.push(frameOf(frame));
      open.lastLine = at;
      foreign = 0;
    } else if (line.includes(HEADER) || line.trim() === '') {
      if (open === null || open.isClosed || line.includes(HEADER)) open = null;
    } else if (line.includes(DIRECT_CAUSE)) {
      cause = found.at(-1) ?? null;
      open = null;
    } else if (line.startsWith(IGNORED)) {
      isIgnored = true;
      open = null;
    } else if (open !== null && !open.isClosed) {
      const text = line.slice(open.column);
      if (/^\s/.test(text)) return;
      const exception = EXCEPTION.exec(text);
      if (exception !== null && (foreign === 0 || USUAL_NAME.test(exception[1] ?? ''))) {
        open.type = exception[1] ?? '';
        open.message = exception[2] ?? '';
        open.lastLine = at;
        open.isClosed = true;
      } else if (++foreign > MAX_FOREIGN_LINES) open = null;
    }
  });
  return found;
}

/** `Fatal Python error: Segmentation fault` and the stacks after it, innermost first. */
function fatalError(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => line.startsWith('Fatal Python error: '));
  if (at === -1) return null;
  const isAfter = (pattern: RegExp) => lines.findIndex((line, index) => index > at && pattern.test(line));
  const named = isAfter(/^Current thread /);
  const current = named === -1 ? isAfter(/^Thread /) : named;
  const frames: Frame[] = [];
  let lastLine = at;
  for (let index = current + 1; current !== -1 && index < lines.length; index += 1) {
    const frame = /^\s+File "([^"]*)", line \d+ in (.*)$/.exec(lines[index] ?? '');
    if (frame === null) break;
    frames.push(frameOf(frame));
    lastLine = index;
  }
  const [type = '', message = ''] = (lines[at] ?? '').slice('Fatal Python error: '.length).split(': ', 2);
  const identifiedBy = frames.length > 0 ? 'stack' : 'message';
  return { type: `Fatal Python error: ${type}`, message, frames, lastLine, isFatal: true, identifiedBy };
}

function frameOf([, file = '', name = '']: readonly string[]): Frame {
  return { function: name === '<module>' ? '' : name, file, origin: originOf(file) };
}

function originOf(file: string): Origin {
  if (/[\\/](?:site|dist)-packages[\\/]/.test(file)) return 'package';
  return /^<frozen|[\\/]lib(?:64)?[\\/](?:python|pypy)[\d.]+[\\/]|\\Lib\\/.test(file) ? 'runtime' : 'own';
}
