/** More than an event keeps of its standard error; what is older says nothing about the end. */
const MAX_LINES = 200;
/** Longer lines (bundles, dumps) are cut before any expression sees them, so that none takes long. */
const MAX_RAW_LENGTH = 16_384;
const HEAD_LENGTH = 700;
const REST_LENGTH = 300;
/** Lines that one line of JSON may hold. */
const MAX_LINES_IN_LINE = 60;
/** From this share of bytes that are no text on, a line is binary. */
const BINARY_SHARE = 0.3;

const ESCAPE = '\u001b';
/** What follows ESC: a control sequence, a command to the terminal up to BEL, or one character (ECMA-48, 5.4 and 5.6). */
const AFTER_ESCAPE = /^(?:\[[0-?]*[ -/]*[@-~]|\]\P{Cc}*\p{Cc}?|[ -/]*[0-~])/u;
/** A stack within a line of JSON: `"stack":"Error: boom\n    at …"`. */
const STACK_IN_LINE = /\\n(?:\\t|\s)*(?:at |File |from |Traceback|Caused by)/;

/**
 * The last lines of standard error as their program meant them: without colours, control characters and lines that a progress bar
 * has overwritten, long ones cut in their middle, binary ones empty. A stack within a line of JSON becomes
 * lines. Never more than 200 of 1 kB each.
 */
export function readableLines(tail: readonly string[]): readonly string[] {
  const lines = tail.slice(-MAX_LINES).flatMap((raw) => {
    const line = withoutEscapes(cut(raw, MAX_RAW_LENGTH - REST_LENGTH));
    return splitLine(line).map((part) => cut(readable(part), HEAD_LENGTH));
  });
  return lines.slice(-MAX_LINES);
}

function splitLine(line: string): readonly string[] {
  const parts = line.split(/\r?\n/, MAX_LINES_IN_LINE);
  if (!STACK_IN_LINE.test(line)) return parts;
  const text = line.replaceAll('\\t', '\t').replaceAll('\\"', '"');
  return text.split(/\\n|\n/, MAX_LINES_IN_LINE).map((part, at) => (at === 0 ? part : part.replace(/"[,}].*$/, '')));
}

function cut(line: string, head: number): string {
  return line.length <= head + REST_LENGTH ? line : `${line.slice(0, head)}…${line.slice(-REST_LENGTH)}`;
}

function withoutEscapes(line: string): string {
  const [first = '', ...escaped] = line.split(ESCAPE);
  return first + escaped.map((part) => part.replace(AFTER_ESCAPE, '')).join('');
}

function readable(line: string): string {
  const shown = line.trimEnd().split('\r').at(-1) ?? '';
  const unreadable = shown.match(/[^\P{Cc}\t]|\ufffd/gu)?.length ?? 0;
  if (unreadable > BINARY_SHARE * shown.length) return '';
  return shown.replace(/[^\P{Cc}\t]|[\u200b\ufeff]/gu, '').trimEnd();
}
