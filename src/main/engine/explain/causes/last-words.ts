import { truncate } from '../../../../shared/lib/text/escape';
import type { CauseRule } from '../death-facts';

interface Words {
  pattern: RegExp;
  certainty: 'very_likely' | 'likely';
  isOfProgram: boolean;
  /** What it was, with what the pattern has found in brackets. */
  reason: (found: string) => string;
}

/** What programs and runtimes write when they give up, by what an operator would do about it. */
const WORDS: readonly Words[] = [
  {
    pattern:
      /JavaScript heap out of memory|java\.lang\.OutOfMemoryError[^\n]{0,80}|^MemoryError\b|std::bad_alloc|\bENOMEM\b|cannot allocate memory|runtime: out of memory/i,
    certainty: 'very_likely',
    isOfProgram: true,
    reason: () => 'it could get no more memory',
  },
  {
    pattern:
      /Maximum call stack size exceeded|RecursionError\b|java\.lang\.StackOverflowError|stack level too deep|goroutine stack exceeds|has overflowed its stack/,
    certainty: 'very_likely',
    isOfProgram: true,
    reason: () => 'its recursion had no end, and its stack overflowed',
  },
  {
    pattern: /\b(?:EMFILE|ENFILE)\b|too many open files/i,
    certainty: 'very_likely',
    isOfProgram: true,
    reason: () => 'it had as many open files as it may have',
  },
  {
    pattern:
      /Cannot find (?:module|package) ['"]([^'"]+)['"]|ModuleNotFoundError: No module named ['"]?([\w.]+)|cannot load such file -- (\S+)|(?:ClassNotFoundException|NoClassDefFoundError): (\S+)|Could not find or load main class (\S+)|error while loading shared libraries: ([^:\s]+)|Can't locate (\S+) in @INC/,
    certainty: 'very_likely',
    isOfProgram: true,
    reason: (found) => `a module that it needs is missing: ${found}`,
  },
  {
    pattern:
      /^(?:Uncaught )?(SyntaxError: [^\n]{0,100}\bJSON\b[^\n]{0,60})|^([\w.]*(?:JSONDecodeError|YAMLException|TOMLDecodeError|(?:Parser|Scanner)Error): [^\n]{0,120})/,
    certainty: 'very_likely',
    isOfProgram: true,
    reason: (found) => `what it reads is malformed: ${found}`,
  },
  {
    pattern: /^((?:SyntaxError|IndentationError|TabError|ParseError)\b[^\n]{0,120})|(syntax error[^\n]{0,120})/,
    certainty: 'very_likely',
    isOfProgram: true,
    reason: (found) => `its program has a ${/^syntax error/.test(found) ? '' : 'syntax error: '}${found}`,
  },
  {
    pattern:
      /(?:\bENOENT\b|FileNotFoundError|No such file or directory)[^'"\n]{0,80}['"]([^'"\n]{1,300})['"]|([^\s:'"]{1,300}): No such file or directory|can't open file ['"]([^'"]+)['"]|open ([^\s:]{1,300}): no such file or directory/,
    certainty: 'very_likely',
    isOfProgram: true,
    reason: (found) => `a file that it needs is missing: ${found}`,
  },
  {
    pattern:
      /(?:\bEACCES\b|\bEPERM\b|PermissionError|Permission denied)[^'"\n]{0,80}['"]([^'"\n]{1,300})['"]|\b(?:EACCES|EPERM|PermissionError)\b|permission denied/i,
    certainty: 'very_likely',
    isOfProgram: false,
    reason: (found) => `it was refused a permission${found === '' ? '' : `: ${found}`}`,
  },
  {
    pattern:
      /((?:[\d.]{7,15}|\[[\da-f:]+\]|::1|localhost):\d{1,5})\b[^\n]{0,20}connection refused|(?:\bECONNREFUSED\b|connection refused)[^\n]{0,40}?\b((?:[\d.]{7,15}|\[[\da-f:]+\]|::1|localhost):\d{1,5})|\bECONNREFUSED\b|connection refused/i,
    certainty: 'likely',
    isOfProgram: false,
    reason: (found) => `a service that it needs refused the connection${found === '' ? '' : `: ${found}`}`,
  },
  {
    pattern: /\bENOTFOUND (\S+)|\bEAI_AGAIN (\S+)|Name or service not known|temporary failure in name resolution/i,
    certainty: 'likely',
    isOfProgram: false,
    reason: (found) => `a name that it needs could not be resolved${found === '' ? '' : `: ${found}`}`,
  },
];

const MAX_LINE = 1000;
const MAX_FOUND = 160;

/**
 * What the program itself wrote at last, in words that many programs use. The last line that is understood counts: what came before may
 * have been overcome.
 */
export const lastWords: CauseRule = ({ stderrTail, exit }) => {
  // A runtime that gives up says why and aborts; what another signal has ended was writing about something else.
  const gaveUp = exit !== null && (exit.signal === null ? exit.exitCode !== 0 : exit.signal === 'SIGABRT');
  if (!gaveUp) return null;
  const lines = stderrTail.map((line) => line.slice(0, MAX_LINE).trim()).reverse();
  for (const line of lines) {
    const words = WORDS.find(({ pattern }) => pattern.test(line));
    if (words === undefined) continue;
    // Its details may stand in another line.
    const found = lines.map((one) => foundBy(words, one)).find((one) => one !== '') ?? '';
    return { certainty: words.certainty, reason: words.reason(found), isOfProgram: words.isOfProgram };
  }
  return null;
};

/** The error of a program in its own words. */
export const ownError: CauseRule = ({ exit, crashTitle }) => {
  if (exit === null || exit.signal !== null || exit.exitCode === 0 || crashTitle === null) return null;
  return { certainty: 'likely', reason: `it failed with its own error: ${crashTitle}`, isOfProgram: true };
};

function foundBy({ pattern }: Words, line: string): string {
  const found = pattern
    .exec(line)
    ?.slice(1)
    .find((part) => part !== undefined);
  return truncate(found ?? '', MAX_FOUND);
}
