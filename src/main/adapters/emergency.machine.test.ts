import { spawn, type ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { identityKey, type ProcessIdentity } from '../../shared/model/process';
import { collectTree, freezeAndKill } from '../engine/kill/kill-ladder';
import { Protection } from '../engine/processes/protection';
import type { ProcessTable, Signaller, TreeKiller } from '../engine/ports';
import { ProcessIndex } from '../engine/processes/process-index';
import { createChildGroups } from './processes/cgroups';
import { createSystemClock } from './clock';
import { PriorityBoost } from './processes/priority-boost';
import { createProcfsTable, type DisposableProcessTable } from './processes/procfs';
import { ReaderThread } from './processes/procfs/reader-thread';
import { createSignaller } from './processes/signaller';
import { bundleThreads } from './testing/bundle';
import { eventually, lives, temporaryFolder } from './testing/children';
import { bombUser, canBomb, compileBomb, startBomb, type Bomb } from './testing/fork-bomb';

const PROCESSES = 150;
const watchId = 'bomb';

describe.runIf(canBomb)('a real fork bomb', { timeout: 120_000 }, () => {
  const clock = createSystemClock();
  let folder: ReturnType<typeof temporaryFolder>;
  let program: string;
  let threads: Awaited<ReturnType<typeof bundleThreads>>;
  let reader: ReaderThread;
  let table: DisposableProcessTable;
  let bomb: Bomb | null = null;
  let bystanders: ChildProcess[] = [];

  beforeAll(async () => {
    folder = temporaryFolder();
    program = realpathSync(compileBomb(folder.path));
    threads = await bundleThreads();
    const file = join(threads.dir, 'reader-worker.js');
    reader = new ReaderThread({ file, clock, report: (_, error) => expect.unreachable(String(error)) });
    table = createProcfsTable({ clock, reader });
  });
  afterEach(async () => {
    await bomb?.end();
    bomb = null;
    for (const child of bystanders) child.kill('SIGKILL');
    bystanders = [];
  });
  afterAll(async () => {
    table.dispose();
    await reader.dispose((text) => expect.unreachable(text));
    threads.dispose();
    folder.remove();
  });

  /** A table that counts its passes, and a signaller that notes whom it was told to signal, and whether the bomb owned it. */
  function recorded(bomb: Bomb) {
    const record = { passes: 0, inside: 0, outside: [] as string[] };
    // Whoever was in the session of the bomb once; one that is just ending is in none any more.
    const members = new Set<string>();
    const counting: ProcessTable = Object.assign(Object.create(table) as ProcessTable, {
      scan: async () => {
        record.passes += 1;
        const scan = await table.scan();
        for (const sample of scan.samples) if (sample.session === bomb.root.pid) members.add(identityKey(sample));
        return scan;
      },
    });
    const real = createSignaller({ identify: table.identify.bind(table) });
    const signaller: Signaller = {
      ...real,
      send(identity, signal) {
        const owned = members.has(identityKey(identity));
        const result = real.send(identity, signal);
        if (result === 'sent' && owned) record.inside += 1;
        else if (result === 'sent') record.outside.push(`${signal} ${identityKey(identity)}`);
        return result;
      },
    };
    return { record, table: counting, signaller };
  }

  const priority = new PriorityBoost(clock);

  function end(bomb: Bomb, parts: ReturnType<typeof recorded>, treeKiller: TreeKiller | null = null) {
    return freezeAndKill(
      { roots: [bomb.root], scope: 'everything', watchId, isMarked: () => false, graceMs: 0 },
      {
        clock,
        table: parts.table,
        signaller: parts.signaller,
        treeKiller,
        boost: () => priority.boost(),
        protect: (index) => new Protection(index, process.pid),
        refused: (sample, signal, reason) => parts.record.outside.push(`${reason} ${signal} ${sample.pid}`),
      },
    );
  }

  /** One that was overlooked would have grown again by then. */
  async function staysGone(bomb: Bomb): Promise<void> {
    for (let scans = 0; scans < 20; scans += 1) {
      expect(bomb.living()).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('outruns a kill of all that one pass found', async () => {
    let regrown = 0;
    for (let attempt = 0; attempt < 5 && regrown === 0; attempt += 1) {
      bomb = await startBomb(program, PROCESSES);
      const { root } = bomb;
      const index = new ProcessIndex(await table.scan());
      const request = { roots: [root], scope: 'leftovers', watchId, isMarked: () => false } as const;
      const tree = collectTree(index, request, new Map([[identityKey(root), root]]));
      const signaller = createSignaller({ identify: table.identify.bind(table) });
      for (const member of tree) signaller.send(member, 'SIGKILL');
      const { living } = bomb;
      const outcome = await eventually('growth or an end', () => {
        const count = living().length;
        return count > PROCESSES * 0.6 ? 'regrown' : count === 0 ? 'gone' : null;
      });
      if (outcome === 'regrown') regrown += 1;
      await bomb.end();
    }
    expect(regrown).toBeGreaterThan(0);
  });

  it('is ended by freezing it first, and nothing else is signalled', async () => {
    bystanders = [1, 2, 3].map(() =>
      spawn('sleep', ['60'], { ...bombUser, detached: true, stdio: 'ignore', cwd: '/' }),
    );
    for (let attempt = 0; attempt < 3; attempt += 1) {
      bomb = await startBomb(program, PROCESSES);
      const parts = recorded(bomb);
      const result = await end(bomb, parts);
      expect(result.survivors).toEqual([]);
      await staysGone(bomb);
      expect(parts.record.outside).toEqual([]);
      expect(parts.record.inside).toBeGreaterThan(10);
      expect(parts.record.passes).toBeLessThan(110);
      for (const { pid } of bystanders) expect(lives(pid ?? 0)).toBe(true);
    }
  });

  it('is ended through its control group, and by freezing what is not in it', async ({ skip }) => {
    const groups = createChildGroups({
      dataDir: folder.path,
      publicName: (id) => id,
      clock,
      identify: table.identify.bind(table),
    });
    const keepAlive = setInterval(() => undefined, 1000);
    try {
      let root: ProcessIdentity | null = null;
      bomb = await startBomb(program, PROCESSES, (started) => groups.entered(watchId, (root = started)));
      const moved = await eventually('a move', () => groups.members(watchId, [root!]).length > 0, 3000).catch(
        () => false,
      );
      if (!moved) return skip('no control groups can be made here');
      const parts = recorded(bomb);
      const result = await end(bomb, parts, groups);
      expect(result.survivors).toEqual([]);
      await staysGone(bomb);
      expect(parts.record.outside).toEqual([]);
      expect(result.forced).toContain(bomb.root.pid);
    } finally {
      clearInterval(keepAlive);
      await bomb?.end();
      groups.dispose();
    }
  });
});
