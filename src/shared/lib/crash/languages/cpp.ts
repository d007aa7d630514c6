import type { Frame, Language, Trace } from './language';

/** Uncaught exceptions of C++ as libstdc++ and libc++ report them, and the summaries of the sanitizers. */
export const cpp: Language<'cpp'> = {
  name: 'cpp',
  find: (lines) => {
    const found = [terminate(lines), sanitizer(lines)];
    return found.reduce(
      (last, trace) => (trace !== null && trace.lastLine > (last?.lastLine ?? -1) ? trace : last),
      null,
    );
  },
};

const THROWN = /terminate called after throwing an instance of '(.+)'$/;
const THROWN_LIBCXX = /terminating (?:due to|with) uncaught exception of type ([^:]+(?:::[^:]+)*?)(?:: (.*))?$/;
const WITHOUT =
  /(terminate called without an active exception|terminate called recursively|pure virtual method called|terminating$)/;

function terminate(lines: readonly string[]): Trace | null {
  // Threads that follow the first one say only that it was already on its way.
  const at = lines.findLastIndex((line) => THROWN.test(line) || THROWN_LIBCXX.test(line));
  if (at === -1) return withoutException(lines);
  const line = lines[at] ?? '';
  const [, type = ''] = THROWN.exec(line) ?? THROWN_LIBCXX.exec(line) ?? [];
  const what = /^\s*what\(\):\s*(.*)$/.exec(lines[at + 1] ?? '')?.[1];
  return {
    type,
    message: what ?? THROWN_LIBCXX.exec(line)?.[2] ?? '',
    frames: [],
    lastLine: what === undefined ? at : at + 1,
    isFatal: true,
    identifiedBy: 'message',
  };
}

function withoutException(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => WITHOUT.test(line));
  const [, type] = WITHOUT.exec(lines[at] ?? '') ?? [];
  return type === undefined
    ? null
    : { type, message: '', frames: [], lastLine: at, isFatal: true, identifiedBy: 'message' };
}

/** `SUMMARY: AddressSanitizer: heap-use-after-free /src/x.cpp:5:3 in compute`: it stands after the stacks, so it is never cut away. */
function sanitizer(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => line.startsWith('SUMMARY: '));
  const [, tool, kind = '', file = '', name = ''] =
    /^SUMMARY: (\w+Sanitizer): (\S+)(?: (.*?)(?::\d+(?::\d+)?)?(?: in (.+))?)?$/.exec(lines[at] ?? '') ?? [];
  if (tool === undefined) return null;
  const frames = stackOf(lines, at);
  return {
    type: `${tool}: ${kind}`,
    message: '',
    frames: frames.some(({ origin }) => origin === 'own')
      ? frames
      : [{ function: withoutArguments(name), file, origin: 'own' }],
    lastLine: lines.findLastIndex(
      (line, index) => index === at || (index > at && /^==\d+==ABORTING|^\s*(?:0x|=>|Shadow)/.test(line)),
    ),
    isFatal: true,
    identifiedBy: 'stack',
  };
}

function stackOf(lines: readonly string[], summary: number): readonly Frame[] {
  const first = lines.findIndex((line) => /^==\d+==\s?ERROR: \w+Sanitizer/.test(line));
  const frames: Frame[] = [];
  for (let at = first + 1; first !== -1 && at < summary; at += 1) {
    const [, place] = /^\s+#\d+ 0x[0-9a-f]+ (?:in )?(\S.*)$/.exec(lines[at] ?? '') ?? [];
    if (place !== undefined) {
      const [, name = place, file = ''] = /^(.+) \(?(\S+?)(?::\d+)*(?:\+0x[0-9a-f]+\))?$/.exec(place) ?? [];
      const isOwn = file.startsWith('/') && !/^\/(?:build|usr|lib)\b/.test(file) && !place.endsWith(')');
      frames.push({ function: withoutArguments(name), file, origin: isOwn ? 'own' : 'runtime' });
    } else if (frames.length > 0) break;
  }
  return frames;
}

function withoutArguments(name: string): string {
  return name.replace(/\(.*$/, '');
}
