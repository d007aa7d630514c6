import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeEngine } from '../main/api/testing/fake-engine';
import { eventually } from '../main/adapters/testing/children';
import type { ProbeAttempt, ProbeStatus } from '../shared/model/probe';
import { CliBench } from './testing/cli-bench';

let bench: CliBench;
let engine: FakeEngine;

beforeEach(async () => {
  bench = new CliBench();
  ({ engine } = await bench.startEngine());
  await run('add', 'web', '--probe-http', 'http://127.0.0.1:8080/health', '--', 'node', 'x');
});
afterEach(() => bench.dispose());

const run = (...argv: string[]) => bench.run(...argv);
const attempt = (words: string, passed = false): ProbeAttempt => ({ at: 1000, passed, words, latencyMs: 7 });
const standing = (name: string, attempts: readonly ProbeAttempt[], role: ProbeStatus['role'] = 'liveness') => [
  { name, role, state: 'failing' as const, attempts },
];

describe('the probes of a watch', () => {
  it('are shown with their last answer', async () => {
    engine.change('web', { readiness: 'lost', probes: standing('health', [attempt('503\u001b[2J')]) });
    const { out, exitCode } = await run('status', 'web');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^watch +web\nstate +running, not ready\n/);
    expect(out).toMatch(/PROBE +ROLE +STATE +LATENCY +ASKS/);
    expect(out).toMatch(
      /health +liveness +failing +7 ms +GET http:\/\/127\.0\.0\.1:8080\/health +10 s +3 of 5 +503\\x1b\[2J\n$/,
    );
    expect(JSON.parse((await run('status', 'web', '--json')).out)).toMatchObject({ watch: { name: 'web' } });
  });

  it('decide whether a watch reads as ready', async () => {
    for (const [readiness, text] of [
      ['awaited', 'running, not ready yet'],
      ['ready', 'running, ready'],
      ['lost', 'running, not ready '],
    ] as const) {
      engine.change('web', { readiness });
      expect((await run('status')).out).toContain(text);
    }
  });

  it('are tried as they are saved', async () => {
    const { out, exitCode } = await run('probe', 'web');
    expect({ out, exitCode }).toEqual({
      out: 'PROBE   RESULT  LATENCY  ANSWER\nhealth  passed    12 ms  200 OK\n',
      exitCode: 0,
    });
    const [{ watch } = { watch: null }] = engine.watches.list();
    expect(engine.calls.at(-1)).toEqual({
      call: 'tryProbe',
      request: { probe: watch?.probes[0], target: watch?.target, watch: watch?.id },
    });
    expect(JSON.parse((await run('probe', 'web', 'HEALTH', '--json')).out)).toEqual([
      { name: 'health', role: 'liveness', passed: true, words: '200 OK', latencyMs: 12, tried: true },
    ]);
  });

  it('that only the program can answer show the last answer, and fail the command until there is one', async () => {
    await run('edit', 'web', '--probe-silence', '10s');
    const none = await run('probe', 'web', 'output');
    expect(none).toMatchObject({ exitCode: 1, err: 'healdeck: not passed: output\n' });
    expect(none.out).toMatch(/output +unknown +- +no answer yet \(last answer\)/);
    engine.change('web', { probes: standing('output', [attempt('no output for 2 s', true)]) });
    expect(await run('probe', 'web', 'output')).toMatchObject({ exitCode: 0, err: '' });
  });

  it('are shown as they are recorded', async () => {
    const nothing = await run('probe', 'web', '--history');
    expect(nothing).toMatchObject({ exitCode: 0, out: 'health (liveness): nothing is recorded in this time.\n' });
    const at = Date.UTC(2026, 0, 1, 12);
    const latencyMs = { mean: 4, lowest: 3, highest: 1800 };
    engine.attempts.buckets = [
      { at, passed: 29, failed: 1, starved: 0, uncounted: 0, latencyMs },
      { at: at + 300_000, passed: 0, failed: 0, starved: 0, uncounted: 2, latencyMs: null },
    ];
    const down = '503 Service Unavailable, body: \u001b[2Jdatabase is down';
    engine.attempts.recorded = [{ at: Date.now(), passed: false, latencyMs: 1800, words: down }];
    const { out, exitCode } = await run('probe', 'web', 'health', '--history', '--since', '1h');
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^health \(liveness\): 29 of 30 attempts passed \(96\.7 %\); 4 ms on average, 1\.8 s at most\.\n/,
    );
    expect(out).toMatch(
      /5 MIN FROM +PASSED +FAILED +NOT COUNTED +MEAN +HIGHEST\n.* +29 +1 +0 +4 ms +1\.8 s\n.* +0 +0 +2 +- +-\n/,
    );
    expect(out).toMatch(
      /\nThe last that did not pass:\nAT +LATENCY +ANSWER\n.* 1\.8 s +503 .*\\x1b\[2Jdatabase is down\n$/,
    );
    expect(engine.attempts.asked).toMatchObject({ probe: 'health', spanMs: 300_000 });
    const json: unknown = JSON.parse((await run('probe', 'web', '--history', '--since', '7d', '--json')).out);
    expect(json).toMatchObject([{ name: 'health', role: 'liveness', spanMs: 86_400_000, failures: [{ words: down }] }]);
    expect((await run('probe', 'web', '--history', '--csv')).out).toBe(
      'probe,at,span_ms,passed,failed,starved,uncounted,latency_ms,latency_ms_low,latency_ms_high\r\n' +
        'health,2026-01-01T12:00:00.000Z,300000,29,1,0,0,4,3,1800\r\n' +
        'health,2026-01-01T12:05:00.000Z,300000,0,0,0,2,,,\r\n',
    );
    for (const words of [['--since', '1h'], ['--csv'], ['--history', '--csv', '--json']]) {
      expect(await run('probe', 'web', ...words)).toMatchObject({ exitCode: 2 });
    }
  });

  it('are tested with other numbers on what is recorded', async () => {
    const began = Date.now() - 600_000;
    engine.attempts.recorded = Array.from({ length: 30 }, (_, index) => ({
      ...{ at: began + index * 10_000, passed: index < 10 || index > 16, latencyMs: 5, words: null },
    }));
    const { out } = await run('backtest', 'web', '--probe', 'health', '--probe-failures', '2/3');
    expect(out).toMatch(/^The probe would have restarted the program 1 time on 30 attempts of the last 1 d\.\n/);
    expect(out).toMatch(/AT +FAILURES +FAILING FOR\n.* +2 +1 min\n$/);
    const calm = await run('backtest', 'web', '--probe', 'health', '--probe-failures', '9/10', '--json');
    expect(JSON.parse(calm.out)).toMatchObject({ role: 'liveness', attempts: 30, hits: [] });
    for (const words of [
      ['--probe-failures', '2/3'],
      ['--probe', 'health', '--cpu', '5'],
    ]) {
      expect(await run('backtest', 'web', ...words)).toMatchObject({ exitCode: 2 });
    }
  });

  it('that there are not are named', async () => {
    expect(await run('probe', 'web', 'port')).toMatchObject({
      exitCode: 1,
      err: 'healdeck: no probe is called "port"; expected one of: health\n',
    });
    await run('edit', 'web', '--probe-remove', 'health');
    expect((await run('probe', 'web')).err).toContain('the watch has no probes; add one with');
  });
});

describe('a start that waits', () => {
  /** Begins it, and lets it get as far as following the watch. */
  const begin = async (...argv: string[]) => {
    engine.change('web', { readiness: 'awaited' });
    const begun = bench.begin(...argv);
    const isCalled = () => engine.calls.some(({ call }) => call === 'start' || call === 'restart');
    await eventually('the start', isCalled);
    return begun;
  };

  it('returns once the watch is ready', async () => {
    const { said, exitCode } = await begin('start', 'web', '--wait', '--json');
    engine.change('web', { readiness: 'ready' });
    expect(await exitCode).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({ watch: { name: 'web' }, readiness: 'ready' });
  });

  it('returns once the program has run for a moment where nobody asks', async () => {
    expect(await run('start', 'web', '--wait')).toMatchObject({ exitCode: 0 });
  });

  it('waits for the watches that it starts after', async () => {
    const { said, exitCode } = await begin('start', 'web', '--wait', '--timeout', '300ms');
    engine.change('web', { phase: 'blocked', reason: 'Waiting for other watches: db is not ready' });
    expect(await exitCode).toBe(1);
    expect(said.err).toBe(
      'healdeck: web is not ready within 300 ms (Waiting for other watches: db is not ready); it goes on\n',
    );
  });

  it('fails with the last answer once the time is over', async () => {
    const probes = standing('health', [attempt('503 Service Unavailable')], 'readiness');
    engine.change('web', { readiness: 'awaited', probes });
    expect(await run('start', 'web', '--wait', '--timeout', '200ms')).toMatchObject({
      ...{ exitCode: 1, out: '' },
      err: 'healdeck: web is not ready within 200 ms (probe health: 503 Service Unavailable); it goes on\n',
    });
  });

  it('fails with what was reported once the start has failed', async () => {
    const { said, exitCode } = await begin('start', 'web', '--wait');
    const data = { actor: 'engine', operation: 'start', reason: 'not_ready', tried: null, nextAttemptInMs: 0 } as const;
    engine.report('restart_failed', data, { watch: 'web', message: 'web is not ready within 1 s (probe health: 500)' });
    engine.change('web', { phase: 'stopping', readiness: null });
    expect(await exitCode).toBe(1);
    expect(said.err).toBe('healdeck: web is not ready within 1 s (probe health: 500)\n');
  });

  it('that is given a time needs to wait', async () => {
    expect(await run('start', 'web', '--timeout', '1s')).toMatchObject({ exitCode: 2 });
    expect((await run('stop', 'web', '--wait')).err).toContain('unknown option');
  });
});
