import { RE2JS } from 're2js';
import type { ProcessSample } from '../../shared/model/process';
import type { MatchTarget } from '../../shared/model/watch';
import { assertNever } from '../../shared/lib/assert-never';
import type { ProcessIndex } from './process-index';
import type { PidfileReading } from './ports';
import { Refusal } from './refusal';

/**
 * A process younger than this is not adopted by a pattern yet: the `npx`, `sh -c` or `grep` that merely carries the
 * pattern in its own arguments is gone by then.
 */
const SETTLE_MS = 3000;

/** Programs that run a script: such a process goes by the script's name too. */
const INTERPRETER = /^(?:python|node|nodejs|ruby|perl|php|bash|sh|dash|zsh|java|deno|bun|lua|tclsh|Rscript)[\d.]*$/;

/** Finds the processes of one match target. */
export interface Matcher {
  /**
   * The processes that match in this pass, protected ones included.
   * @param options.settled leave out processes too young to tell (see `SETTLE_MS`)
   */
  find(index: ProcessIndex, options: { wallMs: number; settled: boolean }): readonly ProcessSample[];
  /** Why nothing can match at the moment (an unusable pidfile), or null. */
  readonly problem: string | null;
}

/** @throws Refusal `invalid` when the pattern is no usable one. */
export function createMatcher(target: MatchTarget, readPidfile: (path: string) => PidfileReading): Matcher {
  switch (target.by) {
    case 'name':
      return byPredicate(target, (sample) => namesOf(sample).has(target.pattern));
    case 'cmdline': {
      const expression = compile(target.pattern);
      return byPredicate(target, (sample) => sample.argv.length > 0 && expression.test(sample.argv.join(' ')));
    }
    case 'pidfile':
      return byPidfile(target, readPidfile);
    default:
      return assertNever(target.by);
  }
}

/** The names that a process goes by: the kernel's, its program's, and for an interpreter its script's. */
export function namesOf(sample: Pick<ProcessSample, 'name' | 'argv'>): ReadonlySet<string> {
  const names = new Set([sample.name]);
  const program = baseName(sample.argv[0] ?? '');
  if (program !== '') names.add(program);
  if (INTERPRETER.test(program)) {
    const script = sample.argv.slice(1).find((argument) => !argument.startsWith('-'));
    if (script !== undefined) names.add(baseName(script));
  }
  return names;
}

/** RE2 syntax: its running time is linear, so no pattern can hold the engine up. */
function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw new Refusal(
      'invalid',
      `Expected a regular expression in RE2 syntax (no look-around, no back-references), got one with ${why}`,
    );
  }
}

function byPredicate(target: MatchTarget, matches: (sample: ProcessSample) => boolean): Matcher {
  // The answer for a process changes only when it runs another program, and then its arguments are another array.
  const known = new WeakMap<readonly string[], Map<string, boolean>>();
  function cached(sample: ProcessSample): boolean {
    let byName = known.get(sample.argv);
    if (byName === undefined) known.set(sample.argv, (byName = new Map()));
    let answer = byName.get(sample.name);
    if (answer === undefined) byName.set(sample.name, (answer = matches(sample)));
    return answer;
  }
  return {
    problem: null,
    find: (index, { wallMs, settled }) =>
      index.samples.filter(
        (sample) =>
          canBeWatched(sample, target.user) && !(settled && wallMs - sample.startedAt < SETTLE_MS) && cached(sample),
      ),
  };
}

function byPidfile(target: MatchTarget, readPidfile: (path: string) => PidfileReading): Matcher {
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(target.pattern)) {
    throw new Refusal('invalid', `Expected the absolute path of a pidfile, got "${target.pattern}"`);
  }
  let problem: string | null = null;
  return {
    get problem() {
      return problem;
    },
    find(index) {
      problem = null;
      const reading = readPidfile(target.pattern);
      if (reading.kind === 'missing') return [];
      if (reading.kind === 'unusable') {
        problem = reading.problem;
        return [];
      }
      const sample = index.byPidOrNull(reading.pid);
      if (sample === null || !canBeWatched(sample, target.user)) return [];
      // Whoever may write the file could point Healdeck at any process: believe only root and the process's own user.
      if (reading.ownerUid > 0 && sample.uid >= 0 && sample.uid !== reading.ownerUid) {
        problem = `The pidfile ${target.pattern} belongs to user ${reading.ownerUid} but names pid ${reading.pid} of user ${sample.user}; expected one owner for both`;
        return [];
      }
      return [sample];
    },
  };
}

function canBeWatched(sample: ProcessSample, user: string | null): boolean {
  return (
    sample.state !== 'zombie' && sample.state !== 'dead' && !sample.kernel && (user === null || sample.user === user)
  );
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
