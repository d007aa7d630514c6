import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeathFacts } from './death-facts';
import { programText } from './causes/port-in-use';
import { explainDeath } from './explain-death';
import { deathFacts, EMPTY_SCENE } from './testing/death-facts';
import { portFaultOf } from './wanted-ports';

const KILLED = { exitCode: null, signal: 'SIGKILL' };
const SHORT = { totalBytes: 1000, availableBytes: 50, swapTotalBytes: 0, swapFreeBytes: 0, stalledPercent: 30 };
const PLENTY = { ...SHORT, availableBytes: 900, stalledPercent: 0 };
const IN_USE = ['Error: listen EADDRINUSE: address already in use :::3000'];
const START = { argv: ['node', 'server.js'], env: { PORT: '3000' } };
const HOLDER = {
  ...{ protocol: 'tcp' as const, port: 3000, uid: 33 },
  process: {
    pid: 812,
    startTime: 5,
    name: 'node',
    uid: 33,
    startedAt: 940_000,
  },
};
const PROGRAMS = new Map([[812, programText({ name: 'node', argv: ['node', 'other.js', '--key', 's3cret'] })]]);
const FULL = { folder: '/var/log', freeBytes: 0, totalBytes: 4e9, freeInodes: 12, totalInodes: 1e6 };

function said(more: Partial<DeathFacts>): string {
  const { certainty, reason } = explainDeath(deathFacts({ programs: PROGRAMS, ...more }));
  return `${certainty}: ${reason}`;
}

describe('the reason of a death', () => {
  it.each<[string, Partial<DeathFacts>, string]>([
    [
      "the kernel's log names it",
      { exit: KILLED, scene: { ...EMPTY_SCENE, oomVictim: true } },
      "certain: the kernel's OOM killer ended it",
    ],
    [
      'the largest that vanished, while memory was short',
      { exit: KILLED, oomKills: 1, wasLargest: true, scene: { ...EMPTY_SCENE, memory: SHORT } },
      "likely: the kernel's OOM killer ended it",
    ],
    [
      'the OOM killer was at work, with memory left',
      { exit: KILLED, oomKills: 1, wasLargest: true, scene: { ...EMPTY_SCENE, memory: PLENTY } },
      "unknown: SIGKILL ended it, sent by an unknown process or by the kernel's OOM killer",
    ],
    [
      'its control group counted one, and no other of that vanished',
      { exit: KILLED, oomKillsInGroup: { kills: 1, othersGone: 0 } },
      "very_likely: the kernel's OOM killer ended it",
    ],
    [
      'its control group counted more than others of that vanished',
      { exit: KILLED, oomKillsInGroup: { kills: 3, othersGone: 2 } },
      "very_likely: the kernel's OOM killer ended it",
    ],
    [
      'another process of its control group vanished, too',
      { exit: KILLED, oomKills: 1, oomKillsInGroup: { kills: 1, othersGone: 1 } },
      "unknown: SIGKILL ended it, sent by an unknown process or by the kernel's OOM killer",
    ],
    [
      'its control group counted none, but the machine did',
      {
        ...{ exit: KILLED, oomKills: 1, oomKillsInGroup: { kills: 0, othersGone: 0 }, wasLargest: true },
        scene: { ...EMPTY_SCENE, memory: SHORT },
      },
      'unknown: SIGKILL ended it; nothing shows who sent it',
    ],
    [
      "its control group counted one, and the kernel's log names another",
      {
        ...{ exit: KILLED, oomKills: 1, oomKillsInGroup: { kills: 1, othersGone: 0 } },
        scene: { ...EMPTY_SCENE, oomVictim: false },
      },
      'unknown: SIGKILL ended it; nothing shows who sent it',
    ],
    [
      'its control group counted a child',
      { oomKillsInGroup: { kills: 1, othersGone: 1 } },
      'unknown: it ended by itself (exit code 1); nothing shows why',
    ],
    [
      'a larger one vanished in the same moment',
      { exit: KILLED, oomKills: 1, wasLargest: false, scene: { ...EMPTY_SCENE, memory: SHORT } },
      "unknown: SIGKILL ended it, sent by an unknown process or by the kernel's OOM killer",
    ],
    [
      "the kernel's log names others",
      { exit: KILLED, oomKills: 1, wasLargest: true, scene: { ...EMPTY_SCENE, memory: SHORT, oomVictim: false } },
      'unknown: SIGKILL ended it; nothing shows who sent it',
    ],
    ['SIGKILL', { exit: KILLED }, 'unknown: SIGKILL ended it; nothing shows who sent it'],
    [
      'SIGHUP after the end of its parent',
      { exit: { exitCode: null, signal: 'SIGHUP' }, endedParent: { pid: 3, name: 'bash' } },
      'likely: its parent bash (pid 3) ended, which hung up its session',
    ],
    ['SIGHUP', { exit: { exitCode: null, signal: 'SIGHUP' } }, 'unknown: SIGHUP ended it; nothing shows who sent it'],
    [
      'SIGSEGV',
      { exit: { exitCode: null, signal: 'SIGSEGV' } },
      'very_likely: it used memory that is not its own, or its stack overflowed',
    ],
    [
      'SIGABRT with a message',
      { exit: { exitCode: null, signal: 'SIGABRT' }, crashTitle: 'std::runtime_error: no disk' },
      'very_likely: it aborted itself: std::runtime_error: no disk',
    ],
    [
      'a port that somebody holds',
      { stderrTail: IN_USE, portFault: portFaultOf(IN_USE, START), scene: { ...EMPTY_SCENE, holders: [HOLDER] } },
      'certain: it could not bind port 3000, which is in use by pid 812 (node other.js)',
    ],
    [
      'a port that it may have meant',
      {
        portFault: portFaultOf(['OSError: [Errno 98] Address already in use'], START),
        scene: { ...EMPTY_SCENE, holders: [HOLDER] },
      },
      'likely: it could not bind port 3000, which is in use by pid 812',
    ],
    [
      'a port that an own orphan holds',
      {
        portFault: portFaultOf(IN_USE, START),
        leftovers: new Set([812]),
        scene: { ...EMPTY_SCENE, holders: [HOLDER] },
      },
      'certain: it could not bind port 3000, which is in use by pid 812 (node other.js), which an earlier start of this watch has left',
    ],
    [
      'a port that is free again',
      { portFault: portFaultOf(IN_USE, START) },
      'very_likely: it could not bind port 3000, since that was in use; it is free again by now',
    ],
    [
      'a port of which nothing could be found out',
      { portFault: portFaultOf(IN_USE, START), scene: { ...EMPTY_SCENE, holders: null } },
      'very_likely: it could not bind port 3000, since that was in use',
    ],
    [
      'a full disk',
      { stderrTail: ['ENOSPC: no space left on device, write'], scene: { ...EMPTY_SCENE, disks: [FULL] } },
      'certain: the disk of /var/log is full (0 B of 4 GB free, 0 %)',
    ],
    [
      'a full disk that is not known',
      { stderrTail: ['No space left on device'], scene: { ...EMPTY_SCENE, disks: [{ ...FULL, freeBytes: 2e9 }] } },
      'very_likely: a disk that it writes to was full',
    ],
    [
      'a missing module',
      { stderrTail: ["Error: Cannot find module 'express'"] },
      'very_likely: a module that it needs is missing: express',
    ],
    [
      'a missing module of Python',
      { stderrTail: ["ModuleNotFoundError: No module named 'flask'"] },
      'very_likely: a module that it needs is missing: flask',
    ],
    [
      'a missing library',
      { stderrTail: ['./a: error while loading shared libraries: libx.so.1: cannot open shared object file'] },
      'very_likely: a module that it needs is missing: libx.so.1',
    ],
    [
      'a missing file',
      { stderrTail: ["Error: ENOENT: no such file or directory, open '/etc/app.json'"] },
      'very_likely: a file that it needs is missing: /etc/app.json',
    ],
    [
      'a syntax error',
      { stderrTail: ["SyntaxError: Unexpected token '}'", '', 'Node.js v20.20.2'] },
      "very_likely: its program has a syntax error: SyntaxError: Unexpected token '}'",
    ],
    [
      'a refused permission',
      { stderrTail: ["PermissionError: [Errno 13] Permission denied: '/etc/shadow'"] },
      'very_likely: it was refused a permission: /etc/shadow',
    ],
    [
      'a service that does not answer',
      { stderrTail: ['Error: connect ECONNREFUSED 127.0.0.1:5432'] },
      'likely: a service that it needs refused the connection: 127.0.0.1:5432',
    ],
    [
      'a service that does not answer, as Go words it',
      { stderrTail: ['dial tcp 127.0.0.1:5432: connect: connection refused'] },
      'likely: a service that it needs refused the connection: 127.0.0.1:5432',
    ],
    [
      'a service that does not answer, with its address in another line',
      { stderrTail: ['Error: connect ECONNREFUSED 127.0.0.1:5432', "  code: 'ECONNREFUSED',"] },
      'likely: a service that it needs refused the connection: 127.0.0.1:5432',
    ],
    [
      'a malformed file',
      { stderrTail: ['SyntaxError: Unexpected end of JSON input'] },
      'very_likely: what it reads is malformed: SyntaxError: Unexpected end of JSON input',
    ],
    [
      'no memory for a runtime that aborts then',
      { exit: { exitCode: null, signal: 'SIGABRT' }, stderrTail: ['FATAL ERROR: JavaScript heap out of memory'] },
      'very_likely: it could get no more memory',
    ],
    [
      'a signal to a program that had an error before',
      { exit: KILLED, stderrTail: ['MemoryError'] },
      'unknown: SIGKILL ended it',
    ],
    ['no memory', { stderrTail: ['MemoryError'] }, 'very_likely: it could get no more memory'],
    [
      'endless recursion',
      { stderrTail: ['RangeError: Maximum call stack size exceeded'] },
      'very_likely: its recursion had no end',
    ],
    ['too many files', { stderrTail: ['accept: too many open files'] }, 'very_likely: it had as many open files'],
    [
      'an error of its own',
      { stderrTail: ['boom'], crashTitle: 'ZeroDivisionError: division by zero in f (a.py)' },
      'likely: it failed with its own error: ZeroDivisionError: division by zero in f (a.py)',
    ],
    ['no word', {}, 'unknown: it ended by itself (exit code 1); nothing shows why'],
    [
      'no error',
      { exit: { exitCode: 0, signal: null }, stderrTail: ['PermissionError: overcome'] },
      'unknown: it ended by itself without an error; nothing shows why',
    ],
    ['nothing at all', { exit: null }, 'unknown: how it ended is not known'],
  ])('%s', (_, facts, expected) => {
    expect(said(facts).startsWith(expected), said(facts)).toBe(true);
  });

  it('shows no argument of a process that holds a port', () => {
    const facts = { portFault: portFaultOf(IN_USE, START), scene: { ...EMPTY_SCENE, holders: [HOLDER] } };
    expect(JSON.stringify(explainDeath(deathFacts({ programs: PROGRAMS, ...facts })))).not.toContain('s3cret');
  });

  it('names what was changed before it, where a fault of the program is the reason', () => {
    const changes = {
      ...{ edited: ['environment'], rebooted: true, versions: [] },
      files: [
        { path: '/srv/server.js', kind: 'changed' as const, at: 995_000 },
        { path: '/srv/app.conf', kind: 'gone' as const, at: null },
      ],
    };
    const { reason, changedFile, evidence } = explainDeath(deathFacts({ stderrTail: ['SyntaxError: x'], changes }));
    expect(changedFile).toBe('server.js');
    expect(explainDeath(deathFacts({ exit: KILLED, changes })).changedFile).toBeNull();
    expect(reason).toContain('; server.js was changed 5 s before its end and 1 further file');
    expect(evidence.filter(({ topic }) => topic === 'changed').map(({ text }) => text)).toEqual([
      'server.js was changed 5 s before its end: /srv/server.js',
      'app.conf is gone since its last good start: /srv/app.conf',
      'its environment was edited',
      'the machine was rebooted',
    ]);
    expect(said({ exit: KILLED, changes })).not.toContain('server.js');
  });

  it('names packages with another version, where the file that names them was changed', () => {
    const path = '/srv/package-lock.json';
    const versions = ['express', 'ms', 'qs', 'depd', 'send', 'etag'].map((name) => ({
      ...{ path, name, before: '1.0.0', after: '2.0.0' },
    }));
    const changes = {
      ...{ edited: [], rebooted: false, versions },
      files: [{ path, kind: 'changed' as const, at: 995_000 }],
    };
    const { reason, evidence } = explainDeath(deathFacts({ stderrTail: ['SyntaxError: x'], changes }));
    expect(reason).toContain(
      '; package-lock.json was changed 5 s before its end (express 1.0.0 → 2.0.0, ms 1.0.0 → 2.0.0, qs 1.0.0 → 2.0.0 and 3 further packages)',
    );
    expect(
      evidence.filter(({ topic }) => topic === 'changed').map(({ text, source }) => `${text} (${source})`),
    ).toEqual([
      `package-lock.json was changed 5 s before its end: ${path} (file status)`,
      ...['express', 'ms', 'qs', 'depd', 'send'].map((name) => `${name} 1.0.0 → 2.0.0 (package-lock.json)`),
      '1 further package (lock file)',
    ]);
  });

  it('is only certain where something outside of the program shows it', () => {
    const text = fc.string({ maxLength: 40 });
    const anyFacts = fc.record({
      exit: fc.option(
        fc.record({
          exitCode: fc.option(fc.nat(255)),
          signal: fc.option(fc.constantFrom('SIGKILL', 'SIGSEGV', 'SIGTERM')),
        }),
      ),
      stderrTail: fc.array(fc.oneof(text, fc.constantFrom(...IN_USE, 'ENOSPC', 'SyntaxError: x', 'Killed'))),
      oomKills: fc.nat(2),
      oomKillsInGroup: fc.option(fc.record({ kills: fc.nat(2), othersGone: fc.nat(2) })),
      wasLargest: fc.boolean(),
    });
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { certainty } = explainDeath(deathFacts({ ...facts, portFault: portFaultOf(facts.stderrTail, START) }));
        expect(certainty).not.toBe('certain');
      }),
    );
  });
});

describe('what shows the reason', () => {
  it('is listed with its source: how, who, around and changed', () => {
    const { evidence } = explainDeath(
      deathFacts({
        ...{ exit: KILLED, oomKills: 2, othersEnded: ['db', 'cache'], gapMs: 30_000 },
        ...{ endedParent: { pid: 3, name: 'bash' }, largest: [{ pid: 4, name: 'java', rssBytes: 2e9 }] },
        scene: { ...EMPTY_SCENE, memory: SHORT, disks: [FULL], oomVictim: false },
      }),
    );
    expect(evidence.map(({ topic, text, source }) => `${topic}: ${text} (${source})`)).toEqual([
      'how: SIGKILL (exit status)',
      "who: the OOM killer did not end this process (the kernel's log)",
      "who: the kernel's OOM killer ended 2 processes of this machine at about that time (/proc/vmstat)",
      'who: its parent bash (pid 3) ended at about the same time (process table)',
      'around: the disk of /var/log is full (0 B of 4 GB free, 0 %) (statfs)',
      'around: 50 B of 1 kB of memory available; tasks waited for memory in 30 % of the time (/proc/meminfo)',
      'around: largest processes: java (pid 4) 2 GB (process table)',
      'around: within seconds these ended, too: db, cache (other watches)',
      'around: nothing was watched for 30 s right before (clock)',
    ]);
  });

  it.each([
    [KILLED, 1, 0, 'the OOM killer ended a process of its control group, of which no other process vanished'],
    [KILLED, 2, 2, 'the OOM killer ended 2 processes of its control group, of which 2 other processes vanished'],
    [
      { exitCode: 3, signal: null },
      1,
      1,
      'the OOM killer ended a process of its control group while it ended otherwise',
    ],
    [null, 1, 0, 'the OOM killer ended a process of its control group'],
    [KILLED, 0, 0, undefined],
  ])('has what the OOM killer did in its control group: %#', (exit, kills, othersGone, text) => {
    const { evidence } = explainDeath(deathFacts({ exit, oomKillsInGroup: { kills, othersGone } }));
    expect(evidence.find(({ topic }) => topic === 'who')?.text).toBe(text);
  });

  it('has where the memory of the dead was kept', () => {
    const dumped = (core: DeathFacts['scene']['core']) =>
      explainDeath(deathFacts({ scene: { ...EMPTY_SCENE, core } })).evidence.map(({ text }) => text);
    expect(dumped({ kind: 'file', path: '/var/core.12' })).toContain('its memory was dumped to /var/core.12');
    expect(dumped({ kind: 'coredumpctl' })).toContain('its memory was dumped; to see it: coredumpctl info 12');
  });

  it('is bounded, however many files and processes there are', () => {
    const many = Array.from({ length: 500 }, (_, at) => at);
    const { evidence } = explainDeath(
      deathFacts({
        othersEnded: many.map(String),
        portFault: portFaultOf(IN_USE, START),
        changes: {
          ...{ edited: [], rebooted: false, versions: [] },
          files: many.map((at) => ({ path: `/srv/${at}`, kind: 'gone' as const, at: null })),
        },
        scene: { ...EMPTY_SCENE, holders: many.map(() => HOLDER) },
      }),
    );
    expect(evidence.length).toBeLessThan(20);
    expect(JSON.stringify(evidence).length).toBeLessThan(5000);
  });
});
