import { ActionIcon, Group, SegmentedControl, Tooltip, VisuallyHidden } from '@mantine/core';
import { useCallbackRef, useDebouncedValue } from '@mantine/hooks';
import { IconZoomIn, IconZoomOut, type Icon } from '@tabler/icons-react';
import { memo, useCallback, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { formatInstant, plural } from '../../format/format';
import { useCanvas, useWheel } from './use-canvas';
import { useNow } from '../../hooks/use-now';
import { AXIS_HEIGHT, drawAxis, drawLanes, LANE_HEIGHT, lanesHeight, NAMES_WIDTH } from './draw-timeline';
import { KIND_WORDS, type Finding } from '../../words/findings';
import { rem } from '../../format/text-scale';
import { lanesOf, markAt, marksOf, moved, zoomed, type Grouping, type Mark, type Span } from './timeline';
import classes from './AnomaliesTab.module.css';

const RANGES = [
  { value: '3600000', label: '1 h' },
  { value: '86400000', label: '24 h' },
  { value: '604800000', label: '7 d' },
  { value: '2592000000', label: '30 d' },
];
const LANES = [
  { value: 'watch', label: 'By watch' },
  { value: 'kind', label: 'By kind' },
];
/** Marks closer than this are one, in px of the drawing. */
const REACH = 22;
/** The span that follows the clock moves on this often. */
const FOLLOW_STEP_MS = 5000;

/** A hand that has not moved the timeline for so long rests. */
export const REST_MS = 120;
/** What has just been found has its mark whole. */
const HEADROOM = 0.015;

interface TimelineProps {
  findings: readonly Finding[];
  grouping: Grouping;
  onGroup: (grouping: Grouping) => void;
  onOpen: (finding: Finding) => void;
  /** The span that is seen, when somebody has moved away from the newest; null: it follows the clock. */
  span: Span | null;
  rangeMs: number;
  onSpan: (span: Span | null, rangeMs: number) => void;
}

/** Findings over time, a lane for each watch or kind: the wheel and + - zoom, dragging and the arrows move, a press opens. */
export function Timeline({ findings, grouping, onGroup, onOpen, span: chosen, rangeMs, onSpan }: TimelineProps) {
  const now = Math.ceil(useNow() / FOLLOW_STEP_MS) * FOLLOW_STEP_MS;
  const span = useMemo(() => chosen ?? { from: now - rangeMs, to: now + rangeMs * HEADROOM }, [chosen, now, rangeMs]);
  const lanes = useMemo(() => lanesOf(findings, grouping), [findings, grouping]);
  const [current, setCurrent] = useState<Mark | null>(null);
  const [width, setWidth] = useState(0);
  const marks = useMemo(
    () => marksOf(findings, { lanes, grouping, span, width: Math.max(1, width - NAMES_WIDTH), reach: REACH }),
    [findings, lanes, grouping, span, width],
  );
  const names = useMemo(
    () => (grouping === 'kind' ? lanes.map((lane) => KIND_WORDS[lane as Finding['kind']]) : lanes),
    [grouping, lanes],
  );
  const height = lanesHeight(lanes.length);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, wide: number, colour: (name: string) => string) => {
      setWidth(wide);
      drawLanes(context, wide, colour, { lanes: names, marks, span, current });
    },
    [names, marks, span, current],
  );
  const canvas = useCanvas(height, draw);
  const axis = useCanvas(
    AXIS_HEIGHT,
    useCallback(
      (context: CanvasRenderingContext2D, wide: number, colour: (name: string) => string) =>
        drawAxis(context, wide, colour, span),
      [span],
    ),
  );
  const plotWidth = Math.max(1, canvas.width - NAMES_WIDTH);
  const drag = useRef<{ x: number; span: Span; moved: boolean } | null>(null);

  const zoom = (factor: number, at = (span.from + span.to) / 2): void => onSpan(zoomed(span, factor, at), rangeMs);
  const onZoom = useCallbackRef((factor: number) => zoom(factor));
  const onRange = useCallbackRef((range: string) => onSpan(null, Number(range)));
  useWheel(canvas.ref, (event) => {
    if (!event.ctrlKey && !event.metaKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY) && !event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      const share = Math.max(0, (event.offsetX / canvas.scale - NAMES_WIDTH) / plotWidth);
      zoom(1.0015 ** event.deltaY, span.from + share * (span.to - span.from));
    } else {
      onSpan(moved(span, (event.deltaX || event.deltaY) / canvas.scale / plotWidth), rangeMs);
    }
  });

  const under = (event: PointerEvent<HTMLCanvasElement>): Mark | null => {
    const [x, y] = [event.nativeEvent.offsetX / canvas.scale, event.nativeEvent.offsetY / canvas.scale];
    return markAt(marks, Math.floor(y / LANE_HEIGHT), x - NAMES_WIDTH, REACH);
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const start = drag.current;
    if (start === null) return setCurrent(under(event));
    const byPx = event.clientX - start.x;
    if (Math.abs(byPx) > 3) start.moved = true;
    if (start.moved) onSpan(moved(start.span, -byPx / canvas.scale / plotWidth), rangeMs);
  };
  const openMark = (mark: Mark): void => {
    const [first] = mark.findings;
    if (first === undefined) return;
    const oldest = mark.findings.at(-1) ?? first;
    // Several at one place: the span closes in on them, until they stand apart.
    if (mark.findings.length > 1 && span.to - span.from > 60_000) {
      const middle = (first.at + oldest.at) / 2;
      const length = Math.max(30_000, (first.at - oldest.at) * 1.5);
      onSpan({ from: middle - length / 2, to: middle + length / 2 }, rangeMs);
    } else onOpen(first);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = keyStep(event.key);
    if (step === null) return;
    event.preventDefault();
    if (step.kind === 'move') onSpan(moved(span, step.share), rangeMs);
    else if (step.kind === 'zoom') zoom(step.factor);
    else onSpan(null, rangeMs);
  };

  const shown = marks.reduce((sum, mark) => sum + mark.findings.length, 0);
  const seen = `${formatInstant(span.from, 'minute')} to ${chosen === null ? 'now' : formatInstant(span.to, 'minute')}`;
  // What is read out is said once the hand rests, and not again because the clock goes on.
  const [reported] = useDebouncedValue(chosen === null ? `The last ${rangeWord(rangeMs)}` : seen, REST_MS);
  const [counted] = useDebouncedValue(plural(shown, 'finding'), REST_MS);
  return (
    <section className={classes.timeline} aria-label="Timeline">
      <Group gap="sm" justify="space-between">
        <Lanes grouping={grouping} onGroup={onGroup} />
        <span className={classes.hint}>
          {current === null ? `${plural(shown, 'finding')} from ${seen}` : describe(current)}
        </span>
        <VisuallyHidden role="status">{reported}</VisuallyHidden>
        <Zoom onZoom={onZoom} range={chosen === null ? String(rangeMs) : ''} onRange={onRange} />
      </Group>
      <div className={classes.scroller}>
        <canvas
          ref={canvas.ref}
          className={classes.canvas}
          style={{ height: rem(height) }}
          data-open={current !== null || undefined}
          role="img"
          tabIndex={0}
          aria-label={`Timeline of ${counted}; the table below has them all. Arrows move, plus and minus zoom, Home goes to now.`}
          onPointerDown={(event) => {
            drag.current = { x: event.clientX, span, moved: false };
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setCurrent(null)}
          onPointerUp={(event) => {
            const wasDrag = drag.current?.moved ?? false;
            drag.current = null;
            const mark = wasDrag ? null : under(event);
            if (mark !== null) openMark(mark);
          }}
          onPointerCancel={() => (drag.current = null)}
          onKeyDown={onKeyDown}
        />
        <canvas ref={axis.ref} className={classes.axis} style={{ height: rem(AXIS_HEIGHT) }} aria-hidden="true" />
      </div>
    </section>
  );
}

/** Made apart from the drawing, which is made anew with each move. */
const Lanes = memo(function Lanes({ grouping, onGroup }: Pick<TimelineProps, 'grouping' | 'onGroup'>) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Group lanes"
      value={grouping}
      onChange={(value) => onGroup(value as Grouping)}
      data={LANES}
    />
  );
});

interface ZoomProps {
  onZoom: (factor: number) => void;
  /** The span that follows the clock, in ms as a text; empty when another is seen. */
  range: string;
  onRange: (range: string) => void;
}

const Zoom = memo(function Zoom({ onZoom, range, onRange }: ZoomProps) {
  return (
    <Group gap={6} wrap="nowrap">
      <TimelineButton label="Zoom out" icon={IconZoomOut} onClick={() => onZoom(1.6)} />
      <TimelineButton label="Zoom in" icon={IconZoomIn} onClick={() => onZoom(1 / 1.6)} />
      <SegmentedControl
        size="xs"
        aria-label="Time span of the timeline"
        value={range}
        onChange={onRange}
        data={RANGES}
      />
    </Group>
  );
});

type KeyStep = { kind: 'move'; share: number } | { kind: 'zoom'; factor: number } | { kind: 'now' };

function keyStep(key: string): KeyStep | null {
  switch (key) {
    case 'ArrowLeft':
      return { kind: 'move', share: -0.2 };
    case 'ArrowRight':
      return { kind: 'move', share: 0.2 };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 1 / 1.6 };
    case '-':
      return { kind: 'zoom', factor: 1.6 };
    case 'Home':
      return { kind: 'now' };
    default:
      return null;
  }
}

function rangeWord(rangeMs: number): string {
  return RANGES.find(({ value }) => Number(value) === rangeMs)?.label ?? '';
}

function describe({ findings }: Mark): string {
  const [newest] = findings;
  if (newest === undefined) return '';
  const what = `${KIND_WORDS[newest.kind]} of ${newest.watch}, ${formatInstant(newest.at, 'second')}`;
  return findings.length === 1 ? what : `${what}, and ${findings.length - 1} more nearby`;
}

function TimelineButton({ label, icon: Shape, onClick }: { label: string; icon: Icon; onClick: () => void }) {
  return (
    <Tooltip label={label} withArrow openDelay={400}>
      <ActionIcon variant="default" size="md" aria-label={label} onClick={onClick}>
        <Shape size={rem(16)} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
