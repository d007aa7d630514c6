import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../engine/testing/manual-clock';
import { ErrorSink } from './error-sink';

describe('the error sink', () => {
  it('tells each error once a minute, and others at once', async () => {
    const clock = new ManualClock();
    const reported: string[] = [];
    const written: string[] = [];
    const { report } = new ErrorSink({
      clock,
      write: (text) => written.push(text),
      report: (detail) => reported.push(detail),
      mask: (text) => text.replaceAll('canary', '•••'),
    });
    for (let i = 0; i < 100; i += 1) report('reading', new Error('EIO'));
    report('writing', 'no error object');
    expect(reported).toEqual([
      'Unexpected error while reading: EIO',
      'Unexpected error while writing: no error object',
    ]);
    expect(written[0]).toMatch(/^\d{4}-.*Z Unexpected error while reading: EIO\nError: EIO\n {4}at /);
    await clock.advance(60_000);
    report('reading', new Error('EIO'));
    expect(reported).toHaveLength(3);
    report('writing', new Error('canary is wrong'));
    expect(reported.at(-1)).toBe('Unexpected error while writing: ••• is wrong');
    expect(written.join('')).not.toContain('canary');
  });
});
