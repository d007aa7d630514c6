import { inStartOrder } from '../../../shared/lib/dependency-order';
import { isInGroup } from '../../../shared/lib/format/watch-groups';
import type { DependencyCondition } from '../../../shared/model/dependency';
import { WAITING_FOR_OTHERS } from '../../../shared/lib/text/dependency-text';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { sameName } from '../../../shared/model/watch';
import { byName } from '../../words/present-watch';
import { afterText } from '../../words/present-dependency';
import type { Proposal } from './proposals';

/** A watch in the drawing. */
export interface GraphNode {
  status: WatchStatus;
  /** Whether it is shown only since a watch of the chosen group depends on it, or it on one. */
  isOutside: boolean;
  /** Names of the watches that wait for it. */
  neededBy: readonly string[];
}

/** A dependency in the drawing: one that is declared, or one that sockets show only. */
export interface GraphEdge {
  /** Ids of the two watches; the same for as long as there are both. */
  id: string;
  dependent: WatchStatus;
  dependency: WatchStatus;
  /** null: it is not declared. */
  until: DependencyCondition | null;
  /** What sockets show of it; null: nothing, or it was not observed. */
  proposal: Proposal | null;
}

export interface Graph {
  /** In the order of starts. */
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

/** What is drawn of these watches: all, or those of a group with what they touch. */
export function graphOf(
  watches: Iterable<WatchStatus>,
  proposals: readonly Proposal[] = [],
  group: string | null = null,
): Graph {
  const all = byName(watches);
  const declared = all.flatMap((dependent) =>
    dependent.watch.after.flatMap(({ watch, until }) => {
      const dependency = all.find((one) => sameName(one.watch.name, watch));
      return dependency === undefined ? [] : edgeOf(dependent, dependency, until);
    }),
  );
  const edges = [
    ...declared.map((edge) => ({ ...edge, proposal: proposals.find(isAbout(edge)) ?? null })),
    ...proposals
      .filter((proposal) => !declared.some((edge) => isAbout(edge)(proposal)))
      .map((proposal) => ({ ...edgeOf(proposal.dependent, proposal.dependency, null), proposal })),
  ];
  const isChosen = (status: WatchStatus) => group === null || isInGroup(status, group);
  const shown = edges.filter(({ dependent, dependency }) => isChosen(dependent) || isChosen(dependency));
  const touched = new Set(shown.flatMap(({ dependent, dependency }) => [dependent.watch.id, dependency.watch.id]));
  const ordered = inStartOrder(
    all.map(({ watch }) => watch),
    all.map(({ watch }) => watch),
  );
  const byId = new Map(all.map((status) => [status.watch.id, status]));
  return {
    nodes: ordered.flatMap(({ id, name }) => {
      const status = byId.get(id);
      if (status === undefined || !(isChosen(status) || touched.has(id))) return [];
      const neededBy = declared.filter(({ dependency }) => dependency.watch.id === id);
      return {
        status,
        isOutside: !isChosen(status),
        neededBy: neededBy
          .filter(({ dependent }) => dependent.watch.name !== name)
          .map(({ dependent }) => dependent.watch.name),
      };
    }),
    edges: shown,
  };
}

/** The line below the state in a node: what its start waits for, else its groups. */
export function noteOf({ phase, reason, watch }: WatchStatus): string {
  return phase === 'blocked' ? reason.replace(WAITING_FOR_OTHERS, '') : watch.groups.join(', ');
}

/** What the lines to a node say, in words: `starts after api is ready; needed by web`. */
export function waitsText({ watch }: WatchStatus, neededBy: readonly string[]): string {
  const after = watch.after.length === 0 ? 'starts after nothing' : `starts after ${afterText(watch.after)}`;
  return neededBy.length === 0 ? after : `${after}; needed by ${neededBy.join(', ')}`;
}

function edgeOf(dependent: WatchStatus, dependency: WatchStatus, until: DependencyCondition | null): GraphEdge {
  const id = `${dependency.watch.id} ${dependent.watch.id}`;
  return { id, dependent, dependency, until, proposal: null };
}

function isAbout(edge: GraphEdge): (proposal: Proposal) => boolean {
  return ({ dependent, dependency }) =>
    dependent.watch.id === edge.dependent.watch.id && dependency.watch.id === edge.dependency.watch.id;
}
