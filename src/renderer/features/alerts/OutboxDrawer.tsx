import { Button, Group } from '@mantine/core';
import { IconRefresh, IconTrash } from '@tabler/icons-react';
import { assertNever } from '../../../shared/lib/assert-never';
import type { OutboxEntry } from '../../../shared/model/alert';
import { formatInstant, plural } from '../../format/format';
import { channelOf } from '../../../shared/channels';
import { MESSAGE_WORDS } from '../../words/present-alert';
import { rem } from '../../format/text-scale';
import { useApp } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { Clip, Whole } from '../../kit/Clip';
import { Facts, Section } from '../../kit/Facts';
import { SeverityMark } from '../../parts/SeverityMark';
import { SideDrawer } from '../../kit/SideDrawer';
import { AcknowledgeButton, SnoozeMenu } from '../../parts/SnoozeMenu';
import { Ago, Countdown } from '../../kit/times';
import classes from './AlertsTab.module.css';
import { ProblemReport } from './DeliveryReport';
import { MessageState, recipientOf } from './outbox-columns';

interface OutboxDrawerProps {
  entry: OutboxEntry | null;
  onClose: () => void;
  onDrop: (id: number) => void;
}

/** One message, whole: where it stands, what went wrong and what to try, and what the other side said. */
export function OutboxDrawer({ entry: opened, onClose, onDrop }: OutboxDrawerProps) {
  const entry = useLast(opened);
  return (
    <SideDrawer opened={opened !== null} title={entry === null ? '' : <Clip text={entry.subject} />} onClose={onClose}>
      {entry === null ? null : <Details entry={entry} onDrop={onDrop} />}
    </SideDrawer>
  );
}

function Details({ entry, onDrop }: { entry: OutboxEntry; onDrop: (id: number) => void }) {
  const { alertActions } = useApp();
  const isOpen = entry.state === 'queued' || entry.state === 'failed';
  return (
    <>
      <Group justify="space-between">
        <MessageState entry={entry} />
        {isOpen ? (
          <Group gap="xs">
            <Button
              size="compact-sm"
              leftSection={<IconRefresh size={rem(15)} aria-hidden="true" />}
              onClick={() => void alertActions.retry(entry.id)}
            >
              Retry now
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconTrash size={rem(15)} aria-hidden="true" />}
              onClick={() => onDrop(entry.id)}
            >
              Drop
            </Button>
          </Group>
        ) : null}
      </Group>
      <Facts
        items={[
          ['Subject', <Whole key="subject" text={entry.subject} />],
          ['To', <Whole key="to" text={recipientOf(entry)} />],
          ['By', channelOf(entry.channel).label],
          ['Kind', MESSAGE_WORDS[entry.kind]],
          ['Severity', <SeverityMark key="severity" severity={entry.severity} />],
          ['Watch', entry.watch ?? 'none'],
          ['Reports', plural(entry.events, 'event')],
          ['Created', <Instant key="made" at={entry.createdAt} />],
          ['Tries', `${entry.attempts}`],
          ['Next', <NextStep key="next" entry={entry} />],
        ]}
      />
      {entry.problem === null ? null : (
        <Section title={entry.state === 'sent' ? 'What went wrong before' : 'What went wrong'}>
          <ProblemReport problem={entry.problem} />
        </Section>
      )}
      {entry.reply === null ? null : (
        <Section title="Server response">
          <span className={classes.reply}>{entry.reply}</span>
        </Section>
      )}
      {entry.incident === null ? null : (
        <Section title={`Incident ${entry.incident}`}>
          <Group gap="xs">
            <AcknowledgeButton incident={entry.incident} />
            <SnoozeMenu target={{ kind: 'incident', incident: entry.incident }} label="Snooze this incident" />
          </Group>
        </Section>
      )}
    </>
  );
}

function NextStep({ entry }: { entry: OutboxEntry }) {
  switch (entry.state) {
    case 'queued':
      return entry.nextAttemptAt === null ? (
        <>on its way now</>
      ) : (
        <>
          next try <Countdown at={entry.nextAttemptAt} />
        </>
      );
    case 'sent':
      return entry.sentAt === null ? <>sent</> : <Instant at={entry.sentAt} prefix="sent " />;
    case 'failed':
      return <>failed permanently: it is sent only when you retry it</>;
    case 'dropped':
      return <>never sent: it was dropped</>;
    default:
      return assertNever(entry.state);
  }
}

function Instant({ at, prefix = '' }: { at: number; prefix?: string }) {
  return (
    <>
      {prefix}
      {formatInstant(at)}, <Ago at={at} />
    </>
  );
}
