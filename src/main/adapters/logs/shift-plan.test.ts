import { describe, expect, it } from 'vitest';
import { planShift } from './shift-plan';

const names = (...numbers: number[]) => [
  'web.log',
  'web.log.part',
  'web.log.1x',
  ...numbers.map((n) => `web.log.${n}`),
];
const plan = (files: number, ...numbers: number[]) => planShift(names(...numbers), 'web.log', files);

describe('older files', () => {
  it('move on by one, the oldest first, and the last one gives way', () => {
    expect(plan(4, 1, 2, 3)).toEqual({
      remove: [],
      rename: [
        ['web.log.2', 'web.log.3'],
        ['web.log.1', 'web.log.2'],
      ],
    });
  });

  it('move into the first gap only', () => {
    expect(plan(5, 1, 3)).toEqual({ remove: [], rename: [['web.log.1', 'web.log.2']] });
    expect(plan(5)).toEqual({ remove: [], rename: [] });
  });

  it('are removed where there are more than are kept', () => {
    expect(plan(2, 1, 2, 7)).toEqual({ remove: ['web.log.2', 'web.log.7'], rename: [] });
    expect(plan(1, 1)).toEqual({ remove: ['web.log.1'], rename: [] });
  });
});
