import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconHourglassHigh,
  IconRefreshAlert,
  IconSquareRoundedMinusFilled,
  type Icon,
} from '@tabler/icons-react';
import type { OutboxEntry } from '../../../shared/model/alert';
import { channelOf } from '../../../shared/channels';
import { presentMessage, STEP_WORDS } from '../../words/present-alert';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { Ago, Countdown } from '../../kit/times';
import { ToneBadge } from '../../kit/ToneBadge';
import type { Column } from '../../kit/VirtualTable';

const SHAPES: Readonly<Record<OutboxEntry['state'], Icon>> = {
  queued: IconHourglassHigh,
  sent: IconCircleCheckFilled,
  failed: IconAlertTriangleFilled,
  dropped: IconSquareRoundedMinusFilled,
};

/** The state of a message: a colour, a shape and a word. */
export function MessageState({ entry, plain = false }: { entry: OutboxEntry; plain?: boolean }) {
  const { word, tone } = presentMessage(entry);
  const isTriedAgain = entry.state === 'queued' && entry.attempts > 0;
  return (
    <ToneBadge tone={tone} icon={isTriedAgain ? IconRefreshAlert : SHAPES[entry.state]} plain={plain}>
      {word}
    </ToneBadge>
  );
}

/** Who gets a message: an address, or the channel where it has only one recipient. */
export function recipientOf({ channel, recipient }: OutboxEntry): string {
  return recipient === '' ? channelOf(channel).label : recipient;
}

/** What is worth knowing of a message besides: its next try, or why it was given up. */
function Next({ entry }: { entry: OutboxEntry }) {
  if (entry.state === 'queued' && entry.nextAttemptAt !== null) {
    return (
      <span>
        Next try <Countdown at={entry.nextAttemptAt} />
      </span>
    );
  }
  if (entry.problem !== null && entry.state !== 'sent') return <Clip text={STEP_WORDS[entry.problem.step]} />;
  return <Clip text={entry.reply ?? ''} />;
}

/** The columns of the outbox. */
export const OUTBOX_COLUMNS: readonly Column<OutboxEntry, string>[] = [
  { id: 'state', header: 'State', width: '7.5rem', cell: (entry) => <MessageState entry={entry} plain /> },
  {
    id: 'time',
    header: 'Created',
    width: '5rem',
    cell: (entry) => (
      <span className={table.dim}>
        <Ago at={entry.createdAt} />
      </span>
    ),
  },
  {
    id: 'recipient',
    header: 'Recipient',
    width: 'minmax(6.875rem, 12.5rem)',
    cell: (entry) => <Clip text={recipientOf(entry)} />,
  },
  { id: 'subject', header: 'Subject', width: 'minmax(8.75rem, 1.6fr)', cell: (entry) => <Clip text={entry.subject} /> },
  { id: 'events', header: 'Events', width: '3.875rem', numeric: true, cell: (entry) => entry.events },
  { id: 'attempts', header: 'Tries', width: '3.375rem', numeric: true, cell: (entry) => entry.attempts },
  {
    id: 'next',
    header: 'Next try or outcome',
    width: 'minmax(8.25rem, 1fr)',
    cell: (entry) => (
      <span className={table.dim}>
        <Next entry={entry} />
      </span>
    ),
  },
];
