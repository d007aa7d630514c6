import { describe, expect, it } from 'vitest';
import { recordedTime, tableOfPast } from './past-feed';
import { FakeEngine, fakeRow } from './testing/fake-engine';

const CRASH = {
  ...{ exitCode: 1, signal: null, uptimeSeconds: 1, stderrTail: [], policy: 'always' as const, remaining: 0 },
  whileEngineWasDown: false,
};

function withPast() {
  const engine = new FakeEngine();
  engine.happen('something else', 'web');
  const crash = engine.report('crash_detected', CRASH, { watch: 'web', incident: 'opens' });
  const crashedAt = Date.parse(crash.at);
  engine.recorded.set(crashedAt - 3000, { rows: [fakeRow(1), fakeRow(2)], ended: [] });
  engine.recorded.set(crashedAt + 1000, {
    rows: [fakeRow(1)],
    ended: [{ ...fakeRow(2), endedAt: crashedAt }],
  });
  return { engine, crash, crashedAt };
}

describe('the process table of the past', () => {
  it('is the last one recorded before the moment, with who ended and what was healed near it', async () => {
    const { engine, crash, crashedAt } = withPast();
    const before = await tableOfPast(engine, engine, crashedAt);
    expect(before).toMatchObject({ at: crashedAt - 3000, rows: { length: 2 }, ended: [], events: [crash] });
    const after = await tableOfPast(engine, engine, crashedAt + 10_000);
    expect(after).toMatchObject({ at: crashedAt + 1000, rows: [{ pid: 1 }], ended: [{ pid: 2, endedAt: crashedAt }] });
    expect(after.events).toEqual([crash]);
    expect((await tableOfPast(engine, engine, crashedAt + 10_001)).events).toEqual([]);
  });

  it('is refused for a time that was not recorded, and says from when on it is', async () => {
    const { engine, crashedAt } = withPast();
    await expect(tableOfPast(engine, engine, crashedAt - 3001)).rejects.toThrow(
      `the first moment is ${new Date(crashedAt - 3000).toISOString()}`,
    );
    const empty = new FakeEngine();
    await expect(tableOfPast(empty, empty, 5)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('tells the time it covers, with a mark for all that was found and healed in it', async () => {
    const { engine, crash, crashedAt } = withPast();
    expect(await recordedTime(engine, engine)).toEqual({
      ...{ from: crashedAt - 3000, to: crashedAt + 1000 },
      marks: [{ at: crashedAt, kind: 'crash_detected', watch: 'web', incident: crash.id }],
    });
    const empty = new FakeEngine();
    expect(await recordedTime(empty, empty)).toEqual({ from: null, to: null, marks: [] });
  });
});
