import { threadWords } from '../../../shared/lib/events/last-words';
import type { LocalTimes } from '../../../shared/lib/format/local-time';
import { formatReading } from '../../../shared/lib/format/values';
import type { SecretMask } from '../../../shared/lib/process/mask-secrets';
import { escapeUnprintable } from '../../../shared/lib/text/escape';
import { utf8Length } from '../../../shared/lib/text/utf8';
import type { LastWordsEvent } from '../../../shared/lib/events/last-words';
import type { OpenSocket, ProcessEvidence, RuntimeDump, ThreadEvidence } from '../../../shared/model/last-words';
import type { TextAttachment } from '../message';
import { withoutSequences } from './clean';

/** A larger file stays with the incident: it waits in the outbox, too. */
export const MAX_FILE_BYTES = 64 * 1024;
const MAX_NAME = 60;

/** Last words as a file that a mail has attached, each line printable and without secrets; null: they are too many. */
export function lastWordsFile(event: LastWordsEvent, times: LocalTimes, mask: SecretMask): TextAttachment | null {
  const { readings, processes, dump } = event.data;
  const watch = event.watch ?? '';
  const parts = [
    [`Last words of ${watch}, ${times.full(Date.parse(event.at))}`],
    ...(readings.length === 0 ? [] : [['Readings', ...readings.map((reading) => `  ${readingLine(reading, times)}`)]]),
    ...processes.map(processLines),
    ...(dump === null ? [] : [dumpPart(dump)]),
  ];
  // Masked as a whole: a key has several lines.
  const raw = mask(withoutSequences(parts.map((lines) => lines.join('\n')).join('\n\n')));
  const lines = raw.split(/\r?\n/).map((line) => escapeUnprintable(line.replaceAll('\t', '    ')));
  const text = `${lines.join('\n')}\n`;
  const name = watch.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, MAX_NAME);
  return utf8Length(text) > MAX_FILE_BYTES ? null : { name: `last-words-${name}.txt`, text };
}

function readingLine(
  { at, cpuPercent, memoryBytes }: LastWordsEvent['data']['readings'][number],
  times: LocalTimes,
): string {
  return `${times.short(at)}  ${formatReading(cpuPercent, 'percent_of_core')}, ${formatReading(memoryBytes, 'bytes')}`;
}

function processLines({ pid, name, threads, files, sockets, isCut }: ProcessEvidence): string[] {
  return [
    `Process ${pid} (${name})${isCut ? ', of which not all is listed' : ''}`,
    ...titled('Threads', threads.flatMap(threadLines)),
    ...titled(
      'Open files',
      files.map(({ fd, target }) => `${fd}  ${target}`),
    ),
    ...titled('Sockets', sockets.map(socketLine)),
  ];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
}

function threadLines({ tid, name, systemCall, kernelStack, ...thread }: ThreadEvidence): string[] {
  const call = systemCall === null ? '' : `, system call ${systemCall}`;
  return [`${tid}  ${name}  ${threadWords(thread)}${call}`, ...kernelStack.map((place) => `    at ${place}`)];
}

function socketLine({ fd, inode, local, remote, state }: OpenSocket): string {
  if (local === null) return `${fd}  socket:[${inode}]`;
  return [`${fd}  ${local}${remote === null ? '' : ` → ${remote}`}`, ...(state === null ? [] : [state])].join('  ');
}

function dumpPart({ signal, text, truncated }: RuntimeDump): string[] {
  if (text === '') return [`Dump by ${signal}: nothing was written`];
  return [`Dump by ${signal}${truncated ? ', its beginning' : ''}`, text.trimEnd()];
}
