import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unknownScene, type SceneReader } from '../../engine/ports';
import { ManualClock } from '../../engine/testing/manual-clock';
import { createSystemClock } from '../clock';
import { readScene } from '../evidence/read-scene';
import { OwnMachineHealth } from './machine-health';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-health-'));
  mkdirSync(join(root, 'self'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const places = () => ({ procDir: root, timesyncDir: join(root, 'timesync') });

/** Reads the disks of this machine, in this thread. */
const real: SceneReader = {
  read(request) {
    const scene = unknownScene(request);
    const disks: (typeof scene.disks)[number][] = [];
    readScene(request, (part) => disks.push(...(part.disks ?? [])), { clock: createSystemClock() });
    return Promise.resolve({ ...scene, disks });
  },
};

describe.runIf(process.platform === 'linux')('the health of this machine', () => {
  it('has disks with space on them, as the kernel shows them', async () => {
    const reading = await new OwnMachineHealth({ clock: createSystemClock(), scenes: real }).read();
    expect(reading.disks?.length).toBeGreaterThan(0);
    for (const { totalBytes, freeBytes, totalInodes, freeInodes } of reading.disks ?? []) {
      expect(freeBytes).toBeLessThanOrEqual(totalBytes);
      expect(freeInodes ?? 0).toBeLessThanOrEqual(totalInodes ?? 0);
    }
    expect(reading.swappedBytes).toBeGreaterThanOrEqual(0);
  });

  it('knows of the clock only while a service synchronises it', async () => {
    const health = new OwnMachineHealth({ clock: createSystemClock(), scenes: real, places: places() });
    const synchronised = async () => (await health.read()).isClockSynchronised;
    expect(await synchronised()).toBeNull();
    mkdirSync(join(root, 'timesync'));
    expect(await synchronised()).toBe(false);
    writeFileSync(join(root, 'timesync/synchronized'), '');
    expect(await synchronised()).toBe(true);
  });

  it('is unknown where the kernel shows nothing', async () => {
    const health = new OwnMachineHealth({ clock: createSystemClock(), scenes: real, places: places() });
    expect(await health.read()).toEqual({ disks: null, swappedBytes: null, isClockSynchronised: null });
  });

  it('asks a disk that did not answer only after a pause, and a longer one after that', async () => {
    const clock = new ManualClock();
    const asked: (readonly string[])[] = [];
    const scenes: SceneReader = {
      async read(request, limitMs) {
        asked.push(request.folders);
        const disks = request.folders
          .slice(0, request.folders.includes('/hangs') ? 1 : 3)
          .map((folder) => ({ folder, freeBytes: 1, totalBytes: 2, freeInodes: null, totalInodes: null }));
        if (request.folders.includes('/hangs')) await new Promise<void>((resolve) => clock.after(limitMs, resolve));
        return { ...unknownScene(request), disks };
      },
    };
    const mount = (id: number, path: string): string => `${id} 1 8:${id} / ${path} rw - ext4 /dev/sd${id} rw`;
    writeFileSync(join(root, 'self/mountinfo'), [mount(1, '/'), mount(2, '/hangs'), mount(3, '/after')].join('\n'));
    const health = new OwnMachineHealth({ clock, scenes, places: places() });
    const read = async (): Promise<readonly string[]> => {
      const reading = health.read();
      await clock.advance(10_000);
      return ((await reading).disks ?? []).map(({ folder }) => folder);
    };
    expect(await read()).toEqual(['/']);
    expect(await read()).toEqual(['/', '/after']);
    await clock.advance(11 * 60_000);
    await read();
    expect(asked.at(-1)).toContain('/hangs');
    await clock.advance(11 * 60_000);
    expect(await read()).toEqual(['/', '/after']);
  });
});
