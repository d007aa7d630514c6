import type { Frame, Language, Origin, Trace } from './language';

/** Exceptions of Ruby up to 3.3 and from 3.4 on, with the innermost frame first or, as 2.5 to 2.7 wrote to a terminal, last. */
export const ruby: Language<'ruby'> = {
  name: 'ruby',
  find: (lines) => {
    const headers = lines.flatMap((line, at) => headerOf(line, at, lines) ?? []);
    const last = headers.at(-1);
    if (last === undefined) return cutStack(lines);
    const above = framesAbove(lines, last.at);
    const below = framesBelow(lines, last.at);
    return {
      type: last.type,
      message: last.message,
      frames: [last.frame, ...(above.length > 0 ? above : below.frames)],
      lastLine: below.lastLine,
      isFatal: false,
      identifiedBy: 'stack',
    };
  },
};

interface Header {
  at: number;
  type: string;
  message: string;
  frame: Frame;
}

const HEADER = /^(?:\S+: )?(\S[^:]*?):\d+:in [`']([^']*)': (.*)$/;
const OUTSIDE = /^(?:\S+: )?(\S[^:]*?\.rb):\d+: (.*)$/;
const FROM = /^\s+(?:\d+: )?from (.+?):\d+(?::in [`'](.*)')?$/;
const TYPE = / ?\(([A-Z]\w*(?:::[A-Z]\w*)*)\)$/;
/** Under a header stand further lines of its message and the source that is highlighted. */
const MAX_MESSAGE_LINES = 12;

/** A cause is written after its consequence, in the same form: the last header is the root. */
function headerOf(line: string, at: number, lines: readonly string[]): Header | null {
  const [, file = '', name = '', text = ''] = HEADER.exec(line) ?? outside(line) ?? [];
  if (file === '') return null;
  const type = TYPE.exec(text)?.[1];
  if (type !== undefined) return { at, type, message: text.replace(TYPE, ''), frame: frameOf(file, name) };
  // The type stands after the first line of the message in some versions, after the last one in others.
  for (const below of lines.slice(at + 1, at + MAX_MESSAGE_LINES)) {
    if (FROM.test(below)) break;
    const later = TYPE.exec(below)?.[1];
    if (later !== undefined) return { at, type: later, message: text, frame: frameOf(file, name) };
  }
  return null;
}

function outside(line: string): readonly string[] | null {
  const match = OUTSIDE.exec(line);
  return match === null ? null : ['', match[1] ?? '', '', match[2] ?? ''];
}

function framesBelow(lines: readonly string[], header: number): { frames: readonly Frame[]; lastLine: number } {
  const frames: Frame[] = [];
  let lastLine = header;
  for (let at = header + 1; at < lines.length && at - lastLine <= MAX_MESSAGE_LINES; at += 1) {
    const [, file, name = ''] = FROM.exec(lines[at] ?? '') ?? [];
    if (file === undefined) continue;
    frames.push(frameOf(file, name));
    lastLine = at;
  }
  return { frames, lastLine };
}

/** `\t1: from x.rb:7:in 'g'`, outermost first, above the exception. */
function framesAbove(lines: readonly string[], header: number): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = header - 1; at >= 0 && /^\s+\d+: from /.test(lines[at] ?? ''); at -= 1) {
    const [, file, name = ''] = FROM.exec(lines[at] ?? '') ?? [];
    if (file !== undefined) frames.push(frameOf(file, name));
  }
  return frames;
}

function cutStack(lines: readonly string[]): Trace | null {
  const frames: Frame[] = [];
  let lastLine = -1;
  lines.forEach((line, at) => {
    const [, file, name = ''] = FROM.exec(line) ?? [];
    if (file === undefined) return;
    frames.push(frameOf(file, name));
    lastLine = at;
  });
  if (frames.length < 2) return null;
  return { type: '', message: '', frames, lastLine, isFatal: false, identifiedBy: 'stack', isCut: true };
}

/** From 3.4 on the class is named too; blocks belong to their method. */
function frameOf(file: string, name: string): Frame {
  const method = name
    .replace(/^(?:(?:block|rescue|ensure)(?: \(\d+ levels\))? in )+/, '')
    .replace(/^(?:[A-Z]\w*(?:::|\.|#))+(?=.)/, '');
  return {
    function: /^<(?:main|top \(required\)|class:|module:)/.test(method) || method === 'Object' ? '' : method,
    file,
    origin: originOf(file),
  };
}

function originOf(file: string): Origin {
  if (/^<internal:|\/rubygems\//.test(file)) return 'runtime';
  if (/\/gems\//.test(file)) return 'package';
  return /\/lib\/ruby\//.test(file) ? 'runtime' : 'own';
}
