import { expect, test } from '../fixtures/test';

const SECRET = 'canary-5f1d8c';
/** It acts on the first reading above it, well after the start. */
const LIMIT = ['--memory', '150M', '--limit-action', 'restart', '--tolerance', '1/1', '--set', 'start.graceMs=3s'];
const DUMP = ['--set', 'dump.signal=SIGUSR2', '--set', 'dump.waitMs=10s'];
/** Node writes its report to standard error when it gets SIGUSR2 (the default of --report-signal). */
const REPORTING = ['node', '--report-on-signal', '--report-filename=stderr'];

test('what is ended for its memory leaves its threads, its files and the report of its runtime', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('settings', 'set', 'sampling.intervalMs', '500ms');
  const leak = ['demo/leak.mjs', '--mb-per-second', '40', '--max-mb', '400', '--after', '4000'];
  await cli.ok('add', 'leak', ...LIMIT, ...DUMP, '--env', `DB_PASSWORD=${SECRET}`, '--', ...REPORTING, ...leak);

  const words = async () => (await cli.events({ watch: 'leak', types: ['last_words'] }))[0];
  await expect.poll(words, { timeout: 60_000 }).toBeDefined();
  await expect.poll(async () => (await cli.watch('leak')).restarts, { timeout: 60_000 }).toBeGreaterThan(0);
  await cli.ok('stop', 'leak');
  const event = await words();
  if (event?.type !== 'last_words') throw new Error('no last words');
  const { readings, processes, dump } = event.data;
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(100_000);
  expect(readings.at(-1)?.memoryBytes).toBeGreaterThan(150e6);
  expect(readings[0]?.memoryBytes).toBeLessThan(150e6);
  expect(processes[0]?.pid).toBe(event.pid);
  expect(processes[0]?.threads.length).toBeGreaterThan(1);
  expect(dump?.signal).toBe('SIGUSR2');
  expect(dump?.text).toContain('"trigger": "Signal"');
  // The report has the environment.
  expect(dump?.text).toContain('DB_PASSWORD');
  expect(JSON.stringify(event)).not.toContain(SECRET);
  const story = await cli.events({ watch: 'leak' });
  expect(story.filter(({ incident }) => incident === event.incident).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['limit_exceeded', 'last_words', 'killed', 'restarted']),
  );
  expect(story.filter(({ type }) => type === 'crash_detected')).toEqual([]);

  const shown = await cli.ok('incidents', String(event.incident));
  expect(shown).toMatch(/dump +SIGUSR2/);
  expect(shown).toMatch(/and \d+ more lines/);
  await dashboard.incidents.openNewest('leak');
  await dashboard.incidents.openLastWords();
  await dashboard.incidents.expectLastWords('Dump', '"trigger": "Signal"');
  await dashboard.incidents.expectLastWords(`Threads of pid ${event.pid}`, /epoll|running|sleeping/);
  await dashboard.incidents.expectLastWords(`Open files of pid ${event.pid}`, 'leak.err.log');
  expect(await dashboard.accessibilityViolations()).toEqual([]);
});
