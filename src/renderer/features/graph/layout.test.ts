import { describe, expect, it } from 'vitest';
import { NODE_SIZE, placed, type Outline } from './layout';

const outline = (nodes: string, edges: readonly string[], direction: Outline['direction'] = 'right'): Outline => ({
  nodes: nodes.split(' '),
  direction,
  edges: edges.map((edge) => {
    const [from = '', to = '', backward] = edge.split(' ');
    return { id: edge, from, to, isBackward: backward !== undefined };
  }),
});

const at = (placement: ReturnType<typeof placed>, id: string) => placement.nodes.get(id)!;

describe('a layout', () => {
  it('places each node after those that it waits for', () => {
    const placement = placed(outline('web api db', ['db api', 'api web', 'db web']));
    expect(at(placement, 'db').x + NODE_SIZE.width).toBeLessThan(at(placement, 'api').x);
    expect(at(placement, 'api').x + NODE_SIZE.width).toBeLessThan(at(placement, 'web').x);
  });

  it('goes down where there is no room to the right', () => {
    const placement = placed(outline('api db', ['db api'], 'down'));
    expect(at(placement, 'db').y + NODE_SIZE.height).toBeLessThan(at(placement, 'api').y);
    expect(at(placement, 'db').x).toBe(at(placement, 'api').x);
  });

  it('keeps the order of starts under an edge against it', () => {
    const placement = placed(outline('web api db', ['db api', 'api web', 'web db backward']));
    const without = placed(outline('web api db', ['db api', 'api web', 'db web']));
    expect(placement.nodes).toEqual(without.nodes);
    const [start] = /-?[\d.]+/.exec(placement.edges.get('web db backward')!.path)!;
    expect(Number(start)).toBe(at(placement, 'web').x);
  });

  it('begins and ends lines at the sides of their nodes', () => {
    const placement = placed(outline('api db', ['db api']));
    const numbers = placement.edges
      .get('db api')!
      .path.match(/-?[\d.]+/g)!
      .map(Number);
    const middle = at(placement, 'db').y + NODE_SIZE.height / 2;
    expect(numbers.slice(0, 2)).toEqual([at(placement, 'db').x + NODE_SIZE.width, middle]);
    expect(numbers.at(-2)).toBe(at(placement, 'api').x);
  });

  it('lays no node over another one, and leaves none out', () => {
    const names = Array.from({ length: 100 }, (_, index) => `w${index}`);
    const edges = names.slice(10, 70).map((name, index) => `w${index % 10} ${name}`);
    const { nodes, width, height } = placed(outline(names.join(' '), edges));
    expect(nodes.size).toBe(100);
    const corners = [...nodes.values()];
    const overlapping = corners.filter((one, index) =>
      corners
        .slice(index + 1)
        .some((other) => Math.abs(one.x - other.x) < NODE_SIZE.width && Math.abs(one.y - other.y) < NODE_SIZE.height),
    );
    expect(overlapping).toEqual([]);
    const outside = corners.filter(
      ({ x, y }) => x < 0 || y < 0 || x + NODE_SIZE.width > width || y + NODE_SIZE.height > height,
    );
    expect(outside).toEqual([]);
  });

  it('is the same for the same outline, and empty for nothing', () => {
    const one = outline('a b c d', ['a b', 'a c']);
    expect(placed(one)).toEqual(placed(one));
    expect(placed({ nodes: [], edges: [], direction: 'right' }).nodes.size).toBe(0);
  });
});
