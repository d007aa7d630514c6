import type { OutputChunk } from '../../shared/model/output';

/** Lines that the window keeps of a stream; the files have more. */
const MAX_LINES = 2000;

/** What a program has written, as far as it was followed. */
export interface OutputText {
  /** Oldest first; the last one may still be growing. */
  lines: readonly string[];
  /** Bytes that were left out between, since more was written than anybody reads. */
  skippedBytes: number;
}

export const NO_OUTPUT: OutputText = { lines: [], skippedBytes: 0 };

/** With what was written since: a chunk may begin and end within a line. */
export function withChunk({ lines, skippedBytes }: OutputText, chunk: OutputChunk): OutputText {
  const [first = '', ...rest] = chunk.text.split('\n');
  const before = lines.slice(0, -1);
  const begun = chunk.skippedBytes > 0 ? [lines.at(-1) ?? '', first] : [`${lines.at(-1) ?? ''}${first}`];
  return {
    lines: [...before, ...begun, ...rest].slice(-MAX_LINES),
    skippedBytes: skippedBytes + chunk.skippedBytes,
  };
}

/** The lines that contain a text, in any case; the empty end of what is written whole is no line. */
export function linesWith({ lines }: OutputText, text: string): readonly string[] {
  const whole = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  const wanted = text.toLowerCase();
  return wanted === '' ? whole : whole.filter((line) => line.toLowerCase().includes(wanted));
}
