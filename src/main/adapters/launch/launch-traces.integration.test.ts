import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LaunchTraceFile, SHARED_MEMORY } from './launch-traces';
import { temporaryFolder } from '../testing/children';

const clock = { monotonicMs: () => 500 };
/** `f_type` of a temporary folder that is no disk (statfs(2)). */
const TMPFS = 0x01021994;
const isLinux = process.platform === 'linux';

describe.skipIf(!isLinux)('the traces of starts in shared memory', () => {
  let folder: string;
  let file: string;
  let opened: LaunchTraceFile[];

  beforeEach(() => {
    folder = mkdtempSync(join(SHARED_MEMORY, 'healdeck-test-'));
    file = join(folder, 'traces');
    opened = [];
  });
  afterEach(() => {
    for (const traces of opened) traces.dispose({ remove: false });
    rmSync(folder, { recursive: true });
  });

  /** As a further engine opens them; the one before it was killed and closed nothing. */
  function open(at = file): LaunchTraceFile {
    const traces = new LaunchTraceFile({ file: at, clock });
    opened.push(traces);
    return traces;
  }

  it('show the next engine how far each start has come, and as which process', () => {
    const before = open();
    for (const watch of ['a', 'b', 'c', 'd']) before.intended(watch, `mark of ${watch}`);
    before.starting('b', 'mark of b');
    before.starting('c', 'mark of c');
    before.started('c', 'mark of c', { pid: 7, startTime: 70 });
    before.starting('d', 'mark of d');
    before.refused('d', 'mark of d');
    const after = open();
    const found = ['a', 'b', 'c', 'd', 'e'].map((watch) => after.last(watch));
    expect(found).toMatchObject([
      { mark: 'mark of a', trace: { kind: 'not_executed' } },
      { mark: 'mark of b', trace: { kind: 'unknown' } },
      { mark: 'mark of c', trace: { kind: 'executed', process: { pid: 7, startTime: 70, startedAtMs: 500 } } },
      { mark: 'mark of d', trace: { kind: 'not_executed' } },
      null,
    ]);
  });

  it('say of each watch what its last start has come to, and nothing of one that is no more', () => {
    const traces = open();
    traces.started('a', 'first', { pid: 7, startTime: 70 });
    traces.intended('a', 'second');
    traces.intended('b', 'only');
    expect(open().last('a')).toEqual({
      ...{ mark: 'second', trace: { kind: 'not_executed' } },
      before: { mark: 'first', trace: { kind: 'executed', process: { pid: 7, startTime: 70, startedAtMs: 500 } } },
    });
    traces.forget('a');
    expect([traces.last('a'), open().last('a')]).toEqual([null, null]);
    expect(open().last('b')?.mark).toBe('only');
    // Its place is for another one.
    traces.intended('c', 'new');
    expect(open().last('c')?.mark).toBe('new');
    expect(statSync(file).size).toBe(2 * 512);
  });

  it('keep the last start that was begun, over any number of those that were not', () => {
    const traces = open();
    const before = (): string | undefined => open().last('a')?.before?.mark;
    traces.starting('a', 'first');
    for (const mark of ['second', 'third']) traces.intended('a', mark);
    expect(before()).toBe('first');
    traces.starting('a', 'third');
    traces.started('a', 'third', { pid: 7, startTime: 70 });
    expect(before()).toBe('first');
    traces.intended('a', 'fourth');
    expect(before()).toBe('third');
    traces.recorded('a');
    traces.intended('a', 'fifth');
    expect(before()).toBeUndefined();
  });

  it('take one place for each watch, however often it is started, and no other user reads them', () => {
    const traces = open();
    for (let start = 0; start < 100; start += 1) for (const watch of ['a', 'b']) traces.intended(watch, `${start}`);
    expect(statSync(file).size).toBe(2 * 512);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    traces.intended('c', 'x'.repeat(600));
    expect(statSync(file).size).toBe(2 * 512);
    expect(traces.last('c')).toBeNull();
  });

  it('are taken from no file that others may have written, and from none on a disk', () => {
    const onDisk = temporaryFolder();
    const elsewhere = join(folder, 'elsewhere');
    open(elsewhere).intended('a', 'mark');
    symlinkSync(elsewhere, file);
    expect(open().last('a')).toBeNull();
    rmSync(file);
    chmodSync(elsewhere, 0o644);
    expect(open(elsewhere).last('a')).toBeNull();
    open(join(onDisk.path, 'traces')).intended('a', 'mark');
    expect(existsSync(join(onDisk.path, 'traces'))).toBe(statfsSync(onDisk.path).type === TMPFS);
    onDisk.remove();
    expect(new LaunchTraceFile({ file: null, clock }).last('a')).toBeNull();
  });

  it('are read as far as they are whole', () => {
    const before = open();
    before.intended('a', 'mark of a');
    before.intended('b', 'mark of b');
    truncateSync(file, 700);
    writeFileSync(file, 'x', { flag: 'r+' });
    const after = open();
    expect(after.last('a')).toBeNull();
    after.intended('b', 'mark of b');
    expect(readFileSync(file, 'utf8')).toContain('mark of b');
    expect(open().last('b')?.trace).toEqual({ kind: 'not_executed' });
  });

  it('are gone with an engine that ends in order, unless a start is under way', () => {
    open().starting('of an earlier engine', 'mark');
    const traces = open();
    traces.intended('a', 'mark');
    traces.dispose({ remove: true });
    expect(open().last('a')?.trace).toEqual({ kind: 'not_executed' });
    const last = open();
    last.started('a', 'mark', { pid: 7, startTime: 70 });
    last.dispose({ remove: true });
    expect(existsSync(file)).toBe(false);
  });
});
