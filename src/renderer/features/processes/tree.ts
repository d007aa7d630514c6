import { processFilter, type ProcessFilter } from '../../../shared/lib/process/process-filter';
import { buildForest, type ProcessNode } from '../../../shared/lib/process/process-tree';
import { identityKey, type ProcessRow } from '../../../shared/model/process';
import type { ProcessSort } from '../../store/process-table-preferences';
import { orderOf, shownRow, type ShownRow } from './rows';

/** How a tree is looked at. */
export interface TreeView extends ProcessFilter {
  sort: ProcessSort;
  /** Keys of the processes whose children are folded away. */
  folded: ReadonlySet<string>;
}

/**
 * The rows of the trees, parents before their children and siblings by what their whole trees use. Whoever fits the filter
 * is shown with its ancestors, so that one sees where it belongs, and with its descendants, which are a part of it; no hit
 * is ever folded away.
 */
export function treeRows(
  rows: Iterable<ProcessRow>,
  { sort, folded, ...filter }: TreeView,
  watchNames: ReadonlyMap<string, string>,
): ShownRow[] {
  const { roots, nodes } = buildForest(rows);
  const isFiltered = filter.text.trim() !== '' || filter.user !== null || filter.watchedOnly;
  const families = isFiltered ? familiesOf(nodes, processFilter(filter)) : null;
  const order = orderOf(sort, watchNames);
  const shown: ShownRow[] = [];
  const walk = (siblings: readonly ProcessNode<ProcessRow>[], level: number): void => {
    const wanted = families === null ? [...siblings] : siblings.filter((node) => families.shown.has(node));
    for (const node of wanted.sort(order)) {
      const { row, total, children } = node;
      const hasChildren = families === null ? children.length > 0 : children.some((child) => families.shown.has(child));
      const isOpen = !folded.has(identityKey(row)) || families?.leadToHits.has(node) === true;
      const isContext = families !== null && !families.hits.has(node);
      shown.push(shownRow({ row, total, level, isExpanded: hasChildren ? isOpen : null, isContext }));
      if (hasChildren && isOpen) walk(children, level + 1);
    }
  };
  walk(roots, 1);
  return shown;
}

type Nodes = ReadonlySet<ProcessNode<ProcessRow>>;

/** Those that fit, their ancestors, and all of them with their descendants. `nodes` has parents before children. */
function familiesOf(
  nodes: readonly ProcessNode<ProcessRow>[],
  matches: (row: ProcessRow) => boolean,
): { hits: Nodes; leadToHits: Nodes; shown: Nodes } {
  const hits = new Set(nodes.filter(({ row }) => matches(row)));
  const leadToHits = new Set<ProcessNode<ProcessRow>>();
  for (const node of nodes.toReversed()) {
    if (node.parent !== null && (hits.has(node) || leadToHits.has(node))) leadToHits.add(node.parent);
  }
  const withDescendants = new Set(hits);
  for (const node of nodes) {
    if (node.parent !== null && withDescendants.has(node.parent)) withDescendants.add(node);
  }
  return { hits, leadToHits, shown: new Set([...leadToHits, ...withDescendants]) };
}

/** The place of the row that a row is a child of, or null. */
export function parentIndex(rows: readonly ShownRow[], index: number): number | null {
  const level = rows[index]?.level ?? 1;
  for (let at = index - 1; at >= 0; at -= 1) if ((rows[at]?.level ?? 1) < level) return at;
  return null;
}

/** Keys of all processes that have children. */
export function parentsOf(rows: Iterable<ProcessRow>): ReadonlySet<string> {
  const { nodes } = buildForest(rows);
  return new Set(nodes.filter(({ children }) => children.length > 0).map(({ row }) => identityKey(row)));
}
