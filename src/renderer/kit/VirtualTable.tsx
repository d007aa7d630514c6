import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, type CSSProperties, type ReactNode } from 'react';
import { rem, useTextScale } from '../format/text-scale';
import { useVirtualRows, type VirtualRows } from './use-virtual-rows';
import classes from './VirtualTable.module.css';

/** Height of the head of a table, in px at the normal text size. */
const HEAD_HEIGHT = 46;

/** A column: what stands in its head and in its cells. */
export interface Column<Row, Id extends string> {
  id: Id;
  header: string;
  /** Unit of all values of the column, written under the header. */
  unit?: string;
  /** CSS grid track. */
  width: string;
  numeric?: boolean;
  sortable?: boolean;
  cell: (row: Row) => ReactNode;
}

/** What a table of trees knows of a row. */
export interface RowPlace {
  /** 1 for a root. */
  level: number;
  /** null: it has no children. */
  isExpanded: boolean | null;
}

/** What marks a row as a whole: quiet rows are there for the sake of others. */
export type RowMark = 'quiet' | 'busy' | 'ended' | 'followed';

interface Sort<Id extends string> {
  column: Id;
  descending: boolean;
}

interface VirtualTableProps<Row, Id extends string> {
  label: string;
  columns: readonly Column<Row, Id>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** In px at the normal text size, as is `minWidth`. */
  rowHeight: number;
  onOpen: (row: Row) => void;
  sort?: Sort<Id>;
  onSort?: (sort: Sort<Id>) => void;
  /** While it is true, and as soon as it becomes true, the first row is in view. */
  keepTop?: boolean;
  /** Called when the user scrolls away from the first row. */
  onLeaveTop?: () => void;
  /** Called when the last row comes into view. */
  onReachEnd?: () => void;
  /** Shown instead of rows when there are none. */
  empty: ReactNode;
  minWidth?: number;
  /** `grid`: rows can be acted on by keys; `treegrid`: and they have parents and children. */
  role?: 'table' | 'grid' | 'treegrid';
  placeOf?: (row: Row) => RowPlace;
  markOf?: (row: Row) => RowMark | undefined;
  /** Where a key leads that means more here than in every table. */
  onKey?: (key: string, index: number) => number | null;
  /** The row that is kept in view wherever it moves. */
  follow?: number | null;
}

/** A table of any length that lays out only the rows in view. Arrow keys, Home, End and Page keys walk through it; Enter opens a row. */
export function VirtualTable<Row, Id extends string>(props: VirtualTableProps<Row, Id>) {
  const { columns, rows, rowKey, rowHeight, onOpen, sort, onSort, role = 'table' } = props;
  const scale = useTextScale();
  const virtual = useVirtualRows({
    count: rows.length,
    keyOf: (index) => {
      const row = rows[index];
      return row === undefined ? String(index) : rowKey(row);
    },
    rowHeight: rowHeight * scale,
    headHeight: HEAD_HEIGHT * scale,
    keepTop: props.keepTop ?? false,
    onLeaveTop: props.onLeaveTop,
    onReachEnd: props.onReachEnd,
    onKey: props.onKey,
    follow: props.follow ?? null,
  });
  const style = {
    '--vt-columns': columns.map((column) => column.width).join(' '),
    '--vt-head': rem(HEAD_HEIGHT),
  } as CSSProperties;

  return (
    <div ref={virtual.scrollerRef} className={classes.scroller} style={style} onKeyDown={virtual.onKeyDown}>
      <div
        role={role}
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        className={classes.table}
        style={props.minWidth === undefined ? {} : { minWidth: `max(100%, ${rem(props.minWidth)})` }}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.headRow}`}>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtual.totalHeight }}>
          {virtual.items.map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <BodyRow
                key={item.key}
                row={row}
                columns={columns}
                item={item}
                isTabStop={item.index === virtual.tabStop}
                onOpen={onOpen}
                cellRole={role === 'table' ? 'cell' : 'gridcell'}
                place={props.placeOf?.(row)}
                mark={props.markOf?.(row)}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 ? <div className={classes.empty}>{props.empty}</div> : null}
    </div>
  );
}

interface HeadCellProps<Row, Id extends string> {
  column: Column<Row, Id>;
  sort: Sort<Id> | undefined;
  onSort: ((sort: Sort<Id>) => void) | undefined;
}

function HeadCell<Row, Id extends string>({ column, sort, onSort }: HeadCellProps<Row, Id>) {
  const isSorted = sort?.column === column.id;
  const descending = isSorted && sort.descending;
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  // Numbers are wanted largest first, words from A to Z; a second press turns it round.
  const next = { column: column.id, descending: isSorted ? !descending : column.numeric === true };
  const alignment = column.numeric ? classes.end : undefined;
  return (
    <div
      role="columnheader"
      className={alignment}
      aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : undefined}
    >
      {column.sortable && onSort ? (
        <button type="button" className={classes.sort} onClick={() => onSort(next)}>
          {column.header}
          <Arrow size={rem(13)} aria-hidden="true" style={{ visibility: isSorted ? 'visible' : 'hidden' }} />
        </button>
      ) : (
        column.header
      )}
      {column.unit ? <span className={classes.unit}>{column.unit}</span> : null}
    </div>
  );
}

interface BodyRowProps<Row, Id extends string> {
  row: Row;
  columns: readonly Column<Row, Id>[];
  item: VirtualRows['items'][number];
  isTabStop: boolean;
  onOpen: (row: Row) => void;
  cellRole: 'cell' | 'gridcell';
  place: RowPlace | undefined;
  mark: RowMark | undefined;
}

function BodyRowInner<Row, Id extends string>(props: BodyRowProps<Row, Id>) {
  const { row, columns, item, isTabStop, onOpen, cellRole, place, mark } = props;
  return (
    <div
      role="row"
      aria-rowindex={item.index + 2}
      aria-level={place?.level}
      aria-expanded={place?.isExpanded ?? undefined}
      data-index={item.index}
      data-mark={mark}
      tabIndex={isTabStop ? 0 : -1}
      className={`${classes.row} ${classes.bodyRow}`}
      style={{ height: item.size, transform: `translateY(${item.start}px)` }}
      onClick={() => onOpen(row)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        onOpen(row);
      }}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role={cellRole}
          className={column.numeric ? `${classes.cell} ${classes.end}` : classes.cell}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A row is laid out again only when its own reading, place or columns changed. */
const BodyRow = memo(
  BodyRowInner,
  (before, after) =>
    before.row === after.row &&
    before.columns === after.columns &&
    before.item.index === after.item.index &&
    before.item.start === after.item.start &&
    before.item.size === after.item.size &&
    before.isTabStop === after.isTabStop &&
    before.cellRole === after.cellRole &&
    before.place?.level === after.place?.level &&
    before.place?.isExpanded === after.place?.isExpanded &&
    before.mark === after.mark &&
    before.onOpen === after.onOpen,
) as typeof BodyRowInner;
