import { Switch } from '@mantine/core';
import type { SettingKey } from '../../../shared/model/settings';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { formatDuration, plural } from '../../format/format';
import { showSetting } from '../../drafts/setting-fields';
import { useApp, useUiState } from '../../hooks/use-app';
import { BudgetGauge } from '../../parts/BudgetGauge';
import { Facts, Section } from '../../kit/Facts';

/** By which numbers a watch is healed, and how much of its budget is used. */
export function Healing({ status }: { status: WatchStatus }) {
  const { settings, budget } = status;
  const limit = (warn: SettingKey, act: SettingKey, action: SettingKey): string =>
    settings[act] === null && settings[warn] === null
      ? 'none'
      : [
          ...(settings[warn] === null ? [] : [`warning above ${showSetting(warn, settings[warn])}`]),
          ...(settings[act] === null
            ? []
            : [`above ${showSetting(act, settings[act])}: ${actionWords(String(settings[action]))}`]),
        ].join(', ');
  const percent = settings['restart.jitterPercent'];
  const jitter = percent === 0 ? '' : ` ± ${percent} %`;
  return (
    <Section title="Healing">
      <ObserveSwitch status={status} />
      <Facts
        items={[
          ...budget.windows.map(
            (window) =>
              [
                `Restarts in ${formatDuration(window.windowMs)}`,
                <BudgetGauge key={window.windowMs} window={window} />,
              ] as const,
          ),
          [
            'Cooldowns',
            budget.trips === 0
              ? `none recently; the next one lasts ${showSetting('cooldown.durationMs', settings['cooldown.durationMs'])}${jitter}`
              : `${plural(budget.trips, 'cooldown')} without stable uptime (${formatDuration(settings['cooldown.stableMs'])}) in between${settings['cooldown.growth'] ? '; each doubles the next' : ''}`,
          ],
          ['CPU limit', limit('cpu.warnPercent', 'cpu.limitPercent', 'cpu.action')],
          ['Memory limit', limit('memory.warnBytes', 'memory.limitBytes', 'memory.action')],
          [
            'Tolerance',
            `${settings['limits.violations']} of the last ${plural(settings['limits.samples'], 'reading')}, of ${settings['limits.scope'] === 'tree' ? 'the whole tree' : 'the process alone'}`,
          ],
        ]}
      />
    </Section>
  );
}

function actionWords(action: string): string {
  return action.replaceAll('_', ' ');
}

function ObserveSwitch({ status }: { status: WatchStatus }) {
  const { actions } = useApp();
  const isBusy = useUiState((state) => state.busy.has(status.watch.id));
  return (
    <Switch
      label="Observe only"
      description="Problems are detected, logged and marked “would have”; no action is taken"
      checked={status.observed}
      disabled={isBusy}
      onChange={(event) => void actions.observe(status, event.currentTarget.checked)}
    />
  );
}
