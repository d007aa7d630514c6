import type { Actor } from '../model/event-parts';
import type { EventDefinition } from './definition';

/** Restarts of all instances of a watch, some at a time, by an operator. What becomes of each instance is reported by itself. */

export const rollingRestartStarted: EventDefinition<
  'rolling_restart_started',
  {
    actor: Actor;
    watchId: string;
    /** Their names. */
    instances: readonly string[];
    /** How many stay ready. */
    keep: number;
  }
> = {
  type: 'rolling_restart_started',
  label: 'Rolling restart started',
  counted: ['rolling restart', 'rolling restarts'],
  line: ({ data }) => ({
    action: 'Rolling restart',
    details: [`by ${data.actor}`, `${data.instances.length} instances`, `at least ${data.keep} stay ready`],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    { label: 'Instances', value: data.instances.join(', ') },
    { label: 'Stay ready', value: `at least ${data.keep}` },
  ],
};

/** What came of it: names of instances. */
interface Outcome {
  actor: Actor;
  watchId: string;
  keep: number;
  restarted: readonly string[];
}

export const rollingRestartCompleted: EventDefinition<'rolling_restart_completed', Outcome> = {
  type: 'rolling_restart_completed',
  label: 'Rolling restart complete',
  counted: ['completed rolling restart', 'completed rolling restarts'],
  alert: 'optional',
  line: ({ data }) => ({ action: 'Rolling restart complete', details: [`restarted ${data.restarted.join(', ')}`] }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    { label: 'Restarted', value: data.restarted.join(', ') || 'none' },
  ],
};

/** It came to an end before all were restarted. */
export const rollingRestartStopped: EventDefinition<
  'rolling_restart_stopped',
  Outcome & { left: readonly string[]; problem: string }
> = {
  type: 'rolling_restart_stopped',
  label: 'Rolling restart stopped',
  counted: ['stopped rolling restart', 'stopped rolling restarts'],
  impact: 50,
  tone: 'high',
  alert: 'standard',
  line: ({ data }) => ({
    action: 'Rolling restart stopped',
    details: [
      data.problem,
      `restarted ${data.restarted.join(', ') || 'none'}`,
      `not restarted ${data.left.join(', ') || 'none'}`,
    ],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    { label: 'Problem', value: data.problem },
    { label: 'Restarted', value: data.restarted.join(', ') || 'none' },
    { label: 'Not restarted', value: data.left.join(', ') || 'none' },
  ],
};
