import { Button, Collapse } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconSend,
  IconSettings,
  IconStethoscope,
  type Icon,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { ChannelStatus, Delivery } from '../../../shared/model/alert';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import type { HealdeckClient } from '../../api/client';
import { describeFailure } from '../../api/errors';
import { channelOf } from '../../../shared/channels';
import { presentChannel } from '../../words/present-alert';
import { rem } from '../../format/text-scale';
import { useApp } from '../../hooks/use-app';
import type { SettingsForm } from '../../hooks/use-settings-form';
import { FormFoot } from '../../form/FormFoot';
import { Ago } from '../../kit/times';
import { ToneBadge } from '../../kit/ToneBadge';
import classes from './AlertsTab.module.css';
import { ProblemReport, TestReport } from './DeliveryReport';

const SHAPES: Readonly<Record<ChannelStatus['state'], Icon>> = {
  off: IconCircleDashed,
  ready: IconCircleCheckFilled,
  failing: IconAlertTriangleFilled,
};

/** What was asked of a channel last, and what came of it. */
type Trial =
  | { kind: 'none' }
  | { kind: 'testing' }
  | { kind: 'checking' }
  | { kind: 'tested'; results: readonly { recipient: string; delivery: Delivery }[] }
  | { kind: 'checked'; problem: DeliveryProblem | null; isOff: boolean }
  | { kind: 'refused'; message: string };

interface ChannelCardProps {
  status: ChannelStatus;
  icon: Icon;
  form: SettingsForm;
  /** Whether its settings are shown at first. */
  startsOpen?: boolean;
  /** The fields of its settings. */
  children: ReactNode;
}

/** A way to reach somebody: how it stands, a try, and its settings. */
export function ChannelCard({ status, icon: Shape, form, startsOpen = false, children }: ChannelCardProps) {
  const { session } = useApp();
  const [isOpen, setOpen] = useState(startsOpen);
  const [trial, setTrial] = useState<Trial>({ kind: 'none' });
  const { channel } = status;
  const title = channelOf(channel).label;
  const { word, tone } = presentChannel(status.state);
  const isTrying = trial.kind === 'testing' || trial.kind === 'checking';

  const attempt = async (under: 'testing' | 'checking', request: (client: HealdeckClient) => Promise<Trial>) => {
    setTrial({ kind: under });
    try {
      setTrial(await session.ask(request));
    } catch (error) {
      setTrial({ kind: 'refused', message: describeFailure(error).message });
    }
  };
  const test = () =>
    attempt('testing', async (client) => ({ kind: 'tested', results: await client.alerts.test({ channel }) }));
  const check = () =>
    attempt('checking', async (client) => {
      const { problem, state } = await client.alerts.check({ channel });
      return { kind: 'checked', problem, isOff: state === 'off' };
    });
  const saveAndTest = async () => {
    if (await form.save()) await test();
  };

  return (
    <section className={classes.card} aria-label={title}>
      <div className={classes.head}>
        <Shape size={rem(26)} stroke={1.6} aria-hidden="true" />
        <div>
          <h2>
            {title}
            <ToneBadge tone={tone} icon={SHAPES[status.state]}>
              {word}
            </ToneBadge>
          </h2>
          <div className={classes.sub}>
            {status.description}
            {status.recipients.some((one) => one !== '') ? ` · to ${status.recipients.join(', ')}` : ''}
            {status.lastSentAt === null ? null : (
              <>
                {' · last sent '}
                <Ago at={status.lastSentAt} />
              </>
            )}
          </div>
        </div>
        <div className={classes.buttons}>
          <Button
            variant="default"
            leftSection={<IconStethoscope size={rem(16)} aria-hidden="true" />}
            loading={trial.kind === 'checking'}
            disabled={isTrying}
            onClick={() => void check()}
          >
            Check
          </Button>
          <Button
            variant="default"
            leftSection={<IconSend size={rem(16)} aria-hidden="true" />}
            loading={trial.kind === 'testing'}
            disabled={isTrying || form.isSaving}
            onClick={() => void (form.isDirty ? saveAndTest() : test())}
          >
            {form.isDirty ? 'Save and send a test' : 'Send a test'}
          </Button>
          <Button
            variant={isOpen ? 'light' : 'default'}
            leftSection={<IconSettings size={rem(16)} aria-hidden="true" />}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {status.state === 'off' ? 'Set up' : 'Settings'}
          </Button>
        </div>
      </div>
      <Report trial={trial} standing={status.problem} title={title} />
      <Collapse expanded={isOpen} transitionDuration={0}>
        <div className={classes.body}>
          {children}
          <FormFoot form={form} />
        </div>
      </Collapse>
    </section>
  );
}

/** What came of the last try; before one, what is wrong with it as it stands. */
function Report({ trial, standing, title }: { trial: Trial; standing: DeliveryProblem | null; title: string }) {
  if (trial.kind === 'none' && standing === null) return null;
  return (
    <div className={classes.report} role="status" aria-label={`${title}: last result`}>
      <ReportText trial={trial} standing={standing} />
    </div>
  );
}

function ReportText({ trial, standing }: { trial: Trial; standing: DeliveryProblem | null }) {
  switch (trial.kind) {
    case 'testing':
      return <>Sending a test…</>;
    case 'checking':
      return <>Checking…</>;
    case 'tested':
      return <TestReport results={trial.results} />;
    case 'refused':
      return (
        <ToneBadge tone="bad" icon={IconAlertTriangleFilled} plain>
          {trial.message}
        </ToneBadge>
      );
    case 'checked':
      if (trial.problem !== null) return <ProblemReport problem={trial.problem} />;
      return trial.isOff ? (
        <>Channel is disabled.</>
      ) : (
        <ToneBadge tone="ok" icon={IconCircleCheckFilled} plain>
          No problem was found, as far as can be checked without sending.
        </ToneBadge>
      );
    case 'none':
      return standing === null ? null : <ProblemReport problem={standing} />;
  }
}
