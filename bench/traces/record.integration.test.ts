import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTraces } from '../detection/data.mjs';
import { temporaryFolder } from '../../src/main/adapters/testing/children';

const record = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'record.mjs'), ...args], {
    encoding: 'utf8',
    timeout: 50_000,
  });

describe.runIf(process.platform === 'linux')('the recorder of traces', () => {
  it('writes what the detection bench reads', async () => {
    const folder = temporaryFolder();
    const child = spawn('sleep', ['60']);
    try {
      const { status, stdout, stderr } = record('--minutes', '0.1', '--out', folder.path, '--pid', String(child.pid));
      expect({ status, stderr, stdout }).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^1 traces/),
      });
      expect(readFileSync(join(folder.path, 'MANIFEST.csv'), 'utf8')).toMatch(
        /^file,kind,onset_s,samples\nsleep-1,healthy,,\d+\n$/,
      );
      const [trace] = await readTraces(folder.path);
      expect(trace!.readings.length).toBeGreaterThanOrEqual(3);
      expect(trace!.readings.at(-1)).toMatchObject({ threads: 1, cpuPercent: 0 });
      expect(trace!.readings.at(-1)!.privateBytes).toBeGreaterThan(0);
    } finally {
      child.kill();
      folder.remove();
    }
  });

  it('refuses what it does not understand', () => {
    expect(record('--minutes', 'soon', '--out', '/nowhere')).toMatchObject({
      status: 1,
      stderr: 'record:traces: pass --minutes with a number above 0: how long to record\n',
    });
  });
});
