import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startProgram, type TestChild } from '../src/main/adapters/testing/child';
import { eventually } from '../src/main/adapters/testing/children';

let root: string;
const children: TestChild[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-bin-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  rmSync(root, { recursive: true, force: true });
});

/** Without a terminal, as a service has none: in a session of its own. */
function startEngine(...nodeOptions: string[]): TestChild {
  const args = ['run', '--headless', '--port', '0', '--data-dir', join(root, 'data')];
  const child = startProgram(process.execPath, [...nodeOptions, 'bin/healdeck.js', ...args], { detached: true });
  children.push(child);
  return child;
}

it('SIGUSR1 opens no inspector, and SIGHUP ends no engine without a terminal', async () => {
  const engine = startEngine('--inspect-port=127.0.0.1:0');
  await engine.saysWithin('is ready');
  process.kill(engine.pid, 'SIGUSR1');
  process.kill(engine.pid, 'SIGHUP');
  // What comes after them is handled after them.
  writeFileSync(join(root, 'data', 'config.json'), '\ufeff{"version":1,"settings":{},"watches":[]}\n');
  const log = join(root, 'data', 'healing.log');
  await eventually('the edit is in force', () => readFileSync(log, 'utf8').includes('changed by hand'));
  process.kill(engine.pid, 'SIGTERM');
  expect(await engine.ended).not.toContain('Debugger listening');
  expect(readFileSync(log, 'utf8')).toMatch(/stopped.*SIGTERM/);
});

it('SIGABRT ends an engine at once, as the watchdog of a service manager expects', async () => {
  const engine = startEngine();
  await engine.saysWithin('is ready');
  process.kill(engine.pid, 'SIGABRT');
  await engine.ended;
  expect(readFileSync(join(root, 'data', 'healing.log'), 'utf8')).not.toContain('stopped');
});

it('an engine whose inspector was opened by a signal at its start ends at once', async () => {
  const preload = join(root, 'preload.cjs');
  // As Node does it when SIGUSR1 comes before the first statement of the program.
  writeFileSync(preload, "require('node:inspector').open(0, '127.0.0.1');");
  expect(await startEngine('-r', preload).ended).toContain(
    'Healdeck did not start: a signal (SIGUSR1) opened the inspector',
  );
});
