import type { Frame, Language, Origin, Trace } from './language';

/** PHP's fatal errors, as its log and as its display write them. */
export const php: Language<'php'> = {
  name: 'php',
  find: (lines) => {
    const at = lines.findLastIndex((line) => FATAL.test(line));
    const [, kind = '', text = ''] = FATAL.exec(lines[at] ?? '') ?? [];
    return at === -1 ? null : (uncaught(lines, at, text) ?? fatal(at, kind, text));
  },
};

const FATAL = /(?:^|\s)(?:PHP )?((?:Fatal|Parse|Core|Compile|Recoverable fatal) error): +(.*)$/;
const UNCAUGHT = /^Uncaught ([\w\\]+)(?:: (.*?))?(?: in (\S+):\d+)?$/;
const CALL = /^#\d+ (?:(.+?)\(\d+\)|\[internal function\]): (.*?)\(.*$/;

/** `#0` names the function in which it was thrown and the file that called it; the place of the exception is that function's file. */
function uncaught(lines: readonly string[], at: number, text: string): Trace | null {
  const [, type, message = '', place] = UNCAUGHT.exec(text) ?? [];
  if (type === undefined) return null;
  let file = place ?? '';
  let lastLine = at;
  const frames: Frame[] = [];
  for (let index = at + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [, thrownIn] = /^\s+thrown in (.*) on line \d+$/.exec(line) ?? [];
    const [call, caller = '', name = ''] = CALL.exec(line) ?? [];
    if (call !== undefined) {
      frames.push({
        function: name.replace(/->|::/, '::').replace(/\{closure.*\}/, '{closure}'),
        file,
        origin: originOf(file),
      });
      file = caller;
    } else if (/^#\d+ \{main\}/.test(line)) frames.push({ function: '', file, origin: originOf(file) });
    if (/^#\d+ |^Stack trace:|^\s+thrown in /.test(line)) lastLine = index;
    if (thrownIn !== undefined) break;
  }
  return { type: type.replace(/^\\/, ''), message, frames, lastLine, isFatal: true, identifiedBy: 'stack' };
}

const LIMITS: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^(?:Allowed memory size|Out of memory)/, 'memory limit exhausted'],
  [/^Maximum execution time/, 'maximum execution time exceeded'],
];

function fatal(at: number, type: string, text: string): Trace {
  const [, message = text, file = ''] = /^(.*) in (\S+) on line \d+$/.exec(text) ?? [];
  const frames: readonly Frame[] = [{ function: '', file, origin: originOf(file) }];
  // Where memory or time runs out is chance.
  const limit = LIMITS.find(([pattern]) => pattern.test(message))?.[1];
  if (limit !== undefined)
    return { type: limit, message: '', frames, lastLine: at, isFatal: true, identifiedBy: 'type' };
  return { type, message, frames, lastLine: at, isFatal: true, identifiedBy: 'message', site: file };
}

function originOf(file: string): Origin {
  if (file === '') return 'runtime';
  return file.includes('/vendor/') ? 'package' : 'own';
}
