import { graphlib, layout } from '@dagrejs/dagre';

/** What is to be placed: who comes before whom. */
export interface Outline {
  /** In the order in which equal ones are placed. */
  nodes: readonly string[];
  /** `from` comes first. */
  edges: readonly { id: string; from: string; to: string }[];
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
  const columns =
    direction === 'down' ? 1 : Math.max(MIN_COLUMNS, Math.floor((drawn.width + GAP) / (NODE_SIZE.width + GAP)));
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
  for (const { id, from, to } of edges) graph.setEdge(from, to, { ...LABEL_SIZE, labelpos: 'c' }, id);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const corner = (id: string): Point => {
    const { x, y } = graph.node(id) as Point;
    return { x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 };
  };
  return {
    ...{ width, height },
    nodes: new Map(nodes.map((id) => [id, corner(id)])),
    edges: new Map(
      edges.map(({ id, from, to }) => {
        const edge = graph.edge(from, to, id) as Point & { points: readonly Point[] };
        return [id, { path: smooth(edge.points), label: { x: edge.x, y: edge.y } }];
      }),
    ),
  };
}

/** A line through points whose corners are round. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = rest.map((point, at) => {
    const next = rest[at + 1];
    if (next === undefined) return `L${at2(point)}`;
    return `Q${at2(point)} ${at2({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return [`M${at2(first)}`, ...parts].join(' ');
}

function at2({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
