import type { ReactNode } from 'react';
import type { WatchStatus } from '../../../../shared/model/snapshot';
import { formatInstant } from '../../../format/format';
import { Clip } from '../../../kit/Clip';
import { WordedButtons } from '../../../kit/RowButton';
import { Since } from '../../../kit/times';
import { NextTry } from '../../../parts/NextTry';
import { ObservedBadge } from '../../../parts/ObservedBadge';
import { ReadinessSign } from '../../../parts/ReadinessSign';
import { StateBadge } from '../../../parts/StateBadge';
import { WatchActions } from '../../../parts/WatchActions';
import classes from './WatchDrawer.module.css';

/** What stays in view of a watch: its state, what is wrong, what can be done, and the tabs. */
export function DrawerHead({ status, children }: { status: WatchStatus; children: ReactNode }) {
  const { phase, readiness, observed, cause, processes, sinceAt, watch } = status;
  const isUp = phase === 'running' && processes.length > 0;
  const at = isUp ? Math.min(...processes.map(({ startedAt }) => startedAt)) : sinceAt;
  return (
    <div className={classes.head}>
      <div className={classes.state}>
        <StateBadge phase={phase} />
        {readiness === null ? null : <ReadinessSign readiness={readiness} inWords />}
        <span className={classes.since}>
          for <Since at={at} />, since {formatInstant(at, 'second')}
        </span>
        <span className={classes.since}>
          <NextTry status={status} otherwise={null} />
        </span>
        {observed ? <ObservedBadge inWords /> : null}
      </div>
      {cause === null ? null : (
        <div className={classes.cause}>
          <Clip text={`${watch.name} ${cause}`} />
        </div>
      )}
      <div className={classes.buttons}>
        <WordedButtons value={watch.name}>
          <WatchActions status={status} withEdit />
        </WordedButtons>
      </div>
      {children}
    </div>
  );
}
