import type { ExitFacts } from '../model/event-parts';
import type { RestartPolicy } from '../model/restart-policy';
import { plural, type Writing } from '../lib/format/values';
import type { EventDefinition, Fact } from './definition';
import { exitDetails, exitFacts, oomKillsText } from './text';

/** Which crash an event is about. */
export interface CrashOfEvent {
  id: string;
  title: string;
  times?: number;
  firstAt?: string;
  version?: string;
}

export const crashDetected: EventDefinition<
  'crash_detected',
  ExitFacts & {
    policy: RestartPolicy;
    remaining: number;
    whileEngineWasDown: boolean;
    /** Processes of the machine that the kernel's OOM killer ended at about that time; absent: none, or not by SIGKILL. */
    oomKills?: number;
    /**
     * Which crash it was: the same id is the same crash, in whatever process and watch. `times`: how often it occurred, this time
     * included; `firstAt`: ISO 8601; `version`: of the program, by the states of its files, in 8 hex digits, where it is known. Absent
     * where nothing shows which it was.
     */
    crash?: CrashOfEvent;
  }
> = {
  type: 'crash_detected',
  label: 'Crash detected',
  counted: ['crash', 'crashes'],
  impact: 60,
  tone: 'high',
  alert: 'standard',
  marksPast: true,
  isProblem: true,
  part: 'detection',
  line: ({ data }) => ({
    action: 'Detected crash',
    details: [
      ...exitDetails(data),
      data.oomKills !== undefined && `while the OOM killer ended ${plural(data.oomKills, 'process', 'processes')}`,
      data.whileEngineWasDown && 'while the engine was down',
      `policy ${data.policy}`,
      data.remaining > 0 && `${data.remaining} more running`,
    ],
  }),
  facts: ({ data }, writing) => [
    ...exitFacts(data, writing),
    { label: 'Policy', value: data.policy },
    { label: 'Still running', value: `${data.remaining} of this watch` },
    ...crashFacts(data.crash, writing),
    ...(data.oomKills === undefined ? [] : [{ label: 'Memory', value: oomKillsText(data.oomKills) }]),
    ...(data.whileEngineWasDown ? [{ label: 'When', value: 'while Healdeck was not running' }] : []),
  ],
  problem: ({ data }, times) => {
    const often = times > 1 ? ` ${times} times` : '';
    const where = data.whileEngineWasDown ? ' while Healdeck was not running' : '';
    return `crashed${often}${where} (${exitOf(data)})`;
  },
  unanswered: ({ data }) => (data.policy === 'never' ? ', is not restarted' : ''),
  lastWords: (data) => data,
};

function crashFacts(crash: CrashOfEvent | undefined, { instant }: Writing): Fact[] {
  if (crash === undefined) return [];
  const { title, times, firstAt } = crash;
  const often =
    times === undefined || firstAt === undefined
      ? []
      : times === 1
        ? [{ label: 'Seen before', value: 'never' }]
        : [{ label: 'Seen', value: `${plural(times, 'time')} since ${instant(Date.parse(firstAt))}` }];
  return [{ label: 'Crash', value: title }, ...often];
}

/** Short, for a sentence with brackets of its own: the facts of the event explain what a shell means by 137. */
function exitOf({ signal, exitCode }: ExitFacts): string {
  if (signal !== null) return signal;
  return exitCode === null ? 'exit code unknown' : `exit code ${exitCode}`;
}
