import { IconFilterOff, IconMoodHappy, IconPlugConnectedX } from '@tabler/icons-react';
import type { Answer } from '../hooks/use-answer';
import { EmptyState } from './EmptyState';

interface EmptyTableProps {
  /** All rows, before any filter. */
  answer: Answer<readonly unknown[]>;
  /** What the rows are, in the plural: `incidents`. */
  noun: string;
  /** That none of them matches the filters. */
  unmatched: string;
  /** Why it is good that there are none at all, and what will be listed. */
  none: { title: string; text: string };
}

/** What stands in place of the rows: nothing while they are read, why they can't be, that none matches, or that there are none. */
export function EmptyTable({ answer, noun, unmatched, none }: EmptyTableProps) {
  if (answer.kind === 'asking') return null;
  if (answer.kind === 'failed') {
    return (
      <EmptyState icon={IconPlugConnectedX} title={`The ${noun} can't be read`}>
        {answer.failure.message}
      </EmptyState>
    );
  }
  return answer.value.length > 0 ? (
    <EmptyState icon={IconFilterOff} title={`No matching ${noun}`}>
      {unmatched}
    </EmptyState>
  ) : (
    <EmptyState icon={IconMoodHappy} title={none.title}>
      {none.text}
    </EmptyState>
  );
}
