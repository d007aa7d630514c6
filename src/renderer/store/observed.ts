import { sameName } from '../../shared/model/watch';
import type { DependencyEdge, DependencyEvidence, ObservedGraph } from '../../shared/model/ports';

/** A connection between two watches, over all observations of this window. */
export interface SeenEdge extends DependencyEdge {
  /** In how many observations it was seen. */
  times: number;
  /** Ends of the first and the last of these; wall times, ms since the epoch. */
  firstAt: number;
  lastAt: number;
}

/** What this window has observed of sockets, added up. */
export interface ObservedSoFar {
  observations: number;
  /** When the first and the last one ended; wall times, ms since the epoch. */
  firstAt: number;
  lastAt: number;
  edges: readonly SeenEdge[];
  /** The last one, for what is outside of all watches. */
  last: ObservedGraph;
}

/** Adds an observation that ended at `at`. What it did not meet stays: a program may connect once an hour. */
export function withObservation(before: ObservedSoFar | null, graph: ObservedGraph, at: number): ObservedSoFar {
  const known = before?.edges ?? [];
  const again = known.map((edge) => {
    const now = graph.edges.find((one) => isSame(one, edge));
    if (now === undefined) return edge;
    return { ...edge, evidence: merged(edge.evidence, now.evidence), times: edge.times + 1, lastAt: at };
  });
  const fresh = graph.edges
    .filter((edge) => !known.some((one) => isSame(one, edge)))
    .map((edge) => ({ ...edge, times: 1, firstAt: at, lastAt: at }));
  return {
    observations: (before?.observations ?? 0) + 1,
    firstAt: before?.firstAt ?? at,
    lastAt: at,
    edges: [...again, ...fresh],
    last: graph,
  };
}

function isSame(one: DependencyEdge, other: DependencyEdge): boolean {
  return sameName(one.from, other.from) && sameName(one.to, other.to);
}

/** Connections that last are met again, so the numbers of two observations can't be added: the larger one counts. */
function merged(
  before: readonly DependencyEvidence[],
  now: readonly DependencyEvidence[],
): readonly DependencyEvidence[] {
  const isOf = (one: DependencyEvidence) => (other: DependencyEvidence) =>
    one.protocol === other.protocol && one.address === other.address && one.port === other.port;
  return [
    ...now.map((one) => {
      const { connections } = before.find(isOf(one)) ?? one;
      return { ...one, connections: Math.max(one.connections, connections) };
    }),
    ...before.filter((one) => !now.some(isOf(one))),
  ];
}
