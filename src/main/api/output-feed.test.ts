import { describe, expect, it } from 'vitest';
import type { OutputChunk } from '../../shared/model/output';
import { watchSpecSchema } from '../../shared/model/watch';
import { ManualClock } from '../engine/testing/manual-clock';
import { followOutput } from './output-feed';
import { FakeEngine } from './testing/fake-engine';

async function following(streams: readonly ('out' | 'err')[], lines = 2) {
  const engine = new FakeEngine();
  const target = { kind: 'command' as const, command: { argv: ['x'], cwd: '/' } };
  const { watch } = await engine.watches.add(watchSpecSchema.parse({ name: 'web', target }), 'cli');
  engine.output.write('web', 'out', 'one\ntwo\nthree\nfo');
  const clock = new ManualClock();
  const abort = new AbortController();
  const got: OutputChunk[] = [];
  const stream = followOutput(
    { engine, output: engine.output, clock },
    { watchId: watch.id, streams, lines },
    abort.signal,
  );
  const ended = (async () => {
    for await (const chunk of stream) got.push(chunk);
  })();
  await clock.advance(0);
  return { engine, clock, abort, got, ended, watch };
}
const texts = (got: readonly OutputChunk[]): string[] => got.map(({ stream, text }) => `${stream}:${text}`);

describe('followed output', () => {
  it('begins with the last lines, as far as they were written, and goes on where they end', async () => {
    const { engine, clock, abort, got, ended } = await following(['out', 'err']);
    expect(texts(got)).toEqual(['out:three\nfo']);
    engine.output.write('web', 'out', 'ur\n');
    engine.output.write('web', 'err', 'oops\n');
    await clock.advance(250);
    expect(texts(got).slice(1)).toEqual(['out:ur\n', 'err:oops\n']);
    abort.abort();
    await ended;
    expect(clock.pending).toBe(0);
  });

  it('comes at most 4 times a second, whatever is written', async () => {
    const { engine, clock, abort, got, ended } = await following(['out'], 0);
    for (let i = 0; i < 100; i += 1) {
      engine.output.write('web', 'out', `${i}\n`);
      await clock.advance(10);
    }
    expect(got.length).toBeLessThanOrEqual(4);
    expect(got.map(({ text }) => text).join('')).toBe(Array.from({ length: 100 }, (_, i) => `${i}\n`).join(''));
    abort.abort();
    await ended;
  });

  it('ends with its watch', async () => {
    const { engine, clock, ended } = await following(['out']);
    engine.watches.remove({ watch: 'web', actor: 'cli' });
    await clock.advance(250);
    await ended;
    expect(clock.pending).toBe(0);
  });
});
