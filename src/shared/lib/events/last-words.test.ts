import { describe, expect, it } from 'vitest';
import type { ThreadEvidence } from '../../model/last-words';
import { dumpLines, threadCounts } from './last-words';

const thread = (state: ThreadEvidence['state'], waitChannel: string | null): ThreadEvidence => ({
  ...{ tid: 1, name: 'x', state, waitChannel, systemCall: null, kernelStack: [] },
});

describe('the lines of a dump', () => {
  it('are printable, whatever the program wrote', () => {
    const text = 'Full thread dump\r\n"main"\n\tat java.lang.Object.wait\n\x1b[2J\n\n';
    expect(dumpLines({ text })).toEqual(['Full thread dump', '"main"', '    at java.lang.Object.wait', '\\x1b[2J', '']);
  });

  it('are none of an empty one', () => expect(dumpLines({ text: '' })).toEqual([]));
});

describe('what threads do', () => {
  it('is counted, what most do first', () => {
    const threads = [
      thread('running', null),
      thread('sleeping', 'futex'),
      thread('disk_sleep', 'io'),
      thread('sleeping', 'futex'),
    ];
    expect(threadCounts(threads)).toBe('2 sleeping in futex, 1 running, 1 disk sleep in io');
  });
});
