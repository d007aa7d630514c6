import { formatDuration } from '../lib/format/duration';
import { plural } from '../lib/format/values';
import type { EndedProcess } from '../model/event-parts';
import type { EventDefinition } from './definition';
import { argvOf, processFacts, withProcessArgv } from './text';

/** What happens to programs that must not run. */

/** What was done about one that was found: it is ended; it is only reported; the limit of ends is used up for now. */
export type ForbiddenAnswer = 'ended' | 'observed' | 'limited';

const ANSWERS: Readonly<Record<ForbiddenAnswer, string>> = {
  ended: 'it is ended',
  observed: 'only reported (observe mode)',
  limited: 'left running until the cooldown ends',
};

export const forbiddenFound: EventDefinition<
  'forbidden_found',
  {
    process: EndedProcess;
    /** `cron (pid 812)`; null: whatever started it has ended. */
    startedBy: string | null;
    /** The how manieth start of this incident it is. */
    times: number;
    answer: ForbiddenAnswer;
  }
> = {
  type: 'forbidden_found',
  label: 'Forbidden program found',
  counted: ['forbidden start', 'forbidden starts'],
  impact: 60,
  tone: 'high',
  alert: 'standard',
  marksPast: true,
  isProblem: true,
  part: 'detection',
  line: ({ data }) => ({
    action: 'Forbidden',
    details: [
      ANSWERS[data.answer],
      data.startedBy !== null && `started by ${data.startedBy}`,
      data.times > 1 && `start ${data.times} of this incident`,
      argvOf(data.process),
    ],
  }),
  facts: ({ data }) => [
    ...processFacts(data.process),
    { label: 'Started by', value: data.startedBy ?? 'not known: it has ended' },
    { label: 'Starts in this incident', value: String(data.times) },
    { label: 'What was done', value: ANSWERS[data.answer] },
  ],
  problem: (_, times) => `was found running although it must not${times > 1 ? `, ${times} times` : ''}`,
  unanswered: ({ data }) => (data.answer === 'observed' ? '; it was left running' : ''),
  withArgv: withProcessArgv,
};

export const forbiddenGone: EventDefinition<
  'forbidden_gone',
  { times: number; durationMs: number; startedBy: string | null }
> = {
  type: 'forbidden_gone',
  label: 'Forbidden program gone',
  counted: ['forbidden program gone', 'forbidden programs gone'],
  tone: 'good',
  alert: 'standard',
  marksPast: true,
  part: 'ending',
  line: ({ data }) => ({
    action: 'Gone',
    details: [
      `started ${plural(data.times, 'time')} in ${formatDuration(data.durationMs)}`,
      data.startedBy !== null && `the last time by ${data.startedBy}`,
    ],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'Starts', value: String(data.times) },
    { label: 'Within', value: duration(data.durationMs) },
    { label: 'Started by', value: data.startedBy ?? 'not known' },
  ],
  sentence: ({ data }) => `does not run any more; it was started ${plural(data.times, 'time')}`,
};
