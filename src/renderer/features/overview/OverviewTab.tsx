import { Button, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconAlertTriangleFilled,
  IconChevronUp,
  IconCircleCheckFilled,
  IconHeartbeat,
  IconHourglassHigh,
  IconRefreshAlert,
  type Icon,
} from '@tabler/icons-react';
import { Fragment } from 'react';
import {
  distressTitle,
  nextTryText,
  situationOf,
  situationText,
  type Trouble,
} from '../../../shared/lib/format/situation';
import { SITUATION_TONES, type Tone } from '../../words/present-watch';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useNow } from '../../hooks/use-now';
import { navigate } from '../../hooks/use-route';
import { RangeControl } from '../../kit/RangeControl';
import page from '../../kit/Page.module.css';
import type { Distress } from '../../../shared/model/snapshot';
import { FirstRun } from '../watches/FirstRun';
import { MachineCharts } from './MachineCharts';
import classes from './OverviewTab.module.css';
import { MachineStrip } from './MachineStrip';
import { OverviewWatches } from './OverviewWatches';
import { RecentEvents } from './RecentEvents';

/** The machine and its watches at a glance. */
export function OverviewTab() {
  const watches = useAppState((state) => state.live.watches);
  // What somebody looks for on a phone are the watches.
  const isPhone = useMediaQuery('(max-width: 36em)', false, { getInitialValueInEffect: false });
  return (
    <div className={`${page.page} ${classes.page}`}>
      <StateBanner />
      {watches.size === 0 ? <FirstRun /> : null}
      {isPhone ? null : <Machine />}
      <div className={classes.frame}>
        <div className={classes.lower} data-alone={watches.size === 0 || undefined}>
          {watches.size === 0 ? null : <OverviewWatches watches={[...watches.values()]} />}
          {isPhone ? <Machine /> : null}
          <RecentEvents />
        </div>
      </div>
    </div>
  );
}

function Machine() {
  const { ui } = useApp();
  const { machine, machineRangeMs } = useUiState((state) => state.charts);
  if (machine === 'strip') return <MachineStrip />;
  return (
    <>
      <div className={classes.titleRow}>
        <h2>Machine</h2>
        <RangeControl
          label="Time span of the charts"
          rangeMs={machineRangeMs}
          onChange={(rangeMs) => ui.arrangeCharts({ machineRangeMs: rangeMs })}
        />
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          rightSection={<IconChevronUp size={rem(15)} aria-hidden="true" />}
          onClick={() => ui.arrangeCharts({ machine: 'strip' })}
        >
          Hide the charts
        </Button>
      </div>
      <MachineCharts rangeMs={machineRangeMs} />
    </>
  );
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
          <p className={classes.rest}>
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
