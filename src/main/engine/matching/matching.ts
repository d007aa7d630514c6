import type { RE2JS } from 're2js';
import { assertNever } from '../../../shared/lib/assert-never';
import { mayBeCutFrom, namesOf, readProgram, type ProgramEvidence } from '../../../shared/lib/process/program';
import type { ProcessSample } from '../../../shared/model/process';
import type { PatternTarget } from '../../../shared/model/watch';
import type { Fitting, Fitted, Matcher } from './matcher';
import { fitOf } from './mentions';
import { createPidfileMatcher } from './pidfile-match';
import { compileExpression } from '../expression';
import type { ProcessTable } from '../ports';

/**
 * A process younger than this is not adopted by a pattern yet: the `npx`, `sh -c` or `grep` that merely carries the
 * pattern in its own arguments is gone by then.
 */
const SETTLE_MS = 3000;

export type MatchTable = Pick<ProcessTable, 'facts' | 'readPidfile'>;

/** @throws Refusal `invalid` when the pattern is no usable one. */
export function createMatcher(target: PatternTarget, table: MatchTable): Matcher {
  switch (target.by) {
    case 'name':
      return byPredicate((sample) => byName(target.pattern, sample, table));
    case 'cmdline': {
      const expression = compileExpression(target.pattern);
      return byPredicate((sample) => byCommandLine(expression, sample, table));
    }
    case 'pidfile':
      return createPidfileMatcher(target, table.readPidfile.bind(table));
    default:
      return assertNever(target.by);
  }
}

function byName(pattern: string, sample: ProcessSample, table: MatchTable): Fitting | null {
  const named = (evidence: ProgramEvidence): Fitting | null => {
    const found = namesOf(evidence).find(({ name }) => name === pattern);
    if (found !== undefined) return { fit: 'named', reason: `it ${found.origin}` };
    if (!mayBeCutFrom(evidence, pattern)) return null;
    return {
      fit: 'named',
      reason: `it is named ${evidence.name} by the kernel, which cuts names off, and nothing else of it can be read`,
    };
  };
  // What the scan has is asked first: most processes that fit do so by it.
  const { name, argv } = sample;
  // With blanks in its first word that may be a title, or a path with blanks: its executable decides.
  const isPlain = argv.length > 0 && sample.argvCut !== true && !/\s/.test(argv[0] ?? '');
  const cheap = isPlain ? named({ name, argv, executable: null }) : null;
  if (cheap !== null) return cheap;
  const facts = table.facts(sample);
  if (facts === null) return null;
  const found = named({ name, argv: facts.argv, executable: facts.executable });
  if (found !== null) return found;
  return facts.argv.some((word) => word.includes(pattern))
    ? { fit: 'mention', reason: `it has "${pattern}" only in its arguments, and not as one of its names` }
    : null;
}

function byCommandLine(expression: RE2JS, sample: ProcessSample, table: MatchTable): Fitting | null {
  const { name } = sample;
  const facts = sample.argvCut === true || expression.test(sample.argv.join(' ')) ? table.facts(sample) : null;
  // Not fitting with its padding, a title may fit without.
  const argv = facts?.argv ?? sample.argv;
  const program = readProgram({ name, argv, executable: facts?.executable ?? null });
  const fit = fitOf(expression, program);
  switch (fit) {
    case null:
      return null;
    case 'named':
      return { fit, reason: program.script === null ? `it runs ${program.base}` : 'the expression names its script' };
    case 'argument':
      return { fit, reason: 'the expression is found in its arguments' };
    case 'mention':
      return {
        fit,
        reason:
          program.script?.kind === 'code'
            ? 'the expression is found only in the program text that it was given'
            : `it is ${program.base}, which only mentions the pattern in its arguments`,
      };
    default:
      return assertNever(fit);
  }
}

function byPredicate(matches: (sample: ProcessSample) => Fitting | null): Matcher {
  // The answer for a process changes only when it runs another program, and then its arguments are another array. Each
  // process has an array of its own, so its executable is asked for once in its life.
  const known = new WeakMap<readonly string[], Map<string, Fitting | null>>();
  function cached(sample: ProcessSample): Fitting | null {
    // Processes without arguments share one empty array; they are few.
    if (sample.argv.length === 0) return matches(sample);
    let byName = known.get(sample.argv);
    if (byName === undefined) known.set(sample.argv, (byName = new Map()));
    let answer = byName.get(sample.name);
    if (answer === undefined) byName.set(sample.name, (answer = matches(sample)));
    return answer;
  }
  const fitted = (sample: ProcessSample): readonly Fitted[] => {
    const fitting = isProgram(sample) ? cached(sample) : null;
    return fitting === null ? [] : [{ sample, ...fitting }];
  };
  return {
    problem: null,
    find: (index, { wallMs, settled, mayBe }) =>
      index.samples.flatMap((sample) => {
        // Whose it is comes first: what others write into their command lines costs the engine nothing.
        if (!mayBe(sample) || (settled && wallMs - sample.startedAt < SETTLE_MS)) return [];
        return fitted(sample).filter(({ fit }) => fit !== 'mention');
      }),
    explain: (index) => index.samples.flatMap(fitted),
  };
}

function isProgram({ state, kernel }: ProcessSample): boolean {
  return state !== 'zombie' && state !== 'dead' && !kernel;
}
