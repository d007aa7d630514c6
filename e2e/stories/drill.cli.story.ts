import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealdeckEvent } from '../../src/shared/model/event';
import { expect, test } from '../fixtures/headless';
import { processesWith } from '../fixtures/processes';
import { ROOT } from '../fixtures/shells';
import { MARK } from '../fixtures/test';

interface DrillJson {
  passed: boolean;
  scenarios: { name: string; passed: boolean; why: string | null; events: HealdeckEvent[] }[];
}

const BIN = join(ROOT, 'bin/healdeck.js');

function drill(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [BIN, 'drill', ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, ended };
}

const scratchDirs = () => readdirSync(tmpdir()).filter((name) => name.startsWith('healdeck-drill-'));

test('every program of the drill is detected and healed, and the one beside them is left alone', async ({ env }) => {
  test.setTimeout(600_000);
  const { output, ended } = drill(env, '--json');
  const status = await ended;
  const result = JSON.parse(output.stdout || '{"scenarios":[]}') as DrillJson;
  expect(result.scenarios.filter(({ passed }) => !passed).map(({ name, why }) => `${name}: ${why}`)).toEqual([]);
  expect(output.stderr).toBe('');
  expect(status).toBe(0);
  expect(result).toMatchObject({ passed: true, dataDir: null });
  expect(result.scenarios.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['crash', 'fork', 'zombie', 'bystander']),
  );
});

test('a drill that is broken off cleans up behind it', async ({ env, mark }) => {
  const before = scratchDirs();
  const { child, output, ended } = drill(env, 'spin', 'hang');
  // The scratch engine, and programs below it.
  await expect.poll(() => processesWith(MARK, mark).length, { timeout: 30_000 }).toBeGreaterThan(4);
  child.kill('SIGINT');
  expect(await ended).toBe(1);
  expect(output.stderr).toContain('ended early by SIGINT');
  expect(processesWith(MARK, mark)).toEqual([]);
  expect(scratchDirs()).toEqual(before);
});

test('a drill that is killed takes its engine along', async ({ env, mark }) => {
  const before = scratchDirs();
  const { child, ended } = drill(env, 'crash');
  const engines = () => processesWith(MARK, mark).filter(({ pid }) => pid !== child.pid);
  await expect.poll(() => engines().length, { timeout: 30_000 }).toBeGreaterThan(1);
  const [engine] = engines();
  child.kill('SIGKILL');
  await ended;
  await expect.poll(() => engines().some(({ pid }) => pid === engine?.pid)).toBe(false);
  await expect.poll(scratchDirs).toEqual(before);
});

test('a scenario that there is not is wrong usage', async ({ env }) => {
  const { output, ended } = drill(env, 'earthquake');
  expect(await ended).toBe(2);
  expect(output.stderr).toContain('crash');
});
