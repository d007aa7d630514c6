import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconHeartbeat,
  IconHourglassHigh,
  IconRefreshAlert,
  type Icon,
} from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import {
  distressTitle,
  nextTryText,
  situationOf,
  situationText,
  type Trouble,
} from '../../../shared/lib/format/situation';
import { byUrgency } from '../../../shared/lib/format/standing';
import { SITUATION_TONES, type Tone } from '../../words/present-watch';
import { RANGES } from '../../format/ranges';
import { byNeed, sectionsOf } from '../../words/watch-sections';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useAppState, useUiState } from '../../hooks/use-app';
import { useNow } from '../../hooks/use-now';
import { navigate } from '../../hooks/use-route';
import { RangeControl } from '../../kit/RangeControl';
import page from '../../kit/Page.module.css';
import {
  ACTIONS_COLUMN,
  countColumns,
  CPU_COLUMN,
  hasProbes,
  MEMORY_COLUMN,
  nameColumn,
  NEXT_RUN_COLUMN,
  PROBES_COLUMN,
  RESTARTS_COLUMN,
  STATE_COLUMN,
  TREND_COLUMN,
} from '../../parts/watch-columns';
import type { Distress, WatchStatus } from '../../../shared/model/snapshot';
import { WatchArrangement } from '../../parts/WatchArrangement';
import type { WatchColumn } from '../../parts/watch-column';
import { WatchTable } from '../../parts/WatchTable';
import { FirstRun } from '../watches/FirstRun';
import { MachineCharts } from './MachineCharts';
import classes from './OverviewTab.module.css';
import { RecentEvents } from './RecentEvents';

const IDENTITY_COLUMNS = [nameColumn('overview'), STATE_COLUMN];
const USE_COLUMNS = [CPU_COLUMN, TREND_COLUMN, MEMORY_COLUMN, RESTARTS_COLUMN, ACTIONS_COLUMN];
const COLUMNS = [...IDENTITY_COLUMNS, ...USE_COLUMNS];
const COLUMNS_WITH_PROBES = [...IDENTITY_COLUMNS, PROBES_COLUMN, ...USE_COLUMNS];

/** The machine and its watches at a glance. */
export function OverviewTab() {
  const [rangeMs, setRange] = useState<number>(RANGES[0].rangeMs);
  const watches = useAppState((state) => state.live.watches);
  return (
    <div className={page.page}>
      <StateBanner />
      {watches.size === 0 ? <FirstRun /> : null}
      <div className={classes.titleRow}>
        <h2>Machine</h2>
        <RangeControl label="Time span of the charts" rangeMs={rangeMs} onChange={setRange} />
      </div>
      <MachineCharts rangeMs={rangeMs} />
      <div className={classes.frame}>
        <div className={classes.lower} data-alone={watches.size === 0 || undefined}>
          {watches.size === 0 ? null : <Watches watches={byUrgency(watches.values())} />}
          <RecentEvents />
        </div>
      </div>
    </div>
  );
}

function Watches({ watches }: { watches: readonly WatchStatus[] }) {
  const columns = hasProbes(watches) ? COLUMNS_WITH_PROBES : COLUMNS;
  const counts = countColumns(watches);
  // Where no watch has a schedule, nobody misses what it does next.
  const more = watches.some(({ nextRun }) => nextRun !== null) ? [...counts, NEXT_RUN_COLUMN] : counts;
  const shown = more.length === 0 ? columns : withMore(columns, more);
  const { groupBy } = useUiState((state) => state.watchTable);
  const folded = useUiState((state) => state.foldedGroups);
  if (watches.every(({ watch }) => watch.groups.length === 0))
    return <WatchTable watches={watches} columns={shown} folded={folded} />;
  return (
    <div className={classes.watches}>
      <div className={classes.titleRow}>
        <h2>Watches</h2>
        <WatchArrangement />
      </div>
      <WatchTable
        watches={watches}
        columns={shown}
        sections={groupBy === 'group' ? byNeed(sectionsOf(watches, watches)) : undefined}
        folded={folded}
      />
    </div>
  );
}

function withMore(columns: readonly WatchColumn[], more: readonly WatchColumn[]): readonly WatchColumn[] {
  const at = columns.indexOf(RESTARTS_COLUMN);
  return [...columns.slice(0, at), ...more, ...columns.slice(at)];
}

const STATE_ICONS: Readonly<Record<Tone, Icon>> = {
  ok: IconCircleCheckFilled,
  info: IconHourglassHigh,
  warn: IconRefreshAlert,
  bad: IconAlertTriangleFilled,
  idle: IconHeartbeat,
};

const NO_DISTRESS: readonly Distress[] = [];

/** Names in the banner; the table below has them all. */
const NAMES_SHOWN = 4;
/** Causes in the banner. */
const CAUSES_SHOWN = 2;

/** What is wrong, which watches, why, and when the next try is; then, small, the rest. */
function StateBanner() {
  const watches = useAppState((state) => state.live.watches);
  const now = useNow();
  const distress = useAppState((state) => state.live.engine?.distress ?? NO_DISTRESS);
  const situation = situationOf(watches.values(), distress);
  const { level, troubles, nextTryAt, rest } = situation;
  const [first, ...others] = troubles;
  const tone = SITUATION_TONES[level];
  const Shape = STATE_ICONS[tone];
  return (
    <section className={classes.state} data-tone={tone} aria-label="State of all watches">
      <Shape size={rem(24)} aria-hidden="true" style={{ flex: 'none' }} />
      <div>
        <h1>
          {first === undefined ? situationText({ ...situation, distress: [] }) : <TroubleLine trouble={first} />}
          {nextTryAt === null ? null : <span className={classes.next}> · {nextTryText(nextTryAt, now)}</span>}
        </h1>
        {first?.those.slice(0, CAUSES_SHOWN).map(({ watch, cause }) =>
          cause === null ? null : (
            <p key={watch.id} className={classes.cause}>
              {watch.name} {cause}
            </p>
          ),
        )}
        <DistressLines sentences={situation.distress} />
        {first === undefined || (others.length === 0 && rest.length === 0) ? null : (
          <p>
            {others.map((trouble) => (
              <Fragment key={trouble.words}>
                <TroubleLine trouble={trouble} /> ·{' '}
              </Fragment>
            ))}
            {rest.join(' · ')}
          </p>
        )}
      </div>
      {/* Read out when it changes; a countdown would be read out every second, and how full a disk is every minute. */}
      <VisuallyHidden role="status">
        {situationText({ ...situation, distress: distress.map(distressTitle) })}
      </VisuallyHidden>
    </section>
  );
}

/** What is wrong with the machine itself, below what is down on it. */
function DistressLines({ sentences }: { sentences: readonly string[] }) {
  return sentences.map((sentence) => (
    <p key={sentence} className={classes.cause}>
      {sentence}
    </p>
  ));
}

function TroubleLine({ trouble: { words, those } }: { trouble: Trouble }) {
  const shown = those.slice(0, NAMES_SHOWN);
  const links = shown.map(({ watch }, at) => (
    <Fragment key={watch.id}>
      {at === 0 ? '' : ', '}
      <UnstyledButton className={classes.link} onClick={() => navigate({ tab: 'overview', item: watch.id })}>
        {watch.name}
      </UnstyledButton>
    </Fragment>
  ));
  if (those.length === 1)
    return (
      <>
        {links} is {words}
      </>
    );
  const more = those.length - shown.length;
  return (
    <>
      {those.length} {words}: {links}
      {more > 0 ? ` and ${plural(more, 'other')}` : ''}
    </>
  );
}
