import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures/headless';
import type { HistoryPoint } from '../../src/shared/model/snapshot';
import { ROOT } from '../fixtures/shells';

const SHORT = { 'sampling.intervalMs': 500, 'start.graceMs': 1000, 'heal.verifyMs': 1000 };

test('what burns CPU is restarted after the tolerance, and a short burst is left alone', async ({ engine }) => {
  test.setTimeout(120_000);
  const { cli } = engine;
  await engine.settings({ ...SHORT, 'cpu.limitPercent': 25 });
  const spike = ['demo/spike.mjs', '--after', '2500', '--for', '400', '--every', '6000'];
  await cli.ok('add', 'spike', '--restart', 'always', '--', 'node', ...spike);
  await cli.ok(
    'add',
    'spin',
    '--restart',
    'always',
    '--',
    'node',
    'demo/spin.mjs',
    '--threads',
    '2',
    '--after',
    '2500',
  );
  const pid = (await cli.pids('spike'))[0];

  await expect.poll(async () => (await cli.watch('spin')).restarts, { timeout: 60_000 }).toBeGreaterThan(0);
  const story = await cli.events({ watch: 'spin', types: ['limit_exceeded', 'killed', 'restarted'] });
  expect(story.slice(0, 3).map(({ type }) => type)).toEqual(['limit_exceeded', 'killed', 'restarted']);
  expect(story[0]?.data).toMatchObject({ metric: 'cpu', level: 'act', limit: 25, action: 'restart' });
  const exceeded = story[0]?.type === 'limit_exceeded' ? story[0].data : null;
  expect(exceeded?.violations).toBeGreaterThanOrEqual(3);
  expect(exceeded?.values.length).toBeLessThanOrEqual(5);
  expect(new Set(story.slice(0, 3).map(({ incident }) => incident)).size).toBe(1);

  // The burst was seen, and nothing came of it.
  const peak = async () => Math.max(...(await cli.watch('spike')).processes.map(({ cpuPercent }) => cpuPercent), 0);
  await expect.poll(peak, { timeout: 60_000, intervals: [150] }).toBeGreaterThan(25);
  await expect.poll(peak, { timeout: 60_000 }).toBeLessThan(25);
  expect((await cli.events({ watch: 'spike' })).map(({ type }) => type)).toEqual(['watch_added', 'started']);
  expect(await cli.pids('spike')).toEqual([pid]);
});

test('children that hold much memory together have their parent restarted', async ({ engine }) => {
  test.setTimeout(120_000);
  const { cli } = engine;
  await engine.settings({ ...SHORT, 'memory.limitBytes': 220_000_000 });
  const hog = ['demo/hog-children.mjs', '--children', '3', '--mb', '80', '--after', '2500'];
  await cli.ok('add', 'hog', '--restart', 'always', '--', 'node', ...hog);
  const before = (await cli.pids('hog'))[0];
  await expect.poll(async () => (await cli.watch('hog')).restarts, { timeout: 60_000 }).toBeGreaterThan(0);
  const [exceeded] = await cli.events({ watch: 'hog', types: ['limit_exceeded'] });
  expect(exceeded?.data).toMatchObject({ metric: 'memory', scope: 'tree', limit: 220_000_000 });
  const [killed] = await cli.events({ watch: 'hog', types: ['killed'] });
  expect(killed?.type === 'killed' ? killed.data.pids : []).toHaveLength(4);
  expect(killed?.pid).toBe(before);
});

test('what writes too much is restarted, its rate is recorded, and other limits can be tried on it', async ({
  engine,
}) => {
  test.setTimeout(120_000);
  const { cli } = engine;
  await engine.settings(SHORT);
  // A file system in memory counts nothing, as a folder for temporary files may be one.
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.writes-'));
  try {
    const writer = ['demo/writes-much.mjs', '--mb-per-second', '8', '--file', join(folder, 'file')];
    const limit = ['--disk-write', '4MB/s', '--limit-action', 'restart', '--tolerance', '2/3'];
    await cli.ok('add', 'writer', ...limit, '--', 'node', ...writer);
    await expect.poll(async () => (await cli.watch('writer')).restarts, { timeout: 60_000 }).toBeGreaterThan(0);
    const [exceeded] = await cli.events({ watch: 'writer', types: ['limit_exceeded'] });
    expect(exceeded?.data).toMatchObject({ metric: 'disk_write', level: 'act', limit: 4e6, action: 'restart' });
    await cli.ok('stop', 'writer');

    const points = JSON.parse(await cli.ok('history', 'writer', '--json')) as HistoryPoint[];
    const rates = points.flatMap(({ diskWriteBytesPerSecond }) => diskWriteBytesPerSecond ?? []);
    expect(Math.max(...rates)).toBeGreaterThan(4e6);
    expect(await cli.ok('history', 'writer')).toMatch(/READ +HIGHEST +WRITTEN/);
    const tried = await cli.ok('backtest', 'writer', '--disk-write', '1MB/s', '--tolerance', '1/1');
    expect(tried).toMatch(/disk write +act .* MB\/s +1 MB\/s +restart/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
