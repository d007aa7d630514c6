import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../clock';
import { createDataDirPort } from './data-dir-port';
import { bundleForNode } from '../testing/bundle';
import { startNode, type TestChild } from '../testing/child';

const clock = createSystemClock();
let root: string;
let original: string;
let copy: string;
let holder: { file: string; dispose: () => void };
let engine: TestChild | null = null;

beforeAll(async () => {
  holder = await bundleForNode('src/main/adapters/testing/lock-holder.ts');
});
afterAll(() => holder.dispose());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-copies-'));
  [original, copy] = [join(root, 'original'), join(root, 'copy')];
});
afterEach(async () => {
  await engine?.kill();
  engine = null;
  rmSync(root, { recursive: true, force: true });
});

describe('the data directory of an engine', () => {
  it('is known from its copies, and whether an engine keeps it can be seen without touching it', async () => {
    engine = startNode(holder.file, [original]);
    await engine.saysWithin('ready');
    const { identity } = createDataDirPort(original, clock);
    cpSync(original, copy, { recursive: true });
    const port = createDataDirPort(copy, clock);
    expect(port.identity.id).not.toBe(identity.id);
    const before = readdirSync(original);
    expect(port.isOwnedByAnother(identity)).toBe(true);
    expect(readdirSync(original)).toEqual(before);
    // What lies at the place of the original by now is another one.
    expect(port.isOwnedByAnother({ ...identity, id: '0:0' })).toBe(false);
    await engine.kill();
    expect(port.isOwnedByAnother(identity)).toBe(false);
  });

  it('stays the same when it is moved, and where nothing is, nobody keeps anything', () => {
    mkdirSync(original);
    const { id } = createDataDirPort(original, clock).identity;
    renameSync(original, copy);
    const port = createDataDirPort(copy, clock);
    expect(port.identity).toEqual({ path: copy, id });
    expect(port.isOwnedByAnother({ path: original, id: '0:0' })).toBe(false);
    expect(port.isOwnedByAnother({ path: copy, id })).toBe(false);
  });

  it.runIf(process.platform === 'linux')('says what a living engine of another one keeps, and only then', async () => {
    mkdirSync(copy);
    const kept = async () =>
      (await createDataDirPort(copy, clock).keptElsewhere()).filter(({ dataDir }) => dataDir === original);
    engine = startNode(holder.file, [original]);
    await engine.saysWithin('ready');
    expect(await kept()).toEqual([]);
    const command = { argv: ['server'], cwd: '/srv' };
    const processes = [{ pid: 4711, startTime: 7, origin: 'child' }];
    const watches = {
      one: { processes, launch: { command: { ...command, env: {} } } },
      two: { processes, launch: null },
    };
    writeFileSync(join(original, 'state.json'), JSON.stringify({ watches }));
    const one = { pid: 4711, startTime: 7, dataDir: original, command };
    expect(await kept()).toEqual([one, { ...one, command: null }]);
    expect(await createDataDirPort(original, clock).keptElsewhere()).not.toContainEqual(one);

    for (const text of ['{', '{"watches":[]}']) {
      writeFileSync(join(original, 'state.json'), text);
      expect(await kept()).toEqual([]);
    }
    writeFileSync(join(root, 'link'), JSON.stringify({ watches }));
    rmSync(join(original, 'state.json'));
    symlinkSync(join(root, 'link'), join(original, 'state.json'));
    expect(await kept()).toEqual([]);
    rmSync(join(original, 'state.json'));
    renameSync(join(root, 'link'), join(original, 'state.json'));
    expect(await kept()).toHaveLength(2);
    await engine.kill();
    expect(await kept()).toEqual([]);
  });
});
