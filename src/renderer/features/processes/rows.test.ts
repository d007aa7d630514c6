import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessColumn } from '../../store/process-table-preferences';
import { processRow } from '../../testing/samples';
import { listRows, usersOf } from './rows';

const rows = [
  processRow({
    pid: 1,
    name: 'systemd',
    user: 'root',
    argv: ['/sbin/init'],
    cpuPercent: 1,
    rssBytes: 10,
    startedAt: 0,
  }),
  processRow({
    pid: 20,
    name: 'node',
    user: 'ada',
    argv: ['node', 'API.mjs'],
    cpuPercent: 50,
    rssBytes: 30,
    startedAt: 20,
    watchId: 'w',
  }),
  processRow({
    pid: 3,
    name: 'node',
    user: 'ada',
    argv: ['node', 'job.mjs'],
    cpuPercent: 50,
    rssBytes: 20,
    startedAt: 30,
  }),
];
const view = { text: '', user: null, watchedOnly: false, sort: { column: 'pid' as ProcessColumn, descending: false } };
const names = new Map([['w', 'api']]);
const pids = (change: Partial<typeof view> | { user: string | null }) =>
  listRows(rows, { ...view, ...change }, names).map(({ row }) => row.pid);

describe('the process table', () => {
  it('shows rows in which every word of the filter appears, in any case', () => {
    expect(pids({ text: 'NODE api' })).toEqual([20]);
    expect(pids({ text: ' ada ' })).toEqual([3, 20]);
    expect(pids({ text: 'init' })).toEqual([1]);
    expect(pids({ text: 'nowhere' })).toEqual([]);
  });

  it('shows one user, or only what is watched', () => {
    expect(pids({ user: 'root' })).toEqual([1]);
    expect(pids({ watchedOnly: true })).toEqual([20]);
    expect(usersOf(rows)).toEqual(['ada', 'root']);
  });

  it.each([
    ['cpu', true, [3, 20, 1]],
    ['memory', true, [20, 3, 1]],
    ['uptime', true, [1, 20, 3]],
    ['name', false, [3, 20, 1]],
    ['command', false, [1, 20, 3]],
    ['watch', false, [20, 1, 3]],
  ] as const)('sorts by %s, equal ones by pid', (column, descending, expected) => {
    expect(pids({ sort: { column, descending } })).toEqual(expected);
  });

  it('shows each row once and in the same order, however the rows arrive', () => {
    const columns: ProcessColumn[] = [
      'name',
      'pid',
      'user',
      'cpu',
      'memory',
      'threads',
      'state',
      'uptime',
      'watch',
      'command',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...columns),
        fc.boolean(),
        fc.shuffledSubarray(rows, { minLength: 3 }),
        (column, descending, shuffled) => {
          const sort = { column, descending };
          expect(listRows(shuffled, { ...view, sort }, names)).toEqual(listRows(rows, { ...view, sort }, names));
        },
      ),
    );
  });
});
