import { graphlib, layout } from '@dagrejs/dagre';

/** What is to be placed: who comes before whom. */
export interface Outline {
  /** In the order in which equal ones are placed. */
  nodes: readonly string[];
  /** `from` comes first; `isBackward`: it is drawn against the order, since it would make a cycle. */
  edges: readonly { id: string; from: string; to: string; isBackward: boolean }[];
  /** Where the first ones stand. */
  direction: 'right' | 'down';
}

interface Point {
  x: number;
  y: number;
}

/** Places in px at the normal text size. */
export interface Placement {
  width: number;
  height: number;
  /** The upper left corner of each node. */
  nodes: ReadonlyMap<string, Point>;
  /** `path` is one of SVG; `label` the centre of its words. */
  edges: ReadonlyMap<string, { path: string; label: Point }>;
}

/** Of every node, in px at the normal text size. */
export const NODE_SIZE = { width: 216, height: 88 } as const;
/** Of the words of an edge. */
const LABEL_SIZE = { width: 92, height: 28 } as const;
const GAP = 28;
const MARGIN = 12;
/** Least columns of nodes without an edge, where the drawing goes to the right. */
const MIN_COLUMNS = 4;

/** Places nodes in the order of their edges; those without one stand below, in rows. The same outline is always placed the same. */
export function placed({ nodes, edges, direction }: Outline): Placement {
  const joined = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const drawn = drawnEdges({ nodes: nodes.filter((id) => joined.has(id)), edges, direction });
  const least = direction === 'right' ? MIN_COLUMNS : 1;
  const columns = Math.max(least, Math.floor(drawn.width / (NODE_SIZE.width + GAP)));
  const top = drawn.nodes.size === 0 ? MARGIN : drawn.height + GAP;
  const single = nodes.filter((id) => !joined.has(id));
  const rows = single.map((id, at): readonly [string, Point] => [
    id,
    {
      x: MARGIN + (at % columns) * (NODE_SIZE.width + GAP),
      y: top + Math.floor(at / columns) * (NODE_SIZE.height + GAP),
    },
  ]);
  const all = new Map([...drawn.nodes, ...rows]);
  const corners = [...all.values()];
  return {
    width: Math.max(drawn.width, ...corners.map(({ x }) => x + NODE_SIZE.width + MARGIN)),
    height: Math.max(drawn.height, ...corners.map(({ y }) => y + NODE_SIZE.height + MARGIN)),
    nodes: all,
    edges: drawn.edges,
  };
}

function drawnEdges({ nodes, edges, direction }: Outline): Placement {
  if (nodes.length === 0) return { width: 0, height: 0, nodes: new Map(), edges: new Map() };
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({
    ...{ rankdir: direction === 'right' ? 'LR' : 'TB', ranksep: 24, nodesep: GAP, edgesep: 16 },
    ...{ marginx: MARGIN, marginy: MARGIN },
  });
  for (const id of nodes) graph.setNode(id, { ...NODE_SIZE });
  for (const { id, from, to, isBackward } of edges) {
    const [first, second] = isBackward ? [to, from] : [from, to];
    graph.setEdge(first, second, { ...LABEL_SIZE, labelpos: 'c' }, id);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const centre = (id: string): Point => graph.node(id) as Point;
  return {
    ...{ width, height },
    nodes: new Map(
      nodes.map((id) => {
        const { x, y } = centre(id);
        return [id, { x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 }];
      }),
    ),
    edges: new Map(
      edges.map(({ id, from, to, isBackward }) => {
        const [first, second] = isBackward ? [to, from] : [from, to];
        const edge = graph.edge(first, second, id) as Point & { points: readonly Point[] };
        // Every line begins and ends in the middle of the sides that face each other.
        const points = [
          sideOf(centre(first), direction, 1),
          ...edge.points.slice(1, -1),
          sideOf(centre(second), direction, -1),
        ];
        const path = smooth(isBackward ? [...points].reverse() : points, direction);
        return [id, { path, label: { x: edge.x, y: edge.y } }];
      }),
    ),
  };
}

/** The middle of the side of a node where its edges leave (1) or enter (-1). */
function sideOf({ x, y }: Point, direction: Outline['direction'], way: 1 | -1): Point {
  return direction === 'right' ? { x: x + (way * NODE_SIZE.width) / 2, y } : { x, y: y + (way * NODE_SIZE.height) / 2 };
}

/** A line through points, which passes each in the direction of the drawing. */
function smooth(points: readonly Point[], direction: Outline['direction']): string {
  const [start, ...rest] = points;
  if (start === undefined) return '';
  let from = start;
  const parts = rest.map((to) => {
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    const [one, other] =
      direction === 'right'
        ? [
            { x: middle.x, y: from.y },
            { x: middle.x, y: to.y },
          ]
        : [
            { x: from.x, y: middle.y },
            { x: to.x, y: middle.y },
          ];
    from = to;
    return `C${written(one)} ${written(other)} ${written(to)}`;
  });
  return [`M${written(start)}`, ...parts].join(' ');
}

function written({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
