import { distressNamed } from '../distress';
import { formatDuration } from '../lib/format/duration';
import type { EventDefinition } from './definition';

/** The machine itself is in distress, or is not any more. */

interface DistressData {
  /** `disk_space`, `memory`, …; another version may know other ones. */
  kind: string;
  /** The mount point of a disk; null: the whole machine. */
  subject: string | null;
  /** How it was then, as a sentence without an end mark. */
  detail: string;
}

const labelOf = (kind: string): string => distressNamed(kind)?.label ?? kind;

export const machineDistress: EventDefinition<'machine_distress', DistressData> = {
  type: 'machine_distress',
  label: 'Machine in distress',
  counted: ['distress of the machine', 'distresses of the machine'],
  impact: 70,
  tone: 'warning',
  alert: 'standard',
  marksPast: true,
  isProblem: true,
  part: 'detection',
  line: ({ data }) => ({ action: 'Distress', subject: 'machine', details: [`(${labelOf(data.kind)})`, data.detail] }),
  facts: ({ data }) => factsOf(data),
  sentence: ({ data }) => data.detail,
  problem: ({ data }) => data.detail,
};

export const machineRelieved: EventDefinition<'machine_relieved', DistressData & { durationMs: number }> = {
  type: 'machine_relieved',
  label: 'Machine relieved',
  counted: ['end of a distress of the machine', 'ends of distresses of the machine'],
  tone: 'good',
  alert: 'standard',
  marksPast: true,
  part: 'ending',
  line: ({ data }) => ({
    action: 'Relieved',
    subject: 'machine',
    details: [`(${labelOf(data.kind)})`, data.detail, `after ${formatDuration(data.durationMs)}`],
  }),
  facts: ({ data }, { duration }) => [...factsOf(data), { label: 'Lasted', value: duration(data.durationMs) }],
  sentence: ({ data }) => data.detail,
};

function factsOf({ kind, subject, detail }: DistressData) {
  return [
    { label: 'Kind', value: labelOf(kind) },
    ...(subject === null ? [] : [{ label: 'Disk', value: subject, code: true }]),
    { label: 'Found', value: detail },
  ];
}
