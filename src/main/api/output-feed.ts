import { StringDecoder } from 'node:string_decoder';
import type { OutputChunk, OutputPage, OutputPosition, OutputStream } from '../../shared/model/output';
import type { Engine } from '../engine/engine';
import type { Clock } from '../engine/ports';
import { FEED_INTERVAL_MS } from './live-feed';
import { pause } from './throttled';

/** Up to where a stream was read; what is in it is the business of who reads. */
interface Position {
  offset: number;
  olderInode: number | null;
}

/** The kept output of watched programs, as far as the API needs it. */
export interface OutputHistory {
  page(
    watch: string,
    stream: OutputStream,
    request: { lines: number; before?: OutputPosition | undefined },
  ): OutputPage;
  end(watch: string, stream: OutputStream): Position;
  appended(
    watch: string,
    stream: OutputStream,
    since: Position,
  ): { bytes: Uint8Array; skippedBytes: number; position: Position };
}

export interface FollowRequest {
  watchId: string;
  streams: readonly OutputStream[];
  lines: number;
}

/**
 * The last lines of each stream, then what is written, until the client breaks off or the watch is gone. A watch that gets
 * another name is followed under it. Looks at the files as often as it may send: nothing is kept for slow clients.
 */
export async function* followOutput(
  { engine, output, clock }: { engine: Pick<Engine, 'watches'>; output: OutputHistory; clock: Clock },
  { watchId, streams, lines }: FollowRequest,
  signal?: AbortSignal,
): AsyncGenerator<OutputChunk, void> {
  const nameNow = (): string | undefined => engine.watches.list().find(({ watch }) => watch.id === watchId)?.watch.name;
  const first = nameNow();
  if (first === undefined) return;
  const followed = [...new Set(streams)].map((stream) => {
    const position = output.end(first, stream);
    const before = { file: 0, offset: position.offset };
    const page = lines === 0 ? null : output.page(first, stream, { lines, before });
    const tail = page === null || page.lines.length === 0 ? '' : page.lines.join('\n') + (page.isWhole ? '\n' : '');
    return { stream, position, decoder: new StringDecoder('utf8'), tail };
  });
  for (const { stream, tail } of followed) {
    if (tail !== '') yield { stream, text: tail, skippedBytes: 0 };
  }
  for (;;) {
    if (signal?.aborted) return;
    await pause(clock, FEED_INTERVAL_MS, signal);
    const name = nameNow();
    if (signal?.aborted || name === undefined) return;
    for (const one of followed) {
      const { bytes, skippedBytes, position } = output.appended(name, one.stream, one.position);
      one.position = position;
      // Half a letter from before what was left out is no letter.
      if (skippedBytes > 0) one.decoder = new StringDecoder('utf8');
      const text = one.decoder.write(bytes as Buffer);
      if (text !== '' || skippedBytes > 0) yield { stream: one.stream, text, skippedBytes };
    }
  }
}
