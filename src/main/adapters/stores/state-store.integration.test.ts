import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PersistedState } from '../../engine/ports';
import { ManualClock } from '../../engine/testing/manual-clock';
import type { StorageNotice } from '../files/notice';
import type { WatchMemory } from '../history/events/watch-memory-table';
import { FileStateStore, StateFile } from './state-store';

const command = { argv: ['server', ''], cwd: '/srv', env: { KEY: '' }, user: null };
const state = (restarts: number): PersistedState => ({
  bootId: 'boot',
  dataDir: { path: '/data', id: '1:2' },
  watches: {
    id: {
      desired: 'active',
      reason: '',
      processes: [{ pid: 4711, startTime: 99, origin: 'match', role: 'main' }],
      consecutive: 0,
      restarts,
      lastRestartAt: null,
      incident: null,
      starting: false,
      budget: {
        restartsAtMs: [1000.5, 2000],
        cooldown: { startedAtMs: 2000, untilMs: 122_000, restarts: 5, windowMs: 60_000 },
        trips: 1,
      },
      lastExits: [{ atMs: 1000.5, exitCode: null, signal: 'SIGSEGV' }],
      launch: {
        ...{ command, revision: 2, uid: 0, mark: 'm', stderrFrom: { offset: 12, olderInode: null } },
        launch: { ...command, env: { PATH: '/bin', KEY: '' } },
      },
      starts: {
        last: null,
        good: {
          ...{ at: 1000, bootId: 'boot', command: null, version: '1a2b3c4d' },
          files: { '/srv/package.json': { kind: 'missing' } },
          versions: { '/srv/package.json': { shop: '1.2.0' } },
        },
      },
      schedule: {
        start: { of: '30 2 * * * Europe/Berlin', doneUntilAt: 1_795_995_000_000 },
        ...{ restart: null, overrun: '4711:99' },
      },
    },
  },
});

let root: string;
let file: string;
let clock: ManualClock;
let reported: StorageNotice[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-state-'));
  file = join(root, 'state.json');
  clock = new ManualClock();
  reported = [];
  memories = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

let memories: WatchMemory[];

const open = () => {
  const stateFile = new StateFile(file, clock);
  return new FileStateStore({
    file,
    clock,
    notify: (notice) => reported.push(notice),
    memories: [...memories],
    remember: (more) => memories.push(...more),
    isRemembered: () => true,
    remembered: () => Promise.resolve(),
    decided: () => Promise.resolve(),
    write: async (text, durable) => stateFile.save(text, durable),
  });
};
const onDisk = (path = file): unknown => {
  if (!existsSync(path)) return null;
  const { revision: _, ...content } = JSON.parse(readFileSync(path, 'utf8')) as PersistedState & { revision: number };
  return content;
};

describe('state.json', () => {
  it('is empty at first, and what was saved is there for the next engine', async () => {
    const store = open();
    expect(store.load()).toBeNull();
    store.save(state(3));
    await store.dispose();
    expect(open().load()).toEqual(state(3));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(clock.pending).toBe(0);
    expect(reported).toEqual([]);
  });

  it('has arguments and environment of a start in the file alone: the history keeps its proof', async () => {
    const store = open();
    store.save(state(1));
    await store.dispose();
    const [kept] = memories;
    expect(JSON.parse(kept?.memory ?? '')).toMatchObject({ launch: { revision: 2, uid: 0, mark: 'm' } });
    expect(kept?.memory).not.toMatch(/server|PATH|KEY/);
    // The engine was killed before the file had the next start: what it repeats is that of the file, with the newer proof.
    const newer = JSON.parse(kept?.memory ?? '') as { launch: { mark: string } };
    const memory = JSON.stringify({ ...newer, launch: { ...newer.launch, mark: 'n' } });
    memories.push({ watchId: 'id', header: kept?.header ?? '', revision: (kept?.revision ?? 0) + 1, memory });
    const launch = state(1).watches['id']?.launch;
    expect(open().load()?.watches['id']?.launch).toEqual({ ...launch, mark: 'n' });
  });

  it('of an earlier version has no record of starts, and is read as before', () => {
    const { bootId, watches } = state(3);
    const { launch: _launch, ...earlier } = watches['id'] ?? {};
    writeFileSync(file, JSON.stringify({ bootId, watches: { id: earlier } }));
    expect(open().load()).toEqual({ bootId, dataDir: null, watches: { id: { ...earlier, launch: null } } });
    expect(reported).toEqual([]);
  });

  it('gathers what changes within a moment and writes the newest, in the background', async () => {
    const store = open();
    for (let restarts = 1; restarts <= 20; restarts += 1) store.save(state(restarts));
    expect(onDisk()).toBeNull();
    await clock.advance(50);
    await vi.waitFor(() => expect(onDisk(`${file}.backup`)).toEqual(state(20)), { timeout: 30_000 });
    expect(onDisk()).toEqual(state(20));
    await store.dispose();
    expect(readdirSync(root).sort()).toEqual(['state.json', 'state.json.backup']);
  });

  it('takes a change of one watch beside the others, in the file and in the history, and once', async () => {
    const store = open();
    const [{ watches: before }, { watches: after }] = [state(3), state(4)];
    store.save({ ...state(3), watches: { ...before, other: before['id']! } });
    store.saveWatch('id', after['id']!);
    store.saveWatch('id', after['id']!);
    expect(memories.map(({ watchId, revision }) => [watchId, revision])).toEqual([
      ['id', 1],
      ['other', 1],
      ['id', 2],
    ]);
    await store.dispose();
    expect(open().load()?.watches).toEqual({ ...after, other: before['id'] });
  });

  it('takes the first watch after a state without any', async () => {
    const store = open();
    store.save({ ...state(3), watches: {} });
    store.saveWatch('id', state(3).watches['id']!);
    await store.dispose();
    expect(open().load()).toEqual(state(3));
    expect(reported).toEqual([]);
  });

  it('is not overtaken by a slower write of an older state', async () => {
    const store = open();
    store.save(state(1));
    await clock.advance(50);
    // The background write is somewhere between its start and its end now.
    store.save(state(2));
    await store.dispose();
    expect(onDisk()).toEqual(state(2));
    await vi.waitFor(() => expect(readdirSync(root).filter((name) => name.includes('.tmp-'))).toEqual([]));
    expect(onDisk()).toEqual(state(2));
  });

  it('that is damaged is set aside, and the last good one is used', async () => {
    const store = open();
    store.save(state(1));
    await clock.advance(50);
    await vi.waitFor(() => expect(onDisk(`${file}.backup`)).toEqual(state(1)), { timeout: 30_000 });
    await store.dispose();
    writeFileSync(file, '{"bootId": 7, "watches": {}}');
    expect(open().load()).toEqual(state(1));
    expect(reported[0]?.detail).toContain("state.json can't be used (bootId:");
    expect(readdirSync(root).some((name) => name.startsWith('state.json.corrupt-'))).toBe(true);
  });

  it('never throws: a disk that refuses is reported once, and tried again', async () => {
    mkdirSync(file);
    const store = open();
    expect(store.load()).toBeNull();
    store.save(state(1));
    await clock.advance(50);
    await vi.waitFor(() => expect(reported.map((notice) => notice.severity)).toEqual(['high', 'warning']), {
      timeout: 30_000,
    });
    expect(reported).toHaveLength(2);
    rmSync(file, { recursive: true });
    await vi.waitFor(
      async () => {
        await clock.advance(5000);
        expect(onDisk()).toEqual(state(1));
      },
      { timeout: 30_000 },
    );
    await vi.waitFor(() => expect(reported.at(-1)?.severity).toBe('info'), { timeout: 30_000 });
    await store.dispose();
    expect(clock.pending).toBe(0);
  });
});
