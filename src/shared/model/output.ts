import { z } from 'zod';

export const OUTPUT_STREAMS = ['out', 'err'] as const;
/** Standard output, standard error. */
export const outputStreamSchema = z.enum(OUTPUT_STREAMS);
export type OutputStream = z.infer<typeof outputStreamSchema>;

/** A place in the output that is kept: file 0 is written to, higher ones are older; the offset is in bytes. */
export const outputPositionSchema = z.strictObject({
  file: z.number().int().min(0).max(1000),
  offset: z.number().int().nonnegative(),
});
export type OutputPosition = z.infer<typeof outputPositionSchema>;

/** Some lines of the past. */
export interface OutputPage {
  /** Oldest first. */
  lines: readonly string[];
  /** Where these begin: give it to get the lines before; null when there are none. */
  before: OutputPosition | null;
  /** False while the last line is not at its end. */
  isWhole: boolean;
}

/** What was written to a stream since the chunk before. */
export interface OutputChunk {
  stream: OutputStream;
  /** May begin and end within a line. */
  text: string;
  /** Bytes before the text that are left out, since more was written than anybody reads; 0 for none. */
  skippedBytes: number;
}
