import { Button, CloseButton } from '@mantine/core';
import { IconMailExclamation } from '@tabler/icons-react';
import { rem } from '../format/text-scale';
import { useApp, useAppState, useUiState } from '../hooks/use-app';
import { navigate, useTab } from '../hooks/use-route';
import classes from './Shell.module.css';

/** Below the header: what is wrong with the settings of alerts, until it is right or was read. The view of alerts has all of it. */
export function AlertsNotice() {
  const { ui } = useApp();
  const tab = useTab();
  const warnings = useAppState((state) => state.live.alerts.warnings);
  const dismissed = useUiState((state) => state.dismissedWarnings);
  const fresh = warnings.filter((warning) => !dismissed.has(warning));
  const [first, ...others] = fresh;
  if (first === undefined || tab === 'alerts') return null;
  return (
    <section className={classes.notice} data-tone="warn" aria-label="Alerts need attention">
      <IconMailExclamation size={rem(20)} aria-hidden="true" />
      <span role="alert">
        {first}
        {others.length === 0 ? '' : ` And ${others.length} more.`}
      </span>
      <Button size="compact-sm" variant="default" onClick={() => navigate({ tab: 'alerts', item: null })}>
        Show alerts
      </Button>
      <CloseButton
        size="sm"
        aria-label="Dismiss"
        c="inherit"
        style={{ marginInlineStart: 0 }}
        onClick={() => ui.show({ dismissedWarnings: new Set([...dismissed, ...warnings]) })}
      />
    </section>
  );
}
