import { IconAlertTriangleFilled, IconCircleCheckFilled, IconPlugConnectedX } from '@tabler/icons-react';
import { formatBytes, formatPercent, plural } from '../lib/format';
import { useAppState } from '../lib/use-app';
import classes from './Shell.module.css';
import { Since } from './times';
import { ToneBadge } from './ToneBadge';

/** The engine at a glance: whether it answers, which one it is, and what it costs. */
export function StatusBar() {
  const engine = useAppState((state) => state.live.engine);
  const isLive = useAppState((state) => state.connection.kind === 'live');
  if (engine === null) return <footer className={classes.statusbar} />;
  return (
    <footer className={classes.statusbar} aria-label="State of the engine">
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
        Healdeck {engine.version} on {engine.hostname}, pid {engine.pid}, up <Since at={engine.startedAt} />
      </span>
      {engine.unwrittenEvents > 0 ? (
        <ToneBadge tone="warn" icon={IconAlertTriangleFilled} plain>
          {plural(engine.unwrittenEvents, 'event')} not on disk yet
        </ToneBadge>
      ) : null}
      <span title="CPU of the engine, in % of one core">CPU {formatPercent(engine.ownCpuPercent)} of one core</span>
      <span title="Resident memory of the engine">Memory {formatBytes(engine.ownRssBytes)}</span>
      <span title={`How late the last reading began; it took ${Math.round(engine.tickDurationMs)} ms`}>
        Tick delay {Math.round(engine.tickDelayMs)} ms
      </span>
    </footer>
  );
}
