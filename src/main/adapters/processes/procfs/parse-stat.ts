/** Numbers of the fields in /proc/<pid>/stat, counted from 1 as in proc(5). */
export const StatField = {
  ppid: 4,
  pgid: 5,
  session: 6,
  flags: 9,
  userTicks: 14,
  systemTicks: 15,
  /** Of children that have ended and were waited for, and of those that they had waited for. */
  childUserTicks: 16,
  childSystemTicks: 17,
  threads: 20,
  startTime: 22,
  rssPages: 24,
} as const;

const LAST_FIELD = StatField.rssPages;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const MINUS = 0x2d;
const ZERO = 0x30;
const OPEN = 0x28;
const CLOSE = 0x29;

/** Where one parsed line puts its values; made once and filled again for every line, so that a scan makes no garbage. */
export class StatLine {
  /** The name's bytes are `[nameStart, nameEnd)` of the line. */
  nameStart = 0;
  nameEnd = 0;
  /** The state's letter as a byte. */
  state = 0;
  /** Fields 4 to 24 at their number. */
  readonly fields = new Float64Array(LAST_FIELD + 1);
}

/**
 * Parses the first `length` bytes of /proc/<pid>/stat into `into`; false when it is no such line.
 * The name lies between the first `(` and the last `)`: it is chosen by the process and may itself hold parentheses,
 * spaces, newlines and bytes that are no UTF-8 (proc(5)). After it come only digits, signs and spaces.
 */
export function parseStat(bytes: Uint8Array, length: number, into: StatLine): boolean {
  let open = 0;
  while (open < length && bytes[open] !== OPEN) open++;
  let close = length - 1;
  while (close > open && bytes[close] !== CLOSE) close--;
  if (close <= open || close + 4 >= length) return false;
  if (bytes[close + 1] !== SPACE || bytes[close + 3] !== SPACE) return false;
  into.nameStart = open + 1;
  into.nameEnd = close;
  into.state = bytes[close + 2]!;

  const fields = into.fields;
  let field: number = StatField.ppid;
  let value = 0;
  let negative = false;
  for (let at = close + 4; at < length; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= 0x39) {
      value = value * 10 + (byte - ZERO);
    } else if (byte === SPACE || byte === NEWLINE) {
      fields[field] = negative ? -value : value;
      if (field === LAST_FIELD) return true;
      field++;
      value = 0;
      negative = false;
    } else if (byte === MINUS) {
      negative = true;
    } else {
      return false;
    }
  }
  return false;
}

/** The flag of kernel threads in field 9 (linux/sched.h). */
const PF_KTHREAD = 0x00200000;

/** Whether the parsed line is a kernel thread's. */
export function isKernelThread(line: StatLine): boolean {
  return (line.fields[StatField.flags]! & PF_KTHREAD) !== 0;
}

/**
 * Whether the process has ended, although its entry is still there. The state is that of the first thread: when only
 * that one ended, it reads Z while the other threads (field 20 counts them all) live on.
 */
export function hasEnded(line: StatLine): boolean {
  const letter = line.state;
  return (
    (letter === 0x5a /* Z */ && line.fields[StatField.threads]! <= 1) || letter === 0x58 /* X */ || letter === 0x78
  );
}

/**
 * Resident minus shared pages from the first `length` bytes of /proc/<pid>/statm: the second and third number (proc(5)).
 * Null when it is no such line. A zombie has none of both.
 */
export function parsePrivatePages(bytes: Uint8Array, length: number): number | null {
  let field = 0;
  let value = 0;
  let resident = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= 0x39) {
      value = value * 10 + (byte - ZERO);
      continue;
    }
    if (byte !== SPACE) return null;
    // The kernel counts both by threads and sums up late: for a moment more can be shared than resident.
    if (field === 2) return Math.max(0, resident - value);
    if (field === 1) resident = value;
    field++;
    value = 0;
  }
  return null;
}
