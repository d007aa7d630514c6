import { spawn, type ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../shared/model/process';
import { createForkBomb } from '../engine/detect/detectors';
import { ProcessIndex } from '../engine/processes/process-index';
import { TreeDemand } from '../engine/detect/tree-demand';
import { readTree } from '../engine/detect/tree-reading';
import { createSystemClock } from './clock';
import { createProcfsTable, type DisposableProcessTable } from './processes/procfs';
import { eventually, temporaryFolder } from './testing/children';
import { canBomb, compileBomb, startBomb } from './testing/fork-bomb';

const clock = createSystemClock();
const children: ChildProcess[] = [];
let table: DisposableProcessTable;

beforeAll(() => {
  table = createProcfsTable({ clock });
});
afterEach(() => {
  for (const { pid } of children.splice(0)) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
});
afterAll(() => table.dispose());

/** Starts a program in a session of its own; it and all in its group end with the test. */
function start(command: string, ...args: string[]): ProcessIdentity {
  const child = spawn(command, args, { detached: true, stdio: 'ignore', cwd: '/' });
  children.push(child);
  const identity = table.identify(child.pid ?? 0);
  if (identity === null) throw new Error(`${command} did not start`);
  return identity;
}

async function read(root: ProcessIdentity, exactMemoryAbove: number | null = null) {
  const index = new ProcessIndex(await table.scan());
  const sample = index.find(root);
  if (sample === null) throw new Error('the root has ended');
  const options = {
    scope: 'tree',
    countsOpenFiles: false,
    io: null,
    demand: new TreeDemand(table),
    machineCpuPercent: null,
    exactMemoryAbove,
    wallMs: clock.wallMs(),
  } as const;
  return { ...readTree(sample, index, table, options), atMs: index.atMs };
}

describe.runIf(process.platform === 'linux')('what a tree is', { timeout: 60_000 }, () => {
  it.runIf(canBomb)('is a fork bomb also when it has reached its limit, or looked at again soon', async () => {
    const folder = temporaryFolder();
    const bomb = await startBomb(realpathSync(compileBomb(folder.path)), 100);
    try {
      const observe = async () => {
        const detector = createForkBomb();
        const reason = detector.observe(await read(bomb.root))?.evidence.reason;
        return reason ?? (detector.suspicious ? 'again' : 'overlooked');
      };
      // Below its limit it may still have fewer generations than make it a bomb, where the machine is busy.
      await eventually('the bomb', async () => (await read(bomb.root)).descendants >= 90);
      const reasons = new Set<string>();
      // In five scans on a machine with nothing else to do; a busy one shows fewer of its forks in each.
      await eventually('the reason', async () => {
        reasons.add(await observe());
        return reasons.has('replicating');
      });
      expect(reasons).not.toContain('overlooked');
    } finally {
      await bomb.end();
      folder.remove();
    }
  });

  it('is no fork bomb when a launcher leaves its workers to init', async () => {
    const root = start('bash', '-c', 'for i in $(seq 70); do ( sleep 60 & ); done; exec sleep 60');
    const detector = createForkBomb();
    const up = await eventually('70 workers', async () => {
      const reading = await read(root);
      expect(detector.observe(reading)).toBeNull();
      return reading.sameProgramDescendants >= 70 ? reading : null;
    });
    expect(up.multiplyingDescendants).toBe(0);
  });

  it('has the memory that its processes share once', async () => {
    const pool = [
      'import mmap, os, time',
      'm = mmap.mmap(-1, 60 << 20)',
      'touch = lambda: [m.__setitem__(i, 1) for i in range(0, len(m), 4096)]',
      'touch()',
      'for n in range(4):',
      '  if os.fork() == 0: touch(); time.sleep(60)',
      'time.sleep(60)',
    ];
    const root = start('python3', '-c', pool.join('\n'));
    const grown = await eventually('a grown pool', async () => {
      const reading = await read(root, 0);
      return reading.rssBytes > 5 * (60 << 20) ? reading : null;
    });
    expect(grown.memory.processes).toBe(5);
    const self = (await read(root)).root;
    expect(table.proportionalBytes(self)).toBeLessThanOrEqual(self.rssBytes);
    for (const { memory } of [grown, await read(root)]) {
      expect(memory.bytes).toBeGreaterThan(60 << 20);
      expect(memory.bytes).toBeLessThan(130 << 20);
    }
  });

  it('serves connections when each of its newest members has a socket of its own', async () => {
    const server = (own: boolean) =>
      [
        'import os, socket, time',
        's = socket.socket()',
        'for n in range(8):',
        `  if os.fork() == 0: ${own ? 'k = socket.socket(); ' : ''}time.sleep(60)`,
        'time.sleep(60)',
      ].join('\n');
    for (const own of [true, false]) {
      const root = start('python3', '-c', server(own));
      await eventually('eight members', async () => (await read(root)).descendants === 8);
      await eventually('the answer', async () => (await read(root)).servesConnections() === own);
    }
  });
});
