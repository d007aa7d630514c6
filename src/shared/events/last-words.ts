import { PLAIN_WRITING, type Writing } from '../lib/format/values';
import { utf8Length } from '../lib/text/utf8';
import type { ProcessEvidence, RuntimeDump } from '../model/last-words';
import type { EventDefinition, Fact } from './definition';

export interface LastWordsData {
  /** What the watch used before, oldest first, thinned to a few dozen; `at` in ms since the epoch. */
  readings: readonly { at: number; cpuPercent: number; memoryBytes: number }[];
  /** Its processes right before they were ended, the main one first; empty after a crash. */
  processes: readonly ProcessEvidence[];
  /** null: no dump was asked for. */
  dump: RuntimeDump | null;
  /** How long it took to collect them, by which the end came later. */
  tookMs: number;
}

/** What a program did before it ended, or was ended for what it did. */
export const lastWords: EventDefinition<'last_words', LastWordsData> = {
  type: 'last_words',
  label: 'Last words',
  counted: ['last words', 'last words'],
  part: 'aside',
  isAside: true,
  isLarge: true,
  line: ({ data }) => ({ action: 'Kept last words', details: [lastWordsSummary(data)] }),
  facts: ({ data }, writing) => [
    ...readingFacts(data, writing),
    ...data.processes.map(({ pid, name, threads, files, sockets }) => ({
      label: `Process ${pid}`,
      value: [
        name,
        writing.plural(threads.length, 'thread'),
        writing.plural(files.length, 'open file'),
        writing.plural(sockets.length, 'socket'),
      ].join(', '),
    })),
    ...(data.dump === null ? [] : [{ label: 'Dump', value: dumpWords(data.dump, writing.bytes) }]),
    { label: 'Took', value: writing.duration(data.tookMs) },
  ],
};

/** What was kept, in a line: `12 threads, 34 open files, 3 sockets, a dump by SIGQUIT (12 kB)`; empty when it is nothing. */
export function lastWordsSummary(
  { readings, processes, dump }: LastWordsData,
  { bytes, plural: count }: Pick<Writing, 'bytes' | 'plural'> = PLAIN_WRITING,
): string {
  const total = (of: (process: ProcessEvidence) => readonly unknown[]): number =>
    processes.reduce((sum, process) => sum + of(process).length, 0);
  return [
    ...(readings.length === 0 ? [] : [count(readings.length, 'reading')]),
    ...(processes.length === 0
      ? []
      : [
          count(
            total(({ threads }) => threads),
            'thread',
          ),
          count(
            total(({ files }) => files),
            'open file',
          ),
          count(
            total(({ sockets }) => sockets),
            'socket',
          ),
        ]),
    ...(dump === null ? [] : [dumpWords(dump, bytes)]),
  ].join(', ');
}

function dumpWords({ signal, text, truncated }: RuntimeDump, bytes: Writing['bytes']): string {
  if (text === '') return `no dump by ${signal}: nothing was written`;
  return `a dump by ${signal} (${truncated ? 'the first ' : ''}${bytes(utf8Length(text))})`;
}

function readingFacts({ readings }: LastWordsData, { plural: count, duration, reading }: Writing): Fact[] {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    { label: 'Readings', value: `${count(readings.length, 'reading')} over ${duration(last.at - first.at)}` },
    {
      label: 'At the end',
      value: `${reading(last.cpuPercent, '% of one core')}, ${reading(last.memoryBytes, 'bytes')}`,
    },
  ];
}
