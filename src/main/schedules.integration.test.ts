import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { watchSpecSchema, type WatchSpecInput } from '../shared/model/watch';
import type { EventType, HealdeckEvent } from '../shared/model/event';
import { eventually } from './adapters/testing/children';
import type { Healdeck } from './compose';
import { prepareEngines, type ComposedEngines } from './testing/composed';
import { EngineBench } from './testing/engine-bench';

let engines: ComposedEngines;
let bench: EngineBench;

beforeAll(async () => {
  engines = await prepareEngines();
});
afterAll(() => engines.dispose());
beforeEach(() => {
  bench = new EngineBench(engines);
});
afterEach(() => bench.dispose());

/** A job that starts whenever the second is even. */
function job(script: string, spec: Partial<WatchSpecInput> = {}): ReturnType<typeof watchSpecSchema.parse> {
  return watchSpecSchema.parse({
    name: 'job',
    target: { kind: 'command', command: { argv: ['/bin/sh', '-c', script], cwd: '/' } },
    schedule: { start: { cron: '*/2 * * * * *', timeZone: 'UTC' } },
    ...spec,
  });
}

function reported<T extends EventType>(engine: Healdeck['engine'], type: T): Extract<HealdeckEvent, { type: T }>[] {
  return engine.snapshot().events.filter((event): event is Extract<HealdeckEvent, { type: T }> => event.type === type);
}

describe('a real job', () => {
  it('runs by the clock, and one that takes too long is reported once and never started twice', async () => {
    const engine = await bench.start();
    const runs = join(bench.path, 'runs');
    // The first run takes longer than three of its moments, the next ones end at once.
    const { watch } = await engine.watches.add(
      job(`echo run >> '${runs}'; test "$(wc -l < '${runs}')" -gt 1 || exec sleep 7`),
      'cli',
    );
    await eventually('the overrun is reported', () => reported(engine, 'run_overrun').length > 0, 6000);
    const [overrun] = reported(engine, 'run_overrun');
    expect(overrun).toMatchObject({ watch: 'job', pid: engine.watches.list()[0]?.processes[0]?.pid });
    expect(overrun?.message).toContain('still runs after');
    await eventually('the next run begins', () => reported(engine, 'started').length >= 2, 9000);
    expect(reported(engine, 'run_overrun')).toHaveLength(1);
    expect(reported(engine, 'crash_detected')).toEqual([]);
    expect(reported(engine, 'started').every(({ data }) => data.actor === 'schedule')).toBe(true);
    await engine.watches.stop({ watch: watch.id, actor: 'cli' });
  }, 20_000);

  it('that nobody could start while the engine was down is reported once, and goes on then', async () => {
    const before = await bench.start();
    await before.watches.add(job('true'), 'cli');
    await eventually('the job has run', () => reported(before, 'exited').length > 0, 6000);
    await bench.end();
    const endedAt = Date.now();
    await eventually('two moments have passed', () => Date.now() - endedAt > 4500, 6000);

    const after = await bench.start();
    const missed = reported(after, 'run_missed');
    expect(missed).toHaveLength(1);
    expect(missed[0]?.data).toMatchObject({ what: 'start', isMore: false, isCaughtUp: false });
    expect([2, 3]).toContain(missed[0]?.data.count);
    const startsBefore = reported(after, 'started').length;
    await eventually('it runs again', () => reported(after, 'started').length > startsBefore, 5000);
    expect(reported(after, 'run_missed')).toHaveLength(1);
  }, 20_000);
});

describe('a real program', () => {
  it('is restarted when one of its files changes', async () => {
    const engine = await bench.start();
    const file = join(bench.path, 'app.conf');
    writeFileSync(file, 'one');
    const spec = job('exec sleep 60', { schedule: { restartOnChange: [file] } });
    await engine.watches.add(spec, 'cli');
    const first = engine.watches.list()[0]?.processes[0]?.pid;
    // The first reading is taken right after the start.
    const writtenAt = Date.now();
    await eventually('the files were read', () => Date.now() - writtenAt > 1000, 3000);
    writeFileSync(file, 'another');
    await eventually('it is restarted', () => reported(engine, 'restarted').length > 0, 9000);
    expect(reported(engine, 'scheduled_restart')[0]?.data.reason).toEqual({ kind: 'file_change', paths: [file] });
    expect(reported(engine, 'restarted')[0]?.data).toMatchObject({ actor: 'schedule', oldPid: first });
  }, 20_000);
});
