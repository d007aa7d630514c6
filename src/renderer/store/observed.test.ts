import { expect, it } from 'vitest';
import type { ObservedGraph } from '../../shared/model/ports';
import { withObservation } from './observed';

const graph = (
  ...edges: readonly (readonly [from: string, to: string, port: number, connections: number])[]
): ObservedGraph => ({
  ...{ looks: 5, overMs: 5000, watches: [], outside: [], unseen: [] },
  edges: edges.map(([from, to, port, connections]) => ({
    ...{ from, to },
    evidence: [{ protocol: 'tcp', address: '127.0.0.1', port, connections, pids: { client: [1], server: [2] } }],
  })),
});

it('adds observations up: what was seen stays, and is counted', () => {
  const first = withObservation(null, graph(['web', 'api', 80, 5], ['api', 'db', 90, 1]), 1000);
  const soFar = withObservation(first, graph(['Web', 'api', 80, 3], ['web', 'log', 70, 1]), 2000);

  expect(soFar).toMatchObject({ observations: 2, firstAt: 1000, lastAt: 2000 });
  expect(soFar.edges.map(({ from, to, times, firstAt, lastAt }) => [from, to, times, firstAt, lastAt])).toEqual([
    ['web', 'api', 2, 1000, 2000],
    ['api', 'db', 1, 1000, 1000],
    ['web', 'log', 1, 2000, 2000],
  ]);
  // The same connections may have been met twice.
  expect(soFar.edges[0]?.evidence.map(({ connections }) => connections)).toEqual([5]);
});

it('keeps the evidence of every address', () => {
  const first = withObservation(null, graph(['web', 'api', 80, 1]), 1000);
  const { edges } = withObservation(first, graph(['web', 'api', 81, 2]), 2000);
  expect(edges[0]?.evidence.map(({ port }) => port)).toEqual([81, 80]);
});
