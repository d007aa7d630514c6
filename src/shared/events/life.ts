import { isOperator, type Actor, type EndedProcess, type ExitFacts } from '../model/event-parts';
import { formatArgv } from '../lib/text/argv';
import type { EventDefinition } from './definition';
import {
  argvOf,
  exitDetails,
  exitFacts,
  listed,
  pidsText,
  processFacts,
  secondsText,
  subjectOf,
  withProcessArgv,
} from './text';

/** How the processes of a watch come and go as they should. */

export const started: EventDefinition<'started', { actor: Actor; argv: readonly string[]; cwd: string }> = {
  type: 'started',
  label: 'Started',
  counted: ['start', 'starts'],
  line: ({ data }) => ({
    action: 'Started',
    details: [data.actor !== 'engine' && `by ${data.actor}`, `in ${data.cwd}: ${data.argv.join(' ')}`],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    { label: 'Command', value: formatArgv(data.argv), code: true },
    { label: 'Directory', value: data.cwd, code: true },
  ],
  withArgv: (data, change) => ({ ...data, argv: change(data.argv) }),
};

/** `heir`: the program goes on in it after the end of the process that was watched; of earlier versions `child`. */
type FoundAs = 'child' | 'match' | 'heir';

const ADOPTED_AS: Readonly<Record<FoundAs, string>> = {
  child: 'started by an earlier engine',
  match: 'found running',
  heir: 'as the successor of the process that ended',
};
const FOUND_AS: Readonly<Record<FoundAs, string>> = {
  child: 'a child of an earlier engine',
  match: 'a match',
  heir: 'the successor of the process that ended',
};

export const adopted: EventDefinition<'adopted', { how: FoundAs; uptimeSeconds: number }> = {
  type: 'adopted',
  label: 'Adopted',
  counted: ['adoption', 'adoptions'],
  line: ({ data }) => ({
    action: 'Adopted',
    details: [ADOPTED_AS[data.how], `(up ${secondsText(data.uptimeSeconds)})`],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'Found as', value: FOUND_AS[data.how] },
    { label: 'Uptime', value: duration(data.uptimeSeconds * 1000) },
  ],
};

export const stopped: EventDefinition<
  'stopped',
  { actor: Actor; pids: readonly number[]; forced: readonly number[]; process?: EndedProcess }
> = {
  type: 'stopped',
  label: 'Stopped',
  counted: ['stop', 'stops'],
  alert: 'optional',
  isDeed: true,
  part: 'ending',
  line: ({ data }) => ({
    action: 'Stopped',
    ...subjectOf(data.process),
    details: [`by ${data.actor}`, listed('pids', data.pids), listed('forced', data.forced), argvOf(data.process)],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    ...processFacts(data.process),
    { label: 'Ended', value: pidsText(data.pids) },
    { label: 'Had to be killed', value: pidsText(data.forced) },
  ],
  sentence: ({ data }) => (isOperator(data.actor) ? 'was stopped by the operator' : 'was stopped'),
  withArgv: withProcessArgv,
};

type ExitReason = 'clean_exit' | 'operator' | 'shutdown';

const EXIT_FACTS: Readonly<Record<ExitReason, string>> = {
  clean_exit: 'a clean exit',
  operator: 'the operator ended it',
  shutdown: 'the machine is shutting down',
};
const EXIT_SENTENCES: Readonly<Record<ExitReason, string>> = {
  clean_exit: 'ended by itself, cleanly',
  operator: 'was ended by the operator',
  shutdown: 'ended because the machine is shutting down',
};

/** An end that is no crash. */
export const exited: EventDefinition<'exited', ExitFacts & { reason: ExitReason }> = {
  type: 'exited',
  label: 'Exited',
  counted: ['clean exit', 'clean exits'],
  alert: 'optional',
  part: 'ending',
  line: ({ data }) => ({ action: 'Exited', details: [`(${data.reason.replace('_', ' ')})`, ...exitDetails(data)] }),
  facts: ({ data }, writing) => [...exitFacts(data, writing), { label: 'Reason', value: EXIT_FACTS[data.reason] }],
  sentence: ({ data }) => EXIT_SENTENCES[data.reason],
  lastWords: (data) => data,
};
