import { describe, expect, it } from 'vitest';
import { localTimes } from '../../../shared/lib/format/local-time';
import { secretMask } from '../../../shared/lib/process/mask-secrets';
import { lastWords, REPORTED_AT } from '../testing/stories';
import { lastWordsFile, MAX_FILE_BYTES } from './last-words-file';

const TIMES = localTimes(REPORTED_AT, 'Europe/Berlin');
const fileOf = (event = WORDS) => lastWordsFile(event, TIMES, secretMask(['s3cret-canary']));

const WORDS = lastWords({
  readings: [
    { at: REPORTED_AT - 14_000, cpuPercent: 12, memoryBytes: 488e6 },
    { at: REPORTED_AT - 12_000, cpuPercent: 97.5, memoryBytes: 612e6 },
  ],
  processes: [
    {
      ...{ pid: 81, name: 'jav\x1ba', isCut: true },
      threads: [
        {
          ...{ tid: 81, name: 'main', state: 'sleeping', waitChannel: 'futex_do_wait', systemCall: 202 },
          kernelStack: ['futex_do_wait', 'do_futex'],
        },
        { tid: 82, name: 'gc', state: 'running', waitChannel: null, systemCall: null, kernelStack: [] },
      ],
      files: [{ fd: 3, target: '/srv/s3cret-canary/data' }],
      sockets: [
        { fd: 4, inode: '7', local: '127.0.0.1:80', remote: '127.0.0.1:5000', state: 'CLOSE_WAIT' },
        { fd: 5, inode: '8', local: null, remote: null, state: null },
      ],
    },
    { pid: 82, name: 'child', isCut: false, threads: [], files: [], sockets: [] },
  ],
  dump: { signal: 'SIGQUIT', text: 'Full thread dump\n\t\x1b[31mat\x1b[0m f()\ns3cret-canary\n', truncated: true },
});

describe('last words as a file', () => {
  it('are all of them, line by line, without secrets and nothing for a terminal', () => {
    expect(fileOf()).toEqual({
      name: 'last-words-web-worker.txt',
      text: `Last words of web-worker, 2026-11-22 22:05:02 (UTC+01:00)

Readings
  22:04:58  12 % of one core, 488 MB
  22:05:00  97.5 % of one core, 612 MB

Process 81 (jav\\x1ba), of which not all is listed
  Threads
    81  main  sleeping in futex_do_wait, system call 202
        at futex_do_wait
        at do_futex
    82  gc  running
  Open files
    3  /srv/•••/data
  Sockets
    4  127.0.0.1:80 → 127.0.0.1:5000  CLOSE_WAIT
    5  socket:[8]

Process 82 (child)

Dump by SIGQUIT, its beginning
Full thread dump
    at f()
•••
`,
    });
  });

  it('say that a dump was asked for in vain', () => {
    const dump = { signal: 'SIGUSR2', text: '', truncated: false };
    expect(fileOf(lastWords({ dump }))?.text).toMatch(/\n\nDump by SIGUSR2: nothing was written\n$/);
  });

  it('have a name that is one of a file, whatever the watch is called', () => {
    const named = (watch: string) => fileOf({ ...lastWords(), watch })?.name;
    expect(named('../../etc/päss wd')).toBe('last-words-..-..-etc-päss-wd.txt');
    expect(named('x'.repeat(500))).toHaveLength('last-words-.txt'.length + 60);
    expect(named('a\r\nBcc: eve')).toBe('last-words-a-Bcc-eve.txt');
  });

  it('are no file where they are too many', () => {
    const long = (length: number) =>
      fileOf(lastWords({ dump: { signal: 'SIGQUIT', text: 'é'.repeat(length), truncated: false } }));
    expect(long(MAX_FILE_BYTES / 2 - 100)).not.toBeNull();
    expect(long(MAX_FILE_BYTES / 2)).toBeNull();
  });
});
