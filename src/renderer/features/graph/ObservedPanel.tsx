import { Alert, Button, Loader } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { formatSocketAddress } from '../../../shared/lib/host/socket-address';
import type { ObservedGraph } from '../../../shared/model/ports';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { Whole } from '../../kit/Clip';
import { Evidence } from './Evidence';
import { changesFor, type Proposal } from './proposals';
import classes from './GraphTab.module.css';

/** What sockets show beside the drawing: each dependency with its evidence, and what belongs to no watch. */
export function ObservedPanel({ proposals }: { proposals: readonly Proposal[] }) {
  const { actions } = useApp();
  const { soFar, isRunning, problem } = useUiState((state) => state.observation);
  const isBusy = useUiState(({ busy }) => busy.size > 0);
  const open = proposals.filter(({ verdict }) => verdict.kind === 'open');
  return (
    <section className={classes.panel} aria-label="What sockets show">
      <div className={classes.panelHead}>
        <h2>What sockets show</h2>
        <Button
          size="compact-sm"
          disabled={open.length === 0 || isBusy}
          onClick={() => void actions.acceptDependencies(changesFor(open))}
        >
          {open.length === 0 ? 'Accept all' : `Accept all ${open.length}`}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isRunning}
          leftSection={<IconRefresh size={rem(14)} aria-hidden="true" />}
          onClick={() => void actions.observeSockets()}
        >
          Observe again
        </Button>
      </div>
      {problem === null ? null : (
        <Alert color="red" title="The sockets can't be observed">
          {problem}
        </Alert>
      )}
      <div role="status" className={classes.dim}>
        {isRunning ? (
          <span className={classes.running}>
            <Loader size={rem(14)} aria-hidden="true" /> Observing connections for 5 s
          </span>
        ) : soFar === null ? null : (
          summary(proposals, open.length)
        )}
      </div>
      {soFar === null ? null : (
        <ul className={classes.proposals}>
          {proposals.map((proposal) => (
            <li key={`${proposal.dependent.watch.id} ${proposal.dependency.watch.id}`}>
              <Evidence proposal={proposal} observations={soFar.observations} />
            </li>
          ))}
        </ul>
      )}
      {soFar === null ? null : <Others graph={soFar.last} />}
    </section>
  );
}

function summary(proposals: readonly Proposal[], open: number): string {
  if (proposals.length === 0) {
    return 'No connection between watches was seen. Programs that connect rarely need more observations; start those that are stopped.';
  }
  return `${plural(proposals.length, 'dependency', 'dependencies')} seen, ${open} to accept`;
}

/** What was seen and is no dependency between watches. */
function Others({ graph: { outside, unseen } }: { graph: ObservedGraph }) {
  if (outside.length === 0 && unseen.length === 0) return null;
  return (
    <div className={classes.dim}>
      <h3>Not between watches</h3>
      {outside.map((peer) => {
        const holders = peer.holders.map(({ pid, name }) => `${name}, pid ${pid}`).join('; ');
        const address = `${peer.protocol} ${formatSocketAddress(peer)}`;
        const text = `${peer.from} connects to ${address}${holders === '' ? '' : ` (${holders})`}`;
        return <Whole key={`${peer.from} ${address}`} text={text} />;
      })}
      {unseen.map((one) => {
        const address = `${one.protocol} ${formatSocketAddress(one)}`;
        const text = `${plural(one.connections, 'connection')} to ${one.watch}, ${address}, from a program that was not seen`;
        return <Whole key={`${one.watch} ${address}`} text={text} />;
      })}
    </div>
  );
}
