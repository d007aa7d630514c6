import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMarks, type DataDirMarks } from './marks';
import type { StorageNotice } from '../files/notice';

let root: string;
let file: string;
let reported: StorageNotice[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-marks-'));
  file = join(root, 'mark.key');
  reported = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const here = { dataDirId: '1:2', bootId: 'boot' };
const open = (place: Partial<typeof here> = {}): DataDirMarks =>
  createMarks({ file, place: { ...here, ...place }, notify: (notice) => reported.push(notice) });

describe('a mark', () => {
  it('holds for its watch, also for the next engine on the same data directory', () => {
    const mark = open().issue('w');
    expect(mark).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
    expect(open().verify('w', mark)).toBe(true);
    expect(open().issue('w')).not.toBe(mark);
    expect(reported).toEqual([]);
  });

  it('holds for no other watch, data directory or boot, and can not be made up', () => {
    const marks = open();
    const mark = marks.issue('w');
    const [nonce, proof] = mark.split('.');
    expect(marks.verify('v', mark)).toBe(false);
    expect(open({ dataDirId: '1:3' }).verify('w', mark)).toBe(false);
    expect(open({ bootId: 'another' }).verify('w', mark)).toBe(false);
    for (const forged of [
      '',
      'w',
      '.',
      `${nonce}.`,
      `.${proof}`,
      `${mark}.`,
      `${mark}x`,
      `x${mark}`,
      mark.slice(0, -1),
    ]) {
      expect(marks.verify('w', forged)).toBe(false);
    }
  });

  it('and the name of a watch in public places give away neither its id nor the key', () => {
    const id = '3d9aeb1c-9b5f-4b0e-8f8e-3a4f0c0b0001';
    const marks = open();
    expect(marks.issue(id) + marks.publicName(id)).not.toContain(id);
    expect(marks.publicName(id)).toMatch(/^[0-9a-f]{32}$/);
    expect(open().publicName(id)).toBe(marks.publicName(id));
    expect(marks.publicName('another')).not.toBe(marks.publicName(id));
    expect(marks.sharedName()).toMatch(/^[0-9a-f]{32}$/);
    expect(open().sharedName()).toBe(marks.sharedName());
    expect(open({ bootId: 'another' }).sharedName()).not.toBe(marks.sharedName());
  });
});

describe('the key of marks', () => {
  it('is 32 bytes that only its user can read', () => {
    open();
    expect(statSync(file)).toMatchObject({ size: 32 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['damaged', () => writeFileSync(file, 'short'), '5 bytes, expected 32'],
    ['readable by others', () => chmodSync(file, 0o640), 'other users may have read it'],
    ['a directory', () => (rmSync(file), mkdirSync(file)), 'not a regular file'],
  ])('that is %s is replaced, and that is reported', (_, spoil, problem) => {
    const mark = open().issue('w');
    spoil();
    expect(open().verify('w', mark)).toBe(false);
    expect(reported.map(({ detail }) => detail)).toEqual([expect.stringContaining(problem)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(open().verify('w', open().issue('w'))).toBe(true);
    expect(reported).toHaveLength(1);
  });

  it('is not taken from where a link leads, and what lies there stays as it is', () => {
    const elsewhere = join(root, 'elsewhere');
    writeFileSync(elsewhere, Buffer.alloc(32), { mode: 0o600 });
    symlinkSync(elsewhere, file);
    open();
    expect(lstatSync(file).isFile()).toBe(true);
    expect(readFileSync(elsewhere)).toEqual(Buffer.alloc(32));
    expect(reported[0]?.detail).toContain('symbolic link');
  });

  it.runIf(process.geteuid?.() === 0)('that belongs to another user is replaced', () => {
    open();
    chownSync(file, 65534, 65534);
    open();
    expect(statSync(file).uid).toBe(0);
    expect(reported[0]?.detail).toContain('uid 65534');
  });

  it('that can be kept nowhere lasts as long as its engine', () => {
    file = join(root, 'missing', 'mark.key');
    const marks = open();
    expect(marks.verify('w', marks.issue('w'))).toBe(true);
    expect(reported[0]).toMatchObject({ severity: 'warning' });
  });
});
