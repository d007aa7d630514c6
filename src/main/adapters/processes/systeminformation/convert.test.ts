import { describe, expect, it } from 'vitest';
import { parseLocalTime, parsePsLine, splitWindowsCommandLine, toPercentOfOneCore, toProcessState } from './convert';

describe('CPU in % of one core', () => {
  it.each([
    ['linux', 15, 2, 30],
    ['linux', 50, 2, 100],
    ['win32', 12.5, 8, 100],
    ['win32', 100, 8, 800],
    ['darwin', 97, 8, 97],
    ['freebsd', 97, 8, 97],
    ['linux', Number.NaN, 4, 0],
    ['linux', -1, 4, 0],
  ] as const)('on %s, %d with %d of cores is %d', (platform, cpu, cores, percent) => {
    expect(toPercentOfOneCore(cpu, platform, cores)).toBe(percent);
  });
});

describe('the state of a process', () => {
  it.each([
    ['running', 'running'],
    ['blocked', 'disk_sleep'],
    ['zombie', 'zombie'],
    ['whatever', 'unknown'],
  ])('%s is %s', (theirs, ours) => expect(toProcessState(theirs)).toBe(ours));
});

describe('a line of ps', () => {
  it('is read', () => {
    expect(parsePsLine('  4711   4710   4709  1000 Mon Nov  3 06:20:26 2026')).toEqual({
      pid: 4711,
      pgid: 4710,
      session: 4709,
      uid: 1000,
      startTime: new Date(2026, 10, 3, 6, 20, 26).getTime(),
    });
  });

  it('of macOS has an address where the session is', () => {
    expect(parsePsLine('1 1 0x0f 0 Mon Nov 23 06:20:26 2026')?.session).toBe(0);
    expect(parsePsLine('1 1 - 0 Mon Nov 23 06:20:26 2026')?.session).toBe(0);
  });

  it.each(['', 'PID PGID', '1 1 1 0 Mon Foo 23 06:20:26 2026', '1 1 1 0'])('%j is none', (line) => {
    expect(parsePsLine(line)).toBeNull();
  });
});

describe('a local time', () => {
  it('is read, or is null', () => {
    expect(parseLocalTime('2026-01-31 23:59:58')).toBe(new Date(2026, 0, 31, 23, 59, 58).getTime());
    expect([parseLocalTime(''), parseLocalTime('2026-99-31 23:59:58'), parseLocalTime('today')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('a Windows command line', () => {
  it.each([
    ['node server.js', ['node', 'server.js']],
    ['"C:\\Program Files\\node.exe"  "a b" c', ['C:\\Program Files\\node.exe', 'a b', 'c']],
    ['x "say \\"hi\\""', ['x', 'say "hi"']],
    ['x "C:\\dir\\\\" y', ['x', 'C:\\dir\\', 'y']],
    ['x ""', ['x', '']],
    ['a\\b\\\\c', ['a\\b\\\\c']],
    ['', []],
  ])('%j has the arguments %j', (text, argv) => expect(splitWindowsCommandLine(text)).toEqual(argv));
});
