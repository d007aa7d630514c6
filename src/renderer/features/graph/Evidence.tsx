import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { formatSocketAddress } from '../../../shared/lib/host/socket-address';
import type { DependencyEvidence } from '../../../shared/model/ports';
import { formatClock, plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { Whole } from '../../kit/Clip';
import type { SeenEdge } from '../../store/observed';
import { changesFor, type Proposal } from './proposals';
import classes from './GraphTab.module.css';

/** A dependency that sockets show: what was seen of it, and the way to accept it. */
export function Evidence({ proposal, observations }: { proposal: Proposal; observations: number }) {
  const { actions } = useApp();
  const { dependent, dependency, seen, verdict } = proposal;
  const isBusy = useUiState(({ busy }) => busy.has(dependent.watch.id));
  const [from, to] = [dependent.watch.name, dependency.watch.name];
  return (
    <div className={classes.evidence}>
      <strong>
        <Whole text={`${from} connects to ${to}`} />
      </strong>
      {seen.evidence.map((one) => (
        <Whole key={`${one.protocol} ${formatSocketAddress(one)}`} text={socketText(one, from, to)} />
      ))}
      <span className={classes.dim}>{seenText(seen, observations)}</span>
      {verdict.kind === 'declared' ? (
        <span className={classes.declared}>
          <IconCheck size={rem(15)} aria-hidden="true" /> Declared
        </span>
      ) : null}
      {verdict.kind === 'refused' || verdict.kind === 'conflicting' ? (
        <span className={classes.reason}>
          <IconAlertTriangle size={rem(15)} aria-hidden="true" />
          <span>
            {verdict.kind === 'refused' ? 'Not acceptable. ' : ''}
            {verdict.reason}
          </span>
        </span>
      ) : null}
      {verdict.kind === 'open' || verdict.kind === 'conflicting' ? (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            loading={isBusy}
            aria-label={`Accept: ${from} starts after ${to}`}
            onClick={() => void actions.acceptDependencies(changesFor([proposal]))}
          >
            Accept
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** Who listens where, who connects, and how often that was seen. */
function socketText({ connections, pids, ...socket }: DependencyEvidence, from: string, to: string): string {
  const address = `${socket.protocol} ${formatSocketAddress(socket)}`;
  const server = `${to}${pidsText(pids.server)} listens on ${address}`;
  return `${server}; ${from}${pidsText(pids.client)} made ${plural(connections, 'connection')}`;
}

function seenText({ times, firstAt, lastAt }: SeenEdge, observations: number): string {
  const share = `Seen in ${times} of ${plural(observations, 'observation')}`;
  return times === 1
    ? `${share}, at ${formatClock(firstAt)}`
    : `${share}, first at ${formatClock(firstAt)}, last at ${formatClock(lastAt)}`;
}

function pidsText(pids: readonly number[]): string {
  return pids.length === 0 ? '' : ` (pid ${pids.join(', ')})`;
}
