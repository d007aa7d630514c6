import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconChevronLeftPipe,
  IconChevronRightPipe,
  IconPointFilled,
  type Icon,
} from '@tabler/icons-react';
import { useMemo, type KeyboardEvent } from 'react';
import type { PastMark, RecordedTime } from '../../../shared/model/past';
import { formatAgo, formatClock, formatDuration, formatInstant, plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { useNow } from '../../hooks/use-now';
import { nextMark, pastSpan, placeMarks, STEP_MS, type PastSpan } from './past';
import classes from './TimeBar.module.css';

/** How often the marks are read anew while the bar is shown. */
const READ_MS = 30_000;
/** Many events in a row ask once. */
const REST_MS = 400;
const MINUTE_MS = 60_000;
/** What the Page keys move by. */
const PAGE_MS = 300_000;
const NO_MARKS: readonly PastMark[] = [];

/** Leads through the last day of the process table, and back to now. */
export function TimeBar() {
  const now = useNow();
  const newest = useAppState((state) => state.live.events.at(-1)?.id ?? 0);
  // What has just happened may be a mark already.
  const answer = useAnswer<RecordedTime>(
    `recorded/${Math.floor(now / READ_MS)}/${newest}`,
    (client, signal) => client.processes.recorded(undefined, { signal }),
    REST_MS,
  );
  const recorded = useLast(answer.kind === 'answered' ? answer.value : null);
  const span = recorded === null ? null : pastSpan(recorded, now);
  if (span === null) {
    return (
      <p className={classes.nothing}>
        {recorded === null ? 'Loading the recorded readings…' : 'Nothing is recorded yet.'}
      </p>
    );
  }
  return <Bar span={span} marks={recorded?.marks ?? NO_MARKS} now={now} />;
}

function Bar({ span, marks, now }: { span: PastSpan; marks: readonly PastMark[]; now: number }) {
  const { ui } = useApp();
  const at = useUiState((state) => state.processView.at);
  const { fromAt, toAt } = span;
  const go = (moment: number | null) =>
    ui.viewProcesses({
      at: moment === null || moment >= toAt ? null : Math.max(fromAt, moment),
      pausedRows: null,
    });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'PageDown' ? -PAGE_MS : event.key === 'PageUp' ? PAGE_MS : null;
    if (by === null) return;
    event.preventDefault();
    go((at ?? toAt) + by);
  };
  const earlier = nextMark(marks, at ?? toAt, 'earlier', span);
  const later = at === null ? null : nextMark(marks, at, 'later', span);
  return (
    <div className={classes.bar} data-past={at !== null}>
      {at === null ? (
        <span className={classes.live}>
          <IconPointFilled size={rem(16)} aria-hidden="true" />
          Live
        </span>
      ) : (
        <Button
          size="compact-sm"
          variant="filled"
          leftSection={<IconArrowBackUp size={rem(16)} aria-hidden="true" />}
          onClick={() => go(null)}
        >
          Back to live
        </Button>
      )}
      <div className={classes.track}>
        <Marks marks={marks} span={span} onPick={go} />
        <input
          type="range"
          aria-label="Moment of the table"
          aria-valuetext={at === null ? 'now, live' : `${formatInstant(at, 'second')}, ${formatAgo(at, now)}`}
          min={fromAt}
          max={toAt}
          step={STEP_MS}
          value={at ?? toAt}
          onChange={(event) => go(Number(event.currentTarget.value))}
          onKeyDown={onKeyDown}
        />
      </div>
      <span className={classes.moment}>{at === null ? `last ${roughly(toAt - fromAt)}` : formatClock(at)}</span>
      <Step label="Earlier incident" icon={IconChevronLeftPipe} to={earlier} onGo={go} />
      <Step label="Later incident" icon={IconChevronRightPipe} to={later} onGo={go} />
    </div>
  );
}

/** `last 24 h`, `last 12 min`: the length of the slider. */
function roughly(ms: number): string {
  const stepMs = ms < 90 * MINUTE_MS ? MINUTE_MS : 60 * MINUTE_MS;
  return formatDuration(Math.max(1, Math.round(ms / stepMs)) * stepMs);
}

interface StepProps {
  label: string;
  icon: Icon;
  to: number | null;
  onGo: (at: number) => void;
}

function Step({ label, icon: Shape, to, onGo }: StepProps) {
  return (
    <Tooltip label={label} openDelay={400} withArrow>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={label}
        disabled={to === null}
        onClick={() => to !== null && onGo(to)}
      >
        <Shape size={rem(17)} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}

interface MarksProps {
  marks: readonly PastMark[];
  span: PastSpan;
  onPick: (at: number) => void;
}

/** For the mouse; the buttons beside the slider lead to the same moments. Tall lines: found; short ones: healed. */
function Marks({ marks, span: { fromAt, toAt }, onPick }: MarksProps) {
  const groups = useMemo(() => placeMarks(marks, { fromAt, toAt }), [marks, fromAt, toAt]);
  return (
    <div className={classes.marks} aria-hidden="true">
      {groups.map(({ share, at, kind, count }) => (
        <span
          key={`${kind}/${at}`}
          data-kind={kind}
          style={{ insetInlineStart: `${100 * share}%` }}
          title={`${formatInstant(at, 'second')}: ${plural(count, kind === 'found' ? 'finding' : 'heal')}`}
          onClick={() => onPick(at)}
        />
      ))}
    </div>
  );
}
