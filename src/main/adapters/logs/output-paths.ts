import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { OutputStream } from '../../../shared/model/output';

/** Files of one stream: `NAME.out.log` is being written, `.1` to `.n` are older and older. */
const OUTPUT_FILE = /^(?<stem>.+)\.(?:out|err)\.log$/;

/** A file name holds 255 bytes (NAME_MAX), and 64 letters can be 256 bytes. */
const MAX_STEM_BYTES = 200;

/** Windows opens a device under these names, whatever ending follows. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** The name of a watch as the beginning of a file name. The schema of names forbids all that is odd, and instances add `#`; this trusts nobody. */
export function outputStem(watchName: string): string {
  const escaped = watchName
    .replace(/[^\p{L}\p{N}._ #-]/gu, (character) => `%${character.codePointAt(0)?.toString(16) ?? ''}`)
    .replace(/^\./, '%2e');
  const stem = WINDOWS_DEVICE.test(escaped) ? `%${escaped}` : escaped === '' ? '%' : escaped;
  if (Buffer.byteLength(stem) <= MAX_STEM_BYTES) return stem;
  const digest = createHash('sha256').update(watchName).digest('hex').slice(0, 12);
  return `${[...stem].slice(0, 40).join('')}~${digest}`;
}

/** The file that a stream of a watch is written to. */
export function outputPath(logsDir: string, watchName: string, stream: OutputStream): string {
  return join(logsDir, `${outputStem(watchName)}.${stream}.log`);
}

/** Whether a file of the logs folder is one that a program writes to, and not an older or foreign one. */
export function isCurrentOutputFile(fileName: string): boolean {
  return OUTPUT_FILE.test(fileName);
}
