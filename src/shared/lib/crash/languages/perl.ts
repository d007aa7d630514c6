import type { Frame, Language, Origin } from './language';

/** Perl's `die` with the place at its end, and the stack of Carp's `confess` under it. */
export const perl: Language<'perl'> = {
  name: 'perl',
  find: (lines) => {
    const at = lines.findLastIndex((line) => !/^\s/.test(line) && DIED.test(line));
    const [, said = '', file = ''] = DIED.exec(lines[at] ?? '') ?? [];
    if (at === -1) return null;
    // Where it has looked for a module is a matter of the installation.
    const message = said.replace(/ \((?:you may need to install|@INC ).*$/, '');
    const callers: Frame[] = [];
    let lastLine = at;
    for (let index = at + 1; index < lines.length; index += 1) {
      const [, name = '', caller = ''] = CALLED.exec(lines[index] ?? '') ?? [];
      if (caller === '') break;
      callers.push({ function: name, file: caller, origin: originOf(caller) });
      lastLine = index;
    }
    const place: Frame = { function: '', file, origin: originOf(file) };
    // Each caller names its callee: the innermost function is the first one's.
    const frames = callers.length === 0 ? [place] : callers;
    const identifiedBy = callers.some((frame) => frame.function !== '') ? 'stack' : 'message';
    return {
      type: 'die',
      message,
      frames,
      lastLine: lastOf(lines, lastLine),
      isFatal: false,
      identifiedBy,
      site: file,
    };
  },
};

const DIED = /^(.*) at (\S+) line \d+(?:, <[^>]*> (?:line|chunk) \d+)?\.?$/;
const CALLED = /^\s+(?:eval \{\.\.\.\}|([\w:]+)\(.*\)|require .*) called at (\S+) line \d+$/;

function originOf(file: string): Origin {
  return /\/perl\d?(?:-base)?\/|\/perl5\//.test(file) ? 'package' : 'own';
}

/** `BEGIN failed--compilation aborted at x.pl line 3.` only repeats that the line above was the end. */
function lastOf(lines: readonly string[], from: number): number {
  return lines.findLastIndex(
    (line, at) => at === from || (at > from && /compilation aborted|had compilation errors/.test(line)),
  );
}
