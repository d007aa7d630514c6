import { UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconMailForward,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { formatBytes, formatDuration, formatPercent, plural } from '../format/format';
import { describeOutbox, isCriticalHold } from '../words/present-alert';
import { useAppState } from '../hooks/use-app';
import { navigate } from '../hooks/use-route';
import classes from './Shell.module.css';
import { Since } from '../kit/times';
import { ToneBadge } from '../kit/ToneBadge';

/** The engine at a glance: whether it answers, which one it is, and what it costs. */
export function StatusBar() {
  const engine = useAppState((state) => state.live.engine);
  const isLive = useAppState((state) => state.connection.kind === 'live');
  if (engine === null) return <footer className={classes.statusbar} />;
  return (
    <footer className={classes.statusbar} aria-label="State of the engine">
      <div className={classes.facts}>
        {isLive ? (
          <ToneBadge tone="ok" icon={IconCircleCheckFilled} plain>
            Connected
          </ToneBadge>
        ) : (
          <ToneBadge tone="warn" icon={IconPlugConnectedX} plain>
            Not connected
          </ToneBadge>
        )}
        <span className={classes.grow} title={`Data in ${engine.dataDir}`}>
          <span>
            Healdeck {engine.version} on {engine.hostname}, pid {engine.pid}, up <Since at={engine.startedAt} />
          </span>
        </span>
        {engine.unwrittenEvents > 0 ? (
          <ToneBadge tone="warn" icon={IconAlertTriangleFilled} plain>
            {plural(engine.unwrittenEvents, 'event')} not on disk yet
          </ToneBadge>
        ) : null}
        <OutboxNote />
        {engine.samplingIntervalMs > engine.settings['sampling.intervalMs'] ? (
          <ToneBadge tone="warn" icon={IconAlertTriangleFilled} plain>
            Sampling every {formatDuration(engine.samplingIntervalMs)}: the machine is busy
          </ToneBadge>
        ) : null}
        <span className={classes.own} title="CPU of the engine, in % of one core">
          CPU {formatPercent(engine.ownCpuPercent)} of one core
        </span>
        <span className={classes.own} title="Resident memory of the engine">
          Memory {formatBytes(engine.ownRssBytes)}
        </span>
        <span
          className={classes.own}
          title={`How late the last reading began; it took ${formatDuration(engine.tickDurationMs)}`}
        >
          Tick delay {Math.round(engine.tickDelayMs)} ms
        </span>
      </div>
    </footer>
  );
}

/** What waits to be reported, or could not be; nothing when all was reported. */
function OutboxNote() {
  const clauses = useAppState((state) => describeOutbox(state.live.alerts).join(', '));
  const hasFailed = useAppState((state) => state.live.alerts.failed > 0);
  const criticalWaits = useAppState((state) => state.live.alerts.holds.some(isCriticalHold));
  if (clauses === '') return null;
  return (
    <UnstyledButton
      className={classes.outbox}
      title={`Alerts: ${clauses}`}
      onClick={() => navigate({ tab: 'alerts', item: 'outbox' })}
    >
      <ToneBadge
        tone={hasFailed ? 'bad' : criticalWaits ? 'warn' : 'info'}
        icon={hasFailed || criticalWaits ? IconAlertTriangleFilled : IconMailForward}
        plain
      >
        <span className={classes.clipped}>Alerts: {clauses}</span>
      </ToneBadge>
    </UnstyledButton>
  );
}
