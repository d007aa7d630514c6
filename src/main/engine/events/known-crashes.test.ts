import { describe, expect, it } from 'vitest';
import type { DraftOfWatch } from '../heal/heal-state';
import { KnownCrashes } from './known-crashes';

const NOW = Date.UTC(2026, 10, 30);
const EARLIER = Date.UTC(2026, 4, 3);
const clock = { wallMs: () => NOW };
const crash = (id: string): DraftOfWatch => ({
  ...{ type: 'crash_detected', severity: 'high', pid: 1, message: 'web crashed' },
  data: {
    ...{ exitCode: 1, signal: null, uptimeSeconds: 1, stderrTail: [], stderrOf: 'this_run', policy: 'always' },
    ...{ remaining: 0, whileEngineWasDown: false, crash: { id, title: 'x' } },
  },
});
const times = (draft: DraftOfWatch) => (draft.type === 'crash_detected' ? draft.data.crash?.times : null);

describe('a crash that is reported', () => {
  it('says how often it came, and since when, over all engines', () => {
    const known = new KnownCrashes(clock, [{ id: 'a', times: 13, firstAt: EARLIER }]);
    expect(known.counted(crash('a'))).toMatchObject({
      data: { crash: { id: 'a', title: 'x', times: 14, firstAt: '2026-05-03T00:00:00.000Z' } },
    });
    expect(times(known.counted(crash('a')))).toBe(15);
    expect(known.counted(crash('b'))).toMatchObject({
      data: { crash: { times: 1, firstAt: new Date(NOW).toISOString() } },
    });
  });

  it('is one of a bounded number that is known: those that were seen last', () => {
    const known = new KnownCrashes(clock, []);
    known.counted(crash('first'));
    for (let at = 0; at < 4999; at += 1) known.counted(crash(`${at}`));
    expect(times(known.counted(crash('first')))).toBe(2);
    known.counted(crash('new'));
    expect(times(known.counted(crash('first')))).toBe(3);
    expect(times(known.counted(crash('0')))).toBe(1);
  });

  it('is left as it is where nothing shows which it was, as is any other report', () => {
    const known = new KnownCrashes(clock, []);
    const { type, data, ...rest } = crash('a');
    if (type !== 'crash_detected') throw new Error('expected a crash');
    const { crash: _, ...unknown } = data;
    const draft: DraftOfWatch = { ...rest, type, data: unknown };
    expect(known.counted(draft)).toBe(draft);
  });
});
