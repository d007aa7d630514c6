import type { Probe, ProbeStatus } from '../../../shared/model/probe';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { checkText } from '../../../shared/lib/format/probe-words';
import { formatDuration, plural } from '../../format/format';
import { sentence } from '../../format/sentence';
import { Whole } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { Section } from '../../kit/Facts';
import { Ago } from '../../kit/times';
import { AttemptStrip } from '../../parts/AttemptStrip';
import { ProbeStateBadge } from '../../parts/ProbeStateBadge';
import { answerWords, PROBE_ROLE_WORDS } from '../../words/present-probe';
import classes from './ProbesSection.module.css';

/** How a watch is checked from outside, and what its program has answered in this run. */
export function ProbesSection({ status }: { status: WatchStatus }) {
  const { probes } = status.watch;
  if (probes.length === 0) return null;
  return (
    <Section title="Probes">
      <ul className={classes.probes} aria-label="Probes of this watch">
        {probes.map((probe) => (
          <ProbeItem key={probe.name} probe={probe} status={status.probes.find(({ name }) => name === probe.name)} />
        ))}
      </ul>
    </Section>
  );
}

function ProbeItem({ probe, status }: { probe: Probe; status: ProbeStatus | undefined }) {
  const { name, role, check, intervalMs, failures, of, timeoutMs } = probe;
  const attempts = status?.attempts ?? [];
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
    </li>
  );
}
