import { Alert, SegmentedControl } from '@mantine/core';
import {
  IconAlertTriangle,
  IconAlertTriangleFilled,
  IconBellOff,
  IconCircleCheckFilled,
  IconExclamationCircle,
  type Icon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { describeAlerts, describeOutbox, describeSilence } from '../../words/present-alert';
import type { Tone } from '../../words/present-watch';
import { ALERT_SECTIONS, openSection, type AlertSection } from '../../store/route';
import { useAppState } from '../../hooks/use-app';
import { navigate, useRoute } from '../../hooks/use-route';
import { ToneBadge } from '../../kit/ToneBadge';
import classes from './AlertsTab.module.css';
import { Channels } from './Channels';
import { Mutes } from './Mutes';
import { Outbox } from './Outbox';
import { Rules } from './Rules';
import { Templates } from './Templates';

const SECTIONS: Readonly<Record<AlertSection, { title: string; Content: ComponentType }>> = {
  channels: { title: 'Channels', Content: Channels },
  rules: { title: 'Rules', Content: Rules },
  templates: { title: 'Templates', Content: Templates },
  outbox: { title: 'Outbox', Content: Outbox },
  mutes: { title: 'Snoozed', Content: Mutes },
};

/** Who is notified of what, how, and with which result. */
export function AlertsTab() {
  const section = openSection(useRoute());
  const { Content } = SECTIONS[section];
  return (
    <div className={classes.page}>
      <StateLine />
      <Warnings />
      <SegmentedControl
        aria-label="Sections of alerts"
        className={classes.sections}
        value={section}
        onChange={(value) => navigate({ tab: 'alerts', item: value })}
        data={ALERT_SECTIONS.map((value) => ({ value, label: SECTIONS[value].title }))}
      />
      <Content />
    </div>
  );
}

const SHAPES: Readonly<Record<Tone, Icon>> = {
  ok: IconCircleCheckFilled,
  info: IconCircleCheckFilled,
  warn: IconExclamationCircle,
  bad: IconAlertTriangleFilled,
  idle: IconBellOff,
};

function StateLine() {
  const status = useAppState((state) => state.live.alerts);
  const breaksThrough = useAppState((state) => state.live.engine?.settings['alerts.criticalBreaksThrough'] ?? false);
  const { tone, words } = describeAlerts(status);
  const outbox = describeOutbox(status);
  const silence = describeSilence(status, breaksThrough);
  return (
    <div className={classes.state} role="status" aria-label="State of alerts">
      <ToneBadge tone={tone} icon={SHAPES[tone]} plain>
        <span className={classes.words}>{words}</span>
      </ToneBadge>
      <span className={classes.more}>
        {outbox.length === 0 ? 'No messages are waiting.' : `Outbox: ${outbox.join(', ')}.`}
        {silence === null ? null : ` ${silence}`}
      </span>
    </div>
  );
}

function Warnings() {
  const warnings = useAppState((state) => state.live.alerts.warnings);
  return (
    <>
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" className={classes.warning} icon={<IconAlertTriangle aria-hidden="true" />}>
          {warning}
        </Alert>
      ))}
    </>
  );
}
