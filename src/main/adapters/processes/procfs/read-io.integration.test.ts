import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../clock';
import { createProcfsTable } from '.';
import { parseIo } from './read-io';

const MB = 1_000_000;
const table = createProcfsTable({ clock: createSystemClock() });
// A file system in memory counts nothing.
const folder = mkdtempSync(join(process.cwd(), 'node_modules', '.io-'));
let shell: ChildProcess | null = null;

afterEach(() => {
  shell?.kill('SIGKILL');
  table.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('what a process reads and writes', () => {
  it('has the count of a child that it has reaped, as proc_pid_io(5) counts it', async () => {
    const script = 'dd if=/dev/zero of="$0" bs=1M count=8 2>/dev/null; echo written; read end';
    const child = spawn('sh', ['-c', script, join(folder, 'file')], { stdio: ['pipe', 'pipe', 'inherit'] });
    shell = child;
    await once(child.stdout, 'data');
    const identity = table.identify(child.pid ?? 0);
    const counted = identity === null ? null : table.ioBytes(identity);
    expect(counted?.writtenBytes).toBeGreaterThanOrEqual(8 * MB);
    expect(counted?.writtenBytes).toBeLessThan(20 * MB);
  });

  it('is unknown of a process that has ended, and of a text that is none', () => {
    expect(table.ioBytes({ pid: 2 ** 22 + 1, startTime: 1 })).toBeNull();
    expect(parseIo('rchar: 1\n')).toBeNull();
    expect(parseIo('rchar: 9\nread_bytes: 4096\nwrite_bytes: 8192\n')).toEqual({
      readBytes: 4096,
      writtenBytes: 8192,
    });
  });
});
