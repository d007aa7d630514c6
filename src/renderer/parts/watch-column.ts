import type { ReactNode } from 'react';
import type { WatchStatus } from '../../shared/model/snapshot';
import table from '../kit/DataTable.module.css';

/** A column of a table of watches. */
export interface WatchColumn {
  id: string;
  header: string;
  /** What it is called where the header is too short to say it. */
  label?: string;
  /** What its values are, below the header. */
  sub?: string;
  /** In px at the normal text size; those without it share what is left. */
  width?: number;
  end?: boolean;
  /** How wide the table must be for it to be shown; without it always. */
  from?: 'small' | 'medium' | 'wide' | 'widest';
  /** On a phone: `shares`: it shares what is left, whatever its width; `sign`: it has room for a sign, and its words are not seen. */
  small?: 'shares' | 'sign';
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

/** The class of a cell of a column that a narrow table leaves out. */
export function hiding(from: WatchColumn['from']): string | undefined {
  return from === undefined ? undefined : table[from];
}
