import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../engine/ports';
import { unknownScene, type MemoryState, type SceneRequest } from '../../engine/ports';
import { ManualClock } from '../../engine/testing/manual-clock';
import { createSystemClock } from '../clock';
import { bundleForNode, bundleThreads } from '../testing/bundle';
import { startNode } from '../testing/child';
import { SceneThread } from './scene-thread';

const PATIENT_MS = 30_000;

let root: string;
let pipe: string;
let reported: unknown[];
const cleanUp: (() => unknown)[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-scene-thread-'));
  pipe = join(root, 'pipe');
  execFileSync('mkfifo', [pipe]);
  reported = [];
  cleanUp.push(() => rmSync(root, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const asking = (...files: readonly string[]): SceneRequest => ({
  ...{ ports: [], folders: [], dead: null, packagesSince: null },
  files,
});
const MEMORY: MemoryState = {
  ...{ totalBytes: 4, availableBytes: 3, swapTotalBytes: 2, swapFreeBytes: 1 },
  stalledPercent: 0,
};
const MISSING = { kind: 'missing' };
const UNKNOWN = { kind: 'unknown' };

/**
 * A thread that finds each file missing, after what this text does with it. `hang()` is a system call that does not return, as it is
 * on a disk that does not answer: open(2) of a pipe that nobody writes to.
 */
function threadThat(does: string): string {
  const file = join(root, 'thread.cjs');
  writeFileSync(
    file,
    `const { parentPort } = require('node:worker_threads');
     const { openSync, closeSync } = require('node:fs');
     const send = (part) => parentPort.postMessage({ kind: 'part', part });
     const hang = () => closeSync(openSync(${JSON.stringify(pipe)}));
     parentPort.on('message', ({ request: { files }, avoided }) => {
       send({ memory: ${JSON.stringify(MEMORY)} });
       for (const file of files) {
         ${does}
         send({ files: { [file]: { kind: 'missing' } } });
       }
       parentPort.postMessage({ kind: 'done' });
     });`,
  );
  return file;
}

const HANGS = "if (file === '/hangs') hang();";

function scenesOver(file: string, clock: Clock = createSystemClock()): SceneThread {
  const report = (_: string, error: unknown): void => void reported.push(error);
  const scenes = new SceneThread({ file, clock, report, avoided: () => [7] });
  cleanUp.push(() => scenes.dispose((text) => expect.unreachable(text)));
  return scenes;
}

/** The calls that hang now return. */
function goOn(): void {
  closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK));
}

/** What hangs goes on before the threads are ended. */
function hangingScenes(file: string): SceneThread {
  const scenes = scenesOver(file);
  cleanUp.push(goOn);
  return scenes;
}

describe('the thread that reads scenes', () => {
  it('reads what is there, with the bundle of the build', async () => {
    const threads = await bundleThreads();
    cleanUp.push(threads.dispose);
    const scenes = scenesOver(join(threads.dir, 'evidence-worker.js'));
    const file = join(root, 'file');
    writeFileSync(file, 'text');
    const request = { ...asking(file, join(root, 'none')), folders: [root] };
    const scene = await scenes.read(request, PATIENT_MS);
    expect(scene.files).toMatchObject({ [file]: { kind: 'present', bytes: 4 }, [join(root, 'none')]: MISSING });
    expect(scene.disks).toMatchObject([{ folder: root }]);
    if (process.platform === 'linux')
      expect(scene).toMatchObject({ holders: [], memory: { stalledPercent: expect.anything() as unknown } });
    expect(reported).toEqual([]);
  });

  it('knows whom to avoid', async () => {
    const scenes = scenesOver(threadThat("if (avoided.join() === '7') continue;"));
    expect((await scenes.read(asking('/file'), PATIENT_MS)).files).toEqual({ '/file': UNKNOWN });
  });

  it('answers a crowd at once, each with its own', async () => {
    const scenes = scenesOver(threadThat(''));
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => scenes.read(asking(`/${n}`), PATIENT_MS)));
    expect(all.map(({ files }) => files)).toEqual(Array.from({ length: 50 }, (_, n) => ({ [`/${n}`]: MISSING })));
  });

  it('hides nothing that it had read before it hung, and the next scene has another thread', async () => {
    const scenes = hangingScenes(threadThat(HANGS));
    await scenes.read(asking('/first'), PATIENT_MS);
    const startedMs = performance.now();
    const hanging = await scenes.read(asking('/before', '/hangs', '/after'), 1500);
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(hanging).toEqual({
      ...unknownScene(asking()),
      memory: MEMORY,
      files: { '/before': MISSING, '/hangs': UNKNOWN, '/after': UNKNOWN },
    });
    expect((await scenes.read(asking('/next'), PATIENT_MS)).files).toEqual({ '/next': MISSING });
    expect(reported).toEqual([]);
  });

  it('that hangs delays who waits behind it only until it is abandoned', async () => {
    const scenes = hangingScenes(threadThat(HANGS));
    const hanging = scenes.read(asking('/hangs'), 500);
    const impatient = scenes.read(asking('/hangs'), 100);
    const patient = scenes.read(asking('/patient'), PATIENT_MS);
    expect((await impatient).files).toEqual({ '/hangs': UNKNOWN });
    // The impatient one is not read any more.
    expect((await patient).files).toEqual({ '/patient': MISSING });
    expect((await hanging).files).toEqual({ '/hangs': UNKNOWN });
  });

  it('is none while three hang, and is there again when one of them has ended', async () => {
    const scenes = hangingScenes(threadThat(HANGS));
    for (let n = 0; n < 3; n += 1) {
      // By then the thread runs.
      expect((await scenes.read(asking('/before'), PATIENT_MS)).files).toEqual({ '/before': MISSING });
      await scenes.read(asking('/hangs'), 500);
    }
    const startedMs = performance.now();
    expect(await scenes.read(asking('/next'), PATIENT_MS)).toEqual(unknownScene(asking('/next')));
    expect(performance.now() - startedMs).toBeLessThan(5000);
    goOn();
    await expect
      .poll(async () => (await scenes.read(asking('/next'), PATIENT_MS)).files['/next'], { timeout: PATIENT_MS })
      .toEqual(MISSING);
  });

  it('does not let a storm pile up: who comes when fifty wait is answered at once', async () => {
    const scenes = hangingScenes(threadThat(HANGS));
    const first = scenes.read(asking('/hangs'), 1500);
    const order: number[] = [];
    const storm = Array.from({ length: 99 }, async (_, n) => {
      const { files } = await scenes.read(asking(`/${n}`), PATIENT_MS);
      order.push(n);
      return files[`/${n}`];
    });
    await Promise.all(storm.slice(50));
    expect(order).toEqual(Array.from({ length: 49 }, (_, n) => 50 + n));
    const kinds = await Promise.all(storm);
    expect(kinds).toEqual([...Array<unknown>(50).fill(MISSING), ...Array<unknown>(49).fill(UNKNOWN)]);
    expect((await first).files).toEqual({ '/hangs': UNKNOWN });
  });

  it('that ends unexpectedly is replaced, and that is reported once', async () => {
    const scenes = scenesOver(threadThat("if (file === '/crashes') throw new Error('a mistake of ours');"));
    const crashed = scenes.read(asking('/before', '/crashes', '/after'), PATIENT_MS);
    const behind = scenes.read(asking('/behind'), PATIENT_MS);
    expect(await crashed).toMatchObject({ memory: MEMORY, files: { '/before': MISSING, '/after': UNKNOWN } });
    expect((await behind).files).toEqual({ '/behind': MISSING });
    await scenes.read(asking('/crashes'), PATIENT_MS);
    expect((await scenes.read(asking('/next'), PATIENT_MS)).files).toEqual({ '/next': MISSING });
    expect(reported).toMatchObject([{ message: 'a mistake of ours' }]);
  });

  it('is ended when nobody has asked for a minute, and started again for who asks then', async () => {
    const clock = new ManualClock();
    const file = threadThat("send({ files: { thread: require('node:worker_threads').threadId } });");
    const scenes = scenesOver(file, clock);
    const thread = async () => (await scenes.read(asking('/file'), PATIENT_MS)).files['thread'];
    const first = await thread();
    await clock.advance(59_000);
    expect(await thread()).toBe(first);
    await clock.advance(59_000);
    expect(await thread()).toBe(first);
    await clock.advance(61_000);
    const second = await thread();
    expect(second).not.toBe(first);
    expect(await thread()).toBe(second);
    expect(reported).toEqual([]);
  });

  it('that can not be started leaves scenes unknown, and that is reported once', async () => {
    const scenes = scenesOver(join(root, 'missing.js'));
    const both = [scenes.read(asking('/one'), PATIENT_MS), scenes.read(asking('/two'), PATIENT_MS)];
    expect(await Promise.all(both)).toEqual([unknownScene(asking('/one')), unknownScene(asking('/two'))]);
    expect(reported).toHaveLength(1);
  });

  it('is ended with what it reads, and reads nothing any more', async () => {
    const scenes = scenesOver(threadThat("if (file === '/loops') for (;;) {}"));
    const [loops, waits] = [scenes.read(asking('/loops'), PATIENT_MS), scenes.read(asking('/waits'), PATIENT_MS)];
    await scenes.dispose((text) => expect.unreachable(text));
    for (const scene of [loops, waits, scenes.read(asking('/late'), PATIENT_MS)])
      expect(Object.values((await scene).files)).toEqual([UNKNOWN]);
    expect(reported).toEqual([]);
  });
});

describe('a program with such a thread', () => {
  let program: Awaited<ReturnType<typeof bundleForNode>>;
  beforeEach(async () => {
    program = await bundleForNode('src/main/adapters/testing/scene-asker.ts');
    cleanUp.push(program.dispose);
  });

  it('ends when it is disposed of, even if the thread hangs', async () => {
    const child = startNode(program.file, [threadThat('hang();'), 'disposed']);
    cleanUp.push(() => child.kill());
    expect(await child.saysWithin('does not answer; Healdeck ends without it.')).toContain(
      '{"/file":{"kind":"unknown"}}',
    );
    await expect(Promise.race([child.ended, tooLate()])).resolves.toContain('ends without it');
  });

  it('is not kept alive by a thread that has nothing to do', async () => {
    const child = startNode(program.file, [threadThat('')]);
    cleanUp.push(() => child.kill());
    await expect(Promise.race([child.ended, tooLate()])).resolves.toContain('{"/file":{"kind":"missing"}}');
  });
});

function tooLate(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('it has not ended')), 10_000).unref());
}
