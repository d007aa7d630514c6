import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleForNode } from '../adapters/testing/bundle';

describe.skipIf(process.platform === 'win32')('a second signal that asks to end', () => {
  const dir = mkdtempSync(join(tmpdir(), 'healdeck-signals-'));
  let signals: { file: string; dispose: () => void };

  beforeAll(async () => {
    signals = await bundleForNode('src/main/headless/signals.ts');
  });
  afterAll(() => {
    signals.dispose();
    rmSync(dir, { recursive: true });
  });

  it('ends the program, although one of its threads hangs in the kernel', async () => {
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const program = join(dir, 'program.cjs');
    // Whoever opens a pipe for reading waits for a writer (fifo(7)), and no thread of Node can be called back from there.
    writeFileSync(
      program,
      `const { Worker } = require('node:worker_threads');
       const { listenToSignals } = require(${JSON.stringify(signals.file)});
       void listenToSignals(false).end.then(() => console.log('asked'));
       new Worker("require('node:fs').readFileSync(require('node:worker_threads').workerData)", { eval: true, workerData: ${JSON.stringify(pipe)} })
         .on('online', () => setTimeout(() => console.log('hangs'), 100));`,
    );
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const output: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    const ended = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    try {
      await expect.poll(() => output.join(''), { timeout: 10_000 }).toContain('hangs');
      child.kill('SIGTERM');
      await expect.poll(() => output.join(''), { timeout: 10_000 }).toContain('asked');
      await sleep(1100);
      child.kill('SIGTERM');
      const limit = new AbortController();
      expect(await Promise.race([ended, sleep(10_000, 'it lives', { signal: limit.signal })])).toBe('SIGTERM');
      limit.abort();
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  });
});
