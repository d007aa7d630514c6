import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

interface VirtualRowsOptions {
  count: number;
  keyOf: (index: number) => string;
  /** Of every row, in px. */
  rowHeight: number;
  /** Of the head that stays in view, in px. */
  headHeight: number;
  keepTop: boolean;
  onLeaveTop: (() => void) | undefined;
  onReachEnd: (() => void) | undefined;
  /** Where a key leads that means more here than in every table: the place of a row, or null when it means nothing. */
  onKey: ((key: string, index: number) => number | null) | undefined;
  /** The row that is kept in view wherever it moves; null: none. */
  follow: number | null;
}

/** The rows in view, and how to walk through all of them. */
export interface VirtualRows {
  scrollerRef: RefObject<HTMLDivElement | null>;
  items: readonly { index: number; key: string; start: number; size: number }[];
  totalHeight: number;
  /** The one row that the Tab key reaches. */
  tabStop: number;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** Rows of a fixed height of which only those in view exist. One of them is a stop of the Tab key; the arrow keys move on from it. */
export function useVirtualRows(options: VirtualRowsOptions): VirtualRows {
  const { count, keyOf, rowHeight, headHeight, keepTop, onLeaveTop, onReachEnd, onKey, follow } = options;
  const scrollerRef = useRef<HTMLDivElement>(null);
  // A row that is to get the focus as soon as it exists.
  const [wanted, setWanted] = useState<{ index: number } | null>(null);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scrollerRef.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 8,
    scrollPaddingStart: headHeight,
    // The head takes its place in the flow above the rows.
    paddingStart: 0,
    scrollMargin: headHeight,
  });
  const items = virtualizer.getVirtualItems().map((item) => ({
    index: item.index,
    key: String(item.key),
    start: item.start - headHeight,
    size: item.size,
  }));

  const wantedIsThere = wanted !== null && items.some((item) => item.index === wanted.index);
  const focusIsDue = useRef(false);

  useEffect(() => {
    // A far row exists only after the scroll that leads to it; then it gets the focus, once.
    if (wanted === null || !wantedIsThere || !focusIsDue.current) return;
    focusIsDue.current = false;
    const row = scrollerRef.current?.querySelector<HTMLElement>(`[data-index="${wanted.index}"]`);
    row?.focus({ preventScroll: true });
  }, [wanted, wantedIsThere]);

  useEffect(() => {
    if (keepTop) scrollerRef.current?.scrollTo({ top: 0 });
  }, [keepTop]);

  useEffect(() => {
    if (follow !== null) virtualizer.scrollToIndex(follow);
  }, [virtualizer, follow]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    if (scroller === null || (onLeaveTop === undefined && onReachEnd === undefined)) return;
    const onScroll = () => {
      if (scroller.scrollTop > rowHeight / 2) onLeaveTop?.();
      if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 4 * rowHeight) onReachEnd?.();
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => scroller.removeEventListener('scroll', onScroll);
  }, [onLeaveTop, onReachEnd, rowHeight]);

  const visibleRows = Math.max(
    1,
    Math.floor(((scrollerRef.current?.clientHeight ?? 400) - headHeight) / rowHeight) - 1,
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const at = event.target instanceof HTMLElement ? Number(event.target.dataset['index'] ?? Number.NaN) : Number.NaN;
    if (Number.isNaN(at) || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = onKey?.(event.key, at) ?? targetOf(event.key, at, count, visibleRows);
    if (to === null) return;
    event.preventDefault();
    virtualizer.scrollToIndex(to);
    focusIsDue.current = true;
    setWanted({ index: to });
  };

  const first = items.find((item) => item.start >= (virtualizer.scrollOffset ?? 0)) ?? items[0];
  return {
    scrollerRef,
    items,
    totalHeight: virtualizer.getTotalSize(),
    tabStop: wantedIsThere ? wanted.index : (first?.index ?? 0),
    onKeyDown,
  };
}

/** The row that a key leads to; null when the key leads nowhere. */
export function targetOf(key: string, at: number, count: number, page: number): number | null {
  const clamp = (index: number) => Math.max(0, Math.min(count - 1, index));
  switch (key) {
    case 'ArrowDown':
      return clamp(at + 1);
    case 'ArrowUp':
      return clamp(at - 1);
    case 'PageDown':
      return clamp(at + page);
    case 'PageUp':
      return clamp(at - page);
    case 'Home':
      return clamp(0);
    case 'End':
      return clamp(count - 1);
    default:
      return null;
  }
}
