import { describe, expect, it } from 'vitest';
import type { EventData } from '../../shared/model/event';
import { lastWordsText } from './last-words-text';
import { createStyle } from './style';

const WORDS: EventData['last_words'] = {
  readings: [
    { at: 0, cpuPercent: 1, memoryBytes: 1e6 },
    { at: 2000, cpuPercent: 97, memoryBytes: 5e8 },
  ],
  processes: [
    {
      ...{ pid: 81, name: 'jav\x1ba', isCut: false },
      threads: [
        { tid: 81, name: 'main', state: 'sleeping', waitChannel: 'futex_do_wait', systemCall: 202, kernelStack: [] },
      ],
      files: [{ fd: 3, target: '/srv/data' }],
      sockets: [
        { fd: 4, inode: '7', local: '127.0.0.1:80', remote: '127.0.0.1:5000', state: 'CLOSE_WAIT' },
        { fd: 5, inode: '8', local: null, remote: null, state: null },
      ],
    },
  ],
  dump: { signal: 'SIGQUIT', text: Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join(''), truncated: false },
  tookMs: 400,
};

const lines = (words: EventData['last_words']): readonly string[] =>
  lastWordsText(createStyle(false), words)
    .split('\n')
    .map((line) => line.trim());

describe('last words on the command line', () => {
  it('are readings, threads, what was open and the first lines of the dump', () => {
    const written = lines(WORDS);
    expect(written.slice(0, 5)).toEqual([
      'cpu        ▁█  2 readings from 1 % to 97 % of one core',
      'memory     ▁█  2 readings from 1 MB to 500 MB',
      'pid 81     jav\\x1ba: 1 thread: 1 sleeping in futex_do_wait',
      '1 open file, 2 sockets: 127.0.0.1:80 → 127.0.0.1:5000 CLOSE_WAIT',
      'dump       SIGQUIT',
    ]);
    expect(written.slice(5, 26)).toEqual([...Array.from({ length: 20 }, (_, at) => `line ${at}`), 'and 10 more lines']);
  });

  it('say that nothing was written', () => {
    const dump = { signal: 'SIGUSR2', text: '', truncated: false };
    expect(lines({ ...WORDS, dump }).at(-2)).toBe('dump       SIGUSR2: nothing was written');
  });
});
