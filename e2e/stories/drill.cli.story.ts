import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startSmtpServer } from '../../src/main/alerts/testing/smtp-server';
import type { HealdeckEvent } from '../../src/shared/model/event';
import { expect, test } from '../fixtures/headless';
import { processesWith } from '../fixtures/processes';
import { ROOT } from '../fixtures/shells';
import { drillFolders, MARK } from '../fixtures/test';

interface DrillJson {
  passed: boolean;
  scenarios: {
    name: string;
    passed: boolean;
    reason: string | null;
    healedAfterMs: number | null;
    mailedAfterMs: number | null;
    events: HealdeckEvent[];
    mails: { at: number; to: string[]; subject: string }[];
  }[];
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

/** In these nothing happens, so nobody is notified of anything. */
const QUIET = ['spike', 'bystander'];

test('every program of the drill is detected, healed and mailed, and the one beside them is left alone', async ({
  env,
}) => {
  test.setTimeout(600_000);
  // The operator's own mail server: a drill that wrote there would alarm people.
  const operators = await startSmtpServer();
  const own = {
    HEALDECK_SMTP_HOST: operators.host,
    HEALDECK_SMTP_PORT: String(operators.port),
    HEALDECK_SMTP_TLS: 'none',
    HEALDECK_SMTP_TO: 'ada@example.org',
  };
  const { output, ended } = drill({ ...env, ...own }, '--json');
  const status = await ended;
  const { connections } = operators;
  await operators.dispose();
  const result = JSON.parse(output.stdout || '{"scenarios":[]}') as DrillJson;
  expect(result.scenarios.filter(({ passed }) => !passed).map(({ name, reason }) => `${name}: ${reason}`)).toEqual([]);
  expect(output.stderr).toBe('');
  expect(status).toBe(0);
  expect(result).toMatchObject({ passed: true, dataDir: null });
  expect(result.scenarios.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['crash', 'fork', 'zombie', 'bystander']),
  );
  for (const { name, healedAfterMs, mailedAfterMs, mails } of result.scenarios) {
    if (QUIET.includes(name)) {
      expect({ name, mailedAfterMs, mails }).toEqual({ name, mailedAfterMs: null, mails: [] });
      continue;
    }
    expect({ name, times: [typeof healedAfterMs, typeof mailedAfterMs] }).toEqual({
      name,
      times: ['number', 'number'],
    });
    expect(mails.length, name).toBeGreaterThan(0);
    for (const { to, subject } of mails) {
      expect(to).toEqual(['operator@drill.invalid']);
      expect(subject).toContain(` ${name} `);
    }
  }
  expect(connections).toBe(0);
});

test('a drill that is broken off cleans up behind it', async ({ env, mark }) => {
  const { child, output, ended } = drill(env, 'spin', 'hang');
  // The scratch engine, and programs below it.
  await expect.poll(() => processesWith(MARK, mark).length, { timeout: 60_000 }).toBeGreaterThan(4);
  child.kill('SIGINT');
  expect(await ended).toBe(1);
  expect(output.stderr).toContain('ended early by SIGINT');
  expect(processesWith(MARK, mark)).toEqual([]);
  expect(drillFolders(mark)).toEqual([]);
});

test('a drill that is killed takes its engine along', async ({ env, mark }) => {
  const { child, ended } = drill(env, 'crash');
  const engines = () => processesWith(MARK, mark).filter(({ pid }) => pid !== child.pid);
  await expect.poll(() => engines().length, { timeout: 60_000 }).toBeGreaterThan(1);
  const [engine] = engines();
  child.kill('SIGKILL');
  await ended;
  await expect.poll(() => engines().some(({ pid }) => pid === engine?.pid)).toBe(false);
  await expect.poll(() => drillFolders(mark)).toEqual([]);
});

test('a scenario that there is not is wrong usage', async ({ env }) => {
  const { output, ended } = drill(env, 'earthquake');
  expect(await ended).toBe(2);
  expect(output.stderr).toContain('crash');
});
