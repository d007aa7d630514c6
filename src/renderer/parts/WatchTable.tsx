import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import type { WatchStatus } from '../../shared/model/snapshot';
import { rem } from '../format/text-scale';
import type { WatchSort } from '../store/ui';
import table from '../kit/DataTable.module.css';

/** A column of a table of watches. */
export interface WatchColumn {
  id: string;
  header: string;
  /** What its values are, below the header. */
  sub?: string;
  /** In px at the normal text size; those without it share what is left. */
  width?: number;
  end?: boolean;
  /** How wide the table must be for it to be shown; without it always. */
  from?: 'medium' | 'wide' | 'widest';
  cell: (status: WatchStatus) => ReactNode;
  /** Order of the watches when the table is sorted by it; without it, it can't be. */
  compare?: (one: WatchStatus, other: WatchStatus) => number;
}

/** Which watches are chosen, by id. */
export interface WatchSelection {
  chosen: ReadonlySet<string>;
  /** Chooses or leaves one, whatever else is chosen by then; the function stays the same. */
  toggle: (id: string) => void;
  chooseOnly: (ids: readonly string[]) => void;
}

/** What a column without a width keeps at least, in px at the normal text size. */
const LEAST_WIDTH = 130;

interface WatchTableProps {
  watches: readonly WatchStatus[];
  columns: readonly WatchColumn[];
  sort?: WatchSort;
  onSort?: (sort: WatchSort) => void;
  selection?: WatchSelection;
}

/** Watches, one a row. It fits every width: columns leave, names don't. */
export function WatchTable({ watches, columns, sort, onSort, selection }: WatchTableProps) {
  return (
    <div className={table.wrap}>
      <table className={table.table} style={{ minWidth: rem(leastWidth(columns)) }} aria-label="Watches">
        <colgroup>
          {selection === undefined ? null : <col style={{ width: rem(44) }} />}
          {columns.map(({ id, width, from }) => (
            <col key={id} style={width === undefined ? {} : { width: rem(width) }} className={hiding(from)} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {selection === undefined ? null : <ChooseAll watches={watches} selection={selection} />}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {watches.map((status) => (
            <Row
              key={status.watch.id}
              status={status}
              columns={columns}
              chosen={selection?.chosen.has(status.watch.id)}
              onToggle={selection?.toggle}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Names and the columns that never leave, in px at the normal text size: below it the table scrolls sideways. */
function leastWidth(columns: readonly WatchColumn[]): number {
  const always = columns.filter(({ from }) => from === undefined);
  return always.reduce((sum, { width }) => sum + (width ?? LEAST_WIDTH), 0);
}

function Head({
  column,
  sort,
  onSort,
}: {
  column: WatchColumn;
  sort: WatchSort | undefined;
  onSort: ((sort: WatchSort) => void) | undefined;
}) {
  const { id, header, sub, end, from, compare } = column;
  const isSorted = sort?.column === id;
  const descending = isSorted && sort.descending;
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={[end && table.end, hiding(from)].filter(Boolean).join(' ')}
      aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : undefined}
    >
      {compare === undefined || onSort === undefined ? (
        header
      ) : (
        <button
          type="button"
          className={table.sort}
          onClick={() => onSort({ column: id, descending: isSorted && !descending })}
        >
          {header}
          <Arrow size={rem(13)} aria-hidden="true" style={{ visibility: isSorted ? 'visible' : 'hidden' }} />
        </button>
      )}
      {sub === undefined ? null : <small>{sub}</small>}
    </th>
  );
}

function ChooseAll({ watches, selection }: { watches: readonly WatchStatus[]; selection: WatchSelection }) {
  const { chosen, chooseOnly } = selection;
  const count = watches.filter(({ watch }) => chosen.has(watch.id)).length;
  const isAll = count === watches.length && count > 0;
  return (
    <th scope="col">
      <Checkbox
        size="xs"
        aria-label="Choose all that are shown"
        checked={isAll}
        indeterminate={count > 0 && !isAll}
        onChange={() => chooseOnly(isAll ? [] : watches.map(({ watch }) => watch.id))}
      />
    </th>
  );
}

interface RowProps {
  status: WatchStatus;
  columns: readonly WatchColumn[];
  /** undefined: nothing can be chosen. */
  chosen: boolean | undefined;
  onToggle: ((id: string) => void) | undefined;
}

/** Drawn again only when its watch, its columns or its choice changed. */
const Row = memo(
  function Row({ status, columns, chosen, onToggle }: RowProps) {
    return (
      <tr data-chosen={chosen || undefined}>
        {chosen === undefined ? null : (
          <td>
            <Checkbox
              size="xs"
              aria-label={`Choose ${status.watch.name}`}
              checked={chosen}
              onChange={() => onToggle?.(status.watch.id)}
            />
          </td>
        )}
        {columns.map(({ id, end, from, cell }) => (
          <td key={id} className={[end && table.end, hiding(from)].filter(Boolean).join(' ')}>
            {cell(status)}
          </td>
        ))}
      </tr>
    );
  },
  (before, after) =>
    before.status === after.status &&
    before.columns === after.columns &&
    before.chosen === after.chosen &&
    before.onToggle === after.onToggle,
);

function hiding(from: WatchColumn['from']): string | undefined {
  return from === undefined ? undefined : table[from];
}
