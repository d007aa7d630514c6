import { describe, expect, it } from 'vitest';
import { namesByUid } from './accounts';
import { parseArgv, parseEnvironment, parseUid } from './process-facts';
import { parseOpenFilesLimit } from './system-facts';

describe('the arguments of a process', () => {
  it.each([
    ['node\0server.mjs\0', ['node', 'server.mjs']],
    ['sh\0-c\0\0', ['sh', '-c', '']],
    ['\0', ['']],
    ['', []],
    ['nginx: worker process', ['nginx: worker process']],
    ['a b\0c\nd\0', ['a b', 'c\nd']],
  ])('of %j are %j', (text, argv) => {
    expect(parseArgv(Buffer.from(text))).toEqual(argv);
  });

  it('may hold bytes that are no UTF-8', () => {
    expect(parseArgv(Uint8Array.of(0x61, 0xff, 0))).toEqual(['a\ufffd']);
  });
});

describe('the environment of a process', () => {
  it('keeps values with equal signs, empty values, and the first of two', () => {
    expect(parseEnvironment(Buffer.from('A=1=2\0B=\0A=3\0__proto__=x\0noise\0=C:=\0'))).toEqual(
      Object.fromEntries([
        ['A', '1=2'],
        ['B', ''],
        ['__proto__', 'x'],
      ]),
    );
  });
});

describe('the owner of a process', () => {
  it('is the effective user', () => {
    expect(parseUid('Name:\tUid:\t9\t9\nUid:\t1000\t33\t1000\t1000\n')).toBe(33);
  });

  it('is -1 where it is not said', () => {
    expect(parseUid('Name:\tx\n')).toBe(-1);
  });

  it('has the first name that the passwd file gives the number', () => {
    const names = namesByUid('root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbroken\n+::::::\nw:x:33:33::/:/\n');
    expect([...names]).toEqual([
      [0, 'root'],
      [33, 'w'],
    ]);
  });
});

describe('the limit of open files', () => {
  it.each([
    ['Max open files            1024                 524288               files', 1024],
    ['Max open files            unlimited            unlimited            files', Number.POSITIVE_INFINITY],
    ['Max cpu time              unlimited            unlimited            seconds', null],
  ])('in %j is %j', (text, limit) => {
    expect(parseOpenFilesLimit(`Limit  Soft Limit  Hard Limit  Units\n${text}\n`)).toBe(limit);
  });
});
