import { isInterpreter } from '../../../shared/lib/process/interpreters';
import { baseName, namesOf, readProgram, sameProgram, type ProgramInPlace } from '../../../shared/lib/process/program';
import type { ProcessIdentity, ProcessSample } from '../../../shared/model/process';
import type { Command } from '../../../shared/model/watch';
import type { Fitted } from './matcher';
import { descends, type ProcessIndex } from '../processes/process-index';

/** A process that fits and that the watch may take. */
export interface Candidate extends Fitted, ProgramInPlace {}

/** A process that the watch holds. */
export interface Held extends ProgramInPlace {
  sample: ProcessSample;
}

export interface Choice {
  taken: readonly Candidate[];
  /** Those that are not, with the reason, to follow "it" in a sentence. */
  left: readonly { candidate: Candidate; reason: string }[];
  /** Why nothing is taken although several fit, or null. */
  ambiguous: string | null;
}

/**
 * Which of those that fit are the program, while nothing is held. One program only: where several fit, the first of these
 * rules that distinguishes them decides; where none does, nothing is taken.
 *
 * | rule                                                                              |
 * |-----------------------------------------------------------------------------------|
 * | the process that the start command made, and its descendants                      |
 * | the program that the start command names                                          |
 * | programs that the pattern names, before those that have it in their arguments     |
 * | the program whose descendants the others are                                      |
 */
export function choose(
  candidates: readonly Candidate[],
  { index, child, start }: { index: ProcessIndex; child: ProcessIdentity | null; start: Command | null },
): Choice {
  const rules: readonly { prefers: (candidate: Candidate) => boolean; reason: string }[] = [
    {
      prefers: ({ sample }) => child !== null && (sample.pid === child.pid || descends(sample, child.pid, index)),
      reason: 'it was not started by the start command, and another one was',
    },
    {
      prefers: (candidate) => start !== null && isProgramOf(start, candidate),
      reason: 'it runs another program than the start command, and another one runs that',
    },
    {
      prefers: ({ fit }) => fit === 'named',
      reason: 'it only has the pattern in its arguments, and another one is named by it',
    },
  ];
  let rest = candidates;
  const left: Choice['left'][number][] = [];
  for (const { prefers, reason } of rules) {
    if (families(rest, index).length <= 1) break;
    const preferred = rest.filter(prefers);
    if (preferred.length === 0) continue;
    left.push(
      ...rest.filter((candidate) => !preferred.includes(candidate)).map((candidate) => ({ candidate, reason })),
    );
    rest = preferred;
  }
  const found = families(rest, index);
  if (found.length <= 1) return { taken: rest, left, ambiguous: null };
  const [one, other] = found;
  const ambiguous = `Ambiguous: ${found.length} programs match, among them ${inWords(one)} and ${inWords(other)}; expected a pattern that only one of them matches`;
  const reason = 'it is one of several programs that match, so none is taken';
  return { taken: [], left: [...left, ...rest.map((candidate) => ({ candidate, reason }))], ambiguous };
}

/**
 * Why a process may not join those that the watch holds, or null. It joins as a descendant of one of them, or as the same
 * program of the same user.
 */
export function whyNotJoin({ sample, ...place }: Candidate, held: readonly Held[], index: ProcessIndex): string | null {
  if (held.some((one) => descends(sample, one.sample.pid, index))) return null;
  const alike = held.filter((one) => sameProgram(one, place));
  const [first] = held;
  if (first === undefined || alike.some((one) => one.sample.uid === sample.uid)) return null;
  return alike.length > 0
    ? `it runs the same program as pid ${first.sample.pid}, which the watch holds, but as user ${sample.user}`
    : `it runs another program (${programInWords(place)}) than pid ${first.sample.pid} (${programInWords(first)}), which the watch holds, and is not a descendant of it`;
}

/** Groups of one program each; a program whose processes all descend from those of another group belongs to that one. */
function families(candidates: readonly Candidate[], index: ProcessIndex): readonly (readonly Candidate[])[] {
  const groups: Candidate[][] = [];
  for (const candidate of candidates) {
    const group = groups.find(([first]) => first !== undefined && sameProgram(first, candidate));
    if (group === undefined) groups.push([candidate]);
    else group.push(candidate);
  }
  return groups.filter(
    (group) =>
      !groups.some(
        (other) =>
          other !== group &&
          group.every(({ sample }) => other.some((parent) => descends(sample, parent.sample.pid, index))),
      ),
  );
}

/** Whether a process runs what a command starts, as far as the command shows. */
export function isProgramOf({ argv, cwd }: Command, { sample, program, cwd: itsCwd }: Held): boolean {
  const [first = ''] = argv;
  const wanted = readProgram({ name: baseName(first), argv, executable: null });
  if (!isInterpreter(wanted.base)) {
    const evidence = { name: sample.name, argv: program.argv, executable: program.executable };
    return namesOf(evidence).some(({ name }) => name === wanted.base);
  }
  if (wanted.script === null || wanted.script.kind === 'code') return false;
  // The version of an interpreter (python3, python3.11) does not matter.
  return sameProgram(
    { program: { ...wanted, base: '', executable: null }, cwd },
    {
      program: {
        ...program,
        base: program.title === null || program.script !== null ? '' : program.base,
        executable: null,
      },
      cwd: itsCwd,
    },
  );
}

function inWords([first]: readonly Candidate[] = []): string {
  return first === undefined ? 'another one' : `pid ${first.sample.pid} (${programInWords(first)})`;
}

function programInWords({ program }: ProgramInPlace): string {
  const { base, script, title } = program;
  if (title !== null) return title.slice(0, 60);
  switch (script?.kind) {
    case 'file':
    case 'jar':
      return `${base} ${script.path}`;
    case 'module':
    case 'class':
      return `${base} ${script.name}`;
    default:
      return base;
  }
}
