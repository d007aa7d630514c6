import type { Actor, EndedProcess } from '../model/event-parts';
import type { EventDefinition } from './definition';
import { argvOf, listed, pidsText, processFacts, subjectOf, withProcessArgv } from './text';

/** What is done to processes. */

/** SIGSTOP, until the operator decides. */
export const suspended: EventDefinition<'suspended', { reason: string; pids: readonly number[] }> = {
  type: 'suspended',
  label: 'Suspended',
  counted: ['suspension', 'suspensions'],
  impact: 30,
  tone: 'high',
  alert: 'standard',
  marksPast: true,
  isDeed: true,
  line: ({ data }) => ({ action: 'Suspended', details: [`due to ${data.reason}`, listed('pids', data.pids)] }),
  facts: ({ data }) => [
    { label: 'Reason', value: data.reason },
    { label: 'Processes', value: pidsText(data.pids) },
  ],
  answer: () => ', suspended',
};

export const priorityLowered: EventDefinition<'priority_lowered', { reason: string; pids: readonly number[] }> = {
  type: 'priority_lowered',
  label: 'Priority lowered',
  counted: ['lowered priority', 'lowered priorities'],
  alert: 'optional',
  marksPast: true,
  isDeed: true,
  line: ({ data }) => ({ action: 'Lowered priority', details: [`due to ${data.reason}`, listed('pids', data.pids)] }),
  facts: ({ data }) => [
    { label: 'Reason', value: data.reason },
    { label: 'Processes', value: pidsText(data.pids) },
  ],
  answer: () => ', priority lowered',
};

export const killed: EventDefinition<
  'killed',
  {
    actor: Actor;
    reason: string;
    /** Every process that was signalled. */
    pids: readonly number[];
    /** Those that ignored TERM and got KILL. */
    forced: readonly number[];
    survivors: readonly number[];
    process?: EndedProcess;
  }
> = {
  type: 'killed',
  label: 'Killed',
  counted: ['kill', 'kills'],
  impact: 20,
  tone: 'warning',
  alert: 'standard',
  marksPast: true,
  isDeed: true,
  line: ({ data }, cause) => ({
    action: 'Killed',
    ...subjectOf(data.process),
    details: [
      data.actor !== 'engine' && `by ${data.actor}`,
      `due to ${cause ?? data.reason}`,
      listed('pids', data.pids),
      listed('forced', data.forced),
      listed('survivors', data.survivors),
      argvOf(data.process),
    ],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    { label: 'Reason', value: data.reason },
    ...processFacts(data.process),
    { label: 'Signalled', value: pidsText(data.pids) },
    { label: 'Had to be killed', value: pidsText(data.forced) },
    { label: 'Survived', value: pidsText(data.survivors) },
  ],
  // What is killed after a crash was left over from it.
  answer: (_, afterCrash) => (afterCrash ? '' : ', killed'),
  withArgv: withProcessArgv,
};

/** A signal that was not sent, because it would have hit another process or a protected one. */
export const signalRefused: EventDefinition<
  'signal_refused',
  { reason: 'pid_reused' | 'protected' | 'not_permitted'; signal: string; detail: string }
> = {
  type: 'signal_refused',
  label: 'Signal refused',
  counted: ['refused signal', 'refused signals'],
  alert: 'optional',
  part: 'aside',
  isAside: true,
  line: ({ data }) => ({
    action: 'Refused signal',
    details: [data.signal, `(${data.reason.replace('_', ' ')})`, data.detail],
  }),
  facts: ({ data }) => [
    { label: 'Signal', value: data.signal },
    { label: 'Reason', value: data.reason.replaceAll('_', ' ') },
    { label: 'Detail', value: data.detail },
  ],
};
