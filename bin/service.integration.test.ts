import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram, type TestChild } from '../src/main/adapters/testing/child';
import { eventually, lives, temporaryFolder } from '../src/main/adapters/testing/children';
import { loadSystemCalls } from '../src/main/adapters/processes/pidfd/system-calls';
import { which } from '../scripts/lib/test-host.mjs';
import { MiniManager } from '../src/cli/service/testing/mini-manager';

const execute = promisify(execFile);
const loaded = loadSystemCalls();
const canListen = loaded.available && loaded.sockets !== null;
/** Each engine and each command is a process of its own, which a busy machine starts in seconds. */
const TIMEOUT_MS = 180_000;
const SERVER = resolve('demo/server.mjs');

let folder: ReturnType<typeof temporaryFolder>;
let dataDir: string;
/** All programs that were ever seen; they outlive their engine, so they are ended here. */
let programs: Set<number>;
let end: () => Promise<unknown>;

beforeEach(() => {
  folder = temporaryFolder();
  dataDir = join(folder.path, 'a $b 100% c');
  [programs, end] = [new Set(), () => Promise.resolve()];
});
afterEach(async () => {
  await end();
  endPrograms();
  folder.remove();
});

function endPrograms(): void {
  for (const pid of programs) if (lives(pid)) process.kill(pid, 'SIGKILL');
  programs.clear();
}

async function healdeck(...args: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, ['bin/healdeck.js', '--data-dir', dataDir, ...args]);
  return stdout;
}

/** The text of the file that an installation would write. */
async function fileFor(manager: string, scope: string): Promise<string> {
  return healdeck('service', 'install', '--dry-run', '--manager', manager, scope, '--port', '0');
}

/** The watches whose programs run; null while no engine answers. */
async function running(): Promise<{ name: string; pid: number; restarts: number }[] | null> {
  const text = await healdeck('status', '--json').catch(() => null);
  if (text === null) return null;
  const { watches } = JSON.parse(text) as {
    watches: { watch: { name: string }; restarts: number; processes: { pid: number }[] }[];
  };
  const found = watches.flatMap(({ watch, restarts, processes: [first] }) =>
    first === undefined ? [] : [{ name: watch.name, pid: first.pid, restarts }],
  );
  for (const { pid } of found) programs.add(pid);
  return found;
}

const bothRun = () =>
  eventually('both programs run', async () => {
    const found = await running();
    return found?.length === 2 && found;
  });

async function addTwo(): Promise<void> {
  const script = 'env > "$0"; exec sleep 300';
  await Promise.all([
    healdeck('add', 'web', '--restart', 'always', '--', process.execPath, SERVER, '0', '--max-seconds', '300'),
    healdeck('add', 'env', '--restart', 'always', '--', 'sh', '-c', script, join(folder.path, 'env')),
  ]);
}

describe.runIf(canListen)('the unit of an installation', () => {
  it(
    'comes back after kill -9 and when it is stuck with the same programs, and after a reboot with all of them',
    async () => {
      const manager = new MiniManager(await fileFor('systemd', '--user'), `@healdeck-service-${process.pid}`);
      end = () => manager.dispose();
      manager.start();
      await eventually('it is ready', () => manager.isReady);
      await addTwo();
      const before = await bothRun();
      await eventually('it reports its programs', () => manager.lines.includes('STATUS=2 running'));
      await eventually('a tick has finished', () => manager.lines.includes('WATCHDOG=1'));
      // What the manager hands to its service is for the service alone.
      const names = readFileSync(join(folder.path, 'env'), 'utf8').match(/^[A-Z_]+(?==)/gm) ?? [];
      expect(names).toContain('PATH');
      expect(names.filter((name) => /NOTIFY|WATCHDOG|LISTEN/.test(name))).toEqual([]);

      const first = manager.pid;
      process.kill(first, 'SIGKILL');
      await eventually('another engine is ready', () => manager.pid !== first && manager.isReady);
      expect(await bothRun()).toEqual(before);
      expect(before.map(({ restarts }) => restarts)).toEqual([0, 0]);

      // Whoever reads its log gets no session of the dashboard.
      expect(manager.output).toContain('is ready (data in');
      expect(manager.output).not.toContain('http://');

      await manager.stop();
      expect(manager.lines).toContain('STOPPING=1');
      expect(before.map(({ pid }) => lives(pid))).toEqual([true, true]);
      endPrograms();
      manager.start();
      await eventually('it is ready after the reboot', () => manager.isReady);
      const after = await bothRun();
      expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));

      // With ticks close together the manager need not wait for long.
      await healdeck('settings', 'set', 'sampling.intervalMs', '500ms');
      await eventually('it asks for less time', () => manager.lines.includes('WATCHDOG_USEC=6000000'));
      const stuck = manager.pid;
      process.kill(stuck, 'SIGSTOP');
      await eventually('a stuck engine is replaced', () => manager.pid !== stuck && manager.isReady);
      expect(await bothRun()).toEqual(after);
      expect(manager.strangers).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.runIf(which('runsvdir') !== null)('the run script for runit', () => {
  it(
    'brings a killed engine back, and its programs are the same',
    async () => {
      const service = join(folder.path, 'services/healdeck');
      mkdirSync(service, { recursive: true });
      writeFileSync(join(service, 'run'), await fileFor('runit', '--system'));
      chmodSync(join(service, 'run'), 0o755);
      const runit: TestChild = startProgram('runsvdir', [join(folder.path, 'services')]);
      end = async () => {
        // It asks each runsv to end, which asks its service.
        process.kill(runit.pid, 'SIGHUP');
        await runit.ended;
        await eventually('no engine answers', async () => (await running()) === null);
      };
      await eventually('an engine answers', async () => (await running()) !== null);
      await addTwo();
      const before = await bothRun();
      const { pid } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      await eventually('another engine runs', () => {
        const owner = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as { pid: number };
        return owner.pid !== pid;
      });
      expect(await bothRun()).toEqual(before);
    },
    TIMEOUT_MS,
  );
});
