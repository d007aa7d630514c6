import { expect, it } from 'vitest';
import { compare, figuresOf } from './compare.mjs';

const engine = (name: string, delays: number[], durations = [10, 10, 11]) => figuresOf({ name, delays, durations });

it('calls what is within noise no change, and what is not a change', () => {
  const off = engine('alerts off', [1, 1, 2, 3]);
  expect(compare({ figures: [off, engine('black hole', [1, 2, 2, 4])], connections: 3 })).toMatchObject({ status: 0 });
  const late = compare({ figures: [off, engine('black hole', [1, 2, 90, 95])], connections: 3 });
  expect(late.status).toBe(1);
  expect(late.text).toContain('(delayP95)');
});

it('is no proof when nothing was measured or no mail was tried', () => {
  const off = engine('alerts off', [1]);
  expect(compare({ figures: [off, engine('black hole', [])], connections: 3 }).status).toBe(1);
  expect(compare({ figures: [off, engine('black hole', [1])], connections: 0 }).status).toBe(1);
});
