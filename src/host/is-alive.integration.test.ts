import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { isAlive } from './is-alive';

it('a process is alive until it is reaped, whoever it belongs to', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
  expect(isAlive(spawnSync(process.execPath, ['-e', '']).pid)).toBe(false);
});
