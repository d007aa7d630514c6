import { useState, type ReactNode } from 'react';
import type { Probe, ProbeAttempt, ProbeStatus } from '../../../shared/model/probe';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { checkText } from '../../../shared/lib/format/probe-words';
import { formatDuration, plural } from '../../format/format';
import { RANGES } from '../../format/ranges';
import { sentence } from '../../format/sentence';
import { Whole } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { Section } from '../../kit/Facts';
import { RangeControl } from '../../kit/RangeControl';
import { Ago } from '../../kit/times';
import { AttemptStrip } from '../../parts/AttemptStrip';
import { ProbeStateBadge } from '../../parts/ProbeStateBadge';
import { answerWords, PROBE_ROLE_WORDS } from '../../words/present-probe';
import { ProbeHistory } from './ProbeHistory';
import classes from './ProbesSection.module.css';

/** How a watch is checked from outside, and what its program has answered in this run. */
export function ProbesSection({ status }: { status: WatchStatus }) {
  const { probes, id } = status.watch;
  const [rangeMs, setRange] = useState<number>(RANGES[1].rangeMs);
  if (probes.length === 0) return null;
  return (
    <Section title="Probes">
      <RangeControl label="Time span of the probes" rangeMs={rangeMs} onChange={setRange} />
      <ul className={classes.probes} aria-label="Probes of this watch">
        {probes.map((probe) => (
          <ProbeItem key={probe.name} probe={probe} status={status.probes.find(({ name }) => name === probe.name)}>
            {(live) => <ProbeHistory watchId={id} probe={probe} live={live} rangeMs={rangeMs} />}
          </ProbeItem>
        ))}
      </ul>
    </Section>
  );
}

const NO_ATTEMPTS: readonly ProbeAttempt[] = [];

interface ProbeItemProps {
  probe: Probe;
  status: ProbeStatus | undefined;
  /** What is shown below, by the attempts of this run. */
  children: (attempts: readonly ProbeAttempt[]) => ReactNode;
}

function ProbeItem({ probe, status, children }: ProbeItemProps) {
  const { name, role, check, intervalMs, failures, of, timeoutMs } = probe;
  const attempts = status?.attempts ?? NO_ATTEMPTS;
  const last = attempts.at(-1);
  return (
    <li className={classes.probe} aria-label={name}>
      <div className={classes.head}>
        <strong>{name}</strong>
        <ProbeStateBadge state={status?.state ?? 'idle'} />
      </div>
      <div className={classes.strip}>
        {attempts.length === 0 ? null : <AttemptStrip attempts={attempts} timeoutMs={timeoutMs} />}
      </div>
      <div className={classes.asked}>
        <Whole text={checkText(check)} code />
        <div className={table.dim}>
          {PROBE_ROLE_WORDS[role].word}, every {formatDuration(intervalMs)}, fails at {failures} of{' '}
          {plural(of, 'attempt')}
        </div>
        {last === undefined ? null : (
          <div className={classes.head}>
            <Whole text={sentence(answerWords(last))} />
            <span className={table.dim}>
              <Ago at={last.at} />
              {last.starved ? ', on a starved machine: it counts half' : ''}
            </span>
          </div>
        )}
      </div>
      {children(attempts)}
    </li>
  );
}
