import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../engine/testing/manual-clock';
import { Scope } from './attempt';
import { OutputTail } from './output-tail';

const MIB = 1024 * 1024;

function reading() {
  const [clock, scope] = [new ManualClock(), new Scope()];
  const stream = new PassThrough({ highWaterMark: 4 * MIB });
  const tail = new OutputTail(scope, clock);
  tail.read([stream]);
  /** Writes, and lets the stream flow. */
  const write = async (text: string): Promise<void> => {
    stream.write(text);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, scope, stream, tail, write };
}

describe('the tail of an output', () => {
  it('has the last line with something in it', async () => {
    const { tail, write } = reading();
    await write('one\ntw');
    await write('o\n\n');
    expect(tail.lastLine).toBe('two');
  });

  it('is all that is kept of a long one', async () => {
    const { tail, write } = reading();
    await write(`first${'x'.repeat(20_000)}`);
    expect(tail.lastLine).toBe('x'.repeat(8192));
  });

  it('of a flood is read with breaks, which end with the attempt', async () => {
    const { clock, scope, stream, write } = reading();
    await write('x'.repeat(MIB));
    expect(stream.isPaused()).toBe(false);
    await write('x');
    expect(stream.isPaused()).toBe(true);
    await clock.advance(10);
    expect(stream.isPaused()).toBe(false);
    await write('x');
    expect(clock.pending).toBe(1);
    scope.end();
    expect(clock.pending).toBe(0);
  });
});
